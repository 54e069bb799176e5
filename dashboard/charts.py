"""A figure on a page: drawn so that it can be clicked, read aloud, cited and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import card, link, number, picture, rows, texts, words
from data import codes, derive

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False, "responsive": True}


def dark() -> bool:
    """Whether the page is dark: the figures are drawn in colours of their own."""
    return st.context.theme.type == "dark"


def show(
    figure: go.Figure,
    *,
    key: str,
    name: str,
    alt: str,
    frame: pd.DataFrame | None = None,
    lines: Sequence[str] = (),
    title: str = "",
    burnt: Sequence[str] = (),
) -> None:
    """Draw a figure with the lines under it and two picture buttons.

    `frame` are the plotted rows, `alt` a sentence for those who do not see it, `name` the stem of the picture's file,
    `lines` what stands under the chart and in the picture (see `source_lines`), `burnt` what only the picture has to
    say. A click on a point opens its card, a click on a flag chooses the event.
    """
    if frame is not None and frame.empty:
        st.info(link.say()("chart.no_rows"))
        return
    turn = st.session_state.setdefault(f"{key}_turn", 0)
    drawn = f"{key}_{turn}"
    st.plotly_chart(
        figure, key=drawn, theme=None, config=CONFIG, alt=alt, selection_mode="points", on_select=_chosen(key, drawn)
    )
    if lines:
        st.caption("  \n".join(lines))
    picture.buttons(
        key, drawn, name, title or alt, [*burnt, *lines], st.session_state["lang"], dark(), alt, link.as_of()
    )


def _chosen(key: str, drawn: str) -> Any:
    def choose() -> None:
        """Open what was clicked; a new key takes the selection off, so that the same point can be clicked again."""
        points = st.session_state[drawn].selection.points
        name = next((str(one["customdata"][0]) for one in points if one.get("customdata")), "")
        st.session_state[f"{key}_turn"] += 1
        if name.startswith("event:"):
            st.session_state["event"] = name.partition(":")[2]
        elif name:
            card.choose(name)

    return choose


def source_lines(frame: pd.DataFrame, lang: str) -> list[str]:
    """The lines under a chart: who published the rows and in which document, and what was done to them."""
    table = derive.published(frame)
    if table.empty:
        return []
    names = table["publisher_native" if lang == "zh" else "publisher"].unique()
    document = table["document"].iloc[table["vintage"].to_numpy(dtype=object).argmax()]
    return [source_line(names, document, lang), order_line(derive.order_of_operations(table), lang)]


def source_line(publishers: Iterable[str], document: str, lang: str) -> str:
    """Who published the figures, the newest document, and the date of the data."""
    say = texts.of(lang)
    names, date = say("sentence.comma").join(publishers), words.day(link.as_of() or rows.data_date(), lang)
    return say("chart.source", publisher=names, document=document, date=date)


def order_line(steps: Iterable[derive.Step], lang: str) -> str:
    """What was done to the published figures, in order."""
    say = texts.of(lang)
    said = [say(f"step.{one.operation}", detail=_detail(one, lang)) for one in steps]
    return say("chart.order", steps=" → ".join(dict.fromkeys(said)))


def _detail(step: derive.Step, lang: str) -> str:
    if step.operation != "published":
        return number.detail(step.operation, step.detail, lang)
    measure, span = step.detail.split(".")
    what = codes.MEASURE[measure][lang == "zh"].removesuffix(" as published")  # the step says published
    return f"{what} {codes.SPAN[span][lang == 'zh']}"
