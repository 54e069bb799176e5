"""Corrections: what is done, visibly, about figures that are wrong or doubtful as printed.

The tables keep every figure as published. A `[[correction]]` of `data/corrections.toml` names one stored figure by
its series, time period and value (`was`) and says what reading makes of it: `flag` it, `replace` it or `drop` it,
with the reason in both languages and the source. It applies only while the stored value is still `was`, so that it
ends by itself when the publisher has mended the figure; `verify` then names it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import pandas as pd

from data import catalogue, periods, snapshot
from data.model import ObsStatus
from data.textfile import Left, Unreadable

CLOSE = 1e-9


class CorrectionError(Unreadable):
    """A correction that cannot be used or no longer applies; the message names it."""


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One correction of one stored figure.

    `was` is the stored value it applies to, in the stored unit; an empty `vintage` means every vintage that has it.
    `flag` sets `obs_status` (U, doubtful as printed, unless another is given); `replace` also sets `value` and, where
    given, `unit_mult`; `drop` leaves the row out. `source` is the address or document that shows the mistake.
    """

    series: str
    time_period: str
    action: Literal["flag", "replace", "drop"]
    was: float
    reason: str
    reason_native: str
    source: str
    vintage: str = ""
    value: float | None = None
    unit_mult: int | None = None
    obs_status: ObsStatus = "U"

    @property
    def name(self) -> str:
        """How messages call it: `nbs/nev_output.CHN.M.level.ytd@2016-10`."""
        return f"{self.series}@{self.time_period}"


def load(file: Path | None = None) -> list[Correction]:
    """All corrections in the order of the file; none when there is no file. Raises CorrectionError."""
    where = file or snapshot.FOLDER / "corrections.toml"
    return _load(where, where.stat().st_mtime_ns, catalogue.load().stamp) if where.exists() else []


@lru_cache(maxsize=2)
def _load(where: Path, _changed: int, _catalogue: tuple[object, ...]) -> list[Correction]:
    try:
        table = tomllib.loads(where.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{where.name}: not valid TOML: {error}") from error
    unknown = sorted(set(table) - {"correction"})
    if unknown:
        raise CorrectionError(f"{where.name}: unknown table [{unknown[0]}]")
    every = table.get("correction", [])
    if not isinstance(every, list):
        raise CorrectionError(f"{where.name}: correction is no list: write [[correction]] above each")
    found: dict[tuple[str, str, str, float], Correction] = {}
    for n, item in enumerate(every, 1):
        one = _one(item, f"{where.name}, correction {n}")
        if found.setdefault((one.series, one.time_period, one.vintage, one.was), one) is not one:
            raise CorrectionError(f"{where.name}, correction {n}: {one.name} stands twice")
    return list(found.values())


def _one(item: dict[str, Any], where: str) -> Correction:
    try:
        found = msgspec.convert(item, Correction)
    except msgspec.ValidationError as error:
        raise CorrectionError(f"{where}: {error}".replace(" - at `$.", ", field `")) from error
    if found.series not in catalogue.load().series:
        raise CorrectionError(f"{where}, field `series`: {found.series!r} is not in the catalogue")
    try:
        periods.split(found.time_period)
    except ValueError as error:
        raise CorrectionError(f"{where}, field `time_period`: {error}") from error
    if found.vintage and not snapshot.is_day(found.vintage):
        raise CorrectionError(f"{where}, field `vintage`: {found.vintage!r} is not a day")
    if (found.action == "replace") != (found.value is not None):
        raise CorrectionError(f"{where}, field `value`: is given exactly when the action is replace")
    for field in ("reason", "reason_native", "source"):
        if not getattr(found, field):
            raise CorrectionError(f"{where}, field `{field}`: is empty")
    return found


def apply(rows: pd.DataFrame, corrections: Sequence[Correction] | None = None) -> pd.DataFrame:
    """The rows as they are read: corrected ones carry the status, and `note` says what was done and why.

    `rows` have the columns of `snapshot.OBSERVATION_COLUMNS`. A correction whose figure is not there, or no longer
    has the value `was`, changes nothing; `unmet` names it.
    """
    every = load() if corrections is None else corrections
    if not len(rows) or not every:
        return rows
    out = rows.reset_index(drop=True)
    few = _concerned(out, every)
    dropped = np.zeros(len(few), dtype=bool)
    for one in every:
        met = _met(few, one)
        if one.action == "drop":
            dropped |= met
        elif met.any():
            _amend(few, one, met)
    out.loc[few.index] = few
    return out.drop(index=few.index[dropped]).reset_index(drop=True)


def _concerned(rows: pd.DataFrame, corrections: Sequence[Correction]) -> pd.DataFrame:
    """The rows of the series and periods that have a correction."""
    return rows[(rows["series"] + "@" + rows["time_period"]).isin([one.name for one in corrections])].copy()


def _key(rows: pd.DataFrame, one: Correction) -> np.ndarray:
    series, period, vintage = (rows[name].to_numpy(dtype=object) for name in ("series", "time_period", "vintage"))
    found = (series == one.series) & (period == one.time_period)
    return np.asarray(found & ((vintage == one.vintage) | (one.vintage == "")), dtype=bool)


def _met(rows: pd.DataFrame, one: Correction) -> np.ndarray:
    same = np.isclose(rows["value"].to_numpy(dtype=float), one.was, rtol=CLOSE, atol=0.0)
    return _key(rows, one) & same


def _amend(rows: pd.DataFrame, one: Correction, met: np.ndarray) -> None:
    rows.loc[met, "obs_status"] = one.obs_status
    done = "doubtful as printed" if one.action == "flag" else f"corrected, printed as {one.was:.15g}"
    rows.loc[met, "note"] = [f"{done}: {one.reason}{f' ({note})' if note else ''}" for note in rows.loc[met, "note"]]
    if one.value is not None:
        rows.loc[met, "value"] = one.value
    if one.unit_mult is not None:
        rows.loc[met, "unit_mult"] = one.unit_mult


def unmet(rows: pd.DataFrame, corrections: Sequence[Correction] | None = None) -> list[Left]:
    """The corrections that apply to no row, as (file, line, field, value, reason): wrong, or ended by the publisher."""
    found: list[Left] = []
    every = load() if corrections is None else corrections
    rows = _concerned(rows, every) if len(rows) and every else rows
    for one in every:
        if not len(rows) or not _met(rows, one).any():
            stored = rows.loc[_key(rows, one), "value"].tolist() if len(rows) else []
            values = ", ".join(f"{value:.15g}" for value in stored)
            there = f"the stored value is {values}" if stored else "no such row is stored"
            found.append(("corrections.toml", 0, "was", f"{one.was:.15g}", f"{one.name} no longer applies: {there}"))
    return found


def verify(rows: pd.DataFrame, corrections: Sequence[Correction] | None = None) -> None:
    """Raise CorrectionError for the first correction that applies to no stored row, naming it."""
    for file, _, field, value, reason in unmet(rows, corrections):
        raise CorrectionError(f"{file}, {field} {value}: {reason}")


def of(series: str, time_period: str, vintage: str) -> Correction | None:
    """The correction of one figure, if any: its reason in both languages and its source, for the number's card."""
    for one in load():
        if (one.series, one.time_period) == (series, time_period) and one.vintage in ("", vintage):
            return one
    return None
