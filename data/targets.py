"""Plans and targets: what was promised for when, and how far the figures are from the path."""

from __future__ import annotations

import msgspec
import pandas as pd

from data import catalogue, tables


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One official target. Its value is an observation (`series` at `time_period`), so it has a document and a date.

    `start` and `end` are years; `of` is the series it is measured against, empty where none is published.
    """

    id: str
    title: str
    title_native: str
    series: str
    time_period: str
    start: str
    end: str
    kind: str
    direction: str
    of: str = ""
    note: str = ""
    note_native: str = ""


def targets() -> list[Target]:
    """All targets, in the order of the file; raises CatalogueError for an unsound entry."""
    found = []
    for item in catalogue.vocabulary("targets").get("target", []):
        try:
            found.append(msgspec.convert(item, Target))
        except msgspec.ValidationError as error:
            raise catalogue.CatalogueError(f"targets.toml, target {item.get('id', '(no id)')!r}: {error}") from error
    return found


def against(series_id: str) -> list[Target]:
    """The targets measured against a series."""
    return [target for target in targets() if target.of == series_id]


def value(target: Target, as_of: str | None = None) -> pd.DataFrame:
    """The target's own observation (SELECT_COLUMNS), empty when it was not yet set by `as_of`."""
    return tables.select(series=target.series, start=target.time_period, end=target.time_period, as_of=as_of)


def distance(target: Target, as_of: str | None = None) -> pd.DataFrame:
    """The observed figures of the target's years beside it: SELECT_COLUMNS plus `target` and `distance`.

    `distance` is observed minus target, in the unit of the target (percentage points where it is per cent; for
    `ratio_to_base` the figure is first divided by that of the target's first year). Empty where nothing is measured
    against the target or it was not yet set.
    """
    set_at = value(target, as_of)
    if not target.of or set_at.empty:
        return pd.DataFrame(columns=[*tables.SELECT_COLUMNS, "target", "distance"])
    observed = tables.select(series=target.of, start=target.start, end=target.end, as_of=as_of)
    goal = float(set_at["value"].iloc[0])
    return observed.assign(target=goal, distance=(_as_stated(target, observed) - goal).round(10))


def _as_stated(target: Target, observed: pd.DataFrame) -> pd.Series:
    """The figures as the target states them: multiples of the first year's for `ratio_to_base`, else themselves."""
    if target.kind != "ratio_to_base":
        return observed["value"]
    base = observed.loc[observed["time_period"] == target.start, "value"]
    return observed["value"] / (float(base.iloc[0]) if len(base) else float("nan"))
