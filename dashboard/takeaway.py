"""Taking a view away: its rows, everything, how to cite it, and the code that reads it again.

takeaway.buttons(frame, view, name="explore", events=steps)     at the foot of a page; `frame` is what is plotted
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from dashboard import api, link
from dashboard.link import View
from dashboard.measured import NOT_FINAL
from data import codes, export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def buttons(frame: pd.DataFrame, view: View, name: str, events: pd.DataFrame | None = None) -> None:
    """Download what is seen, download everything, and take citation, link, data link and code with it.

    `frame` has the plotted rows (DERIVED_COLUMNS), `events` the steps drawn with them. `name` keeps the keys apart.
    """
    t, here = link.say(), link.address(point="")
    st.subheader(t("takeaway.title"), anchor=False)
    if frame.empty:
        st.caption(t("takeaway.nothing"))
        _everything(view, name)
        return
    brief = export.brief(frame)
    file = export.file_name(brief, "", view.as_of)
    final = [code for code in codes.OBS_STATUS if code not in NOT_FINAL] if "final" in view.quality else []
    data = api.data_link(brief, server(), view.as_of, final)
    bom = bool(st.session_state.get(f"{name}_bom", True))
    with st.container(horizontal=True, key=f"{name}_takeaway"):
        st.download_button(
            t("takeaway.seen"), lambda: export.csv_bytes(export.rows(frame), bom), f"{file}csv", "text/csv",
            key=f"{name}_csv", on_click="ignore", type="primary", icon=":material/download:",
        )  # fmt: skip
        _everything(view, name)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{name}_forms"):
        st.download_button(
            t("takeaway.xlsx"),
            lambda: export.xlsx_bytes(export.rows(frame), view.lang, here, _listed(events), view.as_of),
            f"{file}xlsx", XLSX, key=f"{name}_xlsx", on_click="ignore", type="tertiary",
        )  # fmt: skip
        st.download_button(
            t("takeaway.notebook"), lambda: export.notebook_bytes(export.rows(frame), data, view.lang, here),
            f"{file}ipynb", "application/x-ipynb+json", key=f"{name}_notebook", on_click="ignore", type="tertiary",
        )  # fmt: skip
        if events is not None and len(events):
            st.download_button(
                t("takeaway.events"), lambda: export.csv_bytes(export.event_list(events), bom),
                export.events_name(view.start, view.end, view.as_of), "text/csv", key=f"{name}_events",
                on_click="ignore", type="tertiary",
            )  # fmt: skip
        st.checkbox(t("takeaway.bom"), value=True, key=f"{name}_bom", help=t("takeaway.bom_help"))
    with st.expander(t("takeaway.cite"), icon=":material/format_quote:", key=f"{name}_cite", on_change="rerun") as box:
        if box.open:
            _cite(export.rows(frame), view, here, data)


def _listed(events: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if events is None or events.empty else export.event_list(events)


def _everything(view: View, name: str) -> None:
    st.download_button(
        link.say()("takeaway.everything"), lambda: export.everything_zip(view.lang), export.everything_name(),
        "application/zip", key=f"{name}_everything", on_click="ignore", icon=":material/folder_zip:",
    )  # fmt: skip


def server() -> str:
    """The address of the server the page was read from."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}" if here.netloc else ""


def _cite(table: pd.DataFrame, view: View, here: str, data: str) -> None:
    """Citation in three forms, link, data link and code, each with a button that copies it."""
    t = link.say()
    cited = export.cite_table(table, view.lang, here)
    forms = {f"card.{form}": text for form, text in cited._asdict().items()}
    forms |= {"takeaway.link": here, "takeaway.data": data, "takeaway.snippet": export.snippet(data)}
    for tab, (key, text) in zip(st.tabs([t(key) for key in forms]), forms.items(), strict=True):
        tab.code(text, language="python" if key == "takeaway.snippet" else None, wrap_lines=True)
        if f"{key}_help" in ("takeaway.data_help", "takeaway.link_help"):
            tab.caption(t(f"{key}_help"))
