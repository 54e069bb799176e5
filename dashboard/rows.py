"""The tables as the pages ask for them: read once for each state of the data and each day, then cut to the view."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import data
from data import catalogue, events, freshness


class Step(NamedTuple):
    """One event as the controls name it."""

    id: str
    date: str
    title: str
    title_native: str


class Steps(NamedTuple):
    """Events to draw, as a table (events.EVENT_COLUMNS, `day`, `number`) and as records of it."""

    table: pd.DataFrame
    each: tuple[Any, ...]


class _Latest(NamedTuple):
    frame: pd.DataFrame
    places: dict[str, np.ndarray]


def version() -> str:
    """Names the content of the tables; changes when an update has brought something."""
    return data.data_version()


def data_date() -> str:
    """The newest publication date in the tables (YYYY-MM-DD)."""
    return _data_date(version())


@lru_cache(maxsize=4)
def _data_date(_version: str) -> str:
    return data.data_date()


def latest(as_of: str = "") -> pd.DataFrame:
    """All newest figures (SELECT_COLUMNS), or those known on a day. Not to be changed in place."""
    return _latest(version(), as_of).frame


def of(series: Iterable[str], as_of: str = "", start: int | None = None, end: int | None = None) -> pd.DataFrame:
    """The newest figures of these series, in this order, by period; years both included. Unknown ids bring nothing."""
    frame, places = _latest(version(), as_of)
    found = [places[one] for one in series if one in places]
    rows = frame.take(np.concatenate(found) if found else np.array([], dtype=int))
    year = rows["period_end"].dt.year
    inside = (year >= (start or 0)) & (year <= (end or 9999))
    return rows[inside].reset_index(drop=True)


def history(series: str, time_period: str, as_of: str = "") -> pd.DataFrame:
    """Every published value of one period, oldest first (SELECT_COLUMNS)."""
    return data.select(series=series, start=time_period, end=time_period, as_of=as_of or None, vintages="all")


@lru_cache(maxsize=8)
def _latest(_version: str, as_of: str) -> _Latest:
    frame = data.select(as_of=as_of or None)
    return _Latest(frame, {str(name): at for name, at in frame.groupby("series", sort=False).indices.items()})


def confidence(as_of: str = "") -> dict[str, str]:
    """The confidence of every newest figure, `series@period`."""
    return _confidence(version(), as_of)


@lru_cache(maxsize=8)
def _confidence(_version: str, as_of: str) -> dict[str, str]:
    frame = _latest(_version, as_of).frame
    return dict(zip(frame["series"] + "@" + frame["time_period"], frame["confidence"], strict=True))


def known(series: str, as_of: str = "") -> bool:
    """Whether there is any figure of a series."""
    return series in _latest(version(), as_of).places


def with_figures(as_of: str = "") -> list[str]:
    """The ids of all series that have figures, in the order of the catalogue."""
    places = _latest(version(), as_of).places
    return [one for one in catalogue.load().series if one in places]


def years() -> tuple[int, int]:
    """The first and the last year with figures, targets and forecasts included."""
    return _years(version())


@lru_cache(maxsize=4)
def _years(_version: str) -> tuple[int, int]:
    ends = latest()["period_end"].dt.year
    return (int(ends.min()), int(ends.max())) if len(ends) else (2000, 2000)


@lru_cache(maxsize=1)
def all_events() -> dict[str, Step]:
    """Every event by id, by date."""
    table = _events()
    return {
        str(one.id): Step(str(one.id), str(one.date), str(one.title), str(one.title_native))
        for one in table.itertuples(index=False)
    }


def event_ids() -> list[str]:
    """The ids of all events."""
    return list(all_events())


@lru_cache(maxsize=1)
def coined() -> str:
    """The weightiest of the first events since the term: the day it was first used."""
    table = _events()
    first = table[(table["stage"] == "coined") & (table["significance"] == 3)]
    return str(first["id"].iloc[0])


@lru_cache(maxsize=1)
def _events() -> pd.DataFrame:
    return events.load()


@lru_cache(maxsize=64)
def steps(
    sectors: tuple[str, ...], kinds: tuple[str, ...], significance: int, start: int, end: int, as_of: str = ""
) -> Steps:
    """The events of these sectors and kinds, of at least this weight, between two years, both included.

    `number` counts from 1 in order of date and is what a flag shows; two events of one day have two numbers.
    """
    wanted, kept_kinds = {*sectors, "all"}, set(kinds)
    kept = [
        at
        for at, (concerned, kind, weight, year, known) in enumerate(_event_keys())
        if wanted & concerned and kind in kept_kinds and weight >= significance and start <= year <= end
        and (not as_of or known <= as_of)
    ]  # fmt: skip
    table = _events().iloc[kept].reset_index(drop=True).assign(number=np.arange(1, len(kept) + 1))
    return Steps(table, tuple(table.itertuples(index=False)))


@lru_cache(maxsize=1)
def _event_keys() -> list[tuple[set[str], str, int, int, str]]:
    """What `steps` chooses by: sectors, kind, weight, year, the day by which it had been for certain."""
    return [
        (set(one.sectors.split(";")), one.kind, one.significance, one.day.year, events.by(one.date))
        for one in _events().itertuples(index=False)
    ]


@lru_cache(maxsize=8)
def _freshness(_version: str, as_of: str, _day: str) -> pd.DataFrame:
    return freshness.of_sources(as_of=as_of or None)


def fresh(as_of: str = "") -> pd.DataFrame:
    """`freshness.of_sources` of the present state of the tables."""
    return _freshness(version(), as_of, pd.Timestamp.now().date().isoformat())


def fresh_count(as_of: str = "") -> dict[str, int]:
    """How many sources with a regular rhythm there are (`all`), and how many are not overdue (`fresh`)."""
    return _fresh_count(version(), as_of, pd.Timestamp.now().date().isoformat())


@lru_cache(maxsize=8)
def _fresh_count(version: str, as_of: str, day: str) -> dict[str, int]:
    regular = _freshness(version, as_of, day)
    regular = regular[regular["state"] != "no_rhythm"]
    return {"fresh": int((regular["state"] == "fresh").sum()), "all": len(regular)}


@lru_cache(maxsize=8)
def _series_freshness(_version: str, as_of: str, _day: str) -> pd.DataFrame:
    return freshness.of_series(as_of=as_of or None).set_index("series")


def next_release(series: str, as_of: str = "") -> str:
    """The day the next figure of a series is expected; empty where its publisher keeps no rhythm."""
    table = _series_freshness(version(), as_of, pd.Timestamp.now().date().isoformat())
    return str(table.at[series, "next_release"]) if series in table.index else ""


def day_of(event: str) -> str:
    """The day of an event as far as it is known, or the day itself where that is what is given."""
    step = all_events().get(event)
    return (step.date + "-01-01"[len(step.date) - 4 :] if len(step.date) < 10 else step.date) if step else event


def event(name: str) -> Any:
    """An event as a record of events.EVENT_COLUMNS, `day`; None for none."""
    table = _events()
    return next(table[table["id"] == name].itertuples(index=False), None)
