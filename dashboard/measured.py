"""One indicator as a panel draws it: a figure a year, every year-to-date figure, or an index; growth on both bases."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

import data
from dashboard import rows
from data import derive
from data.codes import ADDITIVE_FREE
from data.quality import SAME

LEVELS = ("level", "share", "index", "rank")
APART = 1.0
NOT_FINAL = ("P", "E", "F")
LEAST = 13


class Measured(NamedTuple):
    """Tables of DERIVED_COLUMNS, all years.

    `levels` one figure a period; `published` and `computed` growth; `other` further official figures for the same
    period that differ; `earlier` former vintages of what is drawn; `change` of a share in percentage points.
    """

    levels: pd.DataFrame
    published: pd.DataFrame
    computed: pd.DataFrame
    other: pd.DataFrame
    earlier: pd.DataFrame
    change: pd.DataFrame


def offered(indicator: str, measure: str, as_of: str) -> str:
    """The measure an indicator can be drawn in: without year-to-date figures that is one figure a year."""
    if measure == "ytd" and not rows.known(f"{indicator}.CHN.M.level.ytd", as_of):
        return "level"
    return measure


@lru_cache(maxsize=256)
def of(
    _version: str, indicator: str, growth: str, measure: str, as_of: str, quality: tuple[str, ...], base: str
) -> Measured:
    """All that is drawn of an indicator. `growth` is another one whose growth stands beneath (expenditure beneath its
    share of GDP); `base` the day an index starts from."""
    if measure == "index":
        return _indexed(growth or indicator, as_of, quality, base)
    found = _cumulative(indicator, as_of, quality) if measure == "ytd" else _yearly(indicator, as_of, quality)
    if growth:
        beneath = _yearly(growth, as_of, quality)
        found = found._replace(published=beneath.published, computed=beneath.computed)
    return found._replace(earlier=_earlier(found, as_of, quality))


def line(indicator: str, of_line: str, as_of: str) -> pd.DataFrame:
    """The newest figures of one line of an indicator for China."""
    return rows.of([f"{indicator}.CHN.{of_line}"], as_of)


def keep(frame: pd.DataFrame, quality: tuple[str, ...]) -> pd.DataFrame:
    """The rows that are read in the release, comparable, final, as asked. Published growth is always comparable."""
    kept = pd.Series(True, index=frame.index)
    if "primary" in quality:
        kept &= frame["confidence"] == "primary"
    if "comparable" in quality:
        kept &= frame["comparable"].astype(bool) | (frame["measure"] == "growth")
    if "final" in quality:
        kept &= ~frame["obs_status"].isin(NOT_FINAL)
    return frame[kept]


def _lines(indicator: str, of_line: str, as_of: str, quality: tuple[str, ...]) -> pd.DataFrame:
    return derive.published(keep(line(indicator, of_line, as_of), quality))


def _yearly(indicator: str, as_of: str, quality: tuple[str, ...]) -> Measured:
    """One figure a year: year to date in December, else that for the year, else what there is of it."""
    ytd = _lines(indicator, "M.level.ytd", as_of, quality)
    annual = next(
        (one for one in (_lines(indicator, f"A.{of}.period", as_of, quality) for of in LEVELS) if len(one)), ytd[:0]
    )
    months, years = _newest(ytd), _newest(annual)
    whole = {year: at for year, at in months.items() if ytd["time_period"].iat[at].endswith("-12")}
    of_ytd = sorted(at for year, at in months.items() if year in whole or year not in years)
    of_year = sorted(at for year, at in years.items() if year not in whole)
    levels = _both(ytd.iloc[of_ytd], annual.iloc[of_year])
    beside = annual.iloc[sorted(at for year, at in years.items() if year in whole)]
    other = beside[_differs(beside, ytd.iloc[sorted(whole.values())])]
    published, further = _stated(indicator, levels, as_of, quality)
    computed = _both(_growth(ytd).iloc[of_ytd], _growth(annual).iloc[of_year]) if _grows(levels) else levels[:0]
    change = derive.percentage_point_change(annual) if _is_share(annual) else annual[:0]
    return Measured(levels, published, computed, _both(other, further), levels[:0], change)


def _newest(frame: pd.DataFrame) -> dict[int, int]:
    """The position of the newest row of each year."""
    return {int(year): at for at, year in enumerate(frame["period_end"].dt.year)}


def _both(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    if second.empty or first.empty:
        return (second if first.empty else first).reset_index(drop=True)
    return pd.concat([first, second]).sort_values("period_end", ignore_index=True)


def _differs(annual: pd.DataFrame, ytd: pd.DataFrame) -> np.ndarray:
    """Whether the figure for the year is more than SAME away from that of December, for each row of `annual`."""
    december = dict(zip(ytd["period_end"], _base(ytd), strict=True))
    pairs = zip(_base(annual), annual["period_end"], strict=True)
    return np.array([abs(value / december[end] - 1) > SAME for value, end in pairs], dtype=bool)


def _base(frame: pd.DataFrame) -> pd.Series:
    return frame["value"] * 10.0 ** frame["unit_mult"].astype(float)


def _stated(
    indicator: str, levels: pd.DataFrame, as_of: str, quality: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Published growth, one rate a year, that of the same line as the level first; and other rates for the year."""
    ytd, annual = (_lines(indicator, f"{of}", as_of, quality) for of in ("M.growth.ytd", "A.growth.period"))
    cumulative = dict(zip(levels["period_end"].dt.year, levels["span"] == "ytd", strict=True))
    ends = set(levels["period_end"])
    months = {int(end.year): at for at, end in enumerate(ytd["period_end"]) if end in ends or end.month == 12}
    years = _newest(annual)
    first = {year for year in months if cumulative.get(year, False) or year not in years}
    chosen = _both(
        ytd.iloc[sorted(months[year] for year in first)],
        annual.iloc[sorted(at for y, at in years.items() if y not in first)],
    )
    rest = annual.iloc[sorted(at for year, at in years.items() if year in first)]
    rate = {end.year: value for end, value in zip(chosen["period_end"], chosen["value"], strict=True)}
    apart = [abs(value - rate[end.year]) > APART for value, end in zip(rest["value"], rest["period_end"], strict=True)]
    return chosen, rest[np.array(apart, dtype=bool)]


