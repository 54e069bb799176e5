"""Sources: who publishes, how fresh it is, what the last update brought, and the button that starts one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import link, listing, rows, updating, words
from data import revisions, tables

t, view = link.say(), link.view()
NEWEST = 12


def progress(update: updating.Update) -> None:
    """Where every source stands while an update runs."""
    st.progress(update.done, text=t("sources.running", done=f"{update.done:.0%}"))
    for one in update.sources.values():
        st.markdown(
            f"{listing.STATE_MARK[one.state]} **{one.source}** {one.done}/{one.total} · {words.plain(one.what)}"
        )


def report(update: updating.Update) -> None:
    """What the update that ended last did."""
    if update.error:
        st.error(t("sources.no_run", error=update.error))
        return
    totals = update.report["totals"]
    failed = [one for one in update.report["sources"] if one["state"] == "failed"]
    said = t("sources.done", seconds=update.report["seconds"], **totals)
    st.warning(said + " " + t("sources.failed", n=len(failed))) if failed else st.success(said)
    for one in failed:
        for failure in one["failures"][:3]:
            st.markdown(f"✕ **{one['source']}** {words.plain(failure['message'])}")
    for line in listing.revised(update.report, view.lang):
        st.markdown(f"↻ {line}")


@st.fragment(run_every=1.0)
def watch() -> None:
    """The running update, looked at every second; the whole page once it has ended."""
    update = updating.last()
    if update and update.running:
        progress(update)
    else:
        st.rerun()


st.title(t("page.sources"))
st.markdown(t("sources.lead"))
update = updating.last()
running = bool(update and update.running)
st.button(
    t("sources.update"), on_click=updating.start, disabled=running, type="primary", icon=":material/sync:",
    help=t("sources.update_help"),
)  # fmt: skip
if update and running:
    watch()
elif update:
    report(update)

table = listing.sources(view.lang, view.as_of)
stale = int((table["state"] == "stale").sum())
st.markdown(t("sources.count", n=len(table), stale=stale))
chosen = st.dataframe(
    table.rename(columns={name: t(f"sources.{name}") for name in table.columns}),
    hide_index=True,
    key="source_table",
    on_select="rerun",
    selection_mode="single-row",
    column_order=[t(f"sources.{name}") for name in listing.SHOWN],
    column_config={t("sources.licence_url"): st.column_config.LinkColumn(display_text="↗")},
    alt=t("sources.alt", n=len(table), stale=stale),
)
st.caption(t("sources.hint"))
for at in chosen.selection.rows:
    listing.detail(str(table["source"].iloc[at]), view)

st.subheader(t("sources.services"))
services = listing.services(view.lang)
st.dataframe(
    pd.DataFrame(services),
    hide_index=True,
    column_config={name: t(f"sources.{name}") for name in listing.SERVICE_COLUMNS},
    alt=t("sources.services_alt", n=len(services)),
)

st.subheader(t("sources.revisions"))
steps = revisions.steps(as_of=view.as_of or None).head(NEWEST)
st.dataframe(
    pd.DataFrame(listing.revision_rows(steps, view.lang)),
    hide_index=True,
    column_config={name: t(f"sources.rev_{name}") for name in listing.REVISION_COLUMNS},
    alt=t("sources.revisions_alt", n=len(steps)),
)
st.page_link("views/revisions.py", label=t("sources.all_revisions"), query_params=link.query())
st.caption(t("sources.version", version=rows.version()))
if tables.problems():
    st.subheader(t("sources.problems"))
    st.warning(t("sources.problems_lead", n=len(tables.problems())))
    st.markdown("\n".join(f"- {words.plain(str(one))}" for one in tables.problems()[:NEWEST]))
