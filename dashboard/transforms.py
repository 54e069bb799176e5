"""What is asked of a series, as the lines that are drawn: each named by its id, each rebuilt by `derive.again`. Pure.

ids, reason = transforms.lines_of(series, asked, tables)       the ids to draw, and why others cannot be drawn
made = transforms.make(chosen, asked, tables)                  the plotted rows, and what was refused
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from data import catalogue, derive, periods
from data.codes import ADDITIVE_FREE
from data.derive.lineage import line
from data.model import Series

PERCENT = ("percent", "percentage_points")
INDEXABLE = ("index", "score", "times")
MONTHS = 12


class Tables(NamedTuple):
    """`known` says whether a published line has figures, `read` gives all rows of a published or derived one."""

    known: Callable[[str], bool]
    read: Callable[[str], pd.DataFrame]


class Asked(NamedTuple):
    """What to make of a series: the measure, and what it needs. `base` is a day, `since` and `until` periods."""

    measure: str
    base: str = ""
    whole: str = ""
    since: str = ""
    until: str = ""


class Refusal(NamedTuple):
    """A series that cannot be shown as asked: a reason (`explore.refused_<reason>` in words), or a message."""

    series: str
    reason: str
    message: str = ""


class Made(NamedTuple):
    """The plotted rows (DERIVED_COLUMNS) of all lines, all years, and what was refused."""

    frame: pd.DataFrame
    refused: tuple[Refusal, ...]


def make(chosen: Iterable[str], asked: Asked, tables: Tables) -> Made:
    """Everything that is drawn of the chosen series, each line once."""
    frames: dict[str, pd.DataFrame] = {}
    refused: list[Refusal] = []
    for series in chosen:
        ids, reason = lines_of(series, asked, tables)
        if reason:
            refused.append(Refusal(series, reason))
        for one in ids:
            try:
                frames[one] = _shown(tables.read(one), asked)
                if asked.measure == "cagr" and frames[one].empty:
                    refused.append(Refusal(series, "no_end"))
            except derive.DeriveError as error:
                refused.append(Refusal(series, "error", str(error)))
    columns = list(derive.DERIVED_COLUMNS)
    found = [frame.reindex(columns=columns) for frame in frames.values() if len(frame)]
    empty = pd.DataFrame(columns=columns)
    return Made(pd.concat(found, ignore_index=True) if found else empty, tuple(refused))


def _shown(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Of compound growth only the end that was asked for."""
    if asked.measure != "cagr" or frame.empty:
        return frame
    until = at(asked.until, str(frame["freq"].iloc[0]))
    return frame[frame["time_period"] == until] if until else frame.tail(1)


def at(period: str, freq: str) -> str:
    """A period in another frequency: of a year its last month or quarter. Empty stays empty."""
    if not period or periods.freq(period) == freq:
        return period
    return periods.containing(periods.end(period), freq)


def lines_of(series: str, asked: Asked, tables: Tables) -> tuple[list[str], str]:
    """The ids drawn for one series, and the reason where what was asked cannot be had, wholly or in part."""
    of = catalogue.load().series[series]
    return _LINES[asked.measure](of, asked, tables)


Lines = tuple[list[str], str]


def _level(of: Series, tables: Tables) -> str:
    """The line of levels (of an index, its index) with the span of a series; empty where there is none."""
    there = (line(of.id, measure) for measure in ("level", "index"))
    return next((one for one in there if tables.known(one)), "")


def _first(series: str, tables: Tables, reason: str) -> Lines:
    return ([series], "") if tables.known(series) else ([], reason)


def _month(of: Series, _: Asked, tables: Tables) -> Lines:
    """Single months as differences beside the published ones; of rates only those that are published."""
    single, ytd = line(of.id, span="period"), line(of.id, "level", "ytd")
    if of.freq == "A":
        return [], "annual"
    if of.measure == "level" and tables.known(ytd) and of.unit_measure not in ADDITIVE_FREE:
        return [f"{single}~difference", *([single] if tables.known(single) else [])], ""
    return _first(single, tables, "no_month")


def _growth(of: Series, _: Asked, tables: Tables) -> Lines:
    return _first(line(of.id, "growth"), tables, "no_growth")


def _no_ratio(of: Series, tables: Tables) -> str:
    """Why no growth can be computed of a series; empty where it can."""
    level = _level(of, tables)
    if not level:
        return "no_level"
    unit = catalogue.load().series[level].unit_measure
    return "percent" if unit in ADDITIVE_FREE and unit not in INDEXABLE else ""


def _computed(of: Series, _: Asked, tables: Tables) -> Lines:
    reason = _no_ratio(of, tables)
    return ([], reason) if reason else ([line(of.id, "growth") + "~computed"], "")


