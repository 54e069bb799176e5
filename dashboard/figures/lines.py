"""Lines and markers of any tidy rows in one unit; bars where the figures are flows."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import flags
from dashboard.figures.look import Drawn, Look, axis, dates, label, layout, look, styles
from dashboard.figures.names import names
from dashboard.figures.points import HOLLOW, Points, Scale, break_words, joined, points, scale, symbol
from data.codes import ADDITIVE_FREE

SPARSE = 40
FEW, LEGEND_LINE, LEGEND_WIDTH = 3, 20, 350  # on a phone
LETTERS = {"en": 52, "zh": 24}  # of a line of the legend
ROOM = dt.timedelta(days=365)


def lines(
    frame: pd.DataFrame,
    lang: str,
    dark: bool,
    title: str = "",
    log: bool = False,
    events: flags.Events = (),
    bands: Sequence[flags.Band] = (),
    targets: Sequence[flags.Goal] = (),
    height: int = 320,
    bars: bool | None = False,
    x_range: tuple[str, str] | None = None,
    y_range: tuple[float, float] | None = None,
    unit: Scale | None = None,
    yearly: bool = False,
) -> go.Figure:
    """The series of `frame` (select or derive columns, one unit) over time.

    Gaps stay gaps, a definition break cuts the line and is marked, published figures are filled, computed ones rings,
    preliminary ones hollow, doubtful ones carry a question mark. `events` are numbered steps (rows.steps); `bands` and
    `targets` are drawn behind. `bars=None` draws bars when `flow(frame)`. `y_range` gives several panels one scale.
    `yearly` places every figure in the middle of its year. ValueError for more than one unit.
    """
    of, unit = look(dark), unit or scale(frame, lang)
    lined = points(frame, unit, lang, yearly)
    as_bars = flow(frame) if bars is None else bars
    called = names(frame, lang)
    height += _legend_room(called, lang)
    figure_layout = _layout(of, height, lang, f"<b>{title}</b>  {unit.name}" if title else unit.name, len(lined) > 1)
    figure_layout["xaxis"] = axis(
        of, type="date", showgrid=False, range=x_range or _room(lined), tickformatstops=dates(lang)
    )
    scaling: dict[str, Any] = _log(lined, y_range) if log else {"range": y_range}
    figure_layout["yaxis"] = axis(of, **scaling, rangemode="tozero" if as_bars else "normal")
    figure_layout["shapes"] += flags.band_shapes(bands, of)
    figure_layout["annotations"] += flags.band_labels(bands, of, x_range or _reach(lined))
    draw_breaks(figure_layout, called, x_range or _reach(lined), of, lang)
    flags.goal_lines(figure_layout, targets, unit, of, lang)
    legend = {series: _folded(name, lang) for series, name in called.items()}
    traces = _traces(lined, frame, legend, dark, as_bars)
    if events:
        traces += flags.flag_traces(figure_layout, events, lang, dark, height, x_range or _reach(lined))
        figure_layout["annotations"][0]["y"] = 1  # the heading stays over the flags
    return Drawn({"data": traces, "layout": figure_layout})


def _layout(of: Look, height: int, lang: str, heading: str, legend: bool) -> dict[str, Any]:
    found = layout(of, height, lang, showlegend=legend, barmode="group")
    found["margin"] = {"l": 8, "r": 16, "t": 30, "b": 8}
    found["annotations"].append(
        label(of, heading, xref="paper", x=0, y=1, yshift=6, font={"size": 12, "color": of.text})
    )
    return found


def _legend_room(called: dict[str, str], lang: str) -> int:
    """What a legend of more than a few lines adds to the height, so that it leaves the figure its room."""
    entries = [_folded(name, lang).split("<br>") for name in called.values()]
    longest = max((len(line) for entry in entries for line in entry), default=0) * (12 if lang == "zh" else 6)
    beside = max(1, LEGEND_WIDTH // (longest + 50))
    high = max(map(len, entries), default=0)
    return max(0, math.ceil(len(entries) / beside) * high - FEW) * LEGEND_LINE


def _folded(name: str, lang: str) -> str:
    """A name of the legend in lines that a phone has room for."""
    return "<br>".join(textwrap.wrap(name, LETTERS[lang]))


def _traces(
    lined: Sequence[Points], frame: pd.DataFrame, called: dict[str, str], dark: bool, as_bars: bool
) -> list[dict[str, Any]]:
    style = styles(tuple(zip((one.series for one in lined), _sectors(frame), strict=True)), dark)
    dotted = any(one.computed for one in lined)
    traces: list[dict[str, Any]] = []
    for one in lined:
        draw = bar_trace(one, style[one.series]) if as_bars else line_traces(one, style[one.series], dotted)
        traces += _named(draw, called[one.series])
    return traces


def flow(frame: pd.DataFrame) -> bool:
    """Whether the figures are amounts of a period (bars) rather than stocks, rates or ranks (lines)."""
    levels = set(frame["measure"]) <= {"level"} and not set(frame["unit_measure"]) & (ADDITIVE_FREE | {"rank"})
    return levels and not frame["indicator"].str.contains("stock|capacity|intensity|density|price|_per_").any()


def _sectors(frame: pd.DataFrame) -> list[str]:
    return list(frame.drop_duplicates("series")["sector"])


def _named(traces: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """One entry in the legend for all traces of a series."""
    for at, trace in enumerate(traces):
        trace |= {"name": name, "legendgroup": name, "showlegend": at == len(traces) - 1}
    return traces


def line_traces(
    of: Points, style: tuple[str, str, str], dotted: bool = False, size: int = 7, **more: str
) -> list[dict[str, Any]]:
    """Segments, dashed where they lead to a preliminary figure; then the markers, which can be clicked."""
    colour, marker, dash = style
    firm, loose = _segments(of)
    pen = {"color": colour, "width": 2 if not of.computed else 1.2, "dash": dash}
    traces = [_line(firm, pen, more), _line(loose, pen | {"dash": "dot", "width": 1.2}, more)]
    small = len(of.x) > SPARSE
    return [one for one in traces if one["x"]] + [
        marker_trace(of, colour, marker, dotted, size=4 if small else size, mode="lines+markers", **more)
    ]


def marker_trace(of: Points, colour: str, marker: str, dotted: bool, size: int = 7, **more: Any) -> dict[str, Any]:
    """The points of a series: symbols by status and basis, a question mark over doubtful ones."""
    symbols = [symbol(marker, status, of.computed, dotted) for status in of.status]
    doubtful = any(status == "U" for status in of.status)
    return {
        "type": "scatter", "x": of.x, "y": of.y, "customdata": [[name] for name in of.names], "hovertext": of.hover,
        "hoverinfo": "text", "text": ["?" if status == "U" else "" for status in of.status] if doubtful else None,
        "textposition": "top center", "textfont": {"size": 12, "color": colour},
        "marker": {"symbol": symbols, "size": size, "color": colour, "line": {"width": 1.5, "color": colour}},
        "line": {"width": 0, "color": colour}, "unselected": {"marker": {"opacity": 1}}, "cliponaxis": False,
    } | more | {"mode": "markers+text" if doubtful else "markers"}  # fmt: skip


def _segments(of: Points) -> tuple[tuple[list[Any], list[Any]], tuple[list[Any], list[Any]]]:
    firm: tuple[list[Any], list[Any]] = ([], [])
    loose: tuple[list[Any], list[Any]] = ([], [])
    for at, join in enumerate(joined(of)):
        if join:
            into = loose if of.status[at] in HOLLOW else firm
            into[0].extend((of.x[at - 1], of.x[at], None))
            into[1].extend((of.y[at - 1], of.y[at], None))
    return firm, loose


def _line(segment: tuple[list[Any], list[Any]], pen: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter", "x": segment[0], "y": segment[1], "mode": "lines", "line": pen, "hoverinfo": "skip",
        "connectgaps": False, "cliponaxis": False,
    } | more  # fmt: skip


def bar_trace(
    of: Points, style: tuple[str, str, str], part: set[int] | None = None, width: int | None = None, **more: str
) -> list[dict[str, Any]]:
    """Bars of one series; `part` are the positions of figures that cover only part of a year: hatched."""
    colour, cut = style[0], part or set()
    frame = [at in cut or status in HOLLOW for at, status in enumerate(of.status)]
    fill = ["rgba(0,0,0,0)" if light and at not in cut else colour for at, light in enumerate(frame)]
    hatch = {"shape": ["/" if at in cut else "" for at in range(len(of.x))], "fillmode": "replace", "size": 5}
    return [
        {
            "type": "bar", "x": of.x, "y": of.y, "customdata": [[name] for name in of.names], "hovertext": of.hover,
            "hoverinfo": "text", "width": width, "text": ["?" if s == "U" else "" for s in of.status],
            "textposition": "outside", "textfont": {"size": 12, "color": colour}, "cliponaxis": False,
            "marker": {
                "color": fill, "opacity": 0.9, "line": {"color": colour, "width": [1.5 * one for one in frame]},
                "pattern": hatch | {"solidity": 0.35, "fgcolor": colour},
            },
            "unselected": {"marker": {"opacity": 0.9}},
        } | more
    ]  # fmt: skip


def draw_breaks(
    figure_layout: dict[str, Any], called: dict[str, str], reach: tuple[str, str], of: Look, lang: str, row: str = ""
) -> None:
    """A dotted upright and `//` where a definition changes, inside the reach of the axis. `called`: series and name."""
    found: dict[str, list[str]] = {}
    for series, name in called.items():
        for day, sentence in break_words(series, lang):
            found.setdefault(day, []).append(f"{name}: {sentence}" if len(called) > 1 else sentence)
    for day, sentences in found.items():
        if reach[0] < day <= reach[1]:
            place = {"xref": "x", "yref": f"y{row} domain"}
            pen = {"color": of.line, "width": 1, "dash": "dot"}
            upright = {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "layer": "below", "line": pen}
            figure_layout["shapes"].append(upright | place)
            more = {"x": day, "y": 1, "xanchor": "center", "yanchor": "top", "hovertext": "<br>".join(sentences)}
            figure_layout["annotations"].append(label(of, "//", **place, **more, font={"size": 12, "color": of.text}))


def _reach(lined: Sequence[Points]) -> tuple[str, str]:
    days = [day for one in lined for day in one.x]
    return (min(days), max(days)) if days else ("", "")


def _room(lined: Sequence[Points]) -> tuple[str, str] | None:
    """Half a year on both sides of figures that lie so close that the axis would count days, or hours around one."""
    first, last = _reach(lined)
    if not first or dt.date.fromisoformat(last[:10]) - dt.date.fromisoformat(first[:10]) >= ROOM:
        return None
    ends = ((dt.date.fromisoformat(day[:10]), side) for day, side in ((first, -1), (last, 1)))
    low, high = ((day + side * ROOM / 2).isoformat() for day, side in ends)
    return low, high


def _log(lined: Sequence[Points], y_range: tuple[float, float] | None) -> dict[str, Any]:
    """A logarithmic axis with room around the figures."""
    values = y_range or [y for one in lined for y in one.y if y is not None and y > 0]
    if not values:
        return {"type": "log"}
    low, high = math.log10(min(values)), math.log10(max(values))
    room = max((high - low) * 0.08, 0.05)
    steps = (1,) if high - low > 2 else (1, 2, 5)
    ticks = [step * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for step in steps]
    return {
        "type": "log",
        "range": [low - room, high + room],
        "tickvals": ticks,
        "ticktext": [f"{at:,g}" for at in ticks],
    }


def value_range(frame: pd.DataFrame, lang: str, log: bool = False) -> tuple[float, float]:
    """The range that shows all rows of a frame, in the unit its largest figure asks for; `log`: the positive ones."""
    unit = scale(frame, lang)
    values = [y for one in points(frame, unit, lang) for y in one.y if y is not None]
    if log:
        above = [y for y in values if y > 0] or [1.0]
        return min(above), max(above)
    low, high = min([*values, 0.0]), max([*values, 0.0])
    return low - (high - low) * 0.05 * (low < 0), high + (high - low) * 0.08
