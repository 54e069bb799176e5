"""Events and periods on figures: numbered flags on top, bands of plans behind, goals as dashed lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from dashboard import texts, words
from dashboard.figures.look import Look, label, look, sector
from dashboard.figures.points import Scale
from data import catalogue, codes

TRACKS = 5
NARROW = 300  # pixels of plotting width on a phone of 390: flags must not touch there
FLAG = 16  # pixels a flag with a number of two digits takes
LETTER = 6  # pixels a letter takes
SHAPES = {
    "speech": "circle", "party_meeting": "circle", "government_report": "circle",
    "plan": "square", "guideline": "square",
    "law_or_regulation": "diamond", "standard": "diamond", "market": "hexagon", "international": "pentagon",
    "statistics": "octagon",
}  # fmt: skip
SIZES = {"square": 13, "diamond": 16, "hexagon": 15, "pentagon": 15, "octagon": 15}


Events: TypeAlias = tuple[Any, ...]  # records of rows.steps


class Band(NamedTuple):
    """A period of policy behind the figures: first and last day (YYYY-MM-DD) and its name."""

    start: str
    end: str
    name: str
    short: str = ""

    def label(self, reach: tuple[str, str]) -> str:
        """The name, or the short one where the part shown is too narrow for it on a phone."""
        first, last = max(self.start, reach[0]), min(self.end, reach[1])
        width = NARROW * _days(first, last) / max(_days(*reach), 1)
        return self.name if width > LETTER * len(self.name) or not self.short else self.short


class Goal(NamedTuple):
    """A target over its years: value with unit and power of ten, name in words, whether it holds at the end only."""

    start: str
    end: str
    value: float
    unit_measure: str
    unit_mult: int
    name: str
    at_end: bool
    point: str

    def within(self, start: int, end: int) -> Goal | None:
        """The goal inside these years."""
        first, last = max(self.start, f"{start}-01-01"), min(self.end, f"{end}-12-31")
        return self._replace(start=first, end=last) if first < last else None


def band_shapes(bands: Sequence[Band], of: Look) -> list[dict[str, Any]]:
    """Every second band shaded, so that neighbours tell apart without a frame."""
    return [
        {
            "type": "rect", "xref": "x", "yref": "paper", "x0": band.start, "x1": band.end, "y0": 0, "y1": 1,
            "fillcolor": of.band, "line": {"width": 0}, "layer": "below",
        }
        for band in bands[::2]
    ]  # fmt: skip


def band_labels(bands: Sequence[Band], of: Look, reach: tuple[str, str]) -> list[dict[str, Any]]:
    """The name of each band at the bottom of it."""
    return [
        label(
            of,
            band.label(reach),
            x=band.start,
            y=0,
            xanchor="left",
            yanchor="bottom",
            xshift=3,
            font={"size": 10, "color": of.muted},
        )
        for band in bands
    ]


def goal_lines(layout: dict[str, Any], goals: Sequence[Goal], scale: Scale, of: Look, lang: str, row: str = "") -> None:
    """A dashed line over the years of each goal in the unit of the row, with its value once."""
    said: set[float] = set()
    for goal in goals:
        if goal.unit_measure != scale.unit_measure:
            continue
        y = codes.convert(goal.value, goal.unit_mult, scale.power)
        line = {"color": of.text, "width": 1.4, "dash": "dash"}
        across = {"type": "line", "xref": "x", "yref": f"y{row}", "x0": goal.start, "x1": goal.end, "y0": y, "y1": y}
        layout["shapes"].append(across | {"line": line})
        if y not in said:
            layout["annotations"].append(
                _goal_label(goal, y, layout["xaxis"].get("range"), of, lang) | {"yref": f"y{row}"}
            )
        said.add(y)


def _goal_label(goal: Goal, y: float, reach: tuple[str, str] | None, of: Look, lang: str) -> dict[str, Any]:
    """The value of a goal at the end of its line that lies further inside."""
    value = words.quantity(goal.value, goal.unit_measure, goal.unit_mult, lang)
    text = texts.of(lang)("figure.target_line" if goal.at_end else "figure.target_rate", value=value)
    left = reach is not None and _days(reach[0], goal.start) < _days(goal.end, reach[1])
    place = {"x": goal.start, "xanchor": "left"} if left else {"x": goal.end, "xanchor": "right"}
    # A rate is to be exceeded: the marks stand above the line, the words beneath. A level is approached from below.
    place |= {"yanchor": "bottom" if goal.at_end else "top"}
    return label(of, text, y=y, hovertext=goal.name, font={"size": 11, "color": of.text}, **place)


@lru_cache(maxsize=256)
def placed(
    events: Events, first: str, last: str, tracks: int = TRACKS, narrow: int = NARROW
) -> Sequence[tuple[Any, int]]:
    """The events between two days that have room, each with its track: no two touch at `narrow` pixels of width.

    The weightier come first, of these days with several events, then events that name fewer sectors. Events of one day
    are placed together or not at all, so that none hides another.
    """
    gap = max(_days(first, last), 1) * FLAG / narrow
    by_day: dict[int, list[Any]] = {}
    for one in events:
        if first[:10] <= str(one.day)[:10] <= last[:10]:
            by_day.setdefault(one.day.toordinal(), []).append(one)
    taken: list[list[int]] = [[] for _ in range(tracks)]
    found: list[tuple[Any, int]] = []
    for day in sorted(by_day, key=lambda day: _rank(day, by_day[day])):
        free = [t for t in range(tracks) if all(abs(day - other) >= gap for other in taken[t])]
        if len(free) >= len(by_day[day]):
            for one, track in zip(by_day[day], free, strict=False):
                found.append((one, track))
                taken[track].append(day)
    return sorted(found, key=lambda pair: int(pair[0].number))


def _rank(day: int, events: list[Any]) -> tuple[int, int, int, int]:
    weight, concerned = max(one.significance for one in events), min(one.sectors.count(";") for one in events)
    return -weight, -len(events), concerned, day


def _days(first: str, last: str) -> int:
    return (dt.date.fromisoformat(last[:10]) - dt.date.fromisoformat(first[:10])).days


def flag_traces(
    layout: dict[str, Any],
    events: Events,
    lang: str,
    dark: bool,
    height: int,
    reach: tuple[str, str],
    axis: str = "99",
) -> list[dict[str, Any]]:
    """Numbered flags on a strip of their own above the figure; makes room for them in the layout."""
    flags = placed(events, *reach)
    if not flags:
        return []
    tracks = max(track for _, track in flags) + 1
    room = tracks * FLAG + 4
    layout["height"] = height + room
    share = room / (height + room - layout["margin"]["t"] - layout["margin"]["b"])
    for name in [name for name in layout if name.startswith("yaxis")]:
        low, high = layout[name].get("domain", (0, 1))
        layout[name]["domain"] = (low * (1 - share), high * (1 - share))
    for note in layout["annotations"]:
        if note.get("yref") == "paper" and note.get("y", 0) > 0:
            note["y"] *= 1 - share
    layout[f"yaxis{axis}"] = {
        "domain": (1 - share, 1), "range": (-0.6, tracks - 0.4), "visible": False, "fixedrange": True, "anchor": "x",
    }  # fmt: skip
    return [flag_trace(flags, lang, dark, f"y{axis}")]


def flag_trace(flags: Sequence[tuple[Any, float]], lang: str, dark: bool, axis: str = "y") -> dict[str, Any]:
    """The flags of `placed` events as one trace: a number; the shape says the kind, the outline the sector."""
    of, events = look(dark), [one for one, _ in flags]
    shapes, sizes = [SHAPES[one.kind] for one in events], [9 if one.number < 100 else 7 for one in events]
    return {
        "type": "scatter", "mode": "markers+text", "x": [str(one.day)[:10] for one in events],
        "y": [track for _, track in flags], "yaxis": axis, "text": [str(one.number) for one in events],
        "textposition": "middle center", "textfont": {"size": sizes, "color": of.text}, "hoverinfo": "text",
        "hovertext": [event_words(one, lang) for one in events],
        "customdata": [[f"event:{one.id}"] for one in events], "showlegend": False, "cliponaxis": False,
        "marker": {"symbol": shapes, "size": [SIZES.get(one, 14) for one in shapes], "color": of.paper, "opacity": 1,
                   "line": {"width": 1.5, "color": [outline(one.sectors, dark) for one in events]}},
        "unselected": {"marker": {"opacity": 1}},
    }  # fmt: skip


@lru_cache(maxsize=1024)
def outline(sectors: str, dark: bool) -> str:
    """The colour of the first sector an event names; grey for one that concerns all, or only a theme."""
    known = catalogue.load().sectors
    named = [code for code in sectors.split(";") if not known[code].theme]
    if not named or "all" in sectors.split(";"):
        return look(dark).line
    return sector(min(named, key=lambda code: known[code].order), dark)[0]


def event_words(event: Any, lang: str) -> str:
    """An event in the hover: number, title, dates, who acted."""
    say = texts.of(lang)
    said = [
        f"<b>{event.number}  {texts.native(event, 'title', lang)}</b>",
        words.day(event.date, lang) + (f" · {texts.bodies(event.body, lang)}" if event.body else ""),
        say("kind." + event.kind),
        say("figure.in_force", date=words.day(event.in_force, lang)) if event.in_force else "",
    ]
    return "<br>".join(filter(None, said))
