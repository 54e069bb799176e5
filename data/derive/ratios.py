"""Figures as a ratio: to a base period, to another series, and under another power of ten."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from data import catalogue, codes, periods
from data.derive.figures import (
    DeriveError,
    each,
    find,
    first_of,
    not_positive,
    only,
    published,
    ratio,
    read,
    text,
    unlike,
)
from data.derive.growth import LEVELS, PERCENT
from data.derive.lineage import derived, line

WITHIN = 12


def index(frame: pd.DataFrame, at: str | int | dt.date) -> pd.DataFrame:
    """Each series with its figure at `at` set to 100; `at` is a period, or the day of an event.

    The base is the period that contains the day; where it has no figure, the nearest later one within WITHIN months
    (no January is published, so an event of January starts from February). Year-to-date figures restart every year
    and have no index; none is given across a break. Tidy rows (DERIVED_COLUMNS).
    """
    only(frame, LEVELS, "an index")
    rows, day = read(frame), as_day(at)
    base = _base_positions(rows.frame, day)
    then = rows.side.take(np.array([base.get(one, -1) for one in rows.series], dtype=int))
    wanted = each(rows.frame["freq"], lambda freq: periods.containing(day, freq))
    reason = unlike(rows.side, then, wanted)
    restarts = (rows.frame["span"] == "ytd").to_numpy(dtype=bool)
    reason = first_of((restarts, "restarts"), (reason != "", reason), not_positive(then, wanted))
    named = str(at)[:10]
    return derived(
        rows.frame, (rows.side, then), ratio(rows.side.value, then.value) * 100, reason, step=f"index={named}",
        formula=f"figure / figure of {named} x 100", measure="index", unit_measure="index_100", unit_mult=0,
    )  # fmt: skip


def _base_positions(rows: pd.DataFrame, day: dt.date) -> dict[str, int]:
    """Where the base of each series stands, for those that have one."""
    last = (pd.Timestamp(day) + pd.DateOffset(months=WITHIN)).to_numpy()
    starts, ends = (rows[name].to_numpy(dtype="datetime64[s]") for name in ("period_start", "period_end"))
    may = (ends >= np.datetime64(day)) & (starts <= last) & rows["value"].notna().to_numpy()
    found = rows.loc[may, ["series", "time_period"]].sort_values("time_period").drop_duplicates("series")
    return dict(zip(found["series"], found.index, strict=True))


def as_day(at: str | int | dt.date) -> dt.date:
    """The day of an event, or the first day of a period; DeriveError for anything else."""
    if isinstance(at, dt.date):
        return at.date() if isinstance(at, dt.datetime) else at
    day = str(at)
    try:
        return dt.date.fromisoformat(day) if len(day) == 10 else periods.start(day)
    except ValueError as error:
        raise DeriveError(f"{at!r} is neither a period nor a day") from error


def share(part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """One series in per cent of another: same area, frequency, span and period, same base unit.

    Each line of `part` needs exactly one line of `whole`. Tidy rows (DERIVED_COLUMNS), one for each row of `part`.
    """
    for frame in (part, whole):
        only(frame, {"level"}, "a share")
    units = sorted(set(part["unit_measure"].unique()) | set(whole["unit_measure"].unique()))
    if len(units) > 1:
        raise DeriveError(f"a share needs one unit, these are {' and '.join(units)}")
    rows, of = read(part), read(whole)
    at = find(zip(_line(of.frame), of.period, strict=True), zip(_line(rows.frame), rows.period, strict=True))
    then = of.side.take(at)
    none = ~then.there | ~rows.side.there
    reason = first_of((none, "no_level@" + rows.period), not_positive(then, rows.period))
    names = ",".join(sorted(set(of.frame["source"] + "/" + of.frame["indicator"])))
    return derived(
        rows.frame, (rows.side, then), ratio(rows.side.value, then.value) * 100, reason, step=f"share={names}",
        formula=f"figure / {names} of the same period", measure="share", **PERCENT,
    )  # fmt: skip


def _line(frame: pd.DataFrame) -> pd.Series:
    return frame["ref_area"] + "." + frame["freq"] + "." + frame["span"]


def convert(frame: pd.DataFrame, unit: int | str = "base") -> pd.DataFrame:
    """The same figures under another power of ten: `base`, `usual` (the catalogue's), or the power itself.

    Nothing else changes: a figure stays published or derived as it was, only `derivation` names the unit it was
    published in. Per cent, ranks and indices stay as they are. Tidy rows (DERIVED_COLUMNS and what `frame` has more).
    """
    rows = published(frame).reset_index(drop=True)
    fixed = rows["unit_measure"].isin(codes.ADDITIVE_FREE).to_numpy(dtype=bool)
    old = rows["unit_mult"].to_numpy(dtype=int)
    new = np.where(fixed, old, _power(rows, unit))
    moved = old != new
    if not moved.any():
        return rows
    value = rows["value"].to_numpy(dtype=float).copy()
    each = zip(value[moved].tolist(), old[moved].tolist(), new[moved].tolist(), strict=True)
    value[moved] = [codes.convert(*one) for one in each]
    from_ = np.char.add("published in 10^", old.astype(str)).astype(object)
    before = rows["derivation"].to_numpy(dtype=object)
    told = np.where(moved & (before == ""), from_, before)
    return rows.assign(value=value, unit_mult=new, derivation=text(told))


def _power(rows: pd.DataFrame, unit: int | str) -> np.ndarray | int:
    if unit == "base":
        return 0
    if isinstance(unit, int):
        return unit
    if unit != "usual":
        raise DeriveError(f"unit {unit!r}: write base, usual or a power of ten")
    every = catalogue.load().series
    usual = {one: every[line(one)].unit_mult for one in rows["series"].unique() if line(one) in every}
    return rows["series"].map(usual).fillna(rows["unit_mult"]).to_numpy(dtype=int)
