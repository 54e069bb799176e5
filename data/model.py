"""The five nouns: Source, Series, Release, Observation, Event.

The words are those of SDMX and official statistics. A Series is one line of numbers and its id is computed from its
key, never typed. An Observation is one published number; its key is series, time period and vintage, so that the
table of observations reads as a revision history.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Freq = Literal["A", "Q", "M"]
Measure = Literal["level", "growth", "share", "rank", "index"]
Span = Literal["period", "ytd"]
ObsStatus = Literal["A", "B", "D", "E", "F", "L", "M", "P", "U"]
Confidence = Literal["primary", "secondary", "derived"]
Precision = Literal["day", "month", "year"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who publishes, and how the figures are got.

    `lag_days` is, by frequency, the usual number of days from the end of a period to its publication (absent: none).
    `hosts` are the only hosts the fetcher of this name may contact, `pause` the seconds between two requests to one
    of them, `rank` its place in the fallback order (the lowest is asked first), `key_env` the environment
    variable of a key.
    """

    id: str
    publisher: str
    publisher_native: str
    title: str
    title_native: str
    url: str
    licence: str
    licence_native: str
    attribution: str
    redistributable: bool
    cadence: str
    licence_url: str = ""
    lag_days: dict[Freq, Annotated[int, msgspec.Meta(ge=0)]] = {}
    hosts: list[str] = []
    pause: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    concurrency: Annotated[int, msgspec.Meta(ge=1)] = 1
    rank: int = 1
    key_env: str = ""
    note: str = ""
    note_native: str = ""


class Break(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first period counted in a new way, and the reason in both languages."""

    period: str
    reason: str
    reason_native: str


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Bounds a plausible figure stays within: levels in the base unit, growth in per cent."""

    min: float | None = None
    max: float | None = None
    growth_min: float | None = None
    growth_max: float | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One line of numbers: its key, and the attributes every observation of it shares.

    `unit_measure` is the base unit; `unit_mult` the usual power of ten of the published figure (万 = 4, 亿 = 8).
    `comparable` is False where the reporting population changes from year to year, so that growth computed from
    published levels is not the published growth. `locators` say how each fetcher finds the series.
    """

    source: str
    indicator: str
    ref_area: str
    freq: Freq
    measure: Measure
    span: Span
    title: str
    title_native: str
    sector: str
    unit_measure: str
    unit_mult: int
    comparable: bool
    counts: str
    counts_native: str
    excludes: str
    excludes_native: str
    definition: str = ""
    definition_native: str = ""
    words: str = ""
    words_native: str = ""
    breaks: list[Break] = []
    expect: Expectation = Expectation()
    synonyms: list[str] = []
    missing: str = ""
    locators: dict[str, dict[str, Any]] = {}

    @property
    def id(self) -> str:
        """The key joined by dots: `nbs/nev_output.CHN.M.level.ytd`."""
        return f"{self.source}/{self.indicator}.{self.ref_area}.{self.freq}.{self.measure}.{self.span}"

    @property
    def line(self) -> str:
        """Measure and span: `level.ytd`."""
        return f"{self.measure}.{self.span}"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One document as published; it gives the vintage. `body` is what the service sent, untouched, and never stored.

    `published` is as precise as it is known: a day, a month, a year, or empty. `fetcher` is the module that brought it,
    empty for the shipped snapshot.
    """

    id: str
    source: str
    title: str
    url: str
    retrieved: str
    published: str = ""
    fetcher: str = ""
    sha256: str = ""
    body: bytes = b""


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One published number, as published: `value` times ten to the power `unit_mult` is in the series' base unit."""

    series: str
    time_period: str
    value: float
    unit_mult: int
    obs_status: ObsStatus
    vintage: str
    release: str
    confidence: Confidence = "primary"
    note: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One step of policy or market: `date` is the announcement, `in_force` the day it applies from, if any."""

    id: str
    date: str
    end_date: str
    precision: Precision
    in_force: str
    kind: str
    title: str
    title_native: str
    body: str
    sectors: list[str]
    stage: str
    significance: int
    summary: str
    summary_native: str
    url: str
    confidence: Confidence
