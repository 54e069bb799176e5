"""Everything known about one number: its row, its vintages, the growth beside it, a correction. Pure.

number.of("nbs/nev_output.CHN.M.growth.ytd~computed@2022-10", as_of)      a Number, or None for no such series
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from dashboard import rows, texts
from data import catalogue, codes, corrections, derive, freshness, periods
from data.derive.lineage import line
from data.model import Series, Source


class Number(NamedTuple):
    """One published or derived number.

    `row` is a named tuple of DERIVED_COLUMNS, None where the period has no figure; `missing` is then a code of
    codes.MISSING. `vintages` are all published values of the period, oldest first (SELECT_COLUMNS; empty for a
    derived number). `pair` is the row of derive.gap where growth and level are published, else None.
    """

    series: str
    time_period: str
    of: Series
    source: Source
    row: Any
    missing: str
    vintages: pd.DataFrame
    pair: Any
    correction: corrections.Correction | None

    @property
    def derived(self) -> bool:
        """Whether it is computed."""
        return "~" in self.series


def of(point: str, as_of: str = "") -> Number | None:
    """The number a point names, as known on a day; None for a series or calculation that does not exist."""
    series, _, time_period = point.partition("@")
    known = _catalogued(series)
    try:
        row = one(series, time_period, as_of)
    except derive.DeriveError:
        return None
    if known is None:
        return None
    published = "~" not in series
    history = rows.history(series, time_period, as_of) if published and row is not None else pd.DataFrame()
    return Number(
        series,
        time_period,
        known,
        catalogue.load().sources[known.source],
        row,
        "" if row is not None else absence(known.id, time_period, as_of),
        history,
        _pair(series, time_period, as_of),
        _correction(series, time_period) if published else None,
    )


def _catalogued(series: str) -> Series | None:
    """The catalogue's entry of a line; of a derived one, that of the indicator it is computed from."""
    known, base = catalogue.load().series, series.partition("~")[0]
    if base in known or "~" not in series:
        return known.get(base)
    stem = base.rsplit(".", 2)[0] + "."
    return next((found for name, found in known.items() if name.startswith(stem)), None)


def one(series: str, time_period: str, as_of: str = "") -> Any:
    """The row of a line at a period, as a named tuple of DERIVED_COLUMNS; None where there is none."""
    frame = whole(series, as_of)
    found = frame[frame["time_period"] == time_period]
    return next(found.head(1).itertuples(index=False)) if len(found) else None


def whole(series: str, as_of: str = "") -> pd.DataFrame:
    """All rows of a published or derived line (DERIVED_COLUMNS, and what its last step adds)."""
    return _whole(rows.version(), series, as_of)


@lru_cache(maxsize=256)
def _whole(_version: str, series: str, as_of: str) -> pd.DataFrame:
    return derive.again(series, as_of or None)


def inputs(number: Number, as_of: str = "") -> Iterator[tuple[str, Any]]:
    """The published figures a derived number is computed from: each point once with its row, None without one.

    A year-to-date figure ends one difference and begins the next, so a sum of differences names it twice.
    """
    for point in dict.fromkeys(filter(None, str(number.row.inputs).split(" ; ") if number.row is not None else [])):
        series, _, time_period = point.partition("@")
        yield point, one(series, time_period, as_of)


def _pair(series: str, time_period: str, as_of: str) -> Any:
    """Published and computed growth of this level or growth rate, if both exist."""
    base, _, steps = series.partition("~")
    if base.rsplit(".", 2)[1] not in ("level", "growth") or steps not in ("", "computed", "gap"):
        return None
    stated = line(base, "growth")
    if not (rows.known(stated, as_of) and rows.known(line(base, "level"), as_of)):
        return None
    try:
        return one(f"{stated}~gap", time_period, as_of)
    except derive.DeriveError:
        return None


def _correction(series: str, time_period: str) -> corrections.Correction | None:
    found = (c for c in corrections.load() if c.series == series and c.time_period == time_period)
    return next(found, None)


def absence(series: str, time_period: str, as_of: str = "") -> str:
    """Why a line has no figure for a period: a code of codes.MISSING.

    After its newest figure the catalogue's reason, else `not_yet_published`; between two figures `not_published`;
    before the first `out_of_scope`.
    """
    known, there = catalogue.load().series[series], there_of(series, as_of)
    if as_of and time_period in there_of(series):
        return "not_yet_published"
    if not there or periods.end(time_period) > periods.end(there[-1]):
        return known.missing or "not_yet_published"
    return "out_of_scope" if time_period < there[0] else "not_published"


def there_of(series: str, as_of: str = "") -> tuple[str, ...]:
    """The periods a published line has figures for, in order."""
    return _there(rows.version(), series, as_of)


@lru_cache(maxsize=512)
def _there(_version: str, series: str, as_of: str) -> tuple[str, ...]:
    return tuple(sorted(rows.of([series], as_of)["time_period"]))


def due(series: str, as_of: str = "") -> tuple[str, str]:
    """The period expected next and the usual day of its publication, empty where the publisher keeps no rhythm."""
    known, there = catalogue.load().series[series], there_of(series, as_of)
    if not there or known.missing:
        return "", ""
    return freshness.next_period(there[-1], known.source), rows.next_release(series, as_of)


def label(code: str, lang: str) -> str:
    """A reason code in words."""
    return codes.MISSING[code][lang == "zh"]


def done(series: str, lang: str) -> str:
    """The steps of a derived line in words."""
    say = texts.of(lang)
    return " · ".join(say(f"step.{one}", detail=detail(one, text, lang)) for one, text in _steps(series))


def formula(series: str, lang: str) -> str:
    """The formula of a derived line in words, one step after the other; empty for a published line."""
    say = texts.of(lang)
    return "; ".join(say(f"formula.{one}", detail=detail(one, text, lang)) for one, text in _steps(series))


def detail(operation: str, text: str, lang: str) -> str:
    """What a step was done with, in words: the whole of a share by its title instead of `source/indicator`."""
    source, _, indicator = text.partition("/")
    whole = catalogue.load().of_indicator(indicator, source) if operation == "share" else []
    return texts.native(whole[0], "title", lang) if whole else text


def _steps(series: str) -> Iterator[tuple[str, str]]:
    """Each step of a derived line and what it was done with."""
    for mark in series.split("~")[1:]:
        operation, _, text = mark.partition("=")
        yield operation, text
