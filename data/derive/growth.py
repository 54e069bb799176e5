"""Growth: computed from published levels, beside the growth the publisher states, and over several years."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from data import periods
from data.codes import ADDITIVE_FREE
from data.derive.figures import (
    DeriveError,
    Figures,
    Side,
    each,
    find,
    first_of,
    not_positive,
    only,
    ratio,
    read,
    unlike,
    words_of,
    year_before,
)
from data.derive.figures import published as as_published
from data.derive.lineage import derived, line

LEVELS = {"level", "index"}
PERCENT: dict[str, Any] = {"unit_measure": "percent", "unit_mult": 0}
POINTS: dict[str, Any] = {"unit_measure": "percentage_points", "unit_mult": 0}
GAP_COLUMNS = (
    "published_growth", "computed_growth", "gap", "level", "base", "implied_base", "implied_vs_published_base",
    "sign_flip", "level_unit_measure", "level_unit_mult",
)  # fmt: skip


def growth(levels: pd.DataFrame) -> pd.DataFrame:
    """Growth over the same period of the year before, computed from published levels, in per cent.

    Takes and gives tidy rows (DERIVED_COLUMNS), one for each row of `levels`; a cumulative figure is compared with the
    same months of the year before. Without a base, across a break or from a base of zero the value is missing and
    `reason` says why. Where the reporting population changes every year (`comparable` False) this is not the
    growth the publisher states: see `gap`. DeriveError for shares, ranks, growth and figures in per cent.
    """
    rows = _levels(levels, "growth")
    then, reason = _year_on_year(rows)
    reason = first_of((reason != "", reason), not_positive(then, year_before(rows.period)))
    return derived(
        rows.frame, (rows.side, then), _percent(rows.side, then), reason,
        step="computed", formula="figure / figure one year earlier - 1", measure="growth", **PERCENT,
    )  # fmt: skip


def percentage_point_change(shares: pd.DataFrame) -> pd.DataFrame:
    """Change of a share, or of a growth rate, over the same period of the year before, in percentage points."""
    if not set(shares["unit_measure"].unique()) <= {"percent", "percentage_points"}:
        raise DeriveError("a change in percentage points is computed from figures in per cent")
    rows = read(shares)
    then, reason = _year_on_year(rows)
    return derived(
        rows.frame, (rows.side, then), rows.side.value - then.value, reason,
        step="change", formula="figure - figure one year earlier", **POINTS,
    )  # fmt: skip


def two_year_average(growth_rates: pd.DataFrame) -> pd.DataFrame:
    """Geometric mean of growth in this period and in the same one a year earlier, in per cent.

    The way of the National Bureau of Statistics in 2021, when the base of 2020 was abnormal (两年平均增速:
    "以2019年同期数为基数，采用几何平均的方法计算"). The basis stays that of the rates.
    """
    only(growth_rates, {"growth"}, "a two-year average")
    rows = read(growth_rates)
    then, reason = _year_on_year(rows)
    reason = first_of(
        (reason != "", reason), (then.value < -100, "zero_base@" + year_before(rows.period)),
        (rows.side.value < -100, "zero_base@" + rows.period),
    )  # fmt: skip
    with np.errstate(invalid="ignore"):
        mean = np.sqrt((1 + rows.side.value / 100) * (1 + then.value / 100)) - 1
    return derived(
        rows.frame, (rows.side, then), mean * 100, reason, step="two_year_average",
        formula="square root of (1 + growth) x (1 + growth one year earlier) - 1",
        basis=as_published(rows.frame)["basis"],
    )  # fmt: skip


def gap(published: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Published growth beside the growth computed from published levels, one row where growth and level are published.

    DERIVED_COLUMNS and GAP_COLUMNS. `value` and `gap` are computed minus published growth in percentage points. `base`
    is the published level a year earlier, `implied_base` the one the published growth implies, level / (1 + growth),
    all in the base unit `level_unit_measure`; `implied_vs_published_base` is their distance in per cent.
    `sign_flip` is True where the two growth rates have opposite signs.
    """
    only(published, {"growth"}, "the gap")
    of_levels = _levels(levels, "the gap")
    stated_by = each(of_levels.series, lambda one: line(one, "growth"))
    wanted = zip(words_of(published["series"]), words_of(published["time_period"]), strict=True)
    at = find(zip(stated_by, of_levels.period, strict=True), wanted)
    rows = read(published[at >= 0])
    at = at[at >= 0]
    then, reason = _year_on_year(of_levels)
    reason = first_of((reason != "", reason), not_positive(then, year_before(of_levels.period)))
    level, base, reason = of_levels.side.take(at), then.take(at), reason[at]
    computed = np.where(reason == "", _percent(level, base), np.nan)
    apart = computed - rows.side.value
    out = derived(
        rows.frame, (rows.side, level, base), apart, reason,
        step="gap", formula="growth computed from levels - published growth", **POINTS,
    )  # fmt: skip
    implied = ratio(level.value, np.where(rows.side.value > -100, 1 + rows.side.value / 100, np.nan))
    columns = (
        rows.side.value, computed, out["value"], level.value, base.value, implied,
        (ratio(implied, base.value) - 1) * 100, rows.side.value * computed < 0,
        of_levels.frame["unit_measure"].array[at], of_levels.frame["unit_mult"].to_numpy()[at],
    )  # fmt: skip
    return out.assign(**dict(zip(GAP_COLUMNS, columns, strict=True)))


