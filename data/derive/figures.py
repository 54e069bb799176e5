"""The figures a calculation starts from, and which of them may be compared with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data import catalogue, codes, periods
from data.tables import SELECT_COLUMNS

DERIVED_COLUMNS = (*SELECT_COLUMNS, "basis", "derivation", "inputs", "reason")
BASES = ("published_level", "published_comparable", "computed_from_levels")
SEVERITY = ("A", "P", "E", "F", "D", "B", "U", "L", "M")
RANK = {status: rank for rank, status in enumerate(SEVERITY)}


class DeriveError(ValueError):
    """A calculation that makes no sense for these figures; the message says why."""


def published(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `select` with the columns `basis`, `derivation`, `inputs` and `reason` of a published figure.

    Growth a publisher states is `published_comparable`, everything else it states `published_level`. A figure that
    stands in the tables as computed (confidence `derived`: a sum, a ratio, a figure less its stated rise) is
    `computed_from_levels`; its note says how. Rows that have the columns already are returned as they are.
    """
    if "basis" in frame:
        return frame
    stated = np.where(frame["measure"] == "growth", "published_comparable", "published_level")
    basis = np.where(frame["confidence"] == "derived", "computed_from_levels", stated)
    inputs = words_of(frame["series"]) + "@" + words_of(frame["time_period"])
    return frame.assign(basis=text(basis), derivation="", inputs=text(inputs), reason="")


def text(values: Any) -> Any:
    """Words as the tables hold them."""
    return pd.array(values, dtype="str")


def words_of(column: pd.Series) -> np.ndarray:
    """A column of words as an array."""
    return column.to_numpy(dtype=object)


def each(values: Iterable[str], of: Callable[[str], Any]) -> np.ndarray:
    """The function of each word; called once for each different one."""
    every = values.tolist() if isinstance(values, pd.Series | np.ndarray) else list(values)
    found = {one: of(one) for one in set(every)}
    return np.array([found[one] for one in every], dtype=object)


class Side(NamedTuple):
    """What a calculation takes from each input row, as arrays; `there` is False where there is no value.

    `value` is in the base unit. `era` counts the definition breaks up to the row, `since` is the period of the last.
    """

    there: np.ndarray
    value: np.ndarray
    rank: np.ndarray
    vintage: np.ndarray
    era: np.ndarray
    since: np.ndarray
    inputs: np.ndarray

    def take(self, positions: np.ndarray) -> Side:
        """The rows at these positions; -1 means none."""
        taken = Side(*(column[positions] for column in self)) if len(self.there) else _nothing(len(positions))
        found = (positions >= 0) & taken.there
        return taken._replace(
            there=found,
            value=np.where(found, taken.value, np.nan),
            rank=np.where(found, taken.rank, 0),
            vintage=np.where(found, taken.vintage, ""),
            inputs=np.where(found, taken.inputs, ""),
        )


def _nothing(size: int) -> Side:
    none, zero, blank = np.zeros(size, dtype=bool), np.zeros(size, dtype=int), np.full(size, "", dtype=object)
    return Side(none, np.full(size, np.nan), zero, blank, zero, blank, blank)


class Figures(NamedTuple):
    """Input rows: the table with a fresh index, its key columns as arrays, and what a calculation takes from each."""

    frame: pd.DataFrame
    series: np.ndarray
    period: np.ndarray
    side: Side

    def find(self, series: Iterable[str], time_periods: Iterable[str]) -> np.ndarray:
        """Where the row of each series and period stands; -1 where there is none."""
        return find(zip(self.series, self.period, strict=True), zip(series, time_periods, strict=True))


def find(there: Iterable[tuple[str, str]], wanted: Iterable[tuple[str, str]]) -> np.ndarray:
    """Where each wanted key stands among those there; -1 where it does not. DeriveError when a key is there twice."""
    at: dict[tuple[str, str], int] = {}
    for position, key in enumerate(there):
        if at.setdefault(key, position) != position:
            raise DeriveError(f"two figures for {key[0]}@{key[1]}: choose one vintage of one series")
    return np.array([at.get(key, -1) for key in wanted], dtype=int)


