"""What a figure must satisfy before it is stored: bounds of the catalogue, no future, one value a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from data import Observation, Series, codes, periods
from data.vintages import Refusal
from fetchers._errors import Inconsistent


def sound(
    rows: Iterable[Observation], series: Mapping[str, Series], today: dt.date
) -> tuple[list[Observation], list[Refusal]]:
    """The rows that may be stored, each once, and those that may not, with the reason in words."""
    by_period: dict[tuple[str, str], list[Observation]] = {}
    for row in rows:
        by_period.setdefault((row.series, row.time_period), []).append(row)
    kept, refused = [], []
    for same in by_period.values():
        reason = _contradiction(same) or _doubt(same[0], series, today)
        if reason:
            refused += [Refusal(row, reason) for row in same]
        else:
            kept.append(same[0])
    return kept, refused


def _contradiction(same: list[Observation]) -> str:
    figures = sorted({codes.convert(row.value, row.unit_mult, 0) for row in same})
    return f"the document says {figures[0]:g} and {figures[-1]:g} for one period" if len(figures) > 1 else ""


def _doubt(row: Observation, series: Mapping[str, Series], today: dt.date) -> str:
    """Why a row is not believed; empty when it is."""
    one = series.get(row.series)
    if one is None:
        return "the series was not asked for"
    if row.obs_status != "F" and periods.start(row.time_period) > today:
        return f"the period {row.time_period} has not begun"
    if row.vintage > today.isoformat():
        return f"the day of publication {row.vintage} is in the future"
    growth = one.measure == "growth"
    low, high = (one.expect.growth_min, one.expect.growth_max) if growth else (one.expect.min, one.expect.max)
    figure = codes.convert(row.value, row.unit_mult, 0)
    if low is not None and figure < low:
        return f"{figure:g} is below {low:g}, the least the catalogue expects"
    if high is not None and figure > high:
        return f"{figure:g} is above {high:g}, the most the catalogue expects"
    return ""


def insist(refused: list[Refusal]) -> None:
    """Raise Inconsistent for the first row that was refused, saying how many there are."""
    if refused:
        row, reason = refused[0].row, refused[0].reason
        more = f", and {len(refused) - 1} more" if len(refused) > 1 else ""
        raise Inconsistent(f"{reason}{more}", series=row.series, period=row.time_period, value=row.value)
