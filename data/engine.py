"""The engine: shipped snapshot and this installation's store, loaded into one in-memory DuckDB table.

The snapshot is text (`data/observations/*.csv`, `data/releases.csv`), reviewed like code. The store holds one Parquet
file a release under `data/store/<source>/` (`NQPF_STORE` names another folder). Both are loaded anew when one of their
files has changed, and joined with series and releases. A row or file that cannot be read is left out and named; it is
never trusted and never deleted.
"""

from __future__ import annotations

import atexit
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import duckdb
import msgspec
import pandas as pd
import pyarrow as pa

from data import catalogue, corrections, periods, snapshot, storage

_LOCK = threading.RLock()
_LOADED: OrderedDict[tuple[object, ...], Database] = OrderedDict()
KEPT = 2  # states of the tables in memory: one that is being read and the one that follows it


class Problem(msgspec.Struct, frozen=True):
    """One row or file that was left out: where it stands and what is wrong with it."""

    file: str
    line: int
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}, {self.field} {self.value!r}: {self.reason}" if self.field else f"{place}: {self.reason}"


class Database(msgspec.Struct):
    """One state of the tables: `observation` and `release` in the engine, what was left out, and what names it.

    `version` is the day of the newest retrieval and a hash of the content.
    """

    connection: duckdb.DuckDBPyConnection
    problems: list[Problem]
    version: str


_HELD: ContextVar[Database | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within it tables and catalogue are those of its beginning: a page asks hundreds of times and shows one state.

    An update that runs meanwhile, in its own thread, is seen by the next page.
    """
    with catalogue.held():
        token = _HELD.set(database())
        try:
            yield
        finally:
            _HELD.reset(token)


def database() -> Database:
    """The loaded tables; loaded anew when a file of snapshot, store or catalogue has changed."""
    known = _HELD.get()
    if known is not None:
        return known
    where = storage.folder()
    stamp = (*snapshot.stamp(), *storage.stamp(where), catalogue.load().stamp)
    with _LOCK:
        if stamp not in _LOADED:
            _LOADED[stamp] = _load(where)
        _LOADED.move_to_end(stamp)
        while len(_LOADED) > KEPT:
            _LOADED.popitem(last=False)
        return _LOADED[stamp]


@atexit.register
def _close() -> None:
    """An open connection at the interpreter's end makes DuckDB's binding complain on the error stream."""
    for loaded in _LOADED.values():
        loaded.connection.close()
    _LOADED.clear()


def _load(where: Path) -> Database:
    shipped, shipped_releases, left_out = _shipped(snapshot.stamp(), catalogue.load().stamp)
    stored, stored_releases, broken = storage.read(where)
    rows = _without_repeats(shipped, stored) if len(stored) else shipped
    documents = pd.concat([shipped_releases, stored_releases], ignore_index=True).drop_duplicates("id", keep="last")
    as_read = corrections.apply(rows)
    digest = hashlib.sha256(pd.util.hash_pandas_object(as_read, index=False).to_numpy().tobytes())
    retrieved = str(documents["retrieved"].max()) if len(documents) else ""
    connection = duckdb.connect(":memory:", config={"threads": 2, "autoinstall_known_extensions": False})
    _fill(connection, as_read, documents)
    found = [Problem(*problem) for problem in (*left_out, *broken, *corrections.unmet(rows))]
    return Database(connection, found, f"{retrieved}.{digest.hexdigest()[:8]}")


def _without_repeats(shipped: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """Both as one; what this installation fetched and a later snapshot has shipped since is there once."""
    key = ["series", "time_period", "vintage"]
    rows = pd.concat([frame for frame in (shipped, stored) if len(frame)], ignore_index=True)
    rows = rows.assign(fetched=rows.index >= len(shipped)).sort_values(key, kind="stable")
    base = (rows["value"] * 10.0 ** rows["unit_mult"]).round(6)
    said = rows[["series", "time_period", "obs_status"]].assign(base=base)
    repeats = (said == said.shift(1)).all(axis=1) & rows["fetched"]
    return rows[~repeats].drop(columns="fetched").reset_index(drop=True)


@lru_cache(maxsize=2)
def _shipped(
    _stamp: tuple[object, ...], _catalogue: tuple[object, ...]
) -> tuple[pd.DataFrame, pd.DataFrame, list[snapshot.Left]]:
    """The snapshot, read once: a release that comes into the store does not change it."""
    return snapshot.read()


# What is said of a document that is not there, or where it does not say.
UNKNOWN = {"published": "", "date_precision": "unknown", "url": "", "retrieved": "", "fetcher": ""}
SERIES_COLUMNS = (
    "series", "source", "indicator", "ref_area", "freq", "measure", "span", "sector", "title", "title_native",
    "unit_measure", "comparable", "publisher", "publisher_native",
)  # fmt: skip


def _fill(connection: duckdb.DuckDBPyConnection, rows: pd.DataFrame, documents: pd.DataFrame) -> None:
    """Join every observation with its series, its source and its release, once."""
    loaded = catalogue.load()
    series = pd.DataFrame(
        [
            (
                one.id,
                *(getattr(one, field) for field in SERIES_COLUMNS[1:-2]),
                source.publisher,
                source.publisher_native,
            )
            for one in loaded.series.values()
            if (source := loaded.sources[one.source])
        ],
        columns=list(SERIES_COLUMNS),
    )
    spans = [
        (p, s, periods.start(p, s), periods.end(p)) for p in rows["time_period"].unique() for s in ("period", "ytd")
    ]
    period = pd.DataFrame(spans, columns=["time_period", "span", "period_start", "period_end"])
    days = ["period_start", "period_end"]
    period[days] = period[days].astype("datetime64[us]")
    stated = documents[["id", "title", *UNKNOWN]].rename(columns={"id": "release", "title": "document"})
    joined = rows.merge(series, on="series").merge(period, on=["time_period", "span"])
    joined = joined.merge(stated, on="release", how="left").fillna({"document": "", **UNKNOWN})
    for name, frame in (("release", documents), ("observation", joined)):
        connection.register("frame", pa.Table.from_pandas(frame, preserve_index=False))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
        connection.unregister("frame")
