"""What is missing in a view and why: before, between and after the published figures, and in the computed ones. Pure.

missing.of(chosen, made, view)      a list of Absence, one a series and reason
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from dashboard import number, rows
from dashboard.parameters import View
from data import catalogue, periods


class Absence(NamedTuple):
    """Periods without a figure, for one reason.

    `reason` is a code of codes.MISSING, `combined` (January and February are one figure), or one of derive's
    (`no_base@2014-03`), which `computed` tells apart. `size` periods lie between `first` and `last`, both included;
    `due` is the day the next figure is usually published, where that is known.
    """

    series: str
    reason: str
    first: str
    last: str
    size: int
    computed: bool = False
    due: str = ""


def of(chosen: Sequence[str], made: pd.DataFrame, view: View) -> list[Absence]:
    """What the chosen series lack in the years shown, then what could not be computed."""
    published = [absence for series in chosen for absence in _published(series, view)]
    return published + list(_computed(made))


def _published(series: str, view: View) -> Iterator[Absence]:
    freq = catalogue.load().series[series].freq
    first, last = _ends(view, freq)
    there = set(number.there_of(series, view.as_of))
    lacking: dict[str, list[str]] = {}
    for period in _every(first, last):
        if period not in there:
            lacking.setdefault(_reason(series, period, there, view.as_of), []).append(period)
    following, due = number.due(series, view.as_of)
    for reason, gone in lacking.items():
        expected = due if reason == "not_yet_published" and following in gone else ""
        yield Absence(series, reason, gone[0], gone[-1], len(gone), due=expected)


def _ends(view: View, freq: str) -> tuple[str, str]:
    """The first and the last period of the years shown that has ended by the day of the view."""
    day = pd.Timestamp(view.as_of).date() if view.as_of else pd.Timestamp.now().date()
    last = min(periods.join(freq, view.end, periods.PER_YEAR[freq]), periods.shift(periods.containing(day, freq), -1))
    return periods.join(freq, view.start, 1), last


def _every(first: str, last: str) -> Iterator[str]:
    while first <= last:
        yield first
        first = periods.shift(first, 1)


def _reason(series: str, period: str, there: set[str], as_of: str) -> str:
    """January, and of single months February, are inside the figure for both where that is what is published."""
    ytd = series.rsplit(".", 1)[0] + ".ytd"
    if period.endswith("-01") and periods.shift(period, 1) in there and series == ytd:
        return "combined"
    if period.endswith(("-01", "-02")) and series != ytd and rows.known(ytd, as_of):
        both = period[:4] + "-02"
        if both in number.there_of(ytd, as_of):
            return "combined"
    return number.absence(series, period, as_of)


def _computed(made: pd.DataFrame) -> Iterator[Absence]:
    """The computed rows without a value, by series and kind of reason."""
    gone = made[made["value"].isna() & (made["reason"] != "")] if len(made) else made
    if gone.empty:
        return
    kind = gone["reason"].str.partition("@")[0]
    for (series, _), group in gone.groupby([gone["series"], kind], sort=False):
        time_periods = group["time_period"]
        yield Absence(
            str(series), str(group["reason"].iloc[-1]), time_periods.min(), time_periods.max(), len(group), True
        )
