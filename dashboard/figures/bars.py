"""Levels as bars with growth beneath: published filled, computed a ring, a stem where they are a point apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard import texts
from dashboard.figures import flags
from dashboard.figures.lines import SPARSE, bar_trace, draw_breaks, flow, line_traces, marker_trace
from dashboard.figures.look import Drawn, Look, axis, dates, label, layout, look, sector
from dashboard.figures.points import Points, Scale, fitting, read
from data import periods

APART = 1.0
DAY = 86_400_000
PERCENT = Scale(0, "%", "percent")
LEVEL, GROWTH, SPACE, HEAD = 150, 92, 20, 26
FIXED: dict[str, Any] = {"anchor": "free", "position": 0}


class Block(NamedTuple):
    """One thing measured, as points: made by `block`, cut to years by `within`.

    `other` are further official figures for the same periods (another print of the year), `earlier` former vintages;
    both are drawn beside the figure they differ from. `goals` stand in the row of their unit.
    """

    title: str
    sector: str
    flow: bool
    levels: tuple[Points, ...]
    published: tuple[Points, ...]
    computed: tuple[Points, ...]
    other: tuple[Points, ...] = ()
    earlier: tuple[Points, ...] = ()
    goals: tuple[flags.Goal, ...] = ()

    def within(self, start: int, end: int) -> Block:
        """The block for these years; goals end where the years do."""
        parts = ("levels", "published", "computed", "other", "earlier")
        cut: dict[str, Any] = {
            name: tuple(p for one in getattr(self, name) if (p := one.within(start, end)).x) for name in parts
        }
        goals = tuple(goal for one in self.goals if (goal := one.within(start, end)))
        return self._replace(**cut, goals=goals)


def block(
    title: str,
    levels: pd.DataFrame,
    published: pd.DataFrame,
    computed: pd.DataFrame,
    other: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
    goals: Sequence[flags.Goal] = (),
    lang: str = "en",
    yearly: bool = False,
) -> Block:
    """A block from tidy tables (DERIVED_COLUMNS), one unit for the levels. `yearly` as in `blocks`."""
    tables = [frame if frame is not None else levels[:0] for frame in (levels, published, computed, other, earlier)]
    code = next(str(frame["sector"].iloc[0]) for frame in tables if len(frame))
    parts = [read(one, lang, yearly) for one in tables]
    return Block(title, code, flow(levels), parts[0], parts[1], parts[2], parts[3], parts[4], tuple(goals))


def bars_and_growth(
    levels: pd.DataFrame,
    published: pd.DataFrame,
    computed: pd.DataFrame,
    lang: str,
    dark: bool,
    title: str = "",
    yearly: bool = False,
    **more: Any,
) -> go.Figure:
    """One block: levels above, growth beneath. `more` as in `blocks`."""
    return blocks([block(title, levels, published, computed, lang=lang, yearly=yearly)], lang, dark, yearly, **more)


def blocks(
    every: Sequence[Block],
    lang: str,
    dark: bool,
    yearly: bool = False,
    events: flags.Events = (),
    bands: Sequence[flags.Band] = (),
    reach: tuple[str, str] | None = None,
    marked: str = "",
) -> go.Figure:
    """Blocks on one time axis, each with a unit and scale of its own; growth in per cent beneath each.

    `yearly` says that every figure stands in the middle of its year; one that covers part of a year is hatched because
    its period says so. `reach` is the first and last day shown, `marked` a day with an upright through all rows.
    """
    of = look(dark)
    rows = [row for block in every for row in _rows(block)]
    height = sum(HEAD + size for _, size, _ in rows) + SPACE
    reach = reach or _reach(every)
    figure_layout = layout(of, height, lang, barmode="overlay", bargap=0.25)
    figure_layout["margin"] = {"l": 44, "r": 10, "t": 4, "b": SPACE}
    figure_layout["xaxis"] = axis(of, type="date", showgrid=False, range=reach, tickformatstops=dates(lang), **FIXED)
    traces: list[dict[str, Any]] = []
    top, inner = float(height - SPACE), height - SPACE
    for at, (kind, size, block) in enumerate(rows, 1):
        top -= HEAD + size
        number = "" if at == 1 else str(at)
        row = Row(figure_layout, number, (top / inner, (top + size) / inner), of, lang, dark, yearly)
        traces += _level_row(row, block) if kind == "level" else _growth_row(row, block)
        draw_breaks(figure_layout, {one.series: "" for one in block.levels[:1]}, reach, of, lang, number)
    figure_layout["shapes"] += flags.band_shapes(bands, of)
    if marked and reach[0] < marked < reach[1]:
        figure_layout["shapes"].append(_upright(marked, of))
    traces += flags.flag_traces(figure_layout, events, lang, dark, height, reach)
    return Drawn({"data": traces, "layout": figure_layout})


class Row(NamedTuple):
    """One row of a figure: its axis number, its share of the height, and how it is to look."""

    layout: dict[str, Any]
    number: str
    domain: tuple[float, float]
    of: Look
    lang: str
    dark: bool
    yearly: bool

    def axis(self, **more: Any) -> dict[str, str]:
        """Give the row its axis; what every trace in it carries."""
        self.layout[f"yaxis{self.number}"] = axis(self.of, domain=self.domain, **FIXED, **more)
        return {"yaxis": f"y{self.number}"}

    def head(self, title: str, unit: str) -> None:
        """What the row shows and in which unit, over it: nothing to turn the head for."""
        text = f"<b>{title}</b>  <span style='color:{self.of.muted}'>{unit}</span>" if title else unit
        font = {"size": 12, "color": self.of.text} if title else {"size": 11, "color": self.of.muted}
        place = {"xref": "paper", "x": 0, "xshift": -40, "y": self.domain[1], "yshift": 5 if title else 2}
        self.layout["annotations"].append(label(self.of, text, **place, font=font))


def _rows(block: Block) -> list[tuple[str, int, Block]]:
    rows = [("level", LEVEL, block)] if block.levels else []
    return rows + ([("growth", GROWTH, block)] if block.published or block.computed else [])


def _reach(every: Sequence[Block]) -> tuple[str, str]:
    years = [year for block in every for part in block[3:6] for one in part for year in one.years] or [2015]
    return f"{min(years)}-01-01", f"{max(years)}-12-31"


def _upright(day: str, of: Look) -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": of.line, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _level_row(row: Row, block: Block) -> list[dict[str, Any]]:
    """Bars of flows, a line of rates and stocks; other figures and earlier vintages as small open marks."""
    aside = [[one for one in part if one.measure != "growth"] for part in (block.other, block.earlier)]
    unit = fitting([*block.levels, *aside[0], *aside[1]], row.lang)
    style = (*sector(block.sector, row.dark)[:2], "solid")
    axes = row.axis(nticks=5, rangemode="tozero" if block.flow else "normal")
    row.head(block.title, unit.name)
    traces: list[dict[str, Any]] = []
    wide = (270 if row.yearly else 22) * DAY
    for one in (points.scaled(unit) for points in block.levels):
        part = {at for at, period in enumerate(one.periods) if row.yearly and part_of_year(one.span, period)}
        traces += bar_trace(one, style, part, wide, **axes) if block.flow else line_traces(one, style, False, 8, **axes)
    traces += _beside(row, aside[0], unit, "line-ew-open", 11, axes)
    traces += _beside(row, aside[1], unit, f"{style[1]}-open", 6, axes)
    goals = [goal for goal in block.goals if goal.at_end]
    flags.goal_lines(row.layout, goals, unit, row.of, row.lang, row.number)
    return traces


def part_of_year(span: str, period: str) -> bool:
    """Whether a figure is a year-to-date one that covers less than its year."""
    freq, _, number = periods.split(period)
    return span == "ytd" and number < periods.PER_YEAR[freq]


def _beside(
    row: Row, every: Sequence[Points], unit: Scale, symbol: str, size: int, axes: dict[str, str]
) -> list[dict[str, Any]]:
    """Further figures for the same periods, in the ink of the words."""
    traces = [marker_trace(one.scaled(unit), row.of.text, "circle", False, size, **axes) for one in every]
    for trace in traces:
        trace["marker"] |= {"symbol": symbol, "line": {"width": 1.5, "color": row.of.text}}
    return traces


def _growth_row(row: Row, block: Block) -> list[dict[str, Any]]:
    """Published growth filled, computed growth a ring, a stem between the two where they are more than APART."""
    colour, marker, _ = sector(block.sector, row.dark)
    zero = {"zeroline": True, "zerolinecolor": row.of.line, "zerolinewidth": 1}
    axes = row.axis(nticks=4, rangemode="tozero", **zero)
    row.head("" if block.levels else block.title, texts.of(row.lang)("figure.growth"))
    small = sum(len(one.x) for one in block.published) > SPARSE
    traces = [_stems(block.published, block.computed, colour) | axes]
    traces += [marker_trace(one, colour, "circle", False, 6 if small else 9, **axes) for one in block.computed]
    traces += [marker_trace(one, colour, marker, True, 5 if small else 8, **axes) for one in block.published]
    aside = [[one for one in part if one.measure == "growth"] for part in (block.other, block.earlier)]
    traces += _beside(row, aside[0], PERCENT, "line-ew-open", 9, axes)
    traces += _beside(row, aside[1], PERCENT, f"{marker}-open", 5, axes)
    goals = [goal for goal in block.goals if not goal.at_end]
    flags.goal_lines(row.layout, goals, PERCENT, row.of, row.lang, row.number)
    return traces


def _stems(stated: Sequence[Points], found: Sequence[Points], colour: str) -> dict[str, Any]:
    """One trace of uprights from the published to the computed growth of a period."""
    published = {x: y for one in stated for x, y in zip(one.x, one.y, strict=True)}
    x: list[str | None] = []
    y: list[float | None] = []
    for one in found:
        for day, value in zip(one.x, one.y, strict=True):
            other = published.get(day)
            if value is not None and other is not None and abs(value - other) > APART:
                x += [day, day, None]
                y += [other, value, None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": colour, "width": 1}, "hoverinfo": "skip",
        "cliponaxis": False,
    }  # fmt: skip
