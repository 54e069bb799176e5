"""Concepts: all official numbers for one thing together, and the signals of over-expansion."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import pandas as pd

from data import catalogue, codes, tables


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing several publishers measure, each in its own way; `series` are the ids of their series."""

    id: str
    title: str
    title_native: str
    question: str
    question_native: str
    series: list[str]


class Signal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Figures that together bear on over-expansion, with a note on what they do not say."""

    id: str
    title: str
    title_native: str
    kind: str
    series: list[str]
    note: str
    note_native: str


def concepts() -> list[Concept]:
    """The concepts of the reconcile page, in order."""
    return list(_all(catalogue.load().stamp)[0])


def signals() -> list[Signal]:
    """The over-expansion signals, in order."""
    return list(_all(catalogue.load().stamp)[1])


@lru_cache(maxsize=2)
def _all(_catalogue: tuple[object, ...]) -> tuple[list[Concept], list[Signal]]:
    """Both lists of the file, typed once for each state of the catalogue."""
    return _sound("concept", Concept), _sound("signal", Signal)


def _sound(name: str, kind: Any) -> list[Any]:
    found = catalogue.entries("concepts", name, kind)
    for one in found:
        for n, series in enumerate(one.series):
            where = f"concepts.toml, {name} {one.id!r}, field `series`: series {series!r}"
            if series not in catalogue.load().series:
                raise catalogue.CatalogueError(f"{where} is not in the catalogue")
            if series in one.series[:n]:
                raise catalogue.CatalogueError(f"{where} stands twice")
    return found


def of_series(series_id: str) -> Concept | None:
    """The concept a series belongs to, if any."""
    return next((concept for concept in concepts() if series_id in concept.series), None)


def yearly(concept: Concept, as_of: str | None = None) -> pd.DataFrame:
    """The figures of a concept for whole years (SELECT_COLUMNS): annual ones, and December's year to date.

    Where a publisher prints both for one year the annual figure stands.
    """
    table = tables.select(series=concept.series, as_of=as_of)
    annual = table["freq"] == "A"
    december = (table["span"] == "ytd") & table["time_period"].str.endswith("-12")
    year = table["time_period"].str[:4]
    key = table["source"] + "/" + table["indicator"] + "@" + year
    kept = annual | (december & ~key.isin(set(key[annual])))
    return table[kept].reset_index(drop=True)


def spread(concept: Concept, as_of: str | None = None) -> pd.DataFrame:
    """Per unit and year with two figures or more: lowest, highest and the spread in per cent of the lowest.

    Units that count the same thing under two names meet (codes.MEETS). Columns: unit_measure, time_period, figures,
    lowest, highest, lowest_series, highest_series, spread (per cent; for figures that are per cent themselves still the
    relative spread). The figures are those of `yearly`, in the base unit; `time_period` is the year.
    """
    table = yearly(concept, as_of)
    table["base"] = [codes.convert(v, m, 0) for v, m in zip(table["value"], table["unit_mult"], strict=True)]
    rows = []
    for (unit, period), group in table.groupby(
        [table["unit_measure"].replace(codes.MEETS), table["time_period"].str[:4]]
    ):
        if len(group) > 1:
            low, high = group.loc[group["base"].idxmin()], group.loc[group["base"].idxmax()]
            gap = (high["base"] / low["base"] - 1) * 100 if low["base"] > 0 else float("nan")
            rows.append((unit, period, len(group), low["base"], high["base"], low["series"], high["series"], gap))
    names = ["unit_measure", "time_period", "figures", "lowest", "highest", "lowest_series", "highest_series", "spread"]
    return pd.DataFrame(rows, columns=names)
