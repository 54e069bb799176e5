"""The rows that leave the product: one observation or derived figure each, everything needed to quote it beside it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from data import catalogue, codes, periods, tables
from data.derive import published
from data.derive.figures import each, words_of

COLUMNS = (
    "series", "series_zh", "sector", "geo", "freq", "period", "period_start", "period_end", "measure", "basis", "stage",
    "value", "unit_published", "value_std", "unit_std", "obs_status", "confidence", "publisher", "document",
    "published", "url", "vintage", "revision_no", "derivation", "break_before", "note", "data_version",
)  # fmt: skip
DTYPES = {
    **dict.fromkeys(COLUMNS, "str"), "period_start": "datetime64[us]", "period_end": "datetime64[us]",
    "value": "float64", "value_std": "float64", "revision_no": "int64",
}  # fmt: skip
AS_THEY_ARE = ("series", "sector", "freq", "obs_status", "confidence", "publisher", "document", "published", "url",
               "vintage", "value", "revision_no", "basis", "period_start", "period_end")  # fmt: skip
RENAMED = {"series_zh": "title_native", "geo": "ref_area", "period": "time_period", "unit_std": "unit_measure"}
QUOTED = "Quoted from a source whose tables may not be passed on in bulk: {licence}"


def rows(frame: pd.DataFrame, data_version: str = "") -> pd.DataFrame:
    """A table of `select` or `derive` as it is exported: COLUMNS with DTYPES, one row each, in the same order.

    `measure` is the measure, with `_ytd` for a year-to-date figure. `value` is as published, in `unit_published`;
    `value_std` is in `unit_std`, the base unit. `derivation` is the formula and, after a bar, the published inputs.
    `break_before` is the reason where the definition changed between this figure and the one before. A figure of a
    source that may not be passed on in bulk says so in its note. `data_version` is that of the tables if not given.
    """
    of = published(frame).reset_index(drop=True)
    columns = {name: of[name] for name in AS_THEY_ARE} | {name: of[old] for name, old in RENAMED.items()}
    columns |= {
        "measure": of["measure"] + np.where(of["span"] == "ytd", "_ytd", ""),
        "stage": _stage(of),
        "unit_published": _units(of),
        "value_std": _in_base_unit(of),
        "derivation": of["derivation"].where(of["derivation"] == "", of["derivation"] + " | " + of["inputs"]),
        "break_before": _break_before(of),
        "note": _marked(of),
        "data_version": data_version or tables.data_version(),
    }
    return pd.DataFrame({name: _typed(columns[name], DTYPES[name], of.index) for name in COLUMNS})


def brief(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of `rows` that file names and addresses are made from, at a small part of the cost."""
    of = published(frame)
    columns = {name: of[name] for name in ("series", "period_start", "period_end", "basis")}
    return pd.DataFrame({**columns, "period": of["time_period"], "data_version": tables.data_version()})


def _typed(values: object, kind: str, index: pd.Index) -> pd.Series:
    """A column in its kind; a text that is missing is empty."""
    column = values if isinstance(values, pd.Series) else pd.Series(values, index=index, dtype=kind)
    if kind == "str" and column.hasnans:
        column = column.fillna("")
    return column if column.dtype == kind else column.astype(kind)


def _stage(of: pd.DataFrame) -> list[str]:
    """`preliminary` while the status says so, `final` the first time it does not, `revised` after that."""
    known, settled = catalogue.load().series, _settled(tables.data_version())
    columns = [of[name].tolist() for name in ("series", "time_period", "vintage", "obs_status", "value", "revision_no")]
    found = []
    for series, period, vintage, status, value, number in zip(*columns, strict=True):
        if status in ("P", "F"):
            found.append("preliminary")
        elif number > 1 and series in known:
            found.append("revised" if vintage > settled.get((series, period), vintage) else "final")
        else:
            found.append("" if value != value else "final")
    return found


@lru_cache(maxsize=2)
def _settled(_version: str) -> dict[tuple[str, str], str]:
    """The vintage in which each figure was first not preliminary, by series and period."""
    history = tables.select(vintages="all")
    found: dict[tuple[str, str], str] = {}
    columns = (words_of(history[name]) for name in ("series", "time_period", "vintage", "obs_status"))
    for series, period, vintage, status in zip(*columns, strict=True):
        if status != "P":
            found.setdefault((series, period), vintage)
    return found


def _units(of: pd.DataFrame) -> list[str]:
    """The unit as published, in English and, where it differs, in Chinese."""
    pairs = list(zip(of["unit_measure"], of["unit_mult"], strict=True))
    names = {pair: [codes.unit_label(*pair, lang) for lang in ("en", "zh")] for pair in set(pairs)}
    said = {pair: en if en == zh else f"{en} ({zh})" for pair, (en, zh) in names.items()}
    return [said[pair] for pair in pairs]


def _in_base_unit(of: pd.DataFrame) -> list[float]:
    return [codes.convert(value, power, 0) for value, power in zip(of["value"], of["unit_mult"].tolist(), strict=True)]


def _break_before(of: pd.DataFrame) -> np.ndarray:
    """The reason of a break, at the first figure of each series it concerns."""
    found = np.full(len(of), "", dtype=object)
    of_lines = [one for one in catalogue.load().series.values() if one.breaks]
    known = {f"{one.source}/{one.indicator}.{one.ref_area}": one.breaks for one in of_lines}
    concerned = of["source"] + "/" + of["indicator"] + "." + of["ref_area"]
    ends = of["period_end"].to_numpy(dtype="datetime64[D]")
    series, time_periods = words_of(of["series"]), words_of(of["time_period"])
    for name in of.loc[concerned.isin(list(known)), "series"].unique():
        its = np.flatnonzero(series == name)
        for one in known[concerned[its[0]]]:
            later = its[ends[its] >= np.datetime64(periods.start(one.period))]
            at = later[ends[later] == ends[later].min()] if len(later) else later
            if len(at) and (len(later) < len(its) or time_periods[at[0]] == one.period):
                found[at] = f"{one.period}: {one.reason}"
    flagged = (of["obs_status"] == "B").to_numpy() & (found == "")
    found[flagged] = "flagged by the publisher"
    return found


def _marked(of: pd.DataFrame) -> np.ndarray:
    """The note, and the terms of a source that may not be passed on in bulk."""
    sources = catalogue.load().sources
    terms = each(
        of["source"],
        lambda one: QUOTED.format(licence=sources[one].licence) if one in withheld_sources() else "",
    )
    notes = words_of(of["note"].fillna(""))
    return np.array([" · ".join(filter(None, pair)) for pair in zip(notes, terms, strict=True)], dtype=object)


def withheld_sources() -> set[str]:
    """The sources whose figures are quoted one by one and left out of everything that is handed out in bulk."""
    return {source.id for source in catalogue.load().sources.values() if not source.redistributable}


def withhold(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows of `select` that may be passed on in bulk, and how many rows of which source were left out."""
    held = frame["source"].isin(withheld_sources())
    return frame[~held].reset_index(drop=True), frame.loc[held, "source"].value_counts().sort_index().to_dict()
