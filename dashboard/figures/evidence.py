"""Figures of the evidence pages: vintages of a period, provinces as tiles, series aligned at an event."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import texts, words
from dashboard.figures.look import axis, label, layout, look, sector, styles
from dashboard.figures.names import names
from dashboard.figures.points import hover, points, scale
from data import catalogue, codes, derive

SCALES = {
    False: ((0.0, "#EEF2EE"), (0.35, "#A9CBC2"), (0.7, "#3E8E82"), (1.0, "#0B4F4A")),
    True: ((0.0, "#20302F"), (0.35, "#2F5E58"), (0.7, "#56A89B"), (1.0, "#C5EFE4")),
}
INK = {False: ("#1E2430", "#FFFFFF"), True: ("#F2F4F3", "#101417")}


def revisions(history: pd.DataFrame, lang: str, dark: bool, height: int = 360) -> go.Figure:
    """Every vintage of each period: a ring first, a dot for what stands, small marks between, joined by a stem.

    `history` has one series with all vintages (SELECT_COLUMNS); the axis is the period.
    """
    of, unit = look(dark), scale(history, lang)
    colour, marker, _ = sector(str(history["sector"].iloc[0]), dark)
    rows = list(derive.published(history).itertuples(index=False))
    value = [codes.convert(row.value, row.unit_mult, unit.power) for row in rows]
    # A year is its number: with 年 behind it the marks of a phone's axis touch.
    name = [row.time_period if row.freq == "A" else words.period(row.time_period, row.span, lang) for row in rows]
    kinds = ["last" if row.revision_no == row.vintages else "first" if row.revision_no == 1 else "mid" for row in rows]
    traces: list[dict[str, Any]] = [_stems(name, value, of.line)]
    for kind, symbol, size in (("first", f"{marker}-open", 10), ("mid", "line-ew-open", 10), ("last", marker, 10)):
        at = [n for n, one in enumerate(kinds) if one == kind]
        traces.append({
            "type": "scatter", "mode": "markers", "x": [name[n] for n in at], "y": [value[n] for n in at],
            "name": texts.of(lang)(f"revisions.{kind}"), "hoverinfo": "text",
            "hovertext": [_vintage(rows[n], lang) for n in at],
            "customdata": [[f"{rows[n].series}@{rows[n].time_period}"] for n in at],
            "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2, "color": colour}},
            "unselected": {"marker": {"opacity": 1}},
        })  # fmt: skip
    form = layout(of, height, lang, showlegend=True, margin={"l": 8, "r": 12, "t": 56, "b": 8})
    form["xaxis"] = axis(
        of, type="category", showgrid=False, categoryorder="array", categoryarray=list(dict.fromkeys(name))
    )
    form["yaxis"] = axis(of)
    form["annotations"].append(label(of, unit.name, xref="paper", x=0, y=1, yshift=32))
    return go.Figure({"data": traces, "layout": form}, _validate=False, skip_invalid=True)


def _stems(name: list[str], value: list[float], colour: str) -> dict[str, Any]:
    by_period: dict[str, list[float]] = {}
    for one, figure in zip(name, value, strict=True):
        by_period.setdefault(one, []).append(figure)
    x: list[Any] = []
    y: list[Any] = []
    for one, figures in by_period.items():
        x += [one, one, None]
        y += [min(figures), max(figures), None]
    return {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": colour, "width": 2},
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def _vintage(row: Any, lang: str) -> str:
    return f"{hover(row, lang)}<br>{texts.of(lang)('revisions.of', date=words.day(row.vintage, lang))}"


def tiles(frame: pd.DataFrame, lang: str, dark: bool, top: float, height: int = 520) -> go.Figure:
    """The provinces as tiles of equal size, shaded by their figure: a diagram of neighbourhood, no map, no borders.

    `frame` has one period, one row a province; `top` is the end of the shading (in the figures' own unit), so that
    years compare. A province without a figure is an empty frame.
    """
    of, areas = look(dark), catalogue.load().areas
    unit = scale(frame, lang)
    figures = {str(row.ref_area): row for row in derive.published(frame).itertuples(index=False)}
    placed = [one for one in areas.values() if one.kind == "province" and one.tile_row is not None]
    shapes, notes, said, point = [], [], [], []
    points_x = [float(one.tile_column or 0) for one in placed]
    points_y = [-float(one.tile_row or 0) for one in placed]
    for one, x, y in zip(placed, points_x, points_y, strict=True):
        row = figures.get(one.id)
        share = min(max(row.value / top, 0.0), 1.0) if row is not None and top > 0 else None
        shapes.append(_tile(x, y, share, dark, of.line))
        text = (
            words.number(codes.convert(row.value, row.unit_mult, unit.power), 3) if row is not None else words.MISSING
        )
        ink = of.text if share is None else INK[dark][int(share > 0.55)]
        notes.append(_tile_text(x, y, texts.native(one, "title", lang), text, ink, lang))
        point.append([f"{row.series}@{row.time_period}" if row is not None else ""])
        said.append(hover(row, lang) if row is not None else texts.native(one, "title", lang))
    trace = {
        "type": "scatter", "mode": "markers", "x": points_x, "y": points_y, "hoverinfo": "text", "hovertext": said,
        "customdata": point, "marker": {"size": 46, "opacity": 0, "symbol": "square", "color": of.text},
        "unselected": {"marker": {"opacity": 0}}, "selected": {"marker": {"opacity": 0}},
    }  # fmt: skip
    form = layout(of, height, lang, shapes=shapes, annotations=notes)
    form["xaxis"] = {"visible": False, "fixedrange": True, "range": _reach(points_x)}
    form["yaxis"] = {"visible": False, "fixedrange": True, "range": _reach(points_y)}
    form["annotations"].append(label(of, unit.name, xref="paper", x=0, y=1, yanchor="top"))
    return go.Figure({"data": [trace], "layout": form}, _validate=False, skip_invalid=True)


def _reach(places: list[float]) -> list[float]:
    return [min(places) - 0.55, max(places) + 0.55]


def _tile(x: float, y: float, share: float | None, dark: bool, line: str) -> dict[str, Any]:
    fill = "rgba(0,0,0,0)" if share is None else _shade(share, SCALES[dark])
    return {
        "type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - 0.47, "y1": y + 0.47, "fillcolor": fill,
        "line": {"width": 1 if share is None else 0, "color": line}, "layer": "below",
    }  # fmt: skip


def _tile_text(x: float, y: float, name: str, value: str, ink: str, lang: str) -> dict[str, Any]:
    short = name if lang == "zh" or len(name) <= 9 else f"{name[:8]}."
    return {
        "x": x, "y": y, "text": f"{short}<br><b>{value}</b>", "showarrow": False, "align": "center",
        "font": {"size": 10, "color": ink}, "captureevents": False,
    }  # fmt: skip


def _shade(share: float, stops: tuple[tuple[float, str], ...]) -> str:
    """The colour at a place of the scale."""
    for (low, first), (high, last) in zip(stops, stops[1:], strict=False):
        if share <= high:
            part = (share - low) / (high - low)
            mixed = (round(_channel(first, n) * (1 - part) + _channel(last, n) * part) for n in range(3))
            return "#" + "".join(f"{one:02x}" for one in mixed)
    return stops[-1][1]


def _channel(colour: str, n: int) -> int:
    return int(colour[1 + 2 * n : 3 + 2 * n], 16)


def aligned(frame: pd.DataFrame, lang: str, dark: bool, event: str, height: int = 360) -> go.Figure:
    """Series over the periods since an event, which is 0: the rows of `derive.align`, one unit."""
    of, unit = look(dark), scale(frame, lang)
    lined = points(frame, unit, lang)
    style = styles(tuple((one.series, str(frame["sector"].iloc[0])) for one in lined), dark)
    called, since = names(frame, lang), {(r.series, r.time_period): int(r.t) for r in frame.itertuples(index=False)}
    traces = []
    for one in lined:
        colour, marker, dash = style[one.series]
        traces.append({
            "type": "scatter", "mode": "lines+markers", "x": [since[one.series, period] for period in one.periods],
            "y": one.y, "name": called[one.series], "hoverinfo": "text", "hovertext": one.hover,
            "customdata": [[name] for name in one.names], "line": {"color": colour, "dash": dash, "width": 1.8},
            "marker": {"symbol": marker, "size": 6, "color": colour}, "connectgaps": False,
            "unselected": {"marker": {"opacity": 1}},
        })  # fmt: skip
    form = layout(of, height, lang, showlegend=True, margin={"l": 8, "r": 12, "t": 56, "b": 8})
    form["xaxis"] = axis(of, title={"text": texts.of(lang)("compare.since", event=event), "font": {"size": 11}})
    form["yaxis"] = axis(of)
    form["shapes"].append({
        "type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": of.line, "dash": "dot"},
    })  # fmt: skip
    form["annotations"].append(label(of, unit.name, xref="paper", x=0, y=1, yshift=32))
    return go.Figure({"data": traces, "layout": form}, _validate=False, skip_invalid=True)
