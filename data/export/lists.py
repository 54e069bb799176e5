"""The other tables that leave the product: events, series, sources, releases, and what every column means."""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from data import catalogue, events, tables

EVENT_FILE = {
    "event_id": "id", "title": "title", "title_zh": "title_native", "kind": "kind", "issuer": "body",
    "announced": "date", "in_force": "in_force", "end": "end_date", "precision": "precision", "sectors": "sectors",
    "summary": "summary", "url": "url", "confidence": "confidence",
}  # fmt: skip
SERIES_FILE = {
    "series": "id", "source": "source", "indicator": "indicator", "ref_area": "ref_area", "freq": "freq",
    "measure": "measure", "span": "span", "sector": "sector", "title": "title", "title_zh": "title_native",
    "unit_measure": "unit_measure", "unit_mult": "unit_mult", "comparable": "comparable", "counts": "counts",
    "counts_zh": "counts_native", "excludes": "excludes", "excludes_zh": "excludes_native",
    "definition": "definition", "definition_zh": "definition_native", "missing": "missing",
}  # fmt: skip
SOURCE_FILE = {
    "source": "id", "publisher": "publisher", "publisher_zh": "publisher_native", "title": "title",
    "title_zh": "title_native", "url": "url", "licence": "licence", "licence_zh": "licence_native",
    "licence_url": "licence_url", "attribution": "attribution", "redistributable": "redistributable",
    "cadence": "cadence",
}  # fmt: skip
RELEASE_FILE = ("release", "source", "document", "published", "date_precision", "retrieved", "url")
LISTS = {
    "series": (*SERIES_FILE, "breaks", "breaks_zh", "first_period", "last_period", "periods"),
    "events": tuple(EVENT_FILE),
    "releases": RELEASE_FILE,
    "sources": tuple(SOURCE_FILE),
}


def event_list(frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Events as exported: those of `events.load()`, or the rows of it that are given."""
    table = events.load() if frame is None else frame
    return pd.DataFrame({name: table[field] for name, field in EVENT_FILE.items()}).reset_index(drop=True)


def series_list() -> pd.DataFrame:
    """Every series of the catalogue with what it counts, its breaks, and the periods that have figures."""
    every = catalogue.load().series.values()
    table = pd.DataFrame([{name: getattr(one, field) for name, field in SERIES_FILE.items()} for one in every])
    table["breaks"] = ["; ".join(f"{at.period}: {at.reason}" for at in one.breaks) for one in every]
    table["breaks_zh"] = ["；".join(f"{at.period}：{at.reason_native}" for at in one.breaks) for one in every]
    held = tables.select().groupby("series")["time_period"].agg(["min", "max", "count"]).reindex(table["series"])
    table["first_period"], table["last_period"] = held["min"].fillna("").to_numpy(), held["max"].fillna("").to_numpy()
    table["periods"] = held["count"].fillna(0).astype("int64").to_numpy()
    return table


def source_list() -> pd.DataFrame:
    """Every source with the terms its figures come under."""
    every = catalogue.load().sources.values()
    return pd.DataFrame([{name: getattr(one, field) for name, field in SOURCE_FILE.items()} for one in every])


def release_list() -> pd.DataFrame:
    """Every document the figures cite."""
    table = tables.releases().rename(columns={"id": "release", "title": "document"})
    return table.loc[:, list(RELEASE_FILE)].fillna("")


@lru_cache(maxsize=1)
def dictionary() -> dict[str, dict[str, Any]]:
    """What every column means, by file and column, in English and Chinese: `["observations"]["series"]["en"]`."""
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))


def dictionary_list(lang: str = "en") -> pd.DataFrame:
    """The column dictionary as a table: file, column, and the meaning in both languages, the reader's first."""
    first, second = ("zh", "en") if lang == "zh" else ("en", "zh")
    return pd.DataFrame([
        {"file": file, "column": column, f"meaning_{first}": meaning[first], f"meaning_{second}": meaning[second]}
        for file, columns in dictionary().items()
        for column, meaning in columns.items()
    ])  # fmt: skip


def content_version() -> str:
    """Changes with anything an export may show: figures, catalogue, events. The same on every machine."""
    files = [*sorted(catalogue.folder().glob("*.toml")), events.FILE]
    words = _hash(tuple((file, file.stat().st_mtime_ns) for file in files))
    return f"{tables.data_version()}.{words}"


@lru_cache(maxsize=4)
def _hash(files: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.sha256()
    for file, _ in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
