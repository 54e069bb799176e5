"""Official targets as figures draw and pages word them. Pure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import texts, words
from dashboard.figures import Goal
from data import targets

PER_YEAR = {"percent_per_year": "percent"}
LEVELS = {"share_by_end", "level_by_end"}


def of_series(series: str, lang: str, as_of: str = "") -> list[Goal]:
    """The targets measured against a series that had been set by a day and can be drawn in its unit."""
    found = [(one, targets.value(one, as_of or None)) for one in targets.against(series)]
    return [line(one, stated, lang) for one, stated in found if len(stated) and one.kind != "ratio_to_base"]


def line(target: targets.Target, stated: pd.DataFrame, lang: str) -> Goal:
    """A target as the dashed line of a figure; `stated` is its own observation (`targets.value`)."""
    row = stated.iloc[0]
    unit = str(row["unit_measure"])
    return Goal(
        start=f"{target.start}-01-01",
        end=f"{target.end}-12-31",
        value=float(row["value"]),
        unit_measure=PER_YEAR.get(unit, unit),
        unit_mult=int(row["unit_mult"]),
        name=texts.native(target, "title", lang),
        at_end=target.kind in LEVELS,
        point=f"{row['series']}@{row['time_period']}",
    )


def apart(target: targets.Target, newest: Any, name: str, lang: str) -> str:
    """The `distance` to the goal or the way `off_path`, with its sign; points where the goal is in per cent."""
    if newest is None or pd.isna(newest[name]):
        return words.MISSING
    value, unit = float(newest[name]), str(newest["unit_measure"])
    if unit.startswith("percent") and target.kind != "ratio_to_base":
        return words.change(value, lang, "percentage_points", 2 if abs(value) < 1 else 1)
    return words.signed_number(value)