def read(frame: pd.DataFrame) -> Figures:
    """The rows of a table, checked: one vintage a period and one base unit a series, else DeriveError."""
    rows = frame.reset_index(drop=True)
    series, period = words_of(rows["series"]), words_of(rows["time_period"])
    units: dict[str, str] = {}
    for one, unit in set(zip(series, words_of(rows["unit_measure"]), strict=True)):
        if units.setdefault(one, unit) != unit:
            raise DeriveError(f"{one} has figures in different units: {unit} and {units[one]}")
    power = np.power(10.0, rows["unit_mult"].to_numpy(dtype=float))
    value = np.round(rows["value"].to_numpy(dtype=float) * power, 12)
    rank = each(rows["obs_status"], RANK.__getitem__).astype(int)
    inputs = words_of(rows["inputs"]) if "inputs" in rows else series + "@" + period
    side = Side(~np.isnan(value), value, rank, words_of(rows["vintage"]), *_eras(rows, series, period), inputs)
    return Figures(rows, series, period, side)


def only(frame: pd.DataFrame, measures: set[str], what: str) -> None:
    """Refuse measures the calculation is not made for."""
    wrong = sorted(set(frame["measure"].unique()) - measures)
    if wrong:
        raise DeriveError(f"{what} is not computed from figures that are {codes.MEASURE[wrong[0]].en}")


def _eras(rows: pd.DataFrame, series: np.ndarray, period: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many definition breaks lie at or before each row, and the period of the last one.

    Breaks are those of the catalogue and published rows flagged B.
    """
    count, since = np.zeros(len(rows), dtype=int), np.full(len(rows), "", dtype=object)
    breaks = _breaks(series, period, rows)
    if breaks:
        ends = rows["period_end"].to_numpy(dtype="datetime64[D]")
        for names, at in breaks:
            later = np.isin(series, names) & (ends >= np.datetime64(periods.start(at)))
            count[later] += 1
            since[later & (since < at)] = at
    return count, since


def _breaks(series: np.ndarray, period: np.ndarray, rows: pd.DataFrame) -> list[tuple[list[str], str]]:
    """Each break: the ids it concerns, and its period."""
    of_lines = [one for one in catalogue.load().series.values() if one.breaks]
    known = {f"{one.source}/{one.indicator}.{one.ref_area}": one.breaks for one in of_lines}
    found = []
    for name in set(series):
        found += [([name], one.period) for one in known.get(".".join(name.split(".")[:2]), [])]
    flagged = np.flatnonzero(rows["obs_status"] == "B")
    return found + [([series[at]], period[at]) for at in flagged if "~" not in series[at]]


def year_before(period: np.ndarray) -> np.ndarray:
    """The same period one year earlier, for each."""
    return each(period, periods.year_before)


def unlike(now: Side, then: Side, period: np.ndarray) -> np.ndarray:
    """Why two figures cannot be compared, for each pair; empty where they can.

    `no_base` (none for `period`), `break` or `definition` (one of the two is flagged D).
    """
    differs = (now.rank == RANK["D"]) != (then.rank == RANK["D"])
    changed = np.where(now.era > then.era, now.since, then.since)
    return first_of(
        (~then.there | ~now.there, "no_base@" + period),
        (now.era != then.era, "break@" + changed),
        (differs, "definition@" + period),
    )


def first_of(*cases: tuple[np.ndarray, Any]) -> np.ndarray:
    """For each row the reason of the first case that holds; empty where none does."""
    reason: Any = ""
    for holds, why in reversed(cases):
        reason = np.where(holds, why, reason)
    return np.asarray(reason, dtype=object)


def not_positive(then: Side, period: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The case of a base of zero or below, which nothing can be divided by."""
    with np.errstate(invalid="ignore"):
        return then.value <= 0, "zero_base@" + period


def ratio(of: np.ndarray, to: np.ndarray) -> np.ndarray:
    """One divided by the other; not a number where it cannot be."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(of / to)


def joined(*sides: Side) -> Sequence[str]:
    """All inputs, ` ; ` between them."""
    if len(sides) == 1:
        return list(sides[0].inputs)
    return [" ; ".join(filter(None, one)) for one in zip(*(side.inputs for side in sides), strict=True)]