def cagr(levels: pd.DataFrame, start: str | int, end: str | int) -> pd.DataFrame:
    """Compound annual growth from `start` to `end` in per cent: one row a series, at the later period.

    Both are years or periods; a year means its December or fourth quarter where the series has months or quarters.
    Missing, with the reason, where either figure is, across a break, and from one season to another.
    """
    rows = _levels(levels, "compound annual growth")
    newest = np.flatnonzero(~rows.frame.duplicated("series", keep="last"))
    freqs = words_of(rows.frame["freq"])[newest]
    first, last = each(freqs, lambda freq: _period(start, freq)), each(freqs, lambda freq: _period(end, freq))
    years = np.array([_years(one, other) for one, other in zip(first, last, strict=True)])
    if (years <= 0).any():
        raise DeriveError(f"compound growth runs forward: {start} is not before {end}")
    at = rows.find(rows.series[newest], last)
    then, now = rows.side.take(rows.find(rows.series[newest], first)), rows.side.take(at)
    reason = first_of(
        (~now.there, "no_base@" + last), (~then.there, "no_base@" + first), (years % 1 != 0, "other_season"),
        (now.era != then.era, unlike(now, then, first)), not_positive(then, first),
        (now.value < 0, "zero_base@" + last),
    )  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (np.power(now.value / then.value, 1 / years) - 1) * 100
    frame = _at(rows.frame.iloc[np.where(at >= 0, at, newest)].reset_index(drop=True), last)
    return derived(
        frame, (now, then), value, reason, step=f"cagr={start}",
        formula=f"(figure / figure of {start}) ^ (1 / years) - 1", measure="growth", **PERCENT,
    )  # fmt: skip


def _at(frame: pd.DataFrame, time_periods: np.ndarray) -> pd.DataFrame:
    spans = zip(time_periods, frame["span"], strict=True)
    return frame.assign(
        time_period=time_periods,
        period_start=pd.to_datetime([periods.start(one, span) for one, span in spans]),
        period_end=pd.to_datetime([periods.end(one) for one in time_periods]),
    )


def _levels(frame: pd.DataFrame, what: str) -> Figures:
    only(frame, LEVELS, what)
    free = sorted((set(frame["unit_measure"].unique()) & ADDITIVE_FREE) - {"index", "score", "times"})
    if free:
        raise DeriveError(f"{what} is not computed from figures in {free[0]}: use the change in percentage points")
    return read(frame)


def _year_on_year(rows: Figures) -> tuple[Side, np.ndarray]:
    """The figures of the year before, and why two cannot be compared."""
    before = year_before(rows.period)
    then = rows.side.take(rows.find(rows.series, before))
    return then, unlike(rows.side, then, before)


def _percent(now: Side, then: Side) -> np.ndarray:
    return (ratio(now.value, then.value) - 1) * 100


def _period(at: str | int, freq: str) -> str:
    """The period a year or a period means for a series of this frequency."""
    text = str(at)
    if re.fullmatch(r"\d{4}", text) and freq != "A":
        return periods.join(freq, int(text), periods.PER_YEAR[freq])
    try:
        found = periods.freq(text)
    except ValueError as error:
        raise DeriveError(str(error)) from error
    return text if found == freq else periods.containing(periods.end(text), freq)


def _years(first: str, last: str) -> float:
    freq, year, number = periods.split(first)
    _, later, other = periods.split(last)
    return (later - year) + (other - number) / periods.PER_YEAR[freq]
