"""The timeline of its own: events in lanes by kind, periods of policy as bars beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard import texts
from dashboard.figures import flags
from dashboard.figures.look import Drawn, Look, axis, label, layout, look

LANES = {
    "leadership": ("speech", "party_meeting", "government_report"),
    "plans": ("plan", "guideline"),
    "rules": ("law_or_regulation", "standard"),
    "market": ("market", "international"),
    "statistics": ("statistics",),
}
TRACKS = 6
TRACK, NAME, BAND = 16, 17, 20


def strip(
    events: flags.Events,
    bands: Sequence[flags.Band],
    lang: str,
    dark: bool,
    reach: tuple[str, str],
    chosen: str = "",
) -> go.Figure:
    """Numbered events (rows.steps) by kind, a tail from the announcement to the day in force, `bands` as bars beneath.

    Flags keep their distance at the width of a phone; those without room stand in the list only. `chosen` is an id.
    """
    of, say = look(dark), texts.of(lang)
    figure_layout = layout(of, 0, lang)
    traces: list[dict[str, Any]] = []
    y = 0.0
    for lane, kinds in LANES.items():
        found = flags.placed(tuple(one for one in events if one.kind in kinds), *reach, tracks=TRACKS)
        if not found:
            continue
        figure_layout["annotations"].append(_name(of, say(f"figure.lane_{lane}"), y))
        y += NAME
        height = (max(track for _, track in found) + 1) * TRACK
        marks = [(one, -(y + track * TRACK + TRACK / 2)) for one, track in found]
        traces += [_tails(marks, of, reach[1]), flags.flag_trace(marks, lang, dark)]
        traces[-1]["marker"]["color"] = [of.grid if one.id == chosen else of.paper for one, _ in marks]
        y += height + 3
    if bands:
        figure_layout["annotations"].append(_name(of, say("figure.lane_periods"), y))
        y = _bands(figure_layout, bands, reach, y + NAME, of)
    figure_layout |= {"height": int(y) + 40, "margin": {"l": 10, "r": 10, "t": 4, "b": 24}}
    figure_layout["xaxis"] = axis(
        of, type="date", range=reach, showgrid=True, dtick="M12", tickformat="%Y", tickangle=0
    )
    figure_layout["yaxis"] = {"range": (-y - 6, 0), "visible": False, "fixedrange": True}
    return Drawn({"data": traces, "layout": figure_layout})


def strip_count(events: flags.Events, reach: tuple[str, str]) -> int:
    """How many of the events the strip has room for."""
    lanes = (tuple(one for one in events if one.kind in kinds) for kinds in LANES.values())
    return sum(len(flags.placed(lane, *reach, tracks=TRACKS)) for lane in lanes)


def _name(of: Look, text: str, y: float) -> dict[str, Any]:
    return label(of, text, xref="paper", x=0, yref="y", y=-y, yanchor="top", font={"size": 11, "color": of.muted})


def _tails(events: Sequence[tuple[Any, float]], of: Look, last: str) -> dict[str, Any]:
    """From the announcement to the day in force, where that is another day; to the last day of an event of several."""
    x: list[str | None] = []
    y: list[float | None] = []
    for one, height in events:
        end = one.in_force or one.end_date
        if end > one.date:
            x += [str(one.day)[:10], min(end, last), None]
            y += [height, height, None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": of.line, "width": 2}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _bands(
    figure_layout: dict[str, Any], bands: Sequence[flags.Band], reach: tuple[str, str], y: float, of: Look
) -> float:
    """The bands in as few rows as they need without overlap; where they end."""
    ends: list[str] = []
    for band in (one for one in bands if one.start < reach[1] and one.end > reach[0]):
        row = next((at for at, end in enumerate(ends) if end <= band.start), len(ends))
        ends[row : row + 1] = [band.end]
        foot, left = -(y + BAND * (row + 1)), max(band.start, reach[0])
        box = {"x0": left, "x1": min(band.end, reach[1]), "y0": foot, "y1": foot + BAND - 4}
        pen = {"fillcolor": of.band, "line": {"color": of.line, "width": 0.5}, "layer": "below"}
        figure_layout["shapes"].append({"type": "rect", "xref": "x", "yref": "y"} | box | pen)
        place = {"x": left, "y": foot, "yref": "y", "xshift": 4, "yshift": 8, "yanchor": "middle"}
        figure_layout["annotations"].append(label(of, band.label(reach), **place, font={"size": 11, "color": of.text}))
    return y + BAND * len(ends)
