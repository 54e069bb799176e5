"""China Passenger Car Association (CPCA): new energy passenger cars by month, first choice for retail sales.

One question, https://data.cpcadata.com/api/chartlist?charttype=6 (the site's own charts; https works beside http). The
answer, which calls itself HTML at times, is a list of groups `{category, dataList}`. The first is used: a row a month
(`1月`), a field a year (`2026年`) holding [production, wholesale, retail, exports] in 万辆 (ten thousand cars), this
year and the last only. Months to come are null, an empty list, or not there. The last group gives the same wholesale
and retail figures beside those of combustion cars, by month (`2026-7月`, or without the year); the first group is
believed only where both agree, so that neither another group nor another order of the columns can pass for it. Battery
and plug-in cars of the second group do not add up to all new energy cars (range-extended ones are missing) and are left
alone.

Checked: not against a recorded answer; the shape is that of working clients of 2026. A field `同比` seen in other
charts is known and not read. Figures are revised without a date: the vintage is the day they came. The data are the
association's copyright: to be cited, not passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series
from fetchers._errors import Unexpected
from fetchers._http import Http
from fetchers._read import json_body, leftover, number

URL = "https://data.cpcadata.com/api/chartlist"
CHART = "6"
COLUMNS = ("production", "wholesale", "retail", "exports")
COMPARED = {"wholesale": 0, "retail": 1}  # where the last group has them
AGREE = 0.05  # wholesale and retail differ by more than that; the groups round differently
MONTH = re.compile(r"(\d{1,2})月")
YEAR = re.compile(r"(20\d\d)年")
YEAR_MONTH = re.compile(r"(?:(20\d\d)\D*)?(\d{1,2})月?")
TEN_THOUSAND = 4
Figures = dict[str, dict[str, float]]  # period -> column -> 万辆


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document: the chart of new energy cars, two years."""
    if series:
        referer = {"Referer": "https://data.cpcadata.com/"}
        answer = http.get(URL, {"charttype": CHART}, headers=referer, called="text/html")
        yield answer.release(source="cpca", fetcher="cpca", name="nev", title="乘联会：新能源乘用车月度数据")


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The months of both years; Unexpected unless the groups of the answer agree with each other."""
    groups = json_body(release.body, release.title)
    if not isinstance(groups, list) or not groups or not all(_is_group(group) for group in groups):
        raise Unexpected("the answer is not a list of groups", value=str(groups)[:200])
    leftover(groups[0], "the first group", known=("category", "dataList"))
    figures = _figures(groups[0]["dataList"])
    _insist(figures, [row for group in groups[1:] for row in group["dataList"] if "NEV" in row])
    for one in series:
        column = one.locators["cpca"]["column"]
        if one.freq != "M":
            continue
        for period, values in sorted(figures.items()):
            if column in values:
                yield Observation(
                    series=one.id,
                    time_period=period,
                    value=values[column],
                    unit_mult=TEN_THOUSAND,
                    obs_status="A",
                    vintage=release.published or release.retrieved,
                    release=release.id,
                )


def _is_group(group: Any) -> bool:
    rows = group.get("dataList") if isinstance(group, dict) else None
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _figures(rows: Sequence[Mapping[str, Any]]) -> Figures:
    """The figures of the first group; the same month twice must say the same."""
    figures: Figures = {}
    for given in rows:
        row = dict(given)
        month = MONTH.fullmatch(str(row.pop("month", "")))
        if not month or not 1 <= int(month[1]) <= 12:
            raise Unexpected("a row names no month", value=str(given)[:200])
        for name in [name for name in row if YEAR.fullmatch(name)]:
            period = f"{name[:4]}-{int(month[1]):02d}"
            values = _columns(row.pop(name), period)
            if figures.setdefault(period, values) != values:
                raise Unexpected("a month stands twice with different figures", period=period, value=str(values))
        leftover(row, f"the row {month[0]}", known=("同比",))
    if not any(figures.values()):
        raise Unexpected("the first group has no figure", value=str(rows)[:200])
    return figures


def _columns(cells: Any, period: str) -> dict[str, float]:
    """The four figures by name; those of a month to come are left out."""
    if cells is None or cells == []:
        return {}
    if not isinstance(cells, list) or len(cells) != len(COLUMNS):
        raise Unexpected("a month has not four figures", period=period, value=cells)
    read = {name: number(cell, f"{name} {period}") for name, cell in zip(COLUMNS, cells, strict=True)}
    return {name: value for name, value in read.items() if value is not None}


def _newest(figures: Figures, year: str, month: str) -> str:
    """The period of a month; without a year, that of the newest year with figures of the month."""
    return f"{year}{month}" if year else max((p for p in figures if p.endswith(month) and figures[p]), default="")


def _insist(figures: Figures, rows: Sequence[Mapping[str, Any]]) -> None:
    """Unexpected unless wholesale and retail of the last group's months are those of the first group."""
    compared = 0
    for row in rows:
        month = YEAR_MONTH.fullmatch(str(row.get("月份", "")).strip())
        cells = row["NEV"] or [None] * len(COMPARED)  # a month to come
        if not month or not isinstance(cells, list) or len(cells) < len(COMPARED):
            raise Unexpected("a row of the comparison with combustion cars is not readable", value=str(row)[:200])
        period = _newest(figures, month[1] or "", f"-{int(month[2]):02d}")
        for name, place in COMPARED.items():
            other, mine = number(cells[place], f"NEV {period}"), figures.get(period, {}).get(name)
            if other is None or mine is None:
                continue
            compared += 1
            if abs(mine - other) > AGREE * max(mine, other):
                raise Unexpected(f"{name} of the two groups differ", period=period, value=f"{mine}, {other}")
    if not compared:
        raise Unexpected("no month of the first group can be compared with the last one")
