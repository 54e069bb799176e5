"""A figure on a page: drawn so that it can be clicked, read aloud, cited and taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import card, link, picture, texts, words
from data import data_date, derive

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False, "responsive": True}


def dark() -> bool:
    """Whether the page is dark: the figures are drawn in colours of their own."""
    return st.context.theme.type == "dark"


def show(
    figure: go.Figure,
    *,
    key: str,
    name: str,
    frame: pd.DataFrame,
    alt: str,
    lines: Sequence[str] = (),
    title: str = "",
) -> None:
    """Draw a figure with the lines under it and two picture buttons.

    `frame` are the plotted rows, `alt` a sentence for those who do not see it, `name` the stem of the picture's file,
    `lines` what stands under the chart and in the picture (see `source_lines`). A click on a point opens its card,
    a click on a flag chooses the event.
    """
    if frame.empty:
        st.info(link.say()("chart.no_rows"))
        return
    turn = st.session_state.setdefault(f"{key}_turn", 0)
    drawn = f"{key}_{turn}"
    st.plotly_chart(
        figure, key=drawn, theme=None, config=CONFIG, alt=alt, selection_mode="points", on_select=_chosen(key, drawn)
    )
    for line in lines:
        st.caption(line)
    picture.buttons(key=key, chart=drawn, name=name, title=title or alt, lines=lines, lang=link.view().lang)


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
    rows = derive.published(frame)
    if rows.empty:
        return []
    say, comma = texts.of(lang), texts.of(lang)("sentence.comma")
    newest = rows.sort_values("vintage").drop_duplicates("publisher", keep="last")
    publishers = comma.join(
        dict.fromkeys(texts.native(one._asdict(), "publisher", lang) for one in newest.itertuples(index=False))
    )
    last = newest.iloc[-1]
    source = say("chart.source", publisher=publishers, document=last["document"], date=words.day(data_date(), lang))
    return [source, order_line(rows, lang)]


def order_line(frame: pd.DataFrame, lang: str) -> str:
    """What was done to the published figures, in order."""
    say = texts.of(lang)
    steps = derive.order_of_operations(frame)
    said = [say(f"step.{one.operation}", detail=_detail(one, lang)) for one in steps]
    return say("chart.order", steps=" → ".join(dict.fromkeys(said)))


def _detail(step: derive.Step, lang: str) -> str:
    if step.operation != "published":
        return step.detail
    measure, span = step.detail.split(".")
    from data import codes

    return " ".join((codes.MEASURE[measure][lang == "zh"], codes.SPAN[span][lang == "zh"]))
