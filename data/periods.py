"""Time periods as SDMX writes them: `2023`, `2023-Q4`, `2023-12`.

A period is text; it sorts within its frequency. A cumulative figure carries the period of its last month, so that
January–February is `2023-02` with span `ytd`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

PATTERN = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
PER_YEAR = {"A": 1, "Q": 4, "M": 12}


@lru_cache(maxsize=8192)
def split(period: str) -> tuple[str, int, int]:
    """(freq, year, number within the year from 1); ValueError for anything that is not a period."""
    match = PATTERN.fullmatch(period)
    if not match:
        raise ValueError(f"{period!r} is not a period: write 2023, 2023-Q4 or 2023-12")
    year = int(match["year"])
    if match["quarter"]:
        return "Q", year, int(match["quarter"])
    if match["month"]:
        return "M", year, int(match["month"])
    return "A", year, 1


def freq(period: str) -> str:
    """A, Q or M."""
    return split(period)[0]


def year(period: str) -> int:
    """The calendar year of a period."""
    return split(period)[1]


def join(frequency: str, of_year: int, number: int) -> str:
    """The period written from its parts."""
    return {"A": f"{of_year}", "Q": f"{of_year}-Q{number}", "M": f"{of_year}-{number:02d}"}[frequency]


def shift(period: str, by: int) -> str:
    """The period `by` steps later (earlier when negative)."""
    frequency, of_year, number = split(period)
    steps = of_year * PER_YEAR[frequency] + number - 1 + by
    return join(frequency, steps // PER_YEAR[frequency], steps % PER_YEAR[frequency] + 1)


def year_before(period: str) -> str:
    """The same period one year earlier."""
    return shift(period, -PER_YEAR[freq(period)])


@lru_cache(maxsize=8192)
def start(period: str, span: str = "period") -> dt.date:
    """First day; of a cumulative figure, 1 January of its year."""
    frequency, of_year, number = split(period)
    if span == "ytd":
        return dt.date(of_year, 1, 1)
    return dt.date(of_year, (number - 1) * (12 // PER_YEAR[frequency]) + 1, 1)


@lru_cache(maxsize=8192)
def end(period: str) -> dt.date:
    """Last day."""
    frequency, of_year, number = split(period)
    month = number * (12 // PER_YEAR[frequency])
    return dt.date(of_year, month, calendar.monthrange(of_year, month)[1])


def containing(day: dt.date, frequency: str) -> str:
    """The period of that frequency in which the day lies."""
    return join(frequency, day.year, (day.month - 1) // (12 // PER_YEAR[frequency]) + 1)
