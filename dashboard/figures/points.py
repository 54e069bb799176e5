"""From tidy rows to points: where they stand, how they are marked, what they say, what may be joined by a line."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from dashboard import texts, words
from data import catalogue, codes, derive, periods
from data.derive.lineage import line

HOLLOW = {"P", "E", "F"}


class Scale(NamedTuple):
    """The one unit of a panel: figures in base units are divided by 10 to the `power`; `name` in words."""

    power: int
    name: str
    unit_measure: str


def scale(rows: pd.DataFrame, lang: str) -> Scale:
    """The unit the largest figure asks for; ValueError when the rows have more than one unit."""
    units = list(dict.fromkeys(rows["unit_measure"]))
    if len(units) > 1:
        raise ValueError(f"one panel, one unit: these rows have {' and '.join(units)}")
    if not units:
        return Scale(0, "", "")
    largest = float((rows["value"].abs() * 10.0 ** rows["unit_mult"].astype(float)).max())
    if largest != largest:
        return Scale(0, codes.UNITS[units[0]][lang == "zh"], units[0])
    return Scale(*words.scale(largest, units[0], lang), units[0])


class Points(NamedTuple):
    """One series, by period: plain lists, as a figure takes them. `y` is in base units until `scaled`."""

    series: str
    x: list[str]
    y: list[float | None]
    names: list[str]
    hover: list[str]
    status: list[str]
    periods: list[str]
    years: list[int]
    span: str
    measure: str
    unit_measure: str
    computed: bool

    def within(self, start: int, end: int) -> Points:
        """The points of these years, both included."""
        if not self.years or (self.years[0] >= start and self.years[-1] <= end):
            return self
        part = slice(bisect_left(self.years, start), bisect_right(self.years, end))
        cut: dict[str, Any] = {name: field[part] for name, field in self._asdict().items() if isinstance(field, list)}
        return self._replace(**cut)

    def scaled(self, to: Scale) -> Points:
        """The same in the unit of a panel."""
        return self._replace(y=[None if y is None else round(codes.convert(y, 0, to.power), 10) for y in self.y])


def read(rows: pd.DataFrame, lang: str, yearly: bool = False) -> tuple[Points, ...]:
    """The rows of each series, in the order given. A row without a value stays: it is a gap, and says why."""
    found: dict[str, list[Any]] = {}
    for row in derive.published(rows).itertuples(index=False):
        found.setdefault(row.series, []).append(row)
    return tuple(_points(sorted(of, key=lambda r: r.period_end), lang, yearly) for of in found.values())


def points(rows: pd.DataFrame, scale: Scale, lang: str, yearly: bool = False) -> list[Points]:
    """The rows of each series in the unit of a panel."""
    return [one.scaled(scale) for one in read(rows, lang, yearly)]


def fitting(every: Iterable[Points], lang: str) -> Scale:
    """The unit the largest of these points asks for."""
    lined = list(every)
    largest = max((abs(y) for one in lined for y in one.y if y is not None), default=0.0)
    return Scale(*words.scale(largest, lined[0].unit_measure, lang), lined[0].unit_measure)


def _points(rows: list[Any], lang: str, yearly: bool) -> Points:
    first = rows[0]
    return Points(
        series=first.series,
        x=[middle(r.time_period, r.span, yearly, r.period_start) for r in rows],
        y=[None if r.value != r.value else codes.convert(r.value, int(r.unit_mult), 0) for r in rows],
        names=[f"{r.series}@{r.time_period}" for r in rows],
        hover=[hover(r, lang) for r in rows],
        status=[r.obs_status for r in rows],
        periods=[r.time_period for r in rows],
        years=[r.period_end.year for r in rows],
        span=first.span,
        measure=first.measure,
        unit_measure=first.unit_measure,
        computed=_computed(first),
    )


@lru_cache(maxsize=4096)
def middle(period: str, span: str = "period", yearly: bool = False, start: Any = None) -> str:
    """Where a period stands on the time axis: its middle; a cumulative figure the middle of its last month.

    January and February together stand in the middle of both. `yearly` places every figure in the middle of its year.
    """
    if yearly:
        return f"{periods.year(period)}-07-01"
    first = periods.start(period)
    if start is not None and span == "ytd" and period.endswith("-02"):
        first = start.date() if hasattr(start, "date") else start
    return (first + (periods.end(period) - first + dt.timedelta(days=1)) / 2).isoformat()


def hover(row: Any, lang: str) -> str:
    """What a point says: title, period and figure, basis, status, publisher and date."""
    say = texts.of(lang)
    value = words.figure(row, lang)
    if row.value != row.value:
        return f"{_title(row, lang)}<br>{words.period(row.time_period, row.span, lang)}: " + say(
            "figure.no_growth", reason=derive.words(row.reason, lang)
        )
    said = [
        _title(row, lang),
        f"<b>{words.period(row.time_period, row.span, lang)}: {value}</b>",
        say("basis." + row.basis),
        "" if row.obs_status == "A" else words.status(row.obs_status, lang),
        derive.words(row.reason, lang) if row.reason else "",
        "" if _computed(row) else say("figure.hover_source", publisher=publisher(row, lang), date=released(row, lang)),
    ]
    return "<br>".join(filter(None, said))


def _computed(row: Any) -> bool:
    """Whether it was computed for the chart; a sum that stands in the tables has a document of its own."""
    return row.basis == "computed_from_levels" and "~" in row.series


def _title(row: Any, lang: str) -> str:
    return texts.native(row, "title", lang) if row.ref_area == "CHN" else _with_area(row, lang)


def _with_area(row: Any, lang: str) -> str:
    area = texts.native(catalogue.load().areas[row.ref_area], "title", lang)
    return f"{texts.native(row, 'title', lang)} · {area}"


def publisher(row: Any, lang: str) -> str:
    """The publisher of a tidy row in the reader's language."""
    return texts.native(row, "publisher", lang)


