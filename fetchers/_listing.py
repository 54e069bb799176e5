"""What `list` shows: every source and series with newest period, vintage, age and next expected release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

import fetchers
from data import catalogue, freshness, status
from fetchers import _keys


def sources(only: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """One plain record a source that has series or a fetcher, its series within; sources by rank and name."""
    loaded, notes = catalogue.load(), status.read()
    fresh = {str(row["series"]): row for row in freshness.of_series().to_dict("records")}
    by_source: dict[str, list[str]] = {}
    for one in loaded.series.values():
        by_source.setdefault(one.source, []).append(one.id)
    names = [n for n in loaded.sources if n in by_source or n in fetchers.names()]
    return [
        {
            "source": name,
            "publisher": loaded.sources[name].publisher,
            "rank": loaded.sources[name].rank,
            "fetched": name in fetchers.names(),
            "key": loaded.sources[name].key_env,
            "key_given": bool(loaded.sources[name].key_env and _keys.read(loaded.sources[name].key_env)),
            "last_success": notes[name].last_success if name in notes else "",
            "error": notes[name].error if name in notes else "",
            "series": [_series(series, fresh.get(series)) for series in by_source.get(name, [])],
        }
        for name in sorted(names, key=lambda n: (loaded.sources[n].rank, n))
        if not only or name in only
    ]


def _series(series: str, row: Any) -> dict[str, Any]:
    fields = ("newest_period", "vintage", "age_days", "next_period", "next_release", "state")
    by = sorted(catalogue.load().series[series].locators)
    known = {field: row[field] if row is not None and pd.notna(row[field]) else "" for field in fields}
    return {"series": series, "fetchers": by, **known}


def lines(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The same in lines for people."""
    for record in records:
        yield f"{record['source']}: {record['publisher']}{_about(record)}"
        for one in record["series"]:
            if not one["newest_period"]:
                yield f"  {one['series']:<64} no figure yet"
                continue
            was = "was " if one["next_release"] < dt.date.today().isoformat() else ""
            due = f", {one['next_period']} {was}due {one['next_release']}" if one["next_release"] else ""
            stale = ", stale" if one["state"] == "stale" else ""
            when = f"{one['newest_period']:<8} of {one['vintage']}, {one['age_days']} days"
            yield f"  {one['series']:<64} {when}{due}{stale}"


def _about(record: dict[str, Any]) -> str:
    key = f"; key {record['key']} {'given' if record['key_given'] else 'not given'}" if record["key"] else ""
    how = "" if record["fetched"] else "; no fetcher of its own"
    success = f"; last success {record['last_success']}" if record["last_success"] else ""
    error = f"; failed: {record['error']}" if record["error"] else ""
    return how + key + success + error
