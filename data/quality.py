"""How well the published figures agree with each other, and with what is plausible. Nothing is changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data import catalogue, derive
from data.derive.figures import each, read, words_of
from data.derive.lineage import line

AGREEMENT_COLUMNS = ("series", "matched", "over_one", "over_five", "opposite", "largest", "largest_period")
MONTH_COLUMNS = ("series", "time_period", "published", "by_difference", "apart")
YEAR_COLUMNS = ("series", "time_period", "annual", "december", "apart")
SAME = 0.005


def growth_agreement(published: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Published growth against growth computed from published levels: AGREEMENT_COLUMNS, one row a growth series.

    `matched` periods have a published rate and both levels; those with a figure flagged as doubtful do not count.
    `over_one` and `over_five` differ by more than one and five percentage points, `opposite` have opposite signs;
    `largest` is the largest difference (computed minus published) and `largest_period` where it is.
    """
    pairs = derive.gap(published, levels)
    pairs = pairs[pairs["value"].notna() & (pairs["obs_status"] != "U")]
    pairs = pairs.assign(line=each(pairs["series"], line), size=pairs["gap"].abs().round(6))
    found = []
    for name, group in pairs.groupby("line"):
        size, widest = group["size"], group.loc[group["size"].idxmax()]
        counts = len(group), int((size > 1).sum()), int((size > 5).sum()), int(group["sign_flip"].sum())
        found.append((name, *counts, round(float(widest["gap"]), 1), widest["time_period"]))
    return pd.DataFrame(found, columns=list(AGREEMENT_COLUMNS))


def months_by_difference(year_to_date: pd.DataFrame, single: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """Published months against the difference of year-to-date figures: how many meet, and those that disagree.

    MONTH_COLUMNS, values in the unit of the year-to-date figure, `apart` in per cent of the published month.
    """
    both = derive.discrete(year_to_date, single)
    both = both[both["value"].notna() & both["published_month"].notna()]
    apart = both[both["disagrees"]]
    table = pd.DataFrame({
        "series": each(apart["series"], line),
        "time_period": apart["time_period"],
        "published": apart["published_month"],
        "by_difference": apart["value"],
        "apart": (apart["difference"] / apart["published_month"] * 100).round(1),
    })  # fmt: skip
    return len(both), table.reset_index(drop=True)


def december_against_year(year_to_date: pd.DataFrame, annual: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """December's year-to-date figure against the annual one: how many meet, and those more than SAME apart.

    YEAR_COLUMNS, values in the base unit, `apart` in per cent of the annual figure.
    """
    december = year_to_date[year_to_date["time_period"].str.endswith("-12")]
    ends, years = read(december), read(annual)
    names = [one.replace(".M.level.ytd", ".A.level.period") for one in ends.series]
    of_year = years.side.take(years.find(names, [one[:4] for one in ends.period]))
    apart = (ends.side.value / np.where(of_year.value == 0, np.nan, of_year.value) - 1) * 100
    columns = (np.array(names, dtype=object), [one[:4] for one in ends.period], of_year.value, ends.side.value, apart)
    table = pd.DataFrame(dict(zip(YEAR_COLUMNS, columns, strict=True)))
    met = table["apart"].notna()
    differs = met & (table["apart"].abs() > SAME * 100)
    return int(met.sum()), table[differs].assign(apart=table["apart"].round(1)).reset_index(drop=True)


def falling(year_to_date: pd.DataFrame) -> pd.DataFrame:
    """Year-to-date figures below the one before in their year.

    Columns: series, time_period, value, before, before_period, flagged; values in the base unit. `flagged` is True
    where one of the two carries a status that says so.
    """
    rows = read(year_to_date.sort_values(["series", "time_period"]))
    table = pd.DataFrame({"series": rows.series, "time_period": rows.period, "value": rows.side.value})
    table["flag"] = (words_of(rows.frame["obs_status"]) != "A") & (words_of(rows.frame["obs_status"]) != "P")
    earlier = table.groupby([table["series"], table["time_period"].str[:4]], sort=False).shift(1)
    table["before"], table["before_period"] = earlier["value"], earlier["time_period"]
    table["flagged"] = table["flag"] | earlier["flag"].fillna(False).astype(bool)
    return table[table["value"] < table["before"]].drop(columns="flag").reset_index(drop=True)


def outside(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures outside the bounds the catalogue expects: series, time_period, vintage, value, low, high, flagged.

    Levels in the base unit, growth in per cent.
    """
    rows = frame.reset_index(drop=True)
    series = catalogue.load().series
    bounds = {one: _bounds(one) for one in rows["series"].unique() if one in series}
    low, high = (rows["series"].map({one: both[n] for one, both in bounds.items()}).astype(float) for n in (0, 1))
    value = rows["value"] * np.power(10.0, rows["unit_mult"].to_numpy(dtype=float))
    table = rows[["series", "time_period", "vintage"]].assign(
        value=value, low=low, high=high, flagged=rows["obs_status"] == "U"
    )
    return table[(value < low) | (value > high)].reset_index(drop=True)


def _bounds(series_id: str) -> tuple[float, float]:
    one = catalogue.load().series[series_id]
    expect = one.expect
    low, high = (expect.growth_min, expect.growth_max) if one.measure == "growth" else (expect.min, expect.max)
    return (float("-inf") if low is None else low, float("inf") if high is None else high)