def released(row: Any, lang: str) -> str:
    """The day a figure was published, as precisely as it is known; that it is not known."""
    return words.day(row.published, lang) if row.published else texts.of(lang)("card.no_date")


def symbol(marker: str, status: str, computed: bool, dotted: bool) -> str:
    """Filled as published, a ring when computed, hollow while preliminary (`dotted`: with a dot, beside rings)."""
    if computed:
        return f"{marker}-open"
    if status in HOLLOW:
        return f"{marker}-open-dot" if dotted else f"{marker}-open"
    return marker


def breaks(series: str) -> dict[str, str]:
    """The definition breaks of a series, computed lines included: period and reason in English."""
    return {one.period: one.reason for one in _of(series)}


def _of(series: str) -> list[Any]:
    known = catalogue.load().series
    one = known.get(line(series)) or next(
        (s for s in known.values() if s.id.rsplit(".", 3)[0] == line(series).rsplit(".", 3)[0]), None
    )
    return one.breaks if one else []


def break_words(series: str, lang: str) -> list[tuple[str, str]]:
    """The breaks of a series as (first day of the new definition, sentence)."""
    say = texts.of(lang)
    return [
        (
            _first_day(one.period, line(series)).isoformat(),
            say(
                "figure.break",
                period=words.period(one.period, "period", lang),
                reason=texts.native(one, "reason", lang),
            ),
        )
        for one in _of(series)
    ]


def _first_day(period: str, of_line: str) -> dt.date:
    """The first day counted in a new way; a year-to-date figure of February begins on 1 January."""
    return periods.start(period, "ytd" if of_line.endswith(".ytd") and period.endswith("-02") else "period")


def joined(of: Points) -> list[bool]:
    """Whether each point is joined to the one before it: not across a gap, a break, or the restart of a year."""
    cuts = [periods.start(period) for period in breaks(of.series)]
    cuts += [periods.start(p) for p, status in zip(of.periods, of.status, strict=True) if status == "B"]
    found = [False]
    for at in range(1, len(of.periods)):
        before, now = of.periods[at - 1], of.periods[at]
        there = of.y[at] is not None and of.y[at - 1] is not None
        cut = any(periods.end(before) < day <= periods.end(now) for day in cuts)
        found.append(there and not cut and _next(before, now, of))
    return found[: len(of.periods)]


def _next(before: str, now: str, of: Points) -> bool:
    if of.span == "ytd" and of.measure == "level" and periods.year(before) != periods.year(now):
        return False
    if now == periods.shift(before, 1):
        return True
    # Nothing is published for a single January where January and February are one figure (NBS).
    both = of.span == "ytd" or "~difference" in of.series or "~months" in of.series
    return both and before.endswith("-12") and now == periods.shift(before, 2)
