"""How fresh each series and source is, against the publisher's usual rhythm."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from data import catalogue, periods, tables
from data.model import Series

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


def usual_lag(series: Series) -> int | None:
    """The usual days from the end of a period to its publication: of the documents its own publisher's service reads,
    else of those of the services that bring it; None where there is no rhythm.

    Annual figures of the bureau come in the communiqué of February, those only the R&D communiqué has in autumn.
    """
    sources = catalogue.load().sources
    by = [series.source] if series.source in series.locators or not series.locators else sorted(series.locators)
    lags = [sources[name].lag_days[series.freq] for name in by if series.freq in sources[name].lag_days]
    return min(lags, default=sources[series.source].lag_days.get(series.freq))


def of_series(today: dt.date | None = None, as_of: str | None = None) -> pd.DataFrame:
    """FRESHNESS_COLUMNS, one row a series with observations; forecasts count only where there is nothing else.

    `age_days` runs from the newest vintage to `today`, which is the day of `as_of` unless given; `next_release` is
    empty where there is no regular rhythm or nothing more will come. `state` is `fresh`, `stale` (later than the rhythm
    and a grace of GRACE_DAYS), `no_rhythm`, or the catalogue's reason why nothing more will come (`discontinued`,
    `no_access` …).
    """
    day = today or (dt.date.fromisoformat(as_of) if as_of else dt.date.today())
    table = tables.select(as_of=as_of)
    table = table.assign(observed=table["obs_status"] != "F").sort_values(["series", "observed", "period_end"])
    table = table.groupby("series", sort=False).tail(1)
    rows = [_row(record, day) for record in table.itertuples(index=False)]
    return pd.DataFrame(rows, columns=list(FRESHNESS_COLUMNS))


def _row(record: Any, day: dt.date) -> tuple[object, ...]:
    series, source, freq, newest, vintage = (
        str(getattr(record, f)) for f in ("series", "source", "freq", "time_period", "vintage")
    )
    one = catalogue.load().series[series]
    lag = None if one.missing or record.obs_status == "F" else usual_lag(one)
    following = next_period(newest, source)
    due = expected(following, lag) if lag is not None else None
    state = one.missing or "no_rhythm"
    if due is not None and state == "no_rhythm":
        state = "stale" if day > due + dt.timedelta(days=GRACE_DAYS[freq]) else "fresh"
    age = (day - dt.date.fromisoformat(vintage)).days
    key = (series, source, record.indicator, freq, newest, vintage, record.retrieved)
    return (*key, age, following, due.isoformat() if due else "", state)


SOURCE_COLUMNS = ("source", "series", "newest_period", "vintage", "age_days", "next_release", "fresh", "stale", "state")
ORDER = {"M": 0, "Q": 1, "A": 2}


def of_sources(today: dt.date | None = None, as_of: str | None = None) -> pd.DataFrame:
    """SOURCE_COLUMNS, one row a source with figures.

    The newest period and the next release are those of its most frequent lines that have a rhythm; `state` says
    whether that release is overdue (`stale`), `fresh`, or `no_rhythm`. `fresh` and `stale` count series.
    """
    table = of_series(today, as_of)
    return pd.DataFrame(
        [_of_source(str(name), group) for name, group in table.groupby("source", sort=False)],
        columns=list(SOURCE_COLUMNS),
    )


def _of_source(name: str, group: pd.DataFrame) -> tuple[object, ...]:
    states = group["state"].value_counts()
    regular = group[group["state"].isin(["fresh", "stale"])]
    lines = regular if len(regular) else group
    order = lines.assign(order=lines["freq"].map(ORDER))
    lead = order.sort_values(["order", "newest_period"], ascending=[True, False]).iloc[0]
    state = str(lead["state"]) if len(regular) else "no_rhythm"
    counts = (int(states.get("fresh", 0)), int(states.get("stale", 0)))
    age = int(group["age_days"].min())
    return (name, len(group), lead["newest_period"], group["vintage"].max(), age, lead["next_release"], *counts, state)
