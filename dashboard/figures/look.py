"""Colours, axes and layout all figures share. Contrast is at least 4.5:1 for words and 3:1 for marks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import plotly.graph_objects as go

from data import catalogue

FONT = "'Source Sans', 'Source Sans 3', 'Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"
TITLE_FONT = "Georgia, 'Songti SC', 'Noto Serif CJK SC', serif"
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "pentagon")


class Look(NamedTuple):
    """The colours of the page a figure stands on."""

    text: str
    muted: str
    line: str
    grid: str
    paper: str
    band: str
    colour: str


LIGHT = Look("#1E2430", "#565E6B", "#8A8F98", "#E7E2D6", "#FDFCF9", "rgba(30,36,48,0.045)", "colour")
DARK = Look("#E8E6E1", "#A9B0BB", "#767E8A", "#2B323D", "#14181F", "rgba(232,230,225,0.06)", "colour_dark")


def look(dark: bool) -> Look:
    """The colours of the light or the dark page."""
    return DARK if dark else LIGHT


def sector(code: str, dark: bool) -> tuple[str, str, str]:
    """Colour, Plotly marker symbol and dash of a sector."""
    one = catalogue.load().sectors[code]
    return (one.colour_dark if dark else one.colour), one.marker, one.dash


@lru_cache(maxsize=256)
def styles(series: tuple[tuple[str, str], ...], dark: bool) -> dict[str, tuple[str, str, str]]:
    """Colour, marker and dash of each (series, sector): the sector's own; further ones of a sector get the next.

    A line computed from another one in the figure takes the colour of that line, dotted.
    """
    published = {name for name, _ in series if "~" not in name}
    lines = [(name, code) for name, code in series if _base(name) == name or _base(name) not in published]
    every = [one.id for one in catalogue.load().sectors.values() if not one.theme]
    spare = [code for code in every if code not in {code for _, code in lines}] or every
    found: dict[str, tuple[str, str, str]] = {}
    taken: dict[str, int] = {}
    for position, (name, code) in enumerate(lines):
        further = sum(taken.values()) - len(taken) if code in taken else -1
        taken[code] = taken.get(code, 0) + 1
        colour = sector(code if further < 0 else spare[further % len(spare)], dark)[0]
        found[name] = colour, MARKERS[position % len(MARKERS)], DASHES[position % len(DASHES)]
    if len(lines) == 1:
        found[lines[0][0]] = (*sector(lines[0][1], dark)[:2], "solid")
    for name, _ in series:
        if name not in found:
            found[name] = found[_base(name)][0], MARKERS[name.count("~") - 1], "dot"
    return found


def _base(series: str) -> str:
    """The published line a line was computed from, when it has the same measure and span."""
    return series.partition("~")[0]


def axis(of: Look, **more: Any) -> dict[str, Any]:
    """A thin axis: quiet grid, small labels, no zero line, no zooming that would trap the page's scrolling."""
    return {
        "gridcolor": of.grid, "gridwidth": 1, "linecolor": of.line, "linewidth": 1, "zeroline": False, "ticks": "",
        "tickfont": {"size": 11, "color": of.muted}, "fixedrange": True, "automargin": True,
        "exponentformat": "none", "separatethousands": True,
    } | more  # fmt: skip


def dates(lang: str) -> list[dict[str, Any]]:
    """How an axis writes its days: the year alone, and the month where there are several ticks a year."""
    month = "%Y年%-m月" if lang == "zh" else "%b %Y"
    return [{"dtickrange": ["M12", None], "value": "%Y"}, {"dtickrange": [None, "M12"], "value": month}]


def layout(of: Look, height: int, lang: str, **more: Any) -> dict[str, Any]:
    """The layout every figure starts from."""
    return {
        "height": height, "margin": {"l": 8, "r": 12, "t": 8, "b": 8}, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "font": {"family": FONT, "size": 12, "color": of.text}, "dragmode": False,
        "showlegend": False, "hovermode": "closest", "separators": ".,", "template": {},
        "hoverlabel": {"bgcolor": of.paper, "bordercolor": of.line, "align": "left",
                       "font": {"family": FONT, "size": 12, "color": of.text}},
        "legend": {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top", "font": {"size": 12, "color": of.text},
                   "itemclick": False, "itemdoubleclick": False},
        "shapes": [], "annotations": [],
    } | more  # fmt: skip


def label(of: Look, text: str, **more: Any) -> dict[str, Any]:
    """A word on the figure."""
    return {
        "text": text, "showarrow": False, "xref": "x", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "font": {"size": 11, "color": of.muted},
    } | more  # fmt: skip


class Drawn(go.Figure):
    """A Plotly figure of plain dicts that is handed to the page as it is.

    Plotly copies a figure when it is made and again when it is sent, a dozen milliseconds for one of the overview. The
    dicts are ours and nobody changes them, so both copies wait until somebody asks for more than the plain figure.
    """

    def __init__(self, plain: dict[str, Any]) -> None:
        self.__dict__["plain"] = plain

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain dicts."""
        return self.__dict__["plain"] if "_data" not in self.__dict__ else super().to_dict()

    def __getattr__(self, name: str) -> Any:
        if "_data" in self.__dict__:
            raise AttributeError(name)
        super().__init__(self.__dict__["plain"], _validate=False, skip_invalid=True)
        return getattr(self, name)
