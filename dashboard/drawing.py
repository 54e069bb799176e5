"""The panels of the Explore page, and the controls only some measures have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import charts, controls, figures, link, number, picker, rows, selection, texts, transforms, words
from dashboard.figures.points import scale
from dashboard.parameters import View
from dashboard.transforms import Asked, Made, Panel
from data.derive.lineage import line

WIDE, SMALL = 380, 260
RATIO = 30


def asked(view: View) -> Asked:
    """What the view asks of each series."""
    return Asked(view.measure, rows.day_of(view.base), view.whole, view.since, view.until)


def needed(chosen: Sequence[str], view: View) -> None:
    """The controls only some measures have: a base, a whole, two dates."""
    if view.measure == "index":
        controls.base()
    elif view.measure == "share":
        _whole(chosen, view)
    elif view.measure == "cagr":
        _dates(chosen, view)


def _whole(chosen: Sequence[str], view: View) -> None:
    """The series a share is taken of: those with the same unit, area and line."""
    t = link.say()
    offered = transforms.wholes(chosen, rows.with_figures(view.as_of))
    options = ["", *offered, *([view.whole] if view.whole and view.whole not in offered else [])]
    st.selectbox(
        t("explore.whole"), options, key="whole", persist_state="session",
        format_func=lambda one: picker.indicator_name(one, view.lang) if one else t("explore.choose"),
    )  # fmt: skip


def _dates(chosen: Sequence[str], view: View) -> None:
    """First and last period of compound growth; at first those of the years shown, of the same season."""
    t = link.say()
    levels = [one for series in chosen for one in (line(series, "level"), line(series, "index")) if rows.known(one)]
    there = sorted(set(rows.of(levels, view.as_of)["time_period"]))
    if not there:
        return
    inside = [one for one in there if view.start <= int(one[:4]) <= view.end] or there
    until = view.until or inside[-1]
    since = view.since or next((one for one in inside if one[4:] == until[4:]), inside[0])
    link.put(since=since, until=until)
    with st.container(horizontal=True, key="dates"):
        for name, one in (("since", since), ("until", until)):
            options = there if one in there else sorted([*there, one])
            st.selectbox(t(f"explore.{name}"), options, key=name, persist_state="session")


class Drawn(NamedTuple):
    """One panel: its figure, the rows in it, its title, the lines under it and the sentence that stands for it."""

    key: str
    figure: go.Figure
    frame: pd.DataFrame
    title: str
    lines: tuple[str, ...]
    alt: str


class Explored(NamedTuple):
    """A view of the page: the series that are shown, what was made of them, the rows that filters leave, the events."""

    chosen: tuple[str, ...]
    made: Made
    frame: pd.DataFrame
    steps: rows.Steps
    panels: tuple[Drawn, ...]


def explored(view: View, dark: bool) -> Explored:
    """Everything that is drawn in a view; worked out once for each state of the tables."""
    return _explored(rows.version(), view._replace(point="", event=""), dark)


@lru_cache(maxsize=32)
def _explored(_version: str, view: View, dark: bool) -> Explored:
    chosen = selection.of(view)
    tables = transforms.Tables(lambda one: rows.known(one, view.as_of), lambda one: number.whole(one, view.as_of))
    made = transforms.make(chosen, asked(view), tables)
    frame = selection.filtered(made.frame, view)
    sectors = selection.sectors_of(chosen)
    steps = rows.steps(tuple(sectors), view.events, view.significance, view.start, view.end, view.as_of)
    apart = view.layout == "each"
    drawn = [one for one in transforms.panels(frame, apart) if one.frame["value"].notna().any()]
    same = apart and view.axis == "same"
    panels = tuple(_panel(one, _alike(one, drawn) if same else one.frame, steps.each, view, dark) for one in drawn)
    return Explored(tuple(chosen), made, frame, steps, panels)


def _alike(one: Panel, drawn: Sequence[Panel]) -> pd.DataFrame:
    """The rows of all panels that share the scale of this one: those of the same unit."""
    unit = one.frame["unit_measure"].iloc[0]
    return pd.concat([other.frame for other in drawn if other.frame["unit_measure"].iloc[0] == unit])


def _panel(one: Panel, scaled: pd.DataFrame, events: figures.Events, view: View, dark: bool) -> Drawn:
    frame, called = one.frame, title(one.frame, view)
    log, why = _log(scaled, view)
    figure = figures.lines(
        frame, view.lang, dark, log=log, height=_height(view),
        events=events if view.measure != "cagr" else (),
        x_range=(f"{view.start}-01-01", f"{view.end}-12-31"),
        y_range=figures.value_range(scaled, view.lang, log) if scaled is not frame else None,
        unit=scale(scaled, view.lang),
    )  # fmt: skip
    lines = (*charts.source_lines(frame, view.lang), *why)
    return Drawn(one.key, figure, frame, called, lines, f"{called}: {said(frame, view.lang)}")


def show(panels: Sequence[Drawn], view: View) -> None:
    """The panels under each other, or side by side where each series has one."""
    columns = st.columns(2, gap="large") if view.layout == "each" and len(panels) > 1 else [st.container()]
    for at, one in enumerate(panels):
        with columns[at % len(columns)]:
            st.markdown(f"#### {one.title}")
            charts.show(
                one.figure, key=f"explore_{one.key}", frame=one.frame, title=one.title, lines=one.lines, alt=one.alt,
                name=f"explore-{view.measure}-{one.key}".replace("/", "-"),
            )  # fmt: skip


def _height(view: View) -> int:
    return SMALL if view.layout == "each" else WIDE


def _log(frame: pd.DataFrame, view: View) -> tuple[bool, list[str]]:
    """Whether a log scale is drawn, and the sentence that says why, or why not."""
    t, values = texts.of(view.lang), frame["value"] * 10.0 ** frame["unit_mult"].astype(float)
    if (values <= 0).any() or frame["measure"].iloc[0] == "growth":
        return False, [t("explore.no_log")] if view.scale == "log" else []
    times = float(values.max() / values.min()) if len(values) else 1.0
    if view.scale == "log":
        return True, [t("explore.why_log", times=words.number(times, 2))]
    return False, [t("explore.try_log", times=words.number(times, 2))] if times > RATIO else []


def title(frame: pd.DataFrame, view: View) -> str:
    """What a panel shows: the series where it is one, and what was done to it."""
    rows_ = frame.drop_duplicates("indicator")
    native = "title_native" if view.lang == "zh" else "title"
    measure = texts.of(view.lang)(f"explore.measure_{_shown(frame, view)}")
    if len(rows_) > 1:
        return measure
    said = str(rows_[native].iloc[0])
    areas = frame["ref_area"].unique()
    if len(areas) == 1 and areas[0] != "CHN":
        said = f"{said}, {words.area(str(areas[0]), view.lang)}"
    return f"{said} · {measure}" if view.measure != "level" else said


def _shown(frame: pd.DataFrame, view: View) -> str:
    """The measure of a panel; the gap between two growth rates has a panel of its own."""
    return "gap" if frame["series"].str.endswith("~gap").all() else view.measure


def said(frame: pd.DataFrame, lang: str) -> str:
    """The newest figure of each line with its basis and publisher, for those who do not see the chart."""
    t, called = texts.of(lang), figures.names(frame, lang)
    newest = frame[frame["value"].notna()].sort_values("period_end").groupby("series", sort=False).tail(1)
    lines = [
        f"{called[row.series]} {words.period(row.time_period, row.span, lang)}: {words.figure(row, lang)}, "
        f"{words.basis(row.basis, lang)}, {texts.native(row, 'publisher', lang)}"
        for row in newest.itertuples(index=False)
    ]
    return "; ".join(lines) + t("sentence.stop")
