"""Revisions: what was published first for a period, what stands now, and every step between."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data import codes, tables

STEP_COLUMNS = (
    "series", "source", "indicator", "ref_area", "freq", "measure", "span", "sector", "title", "title_native",
    "time_period", "unit_measure", "unit_mult", "old", "new", "old_status", "new_status", "old_vintage", "new_vintage",
    "change", "change_unit", "relative", "document", "url", "publisher", "publisher_native", "step", "steps",
)  # fmt: skip
ALREADY_RATES = codes.ADDITIVE_FREE


def steps(as_of: str | None = None, **filters: object) -> pd.DataFrame:
    """Every change of a published figure, newest first: STEP_COLUMNS, one row for each vintage after the first.

    `old` and `new` are in the unit of the new figure, `change` is new minus old in that unit (`change_unit` is
    `percentage_points` where the figure is in per cent), `relative` in per cent of the old figure, missing for
    rates, ranks and indices. `step` counts from 1 to `steps`. `filters` are those of `select` that name series and
    periods.
    """
    rows = tables.select(vintages="all", as_of=as_of, **filters)  # type: ignore[arg-type]
    return _stepped(rows, rows.groupby(["series", "time_period"], sort=False).shift(1))


def first_and_last(as_of: str | None = None, **filters: object) -> pd.DataFrame:
    """The first figure of each revised period against the one that stands: STEP_COLUMNS, one row a period."""
    rows = tables.select(vintages="all", as_of=as_of, **filters)  # type: ignore[arg-type]
    firsts = rows.groupby(["series", "time_period"], sort=False).transform("first")
    newest = rows["revision_no"] == rows["vintages"]
    return _stepped(rows[newest], firsts[newest])


def history(series: str, as_of: str | None = None) -> pd.DataFrame:
    """Every published value of the periods of a series that were revised (SELECT_COLUMNS), oldest vintage first."""
    rows = tables.select(series=series, vintages="all", as_of=as_of)
    return rows[rows["vintages"] > 1].reset_index(drop=True)


def _stepped(rows: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    revised = rows["revision_no"] > 1
    now, then = rows[revised], earlier[revised]
    power = np.power(10.0, then["unit_mult"].to_numpy(dtype=float) - now["unit_mult"].to_numpy(dtype=float))
    old, new = np.round(then["value"].to_numpy(dtype=float) * power, 10), now["value"].to_numpy(dtype=float)
    rate = now["unit_measure"].isin(ALREADY_RATES).to_numpy(dtype=bool)
    per_cent = (now["unit_measure"] == "percent").to_numpy(dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(rate | (old == 0), np.nan, np.round((new / old - 1) * 100, 10))
    out = now.assign(
        old=old,
        new=new,
        old_status=then["obs_status"],
        new_status=now["obs_status"],
        old_vintage=then["vintage"],
        new_vintage=now["vintage"],
        change=np.round(new - old, 10),
        change_unit=np.where(per_cent, "percentage_points", now["unit_measure"]),
        relative=relative,
        step=now["revision_no"] - 1,
        steps=now["vintages"] - 1,
    )
    ordered = out.sort_values(["new_vintage", "series", "time_period"], ascending=[False, True, False])
    return ordered.loc[:, list(STEP_COLUMNS)].reset_index(drop=True)
