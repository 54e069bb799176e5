"""File names that say what is in the file."""

from __future__ import annotations

import re

import pandas as pd

from data import tables

LONGEST = 60


def file_name(table: pd.DataFrame, extension: str, as_of: str = "") -> str:
    """The name of a file with these exported rows: series, range, basis, data version.

    `nqpf_nbs-nev_output-CHN-M-level-ytd_2015-02..2026-10_published-level_data-2026-11-24.1a2b3c4d.csv`
    """
    parts = ["nqpf", _series(table), span(table, ".."), _basis(table)]
    parts += _state(next(iter(table["data_version"]), ""), as_of)
    return f"{'_'.join(_plain(part) for part in parts if part)}.{extension}"


def events_name(start: int, end: int, as_of: str = "") -> str:
    """The name of a file with the events of these years."""
    return "_".join(["nqpf", "events", f"{start}..{end}", *_state(tables.data_version(), as_of)]) + ".csv"


def _state(version: str, as_of: str) -> list[str]:
    return [*([f"as-known-{as_of}"] if as_of else []), *([f"data-{version}"] if version else [])]


def _series(table: pd.DataFrame) -> str:
    every = table["series"].drop_duplicates().tolist()
    if not every:
        return "no-rows"
    joined = "+".join(every)
    if len(joined) <= LONGEST:
        return joined
    indicators = list(dict.fromkeys(one.partition(".")[0] for one in every))
    joined = "+".join(indicators)
    return joined if len(joined) <= LONGEST else f"{len(every)}-series"


def span(table: pd.DataFrame, between: str) -> str:
    """First and last period of exported rows, or the only one; empty without rows."""
    if table.empty:
        return ""
    period = table["period"]
    first = period.iloc[table["period_start"].to_numpy().argmin()]
    last = period.iloc[table["period_end"].to_numpy().argmax()]
    return str(first) if first == last else f"{first}{between}{last}"


def _basis(table: pd.DataFrame) -> str:
    return "+".join(one.replace("_", "-") for one in sorted(set(table["basis"])))


def _plain(text: str) -> str:
    """Only what every file system and header takes."""
    return re.sub(r"\.{3,}", "..", re.sub(r"[^A-Za-z0-9._+-]+", "-", text)).strip("-.")
