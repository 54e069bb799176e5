"""The timeline of its own: events in lanes by kind, periods of policy as bars beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard import texts
from dashboard.figures import flags
from dashboard.figures.look import Look, axis, label, layout, look

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
        found = flags.placed([one for one in flags.listed(events) if one.kind in kinds], *reach, tracks=TRACKS)
        if not found:
            continue
        figure_layout["annotations"].append(_name(of, say(f"figure.lane_{lane}"), y))
        y += NAME
        height = (max(track for _, track in found) + 1) * TRACK
        marks = [(one, -(y + track * TRACK + TRACK / 2)) for one, track in found]
        traces += [_tails(marks, of, reach[1]), flags.flag_trace(marks, lang, dark)]
        traces[-1]["marker"]["color"] = [of.grid if one.id == chosen else of.paper for one, _ in marks]
        y += height + 3
    inside = [band for band in bands if band.start < reach[1] and band.end > reach[0]]
    for band in inside:
        y += BAND
        figure_layout["shapes"].append(_bar(band, -y, of, reach))
        figure_layout["annotations"].append(
            label(of, band.name, x=max(band.start, reach[0]), y=-y, yref="y", xshift=4, yanchor="middle", yshift=8,
                  font={"size": 11, "color": of.text})
        )  # fmt: skip
    figure_layout |= {"height": int(y) + 40, "margin": {"l": 10, "r": 10, "t": 4, "b": 24}}
    figure_layout["xaxis"] = axis(
        of, type="date", range=reach, showgrid=True, dtick="M12", tickformat="%Y", tickangle=0
    )
    figure_layout["yaxis"] = {"range": (-y - 6, 0), "visible": False, "fixedrange": True}
    return go.Figure({"data": traces, "layout": figure_layout}, _validate=False, skip_invalid=True)


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


def _bar(band: flags.Band, y: float, of: Look, reach: tuple[str, str]) -> dict[str, Any]:
    return {
        "type": "rect", "xref": "x", "yref": "y", "x0": max(band.start, reach[0]), "x1": min(band.end, reach[1]),
        "y0": y, "y1": y + BAND - 4, "fillcolor": of.band, "line": {"color": of.line, "width": 0.5}, "layer": "below",
    }  # fmt: skip
