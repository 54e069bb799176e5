"""The tables: snapshot and store, read as one and asked by field. `problems` names what was left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import pandas as pd

from data import catalogue, codes, engine, periods

SELECT_COLUMNS = (
    "series", "source", "indicator", "ref_area", "freq", "measure", "span", "sector", "title", "title_native",
    "time_period", "period_start", "period_end", "value", "unit_measure", "unit_mult", "obs_status", "confidence",
    "vintage", "revision_no", "vintages", "release", "document", "published", "date_precision", "url", "retrieved",
    "fetcher", "publisher", "publisher_native", "comparable", "note",
)  # fmt: skip


class SelectError(ValueError):
    """A question the tables cannot answer; the message names the field and the value."""


def select(
    *,
    series: str | Iterable[str] | None = None,
    indicator: str | Iterable[str] | None = None,
    source: str | Iterable[str] | None = None,
    sector: str | Iterable[str] | None = None,
    ref_area: str | Iterable[str] | None = None,
    freq: str | Iterable[str] | None = None,
    measure: str | Iterable[str] | None = None,
    span: str | Iterable[str] | None = None,
    confidence: str | Iterable[str] | None = None,
    obs_status: str | Iterable[str] | None = None,
    start: str | int | None = None,
    end: str | int | None = None,
    as_of: str | dt.date | None = None,
    vintages: str = "latest",
) -> pd.DataFrame:
    """Observations, tidy: one row each, SELECT_COLUMNS, sorted by series, time period and vintage.

    Each filter takes one code or several; no filter means all. `start` and `end` are years or periods, both included.
    `as_of` is a day: only what was published by then counts. `vintages="latest"` gives one row a period, `"all"` the
    revision history. `confidence` and `obs_status` are marks of a figure: they choose among the rows that stand, and
    never bring an older vintage back. `value` is as published; times ten to the power `unit_mult` it is in
    `unit_measure`. `revision_no` counts from 1, `vintages` is how many there are. Raises SelectError for an unknown
    code or a malformed day or period.
    """
    if vintages not in ("latest", "all"):
        raise SelectError(f"vintages {vintages!r}: write latest or all")
    asked = {
        "series": series, "indicator": indicator, "source": source, "sector": sector, "ref_area": ref_area,
        "freq": freq, "measure": measure, "span": span,
    }  # fmt: skip
    where, values = _conditions(asked, start, end, as_of)
    marked, marks = _conditions({"confidence": confidence, "obs_status": obs_status}, None, None, None)
    if vintages == "latest":
        marked.append("revision_no = vintages")
    query = f"""
        SELECT {", ".join(SELECT_COLUMNS)} FROM (
            SELECT *, row_number() OVER (PARTITION BY series, time_period ORDER BY vintage)::INTEGER AS revision_no,
                count(*) OVER (PARTITION BY series, time_period)::INTEGER AS vintages
            FROM observation WHERE {" AND ".join(where)}) WHERE {" AND ".join(marked)}
        ORDER BY series, time_period, vintage"""
    found = engine.database().connection.cursor().execute(query, [*values, *marks]).df()
    return found if len(found) else found.astype(dict.fromkeys(found.select_dtypes("object"), "str"))


def _conditions(
    asked: dict[str, str | Iterable[str] | None],
    start: str | int | None,
    end: str | int | None,
    as_of: str | dt.date | None,
) -> tuple[list[str], list[object]]:
    where: list[str] = ["TRUE"]
    values: list[object] = []
    for field, wanted in asked.items():
        if wanted is not None:
            asked_for = [wanted] if isinstance(wanted, str) else list(wanted)
            _known(field, asked_for)
            where.append(f"{field} IN (SELECT unnest(?))")
            values.append(asked_for)
    if start is not None:
        where.append("period_end >= ?")
        values.append(periods.start(_period("start", start)))
    if end is not None:
        where.append("period_end <= ?")
        values.append(periods.end(_period("end", end)))
    if as_of is not None:
        where.append("vintage <= ?")
        values.append(_day(as_of))
    return where, values


def _known(field: str, wanted: list[str]) -> None:
    """Refuse a code the catalogue does not know, saying which."""
    loaded = catalogue.load()
    known: dict[str, Collection[str]] = {
        "series": loaded.series,
        "source": loaded.sources,
        "sector": loaded.sectors,
        "ref_area": loaded.areas,
        "indicator": loaded.indicators,
        "freq": codes.FREQ,
        "measure": codes.MEASURE,
        "span": codes.SPAN,
        "confidence": codes.CONFIDENCE,
        "obs_status": codes.OBS_STATUS,
    }
    for code in wanted:
        if code not in known[field]:
            raise SelectError(f"{field} {code!r} is not in the catalogue")


def _period(name: str, value: str | int) -> str:
    try:
        periods.split(str(value))
    except ValueError as error:
        raise SelectError(f"{name}: {error}") from error
    return str(value)


def _day(value: str | dt.date) -> str:
    try:
        return dt.datetime.fromisoformat(str(value)).date().isoformat()
    except ValueError as error:
        raise SelectError(f"as_of {value!r} is not a day: write 2024-03-05") from error


def releases() -> pd.DataFrame:
    """Every document the tables cite: id, source, fetcher, title, published, date_precision, retrieved, url."""
    return engine.database().connection.cursor().execute("SELECT * FROM release ORDER BY id").df()


def problems() -> list[engine.Problem]:
    """What was left out on reading, and why."""
    return engine.database().problems


def data_version() -> str:
    """Names the exact content of the tables: the day of its newest retrieval and a hash, `2026-11-24.1a2b3c4d`."""
    return engine.database().version


def data_date() -> str:
    """The newest publication date in the tables (YYYY-MM-DD), of documents whose day of publication is known."""
    query = "SELECT coalesce(max(published), '') FROM release WHERE date_precision = 'day'"
    found = engine.database().connection.cursor().execute(query).fetchone()
    return str(found[0]) if found else ""
