"""store: append what a release says that the tables do not know yet.

A row is appended only where its value or status differs from what was known on its vintage, so that the tables read
as a revision history. The vintage of a document that was corrected without a new date is the day it came. A later
fetcher in the fallback order never replaces what an earlier one, or a primary document of the shipped snapshot, has
said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec
import pandas as pd
from filelock import FileLock

from data import catalogue, codes, periods, snapshot, storage, tables
from data.model import Observation, Release


class Revision(msgspec.Struct, frozen=True):
    """A revised figure: what stood before, and what stands now."""

    old: Observation
    new: Observation


class Refusal(msgspec.Struct, frozen=True):
    """A row that was not stored, and why."""

    row: Observation
    reason: str


class Report(msgspec.Struct):
    """What storing one release did, row by row."""

    new: list[Observation] = []
    revised: list[Revision] = []
    unchanged: list[Observation] = []
    rejected: list[Refusal] = []


def store(observations: Iterable[Observation], release: Release, *, dry_run: bool = False) -> Report:
    """Check the rows of one release, then append all that is new or revised in one step, or nothing.

    Raises ValueError when a row does not belong to the catalogue or is no sound observation: then nothing is stored.
    `dry_run` reports without writing.
    """
    where = storage.folder()
    where.mkdir(parents=True, exist_ok=True)
    with catalogue.held(), FileLock(where / ".lock", timeout=60):
        rows = list(observations)
        for row in rows:
            _sound(row)
        report = _compare(rows, release)
        fresh = [*report.new, *(revision.new for revision in report.revised)]
        if fresh and not dry_run:
            storage.write(sorted(fresh, key=lambda r: (r.series, r.time_period)), release, where)
    return report


def _sound(row: Observation) -> None:
    one = catalogue.load().series.get(row.series)
    if one is None:
        raise ValueError(f"{row.series} is not in the catalogue")
    if periods.freq(row.time_period) != one.freq:
        raise ValueError(f"{row.series}: {row.time_period!r} is not a period of frequency {one.freq}")
    sound = isinstance(row.value, int | float) and isinstance(row.unit_mult, int) and abs(row.unit_mult) < 100
    if not sound or not abs(row.value) * 10.0**row.unit_mult < snapshot.LARGEST:
        raise ValueError(f"{row.series} {row.time_period}: {row.value!r} times ten to {row.unit_mult!r} is no figure")
    if row.obs_status not in codes.OBS_STATUS or row.confidence not in codes.CONFIDENCE:
        raise ValueError(
            f"{row.series} {row.time_period}: unknown status {row.obs_status!r} or grade {row.confidence!r}"
        )
    if not snapshot.is_day(row.vintage):
        raise ValueError(f"{row.series} {row.time_period}: vintage {row.vintage!r} is not a day")


def _compare(rows: Sequence[Observation], release: Release) -> Report:
    """Sort the rows into new, revised, unchanged and rejected against the whole revision history."""
    known = tables.select(series=sorted({row.series for row in rows}), vintages="all") if rows else pd.DataFrame()
    history: dict[tuple[str, str], list[dict[str, object]]] = {}
    for raw in known.to_dict("records"):
        record: dict[str, object] = {str(name): value for name, value in raw.items()}
        history.setdefault((str(record["series"]), str(record["time_period"])), []).append(record)
    report = Report()
    for row in rows:
        _place(row, history.setdefault((row.series, row.time_period), []), release, report)
    return report


def _place(row: Observation, past: list[dict[str, object]], release: Release, report: Report) -> None:
    before = [record for record in past if str(record["vintage"]) <= row.vintage]
    after = [record for record in past if str(record["vintage"]) > row.vintage]
    standing = before[-1] if before else None
    if _same(standing, row) or (standing is None and after and _same(after[0], row)):
        report.unchanged.append(row)
    elif past and _outranks(past[-1], row, release):
        by = past[-1]["fetcher"] or "the shipped snapshot"
        report.rejected.append(Refusal(row, f"the value {past[-1]['value']} of {by} stands"))
    elif standing is None:
        report.new.append(row)
        past.insert(0, _record(row, release))
    elif standing["vintage"] == row.vintage < release.retrieved and standing["release"] != row.release:
        # corrected without a new date: known since it came
        _place(msgspec.structs.replace(row, vintage=release.retrieved), past, release, report)
    elif standing["vintage"] == row.vintage:
        report.rejected.append(Refusal(row, f"two values of one vintage: {standing['value']} and {row.value}"))
    else:
        report.revised.append(Revision(_observation(standing), row))
        past.insert(len(before), _record(row, release))


def _same(record: dict[str, object] | None, row: Observation) -> bool:
    if record is None or record["obs_status"] != row.obs_status:
        return False
    there, mult = float(str(record["value"])), int(str(record["unit_mult"]))
    here = codes.convert(row.value, row.unit_mult, mult)
    alike = _rounds_to(there, here) or _rounds_to(here, there) or _rounded(there, mult, row)
    return alike or math.isclose(there, here, rel_tol=1e-12)


def _rounds_to(fine: float, coarse: float) -> bool:
    """Whether one value is the other with fewer decimals, two at least: 253.864 says what 253.8638 says."""
    decimals = len(repr(coarse).partition(".")[2])
    return decimals >= 2 and "e" not in repr(coarse) and round(fine, decimals) == coarse


def _rounded(there: float, mult: int, row: Observation) -> bool:
    """Whether a value in a larger unit is the standing one, rounded: 975.5 in 10^8 yuan of 9754893 in 10^4."""
    decimals = len(f"{row.value:.9f}".rstrip("0").partition(".")[2])
    gap = abs(codes.convert(there, mult, row.unit_mult) - row.value)
    return row.unit_mult > mult and gap <= 0.5000001 * 10**-decimals


def _outranks(record: dict[str, object], row: Observation, release: Release) -> bool:
    """Whether the standing row comes from an earlier place in the fallback order than this release.

    A primary document of the snapshot gives way only to the first fetcher of the series, and to no quoted figure.
    """
    loaded = catalogue.load()
    rank = {name: source.rank for name, source in loaded.sources.items()}
    mine, theirs = rank.get(release.fetcher, 1), rank.get(str(record["fetcher"]))
    if theirs is None:
        first = min((rank[name] for name in loaded.series[row.series].locators), default=1)
        return record["confidence"] == "primary" and (mine > first or row.confidence == "secondary")
    return theirs < mine


def _record(row: Observation, release: Release) -> dict[str, object]:
    return {**{f: getattr(row, f) for f in row.__struct_fields__}, "fetcher": release.fetcher}


def _observation(record: dict[str, object]) -> Observation:
    return msgspec.convert({f: record[f] for f in Observation.__struct_fields__}, Observation, strict=False)
