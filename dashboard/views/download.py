"""Download: everything as one file, single tables, and the data API."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import api, link, rows, takeaway, texts
from data import catalogue, export

t = link.say()
lang = link.view().lang
LISTS: dict[str, Callable[[], bytes]] = {
    "events": lambda: export.csv_bytes(export.event_list(), bom=True),
    "series": lambda: export.csv_bytes(export.series_list(), bom=True),
    "sources": lambda: export.csv_bytes(export.source_list(), bom=True),
    "releases": lambda: export.csv_bytes(export.release_list(), bom=True),
    "columns": lambda: export.csv_bytes(export.dictionary_list(), bom=True),
}

st.title(t("page.download"))
st.markdown(t("download.lead"))
st.download_button(
    t("download.everything"), data=lambda: export.everything_zip(lang), file_name=export.everything_name(),
    mime="application/zip", on_click="ignore", type="primary", icon=":material/folder_zip:", key="everything",
)  # fmt: skip
st.caption(t("download.everything_note", version=rows.version()))

st.subheader(t("download.tables"))
for name, make in LISTS.items():
    st.download_button(
        t(f"download.{name}"), data=make, file_name=f"nqpf_{name}_{rows.version()}.csv", mime="text/csv",
        on_click="ignore", icon=":material/table:", key=f"list_{name}",
    )  # fmt: skip
st.caption(t("download.tables_note"))

st.subheader(t("download.withheld"))
withheld = [catalogue.load().sources[one] for one in export.withheld_sources()]
st.markdown(t("download.withheld_note", n=len(withheld)))
st.markdown(
    "\n".join(f"- {texts.native(one, 'publisher', lang)}: {texts.native(one, 'licence', lang)}" for one in withheld)
)

st.subheader(t("download.api"))
st.markdown(t("download.api_note"))
example = f"{takeaway.server()}{api.PATH}/observations.csv?indicator=industrial_robot_output"
st.code(export.snippet(example), wrap_lines=True)
