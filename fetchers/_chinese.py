"""Numbers, units and months as Chinese statistics write them: 万辆, 亿块, …, 无, -0.1(百分点), 1—2月."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from data import Observation, Series, codes
from fetchers import _read
from fetchers._errors import Inconsistent, Unexpected

NONE = frozenset({"", "…", "……", "...", "—", "——", "—-", "-", "--", "无"})
TENS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
ALSO = {"sets": {"台(套)", "台/套", "台套"}, "cells": {"只(自然只)"}}
LABEL = re.compile(r"(?P<name>.*?)(?:\((?P<unit>[^()]*(?:\([^()]*\))?)\))?")


def number(text: object, one: Series, period: str) -> float | None:
    """The figure in a cell, None where it says that there is none; Unexpected for anything else.

    A figure in percentage points is taken for a series in percentage points only.
    """
    cell = text.strip() if isinstance(text, str) else text
    if isinstance(cell, str) and one.unit_measure == "percentage_points":
        cell = cell.removesuffix("(百分点)")
    try:
        return _read.number(cell, missing=NONE)
    except Unexpected as error:
        raise Unexpected(error.message, series=one.id, period=period, value=error.value) from None


def label(text: str) -> tuple[str, str]:
    """A row's name and its unit: 其中:新能源汽车(万辆) is (新能源汽车, 万辆). White space must be out already."""
    match = LABEL.fullmatch(text.removeprefix("其中:"))
    return (match["name"], match["unit"] or "") if match else (text, "")


def insist_on_unit(unit: str, one: Series, period: str = "") -> None:
    """Unexpected unless a figure in this unit is what the catalogue says: 万辆 for vehicles in 10^4."""
    narrow = unit.strip().replace("（", "(").replace("）", ")").replace("％", "%")
    for name in {codes.UNITS[one.unit_measure].zh, *ALSO.get(one.unit_measure, ())}:
        tens = narrow.removesuffix(name)
        if narrow.endswith(name) and set(tens) <= set(TENS) and sum(TENS[ten] for ten in tens) == one.unit_mult:
            return
    usual = codes.unit_label(one.unit_measure, one.unit_mult, "zh")
    raise Unexpected(f"the unit is {unit or 'not stated'}, expected {usual}", series=one.id, period=period, value=unit)


def silent(period: str, span: str) -> bool:
    """Whether NBS publishes no monthly figure: January and February come together, as February's cumulative one."""
    return period.endswith("-01") or (period.endswith("-02") and span == "period")


def once(rows: Iterable[Observation]) -> Iterator[Observation]:
    """Each figure once: a repeated one is dropped, one that contradicts an earlier one is Inconsistent."""
    seen: dict[tuple[str, str], float] = {}
    for row in rows:
        key = row.series, row.time_period
        if key not in seen:
            seen[key] = row.value
            yield row
        elif seen[key] != row.value:
            words = f"the document says {seen[key]:g} and {row.value:g} for one period"
            raise Inconsistent(words, series=row.series, period=row.time_period, value=row.value)
