"""What every derived table carries: an id and unit of its own, status, vintage, formula and inputs.

A derived series is named after the published one: `nbs/nev_output.CHN.M.growth.ytd~computed`; a second step adds a
second mark (`~difference~rolling=12`). `inputs` are always published figures, `series@period`, whatever the steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.derive.figures import DERIVED_COLUMNS, RANK, SEVERITY, Side, each, joined, text, words_of
from data.derive.reasons import words


def derived(
    frame: pd.DataFrame,
    sides: tuple[Side, ...],
    value: np.ndarray,
    reason: np.ndarray,
    *,
    step: str,
    formula: str,
    basis: Any = "computed_from_levels",
    **key: Any,
) -> pd.DataFrame:
    """The rows of one calculation: DERIVED_COLUMNS.

    `frame` has the rows of the period the result is for; they keep their title, period and document. `sides` are the
    inputs, those of `frame` first. A row with a `reason` has no value and status M; one with a doubtful input
    says so. `key` are the fields of the new key and unit: measure, span, unit_measure, unit_mult.
    """
    rank = _worst(sides)
    value = np.where((reason == "") & np.isfinite(value), np.round(value, 10), np.nan)
    missing = np.isnan(value)
    reason = np.where((reason == "") & ~missing & (rank == RANK["U"]), "doubtful", reason)
    status = np.where(missing, "M", np.asarray(SEVERITY, dtype=object)[rank])
    series = each(frame["series"], lambda old: renamed(old, step, key.get("measure"), key.get("span")))
    columns: dict[str, Any] = {
        "series": text(series),
        "value": value,
        "obs_status": text(status),
        "confidence": "derived",
        "vintage": text(np.maximum.reduce([side.vintage for side in sides])),
        "revision_no": 1,
        "vintages": 1,
        "note": noted(reason, words_of(frame["note"])),
        "basis": basis,
        "derivation": _formula(frame, formula),
        "inputs": text(joined(*sides)),
        "reason": text(reason),
    }
    return frame.assign(**key, **columns).reindex(columns=list(DERIVED_COLUMNS))


def noted(reason: np.ndarray, notes: np.ndarray) -> Any:
    """The reason in words; the note of the figure where there is none."""
    return text(np.where(reason == "", notes, each(reason, words)))


def _worst(sides: tuple[Side, ...]) -> np.ndarray:
    """The worst status of the inputs. A break flag of an earlier input is dealt with by then."""
    earlier = [np.where(side.rank == RANK["B"], 0, side.rank) for side in sides[1:]]
    return np.asarray(np.maximum.reduce([sides[0].rank, *earlier]))


def _formula(frame: pd.DataFrame, formula: str) -> Any:
    if "derivation" not in frame:
        return formula
    return text(each(frame["derivation"], lambda done: f"{done}; {formula}" if done else formula))


def renamed(series: str, step: str, measure: str | None = None, span: str | None = None) -> str:
    """The id of a derived series: measure and span replaced where given, the step added."""
    _, mark, steps = series.partition("~")
    return f"{line(series, measure, span)}{mark}{steps}~{step}"


def line(series: str, measure: str | None = None, span: str | None = None) -> str:
    """The id of a line of published figures of the same indicator: its measure and span replaced where given."""
    parts = series.partition("~")[0].split(".")
    parts[-2:] = measure or parts[-2], span or parts[-1]
    return ".".join(parts)
