"""How fresh each series and source is, against the publisher's usual rhythm."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from data import catalogue, periods, tables

GRACE_DAYS = {"M": 20, "Q": 30, "A": 120}
FRESHNESS_COLUMNS = (
    "series", "source", "indicator", "freq", "newest_period", "vintage", "retrieved", "age_days", "next_period",
    "next_release", "state",
)  # fmt: skip


def next_period(period: str, source: str) -> str:
    """The period to come after this one. The bureau publishes no January: after December comes February."""
    following = periods.shift(period, 1)
    return periods.shift(following, 1) if source == "nbs" and following.endswith("-01") else following


def expected(period: str, lag_days: int) -> dt.date:
    """The usual day a period is published."""
    return periods.end(period) + dt.timedelta(days=lag_days)


def of_series(today: dt.date | None = None, as_of: str | None = None) -> pd.DataFrame:
    """FRESHNESS_COLUMNS, one row a series with observations.

    `age_days` runs from the newest vintage to `today`; `next_release` is empty where the publisher has no regular
    rhythm. `state` is `fresh`, `stale` (later than the rhythm and a grace of GRACE_DAYS), `no_rhythm`, or the
    catalogue's reason why nothing more will come (`discontinued`, `no_access` …).
    """
    day = today or dt.date.today()
    table = tables.select(as_of=as_of).sort_values(["series", "period_end"]).groupby("series", sort=False).tail(1)
    rows = [_row(record, day) for record in table.itertuples(index=False)]
    return pd.DataFrame(rows, columns=list(FRESHNESS_COLUMNS))


def _row(record: Any, day: dt.date) -> tuple[object, ...]:
    series, source, freq, newest, vintage = (
        str(getattr(record, f)) for f in ("series", "source", "freq", "time_period", "vintage")
    )
    loaded = catalogue.load()
    lag = loaded.sources[source].lag_days.get(freq)
    following = next_period(newest, source)
    due = expected(following, lag) if lag is not None else None
    state = loaded.series[series].missing or "no_rhythm"
    if due is not None and state == "no_rhythm":
        state = "stale" if day > due + dt.timedelta(days=GRACE_DAYS[freq]) else "fresh"
    age = (day - dt.date.fromisoformat(vintage)).days
    key = (series, source, record.indicator, freq, newest, vintage, record.retrieved)
    return (*key, age, following, due.isoformat() if due else "", state)


def of_sources(today: dt.date | None = None, as_of: str | None = None) -> pd.DataFrame:
    """One row a source with figures: source, series, newest_period, vintage, age_days, next_release, fresh, stale.

    The newest period is that of its most frequent lines; `fresh` and `stale` count series with a regular rhythm.
    """
    table = of_series(today, as_of)
    table["order"] = table["freq"].map({"M": 0, "Q": 1, "A": 2})
    rows = []
    for source, group in table.groupby("source", sort=False):
        lead = group.sort_values(["order", "newest_period"], ascending=[True, False]).iloc[0]
        states = group["state"].value_counts()
        due = group.loc[group["next_release"] != "", "next_release"]
        rows.append(
            {
                "source": source,
                "series": len(group),
                "newest_period": lead["newest_period"],
                "vintage": group["vintage"].max(),
                "age_days": int(group["age_days"].min()),
                "next_release": due.min() if len(due) else "",
                "fresh": int(states.get("fresh", 0)),
                "stale": int(states.get("stale", 0)),
            }
        )
    return pd.DataFrame(rows)
