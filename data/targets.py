"""Plans and targets: what was promised for when, and how far the figures are from the path."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pandas as pd

from data import catalogue, tables

Year = Annotated[str, msgspec.Meta(pattern=r"^(19|20)\d\d$")]
Kind = Literal["growth_per_year", "level_by_end", "share_by_end", "reduction_over_period", "ratio_to_base"]


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One official target. Its value is an observation (`series` at `time_period`), so it has a document and a date.

    `start` and `end` are years; `of` is the series it is measured against, empty where none is published.
    """

    id: str
    title: str
    title_native: str
    series: str
    time_period: Year
    start: Year
    end: Year
    kind: Kind
    direction: Literal["at_least", "at_most", "about"]
    of: str = ""
    note: str = ""
    note_native: str = ""


def targets() -> list[Target]:
    """All targets, in the order of the file; raises CatalogueError for an unsound entry."""
    found: list[Target] = catalogue.entries("targets", "target", Target)
    for one in found:
        where = f"targets.toml, target {one.id!r}, field"
        for field, series in (("series", one.series), ("of", one.of)):
            if series not in catalogue.load().series and (series or field == "series"):
                raise catalogue.CatalogueError(f"{where} `{field}`: {series!r} is not in the catalogue")
        if one.of == one.series:
            raise catalogue.CatalogueError(f"{where} `of`: the target cannot be measured against itself")
        if one.start > one.end:
            raise catalogue.CatalogueError(f"{where} `start`: {one.start} is after the end, {one.end}")
    return found


def against(series_id: str) -> list[Target]:
    """The targets measured against a series."""
    return [target for target in targets() if target.of == series_id]


def value(target: Target, as_of: str | None = None) -> pd.DataFrame:
    """The target's own observation (SELECT_COLUMNS), empty when it was not yet set by `as_of`."""
    return tables.select(series=target.series, start=target.time_period, end=target.time_period, as_of=as_of)


PATH_COLUMNS = ("target", "distance", "path", "off_path")


def distance(target: Target, as_of: str | None = None) -> pd.DataFrame:
    """The observed figures of the target's years beside it: SELECT_COLUMNS and PATH_COLUMNS.

    `distance` is observed minus target, in the unit of the target (percentage points where it is per cent; for
    `ratio_to_base` the figure is first divided by that of the target's first year). `path` is where a straight line
    to the goal stands in that year: from the figure of the year before the target's first (else of its first) to the
    goal at its end; for a rate that holds every year the goal itself. `off_path` is observed minus path. Empty where
    nothing is measured against the target or it was not yet set.
    """
    set_at = value(target, as_of)
    if not target.of or set_at.empty:
        return pd.DataFrame(columns=[*tables.SELECT_COLUMNS, *PATH_COLUMNS])
    before = str(int(target.start) - 1)
    every = tables.select(series=target.of, start=before, end=target.end, as_of=as_of)
    stated = _as_stated(target, every)
    goal = float(set_at["value"].iloc[0])
    path = _path(target, every["time_period"].astype(int), stated, goal)
    out = every.assign(
        target=goal, distance=(stated - goal).round(10), path=path.round(10), off_path=(stated - path).round(10)
    )
    return out[out["time_period"] >= target.start].reset_index(drop=True)


def _as_stated(target: Target, observed: pd.DataFrame) -> pd.Series:
    """The figures as the target states them: multiples of the first year's for `ratio_to_base`, else themselves."""
    if target.kind != "ratio_to_base":
        return observed["value"]
    base = observed.loc[observed["time_period"] == target.start, "value"]
    return observed["value"] / (float(base.iloc[0]) if len(base) else float("nan"))


def _path(target: Target, years: pd.Series, stated: pd.Series, goal: float) -> pd.Series:
    """The straight way to the goal in each year; the goal itself for a rate of every year."""
    if target.kind == "growth_per_year":
        return pd.Series(goal, index=years.index)
    first, last = int(target.start), int(target.end)
    if target.kind == "reduction_over_period":
        return goal * (years - first + 1) / (last - first + 1)
    known = stated[stated.notna() & (years <= first)]
    if target.kind == "ratio_to_base" or known.empty:
        known = stated[stated.notna() & (years == first)]
    if known.empty:
        return pd.Series(float("nan"), index=years.index)
    begin, at = float(known.iloc[0]), int(years.loc[known.index[0]])
    return begin + (goal - begin) * (years - at) / (last - at)


def state(target: Target, measured: pd.DataFrame) -> str:
    """`reached`, `missed`, `on_path`, `behind`, or `open` where nothing is measured; `measured` is `distance`'s table.

    A rate of every year is judged by its average over the years measured; `about` counts like `at_least`.
    """
    told = measured[measured["distance"].notna()]
    if told.empty:
        return "open"
    better = -1.0 if target.direction == "at_most" else 1.0
    ended = str(told["time_period"].iloc[-1]) == target.end
    far = float(told["distance"].mean() if target.kind == "growth_per_year" else told["distance"].iloc[-1]) * better
    if ended:
        return "reached" if far >= 0 else "missed"
    if target.kind.endswith("by_end") and far >= 0:
        return "reached"
    off = far if target.kind == "growth_per_year" else float(told["off_path"].iloc[-1]) * better
    return "open" if pd.isna(off) else "on_path" if off >= 0 else "behind"