def _grows(levels: pd.DataFrame) -> bool:
    return len(levels) > 0 and levels["measure"].iat[0] in ("level", "index") and not _is_free(levels)


def _is_free(frame: pd.DataFrame) -> bool:
    free = ADDITIVE_FREE - {"index", "score", "times"}
    return bool(set(frame["unit_measure"]) & free)


def _is_share(frame: pd.DataFrame) -> bool:
    return len(frame) > 0 and set(frame["unit_measure"]) <= {"percent", "percentage_points"}


def _growth(levels: pd.DataFrame) -> pd.DataFrame:
    return derive.growth(levels) if len(levels) else levels


def _cumulative(indicator: str, as_of: str, quality: tuple[str, ...]) -> Measured:
    """Every year-to-date figure, with growth over the same months of the year before."""
    ytd = _lines(indicator, "M.level.ytd", as_of, quality)
    published = _lines(indicator, "M.growth.ytd", as_of, quality)
    return Measured(ytd, published, _growth(ytd), ytd[:0], ytd[:0], ytd[:0])


def _indexed(indicator: str, as_of: str, quality: tuple[str, ...], base: str) -> Measured:
    """The last twelve months as an index, where there are monthly figures; else the years."""
    rolled = derive.rolling(_months(indicator, as_of, quality))
    levels = rolled[rolled["value"].notna()]
    if len(levels) < LEAST:
        found = (_lines(indicator, f"A.{of}.period", as_of, quality) for of in ("level", "index"))
        levels = next((one for one in found if len(one) and _grows(one)), rolled[:0])
    table = derive.index(levels, base) if len(levels) else derive.published(levels)
    return Measured(table, *(table[:0] for _ in range(5)))


def _months(indicator: str, as_of: str, quality: tuple[str, ...]) -> pd.DataFrame:
    """Single months as published, else as the difference of year-to-date figures."""
    ytd, single = (_lines(indicator, f"M.level.{span}", as_of, quality) for span in ("ytd", "period"))
    return derive.months(ytd, single) if len(ytd) else single


def _earlier(found: Measured, as_of: str, quality: tuple[str, ...]) -> pd.DataFrame:
    """Former vintages of the figures drawn. `final` leaves them out: they are not."""
    drawn = [frame[frame["vintages"] > 1] for frame in (found.levels, found.published, found.other)]
    wanted = {(row.series, row.time_period) for frame in drawn for row in frame.itertuples(index=False)}
    if not wanted or "final" in quality:
        return found.levels[:0]
    table = data.select(series=sorted({series for series, _ in wanted}), as_of=as_of or None, vintages="all")
    table = keep(table[table["revision_no"] < table["vintages"]], quality)
    mine = [(row.series, row.time_period) in wanted for row in table.itertuples(index=False)]
    return derive.published(table[np.array(mine, dtype=bool)].reset_index(drop=True))
