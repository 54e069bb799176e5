"""Figures around an event. They show timing, not cause: what else happened at the time is not in them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from data import periods
from data.derive.figures import each, published, read
from data.derive.ratios import as_day

SIDE_COLUMNS = (
    "series", "title", "title_native", "freq", "measure", "span", "unit_measure", "basis", "event_period", "side", "n",
    "mean", "lowest", "highest", "first_period", "last_period",
)  # fmt: skip
TREND_COLUMNS = ("trend", "trend_low", "trend_high", "deviation", "n")
LEAST = 8


def align(frame: pd.DataFrame, event_date: str | dt.date) -> pd.DataFrame:
    """The rows (DERIVED_COLUMNS) with `t`: the number of periods since the one that contains the event, which is 0."""
    rows = published(frame).reset_index(drop=True)
    return rows.assign(t=_since(rows, as_day(event_date)))


def _since(rows: pd.DataFrame, day: dt.date) -> np.ndarray:
    zero = each(rows["freq"], lambda freq: _number(periods.containing(day, freq)))
    return (each(rows["time_period"], _number) - zero).astype(int)


def _number(period: str) -> int:
    freq, year, number = periods.split(period)
    return year * periods.PER_YEAR[freq] + number - 1


def before_after(frame: pd.DataFrame, event_date: str | dt.date, months: int = 12) -> pd.DataFrame:
    """How many figures there are in the `months` before and after an event, their mean and range: SIDE_COLUMNS.

    Meant for growth, in per cent; one row a series and side (`before`, `after`). The period of the event itself is on
    neither side. A side without figures has n = 0 and no mean. Figures without a value do not count. Year-to-date
    growth after an event still contains the months of that year before it.
    """
    rows = align(frame, event_date)
    reach = rows["freq"].map({freq: months * number // 12 for freq, number in periods.PER_YEAR.items()})
    t = rows["t"].to_numpy(dtype=int)
    inside = (np.abs(t) <= reach.to_numpy(dtype=int)) & (t != 0) & rows["value"].notna().to_numpy(dtype=bool)
    rows = rows.assign(side=np.where(t < 0, "before", "after"))
    grouped = rows[inside].groupby(["series", "side"], sort=False)
    found = grouped["value"].agg(n="count", mean="mean", lowest="min", highest="max")
    found = found.join(grouped["time_period"].agg(first_period="min", last_period="max"))
    lines = rows.drop_duplicates("series").drop(columns="side")
    every = lines.merge(pd.DataFrame({"side": ["before", "after"]}), how="cross")
    day = as_day(event_date)
    out = every.join(found, on=["series", "side"]).assign(
        event_period=[periods.containing(day, freq) for freq in every["freq"]]
    )
    out["n"] = out["n"].fillna(0).astype(int)
    return out.loc[:, list(SIDE_COLUMNS)]


def trend_deviation(levels: pd.DataFrame, event_date: str | dt.date) -> pd.DataFrame:
    """Levels from the event on beside the trend of the periods before it: DERIVED_COLUMNS, `t`, TREND_COLUMNS.

    The trend is a constant growth rate, a least-squares line through the logarithms of all earlier figures. `trend_low`
    and `trend_high` are two standard errors of a single prediction away; `deviation` is the figure against the
    trend in per cent; `n` the figures the line goes through. All in the unit of the row. With fewer than LEAST
    earlier figures no trend is drawn. Cumulative figures restart every year and have none.
    """
    rows = align(levels[(levels["span"] == "period") & (levels["value"] > 0)], event_date)
    power = np.power(10.0, rows["unit_mult"].to_numpy(dtype=float))
    trend = np.full((len(rows), 4), np.nan)
    logs, t = np.log(read(rows).side.value), rows["t"].to_numpy(dtype=float)
    for at in rows.groupby("series", sort=False).indices.values():
        earlier, later = at[t[at] < 0], at[t[at] >= 0]
        trend[at, 3] = len(earlier)
        if len(earlier) >= LEAST:
            trend[later, :3] = np.exp(_predict(t[earlier], logs[earlier], t[later])) / power[later, None]
    out = rows.assign(**dict(zip(("trend", "trend_low", "trend_high"), trend[:, :3].T, strict=True)))
    return out.assign(deviation=(out["value"] / out["trend"] - 1) * 100, n=trend[:, 3].astype(int))


def _predict(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """A least-squares line at `at`, and two standard errors of prediction below and above it."""
    centre, spread = x.mean(), ((x - x.mean()) ** 2).sum()
    slope = ((x - centre) * (y - y.mean())).sum() / spread
    fitted = y.mean() + slope * (at - centre)
    residual = y - y.mean() - slope * (x - centre)
    error = np.sqrt((residual**2).sum() / (len(x) - 2) * (1 + 1 / len(x) + (at - centre) ** 2 / spread))
    return np.column_stack([fitted, fitted - 2 * error, fitted + 2 * error])
