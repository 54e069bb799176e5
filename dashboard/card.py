"""The number's card, and the table whose rows open it.

card.choose("nbs/nev_output.CHN.M.level.ytd@2022-10")     in a callback: open the card of a figure
card.table(frame, key="…")                                the rows of a chart; choosing one opens its card
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import facts, link, number, texts, words
from data import codes, derive, export
from data.derive import published


def choose(point: str) -> None:
    """Open the card of a figure, `series@period`. Meant for callbacks."""
    st.session_state["point"] = point


def close() -> None:
    """Close the card. Meant for callbacks."""
    st.session_state["point"] = ""


def dialog() -> None:
    """Draw the card of the figure the link names, if any."""
    if link.view().point:
        st.dialog(link.say()("card.title"), width="medium", on_dismiss=close)(facts.draw)()


class Said(NamedTuple):
    """What the table words of a row."""

    series: str
    time_period: str
    span: str
    ref_area: str
    unit_measure: str
    unit_mult: int
    basis: str
    obs_status: str
    reason: str
    confidence: str
    published: str


COLUMNS = (
    "period", "series", "value", "unit", "basis", "status", "confidence", "publisher", "document", "published",
    "vintage",
)  # fmt: skip


WORDED = [
    *Said._fields, "title", "title_native", "publisher", "publisher_native", "value", "document", "vintage",
    "period_end",
]  # fmt: skip


def table(frame: pd.DataFrame, key: str, alt: str = "", csv: bool = True) -> None:
    """The rows of a chart, newest first, with a CSV of the same rows (`csv=False` where the page has it elsewhere).

    A row chosen opens the card of its figure.
    """
    view, t = link.view(), link.say()
    if frame.empty:
        return
    whole = published(frame)
    shown = whole[WORDED].reset_index(drop=True)
    shown = shown.sort_values("period_end", ascending=False, kind="stable")
    chosen = f"{key}_{st.session_state.setdefault(f'{key}_turn', 0)}"
    st.caption(t("table.hint"))
    st.dataframe(
        said(shown, view.lang), key=chosen, hide_index=True, selection_mode="single-row", alt=alt or None,
        on_select=lambda: _row_chosen(key, chosen, points(shown)), height=min(36 * (len(shown) + 1) + 2, 400),
        column_config={
            t("table.value"): st.column_config.NumberColumn(format="localized"),
            t("table.period"): st.column_config.ButtonColumn(
                type="tertiary", alignment="left", pinned=True, key=f"{key}_click",
                on_click=lambda: choose(points(shown)[st.session_state[f"{key}_click"]["row"]]),
            ),
        },
    )  # fmt: skip
    if not csv:
        return
    rows_out = export.rows(whole.iloc[shown.index])
    st.download_button(
        t("table.csv"), lambda: export.csv_bytes(rows_out, bom=True), export.file_name(rows_out, "csv"), "text/csv",
        key=f"{key}_csv", on_click="ignore", icon=":material/download:", type="tertiary",
    )  # fmt: skip


def points(frame: pd.DataFrame) -> list[str]:
    """The name of each row's figure, `series@period`."""
    return (frame["series"].astype(str) + "@" + frame["time_period"].astype(str)).tolist()


def _row_chosen(key: str, drawn: str, names: list[str]) -> None:
    """Open the card; a new key takes the selection off, so that the same row can be chosen again."""
    picked = st.session_state[drawn]["selection"]["rows"]
    if picked and picked[0] < len(names):
        st.session_state[f"{key}_turn"] += 1
        choose(names[picked[0]])


def said(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The rows of a table in the reader's language: period, series, value, unit, basis, status and where it stands."""
    t = texts.of(lang)
    native = "title_native" if lang == "zh" else "title"
    publisher = "publisher_native" if lang == "zh" else "publisher"
    each = list(map(Said._make, zip(*(frame[name].tolist() for name in Said._fields), strict=True)))
    areas = frame["ref_area"].nunique() > 1
    steps = {series: number.done(series, lang) for series in frame["series"].unique()}
    columns = {
        "period": [words.period(row.time_period, row.span, lang) for row in each],
        "series": [
            " · ".join(filter(None, [called, words.area(row.ref_area, lang) if areas else "", steps[row.series]]))
            for row, called in zip(each, frame[native], strict=True)
        ],
        "value": frame["value"].tolist(),
        "unit": [_unit(row, lang) for row in each],
        "basis": [words.basis(row.basis, lang) for row in each],
        "status": [_status(row, lang) for row in each],
        "confidence": [words.confidence(row.confidence, lang) for row in each],
        "publisher": frame[publisher].tolist(),
        "document": frame["document"].tolist(),
        "published": [row.published or t("card.no_date") for row in each],
        "vintage": frame["vintage"].tolist(),
    }
    return pd.DataFrame({t(f"table.{name}"): columns[name] for name in COLUMNS})


def _unit(row: Any, lang: str) -> str:
    return codes.unit_label(row.unit_measure, row.unit_mult, lang)


def _status(row: Any, lang: str) -> str:
    """The status in words, and of a derived figure why it is missing or doubtful."""
    reason = derive.words(row.reason, lang)
    return f"{words.status(row.obs_status, lang)} ({reason})" if reason else words.status(row.obs_status, lang)
