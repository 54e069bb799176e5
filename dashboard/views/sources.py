"""Sources: who publishes, how fresh it is, what the last update brought, and the button that starts one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import closing, link, listing, progress, rows, updating, words
from data import revisions, tables

t, view = link.say(), link.view()
NEWEST = 12
OFTEN, SELDOM = 1.0, 3.0  # seconds between two looks at an update, and at whether there is one


@st.cache_data(max_entries=8, show_spinner=False)  # by version too: its name must not begin with an underscore
def newest(version: str, as_of: str) -> pd.DataFrame:
    """The latest revisions of all series (revisions.STEP_COLUMNS)."""
    return revisions.steps(as_of=as_of or None).head(NEWEST)


def watch(seen: tuple[object, ...]) -> None:
    """The running update, looked at anew by itself; the whole page once one has begun or ended, here or elsewhere."""
    if updating.state() != seen:
        st.rerun()
    current = updating.last()
    if current and current.running:
        st.progress(current.done, text=progress.running(current, view.lang))
        st.html(progress.steps(current, view.lang))
        st.caption(t("sources.leave"))


def button(seen: tuple[object, ...]) -> None:
    """Starts an update; while one runs, here or elsewhere, it says so and waits."""
    mine, busy = updating.running(), seen[-2]
    label = t("sources.update_running" if mine else "sources.update_busy" if busy else "sources.update")
    hint = t("sources.update_mine" if mine else "sources.update_help")
    st.button(
        label, on_click=updating.start, disabled=bool(mine or busy), type="primary", icon=":material/sync:", help=hint,
        key="update",
    )  # fmt: skip
    if busy:
        st.info(t("sources.busy"), icon=":material/sync_lock:")


def table(found: Iterable[dict[str, Any]], columns: Sequence[str], names: str, alt: str) -> None:
    """Records as a table with headings in the reader's language."""
    headings: dict[str, Any] = {name: t(f"{names}{name}") for name in columns}
    if "url" in columns:
        headings["url"] = st.column_config.LinkColumn(t(f"{names}url"), display_text="↗")
    st.dataframe(pd.DataFrame(list(found), columns=list(columns)), hide_index=True, column_config=headings, alt=alt)


def report(update: updating.Update) -> None:
    """What the update that ended last did: the sum, what failed, the revisions, then service by service."""
    if update.trouble:
        st.error(t("sources.was_busy" if update.trouble == "busy" else "sources.broken"))
        if update.error:
            st.caption(words.plain(t("sources.said", said=update.error)))
        return
    failed = [one for source in update.report["sources"] for one in closing.failures(source, view.lang)]
    (st.warning if failed else st.success)(words.plain(closing.ended(update, view.lang)))
    if failed:
        st.markdown(f"**{t('sources.failures')}**")
    for one in failed:
        where = f" · [{t('sources.asked_at')}]({one.address})" if one.address.startswith("http") else ""
        said = words.plain(t("sources.said", said=one.said))
        st.markdown(f"✕ **{words.plain(one.kind)}** · {words.plain(one.about)}{where}  \n{said}")
    changed = list(closing.revised(update.report, view.lang))
    if changed:
        what = t("sources.report_revised", n=len(changed))
        st.markdown(f"**{what}**")
        table(changed, closing.REVISION_COLUMNS, "sources.", t("sources.report_alt", what=what))
    details(update.report)


def details(done: dict[str, Any]) -> None:
    """The report service by service, series by series, and the figures that were not taken."""
    parts: list[tuple[str, list[dict[str, Any]], Sequence[str]]] = [
        ("sources.report_services", closing.services(done, view.lang), closing.SERVICE_COLUMNS),
        ("sources.report_series", closing.by_series(done, view.lang), closing.SERIES_COLUMNS),
        ("sources.report_rejected", list(closing.rejections(done, view.lang)), closing.REJECTION_COLUMNS),
    ]
    for title, found, columns in parts:
        if found:
            what = t(title, n=len(found))
            with st.expander(what):
                table(found, columns, "sources.", t("sources.report_alt", what=what))


st.title(t("page.sources"))
st.markdown(t("sources.lead"))
seen = updating.state()
button(seen)
st.fragment(watch, run_every=OFTEN if updating.running() else SELDOM)(seen)
update = updating.last()
done = update.report if update else {}
if update and not update.running:
    report(update)

known = listing.sources(view.lang, view.as_of)
stale = int((known["state"] == "stale").sum())
st.subheader(t("sources.publishers"))
st.markdown(t("sources.count", n=len(known), stale=stale))
chosen = st.dataframe(
    known.rename(columns={name: t(f"sources.{name}") for name in known.columns}),
    hide_index=True,
    key="source_table",
    on_select="rerun",
    selection_mode="single-row",
    column_order=[t(f"sources.{name}") for name in listing.SHOWN],
    column_config={t("sources.licence_url"): st.column_config.LinkColumn(display_text="↗")},
    alt=t("sources.alt", n=len(known), stale=stale),
)
st.caption(t("sources.hint"))
for at in chosen.selection.rows:
    listing.detail(str(known["source"].iloc[at]), view)

st.subheader(t("sources.services"))
services = listing.services(view.lang)
told = [(one["source"], error["message"]) for one in done.get("sources", []) for error in one["failures"]]
troubled = listing.troubled(view.lang, told)
if troubled:
    st.markdown("\n".join([t("sources.failed_lately", n=len(troubled)), "", *(f"- {one}" for one in troubled)]))
table(services, listing.SERVICE_COLUMNS, "sources.", t("sources.services_alt", n=len(services)))

st.subheader(t("sources.revisions"))
steps = newest(rows.version(), view.as_of)
listing.revisions(steps, "latest_revisions", view.lang)
st.page_link("views/revisions.py", label=t("sources.all_revisions"), query_params=link.query())
st.caption(t("sources.version", version=rows.version()))
if tables.problems():
    st.subheader(t("sources.problems"))
    st.warning(t("sources.problems_lead", n=len(tables.problems())))
    st.markdown("\n".join(f"- {words.plain(str(one))}" for one in tables.problems()[:NEWEST]))
