"""The parameters of the link, each once: what it is without a link, and what a link may say.

A page that needs another one adds a line to PARAMETERS and a field of the same name to View. Session keys are
parameter names; the widget of a parameter has `key=<name>, persist_state="session"`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container
from typing import Any, NamedTuple

import streamlit as st

from dashboard import peers, rows, texts
from data import catalogue, concepts, events, periods

MEASURES = (
    "level", "month", "ytd", "growth", "computed", "both", "two_year_average", "rolling", "cagr", "change", "index",
    "share",
)  # fmt: skip
QUALITY = ("primary", "comparable", "final")
FIRST_YEAR = 2015


class Parameter(NamedTuple):
    """One parameter of the view: what it is without a link, and which codes a link may give.

    `many` parameters stand in the link once a code. `allowed` and `default` are asked anew each time.
    """

    default: Callable[[], Any]
    allowed: Callable[[], Container[Any]]
    read: Callable[[str], Any] = str
    many: bool = False


class View(NamedTuple):
    """What the reader asked for: the parameters, `from` and `to` as `start` and `end`.

    `as_of` is empty for today; an empty `publisher`, `areas` or `quality` means any.
    """

    lang: str
    as_of: str
    series: tuple[str, ...]
    sector: tuple[str, ...]
    start: int
    end: int
    measure: str
    publisher: tuple[str, ...]
    quality: tuple[str, ...]
    events: tuple[str, ...]
    significance: int
    base: str
    point: str
    event: str
    subject: tuple[str, ...]
    weight: int
    whole: str
    since: str
    until: str
    scale: str
    axis: str
    revised: str
    concept: str
    compared: str
    areas: tuple[str, ...]
    layout: str
    province: str
    year: int


class Fitting(Container[Any]):
    """Values told apart by a question rather than by a list."""

    def __init__(self, fits: Callable[[Any], bool]) -> None:
        self.fits = fits

    def __contains__(self, value: object) -> bool:
        return self.fits(value)


def span() -> tuple[int, int]:
    """The first and the last year a reader may ask for."""
    first, last = rows.years()
    return min(first, FIRST_YEAR), max(last, dt.date.today().year)


def days() -> tuple[dt.date, dt.date]:
    """The first and the last day of `as known on`."""
    return dt.date(span()[0], 1, 1), dt.date.today()


def sector_codes() -> list[str]:
    """The sectors that have figures, in order."""
    return [one.id for one in catalogue.load().sectors.values() if not one.theme]


def founding() -> list[str]:
    """The four sectors the dashboard began with."""
    return [one.id for one in catalogue.load().sectors.values() if one.founding]


def sectors_of(series: list[str]) -> list[str]:
    """The sectors shown where a link names none: those of its series, without any series the founding ones."""
    known = catalogue.load().series
    theirs = {known[one].sector for one in series if one in known}
    return [code for code in sector_codes() if code in theirs] or founding()


def _years() -> Container[int]:
    return range(span()[0], span()[1] + 1)


def _days() -> Container[dt.date]:
    first, last = days()
    return Fitting(lambda day: first <= day <= last)


def _is_point(name: str) -> bool:
    """`series@period` of any series with figures, derived lines included; empty for no card."""
    series, _, period = name.partition("@")
    return name == "" or (bool(periods.PATTERN.fullmatch(period)) and _is_line(series))


def _is_line(series: str) -> bool:
    base, derived, _ = series.partition("~")
    stem = base.rsplit(".", 2)[0] + "."
    return rows.known(base) or (bool(derived) and any(one.startswith(stem) for one in catalogue.load().series))


def _is_base(text: str) -> bool:
    return text in rows.all_events() or is_day(text)


def is_day(text: str) -> bool:
    """Whether a text is a day an index may start from."""
    try:
        return len(text) == 10 and dt.date(1990, 1, 1) <= dt.date.fromisoformat(text) <= dt.date.today()
    except ValueError:
        return False


def _is_period(text: str) -> bool:
    return text == "" or bool(periods.PATTERN.fullmatch(text))


def _is_indicator(text: str) -> bool:
    source, _, indicator = text.partition("/")
    return text == "" or bool(catalogue.load().of_indicator(indicator, source))


PARAMETERS: dict[str, Parameter] = {
    "lang": Parameter(lambda: "en", lambda: texts.LANGUAGES),
    "as_of": Parameter(dt.date.today, _days, dt.date.fromisoformat),
    "series": Parameter(list, lambda: Fitting(rows.known), many=True),
    "sector": Parameter(lambda: sectors_of(st.session_state.get("series") or []), sector_codes, many=True),
    "from": Parameter(lambda: FIRST_YEAR, _years, int),
    "to": Parameter(lambda: dt.date.today().year, _years, int),
    "measure": Parameter(lambda: "level", lambda: MEASURES),
    "publisher": Parameter(list, lambda: catalogue.load().sources, many=True),
    "quality": Parameter(list, lambda: QUALITY, many=True),
    "events": Parameter(lambda: list(events.KINDS), lambda: events.KINDS, many=True),
    "significance": Parameter(lambda: 3, lambda: (1, 2, 3), int),
    "base": Parameter(rows.coined, lambda: Fitting(_is_base)),
    "point": Parameter(str, lambda: Fitting(_is_point)),
    "weight": Parameter(lambda: 1, lambda: (1, 2, 3), int),
    "subject": Parameter(list, lambda: [one for one in catalogue.load().sectors if one != "all"], many=True),
    "event": Parameter(str, lambda: ["", *rows.event_ids()]),
    "whole": Parameter(str, lambda: Fitting(_is_indicator)),
    "since": Parameter(str, lambda: Fitting(_is_period)),
    "until": Parameter(str, lambda: Fitting(_is_period)),
    "scale": Parameter(lambda: "linear", lambda: ("linear", "log")),
    "axis": Parameter(lambda: "same", lambda: ("same", "own")),
    "revised": Parameter(lambda: "nbs/rd_gdp_share.CHN.A.share.period", lambda: catalogue.load().series),
    "concept": Parameter(lambda: concepts.concepts()[0].id, lambda: [one.id for one in concepts.concepts()]),
    "compared": Parameter(lambda: peers.subjects()[0], peers.subjects),
    "areas": Parameter(list, lambda: catalogue.load().areas, many=True),
    "layout": Parameter(lambda: "lines", lambda: ("lines", "each", "event")),
    "province": Parameter(lambda: "share", lambda: ("share", "level")),
    "year": Parameter(peers.newest_year, lambda: range(*peers.years_of_provinces()), int),
}