def _both(of: Series, asked: Asked, tables: Tables) -> Lines:
    """Published and computed growth, and the gap between them where there are both."""
    stated, no_growth = _growth(of, asked, tables)
    computed, no_level = _computed(of, asked, tables)
    gap = [f"{stated[0]}~gap"] if stated and computed else []
    return [*stated, *computed, *gap], no_growth or no_level


def _two_year_average(of: Series, asked: Asked, tables: Tables) -> Lines:
    stated, no_growth = _growth(of, asked, tables)
    computed, no_level = _computed(of, asked, tables)
    ids = [f"{one}~two_year_average" for one in (*stated, *computed)]
    return ids, "" if ids else no_growth or no_level


def _rolling(of: Series, _: Asked, tables: Tables) -> Lines:
    """The last twelve months, each as published, or else as the difference of year-to-date figures."""
    single, ytd = (line(of.id, "level", span) for span in ("period", "ytd"))
    there = [one for one in (single, ytd) if tables.known(one)]
    if of.freq != "M" or not there:
        return [], "not_monthly"
    if catalogue.load().series[there[0]].unit_measure in ADDITIVE_FREE:
        return [], "percent"
    step = {(single, ytd): "~months", (ytd,): "~difference", (single,): ""}[tuple(there)]
    return [f"{single}{step}~rolling={MONTHS}"], ""


def _cagr(of: Series, asked: Asked, tables: Tables) -> Lines:
    reason = _no_ratio(of, tables)
    if reason or not asked.since:
        return [], reason or "no_dates"
    since, until = (at(one, of.freq) for one in (asked.since, asked.until))
    if until and until <= since:
        return [], "backwards"
    if until and until[4:] != since[4:]:
        return [], "other_season"
    return [f"{line(of.id, 'growth')}~cagr={asked.since}"], ""


def _change(of: Series, _: Asked, tables: Tables) -> Lines:
    unit = "percent" if of.measure == "growth" else of.unit_measure
    return ([f"{of.id}~change"], "") if unit in PERCENT and tables.known(of.id) else ([], "not_percent")


def _index(of: Series, asked: Asked, tables: Tables) -> Lines:
    """An index of the figures; year-to-date figures restart every year, so theirs is one of twelve-month sums."""
    if of.freq == "M" and of.span == "ytd":
        rolled, reason = _rolling(of, asked, tables)
        return [line(one, "index") + one[len(line(one)) :] + f"~index={asked.base}" for one in rolled], reason
    reason = _no_ratio(of, tables)
    return ([], reason) if reason else ([f"{line(of.id, 'index')}~index={asked.base}"], "")


def _share(of: Series, asked: Asked, tables: Tables) -> Lines:
    if not asked.whole:
        return [], "no_whole"
    level = line(of.id, "level")
    whole = f"{asked.whole}.{level.partition('.')[2]}"
    if not tables.known(level) or of.unit_measure in ADDITIVE_FREE:
        return [], "no_level"
    if whole == level:
        return [], "itself"
    if not tables.known(whole):
        return [], "no_such_whole"
    if catalogue.load().series[whole].unit_measure != catalogue.load().series[level].unit_measure:
        return [], "other_unit"
    return [f"{line(of.id, 'share')}~share={asked.whole}"], ""


_LINES: dict[str, Callable[[Series, Asked, Tables], Lines]] = {
    "level": lambda of, _, tables: _first(of.id, tables, "no_figures"),
    "ytd": lambda of, _, tables: _first(line(of.id, span="ytd"), tables, "no_ytd"),
    "month": _month,
    "growth": _growth,
    "computed": _computed,
    "both": _both,
    "two_year_average": _two_year_average,
    "rolling": _rolling,
    "cagr": _cagr,
    "change": _change,
    "index": _index,
    "share": _share,
}


def wholes(chosen: Sequence[str], known: Iterable[str]) -> list[str]:
    """The indicators (`source/indicator`) a share of one of these series can be taken of: same unit, area and line."""
    every = catalogue.load().series
    parts = {(every[one].unit_measure, line(one, "level").partition(".")[2]) for one in chosen}
    mine = {one.partition(".")[0] for one in chosen}
    found = {
        one.partition(".")[0]: None
        for one in known
        if (every[one].unit_measure, one.partition(".")[2]) in parts and every[one].unit_measure not in ADDITIVE_FREE
    }
    return [one for one in found if one not in mine or len(mine) > 1]


class Panel(NamedTuple):
    """Rows of one unit, drawn together."""

    key: str
    frame: pd.DataFrame


def panels(frame: pd.DataFrame, apart: bool = False) -> list[Panel]:
    """The rows by unit, growth apart from shares; with `apart` every indicator and area by itself as well."""
    kind = frame["measure"].where(frame["measure"] == "growth", "").astype(str)
    key = frame["unit_measure"].astype(str) + "." + kind
    if apart:
        key = frame["source"] + "/" + frame["indicator"] + "." + frame["ref_area"] + "." + key
    return [Panel(str(name), group.reset_index(drop=True)) for name, group in frame.groupby(key, sort=False)]
