"""The tables: shipped snapshot and this installation's store, read as one, and appended to.

The snapshot is text (`data/observations/*.csv`, `data/releases.csv`), reviewed like code. The store holds one
Parquet file a release under `data/store/<source>/` (`NQPF_STORE` names another folder). Both are loaded into one
in-memory DuckDB table; this module alone knows the engine, the files and the SQL. A row or file that cannot be read
is left out and named by `problems()`; it is never trusted and never deleted.
"""

from __future__ import annotations

import atexit
import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import duckdb
import msgspec
import pandas as pd

from data import catalogue, codes, corrections, periods, snapshot, storage

SELECT_COLUMNS = (
    "series", "source", "indicator", "ref_area", "freq", "measure", "span", "sector", "title", "title_native",
    "time_period", "period_start", "period_end", "value", "unit_measure", "unit_mult", "obs_status", "confidence",
    "vintage", "revision_no", "vintages", "release", "document", "published", "date_precision", "url", "retrieved",
    "fetcher", "publisher", "publisher_native", "comparable", "note",
)  # fmt: skip

_LOCK = threading.RLock()
_LOADED: OrderedDict[tuple[object, ...], _Database] = OrderedDict()
KEPT = 2  # states of the tables in memory: one that is being read and the one that follows it


class SelectError(ValueError):
    """A question the tables cannot answer; the message names the field and the value."""


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


class _Database(msgspec.Struct):
    connection: duckdb.DuckDBPyConnection
    problems: list[Problem]
    version: str
    retrieved: str


def select(
    *,
    series: str | Iterable[str] | None = None,
    indicator: str | Iterable[str] | None = None,
    source: str | Iterable[str] | None = None,
    sector: str | Iterable[str] | None = None,
    ref_area: str | Iterable[str] | None = None,
    freq: str | Iterable[str] | None = None,
    measure: str | Iterable[str] | None = None,
    span: str | Iterable[str] | None = None,
    confidence: str | Iterable[str] | None = None,
    obs_status: str | Iterable[str] | None = None,
    start: str | int | None = None,
    end: str | int | None = None,
    as_of: str | dt.date | None = None,
    vintages: str = "latest",
) -> pd.DataFrame:
    """Observations, tidy: one row each, SELECT_COLUMNS, sorted by series, time period and vintage.

    Each filter takes one code or several; no filter means all. `start` and `end` are years or periods, both included.
    `as_of` is a day: only what was published by then counts. `vintages="latest"` gives one row a period, `"all"` the
    revision history. `confidence` and `obs_status` are marks of a figure: they choose among the rows that stand, and
    never bring an older vintage back. `value` is as published; times ten to the power `unit_mult` it is in
    `unit_measure`. `revision_no` counts from 1, `vintages` is how many there are. Raises SelectError for an unknown
    code or a malformed day or period.
    """
    if vintages not in ("latest", "all"):
        raise SelectError(f"vintages {vintages!r}: write latest or all")
    asked = {
        "series": series, "indicator": indicator, "source": source, "sector": sector, "ref_area": ref_area,
        "freq": freq, "measure": measure, "span": span,
    }  # fmt: skip
    where, values = _conditions(asked, start, end, as_of)
    marked, marks = _conditions({"confidence": confidence, "obs_status": obs_status}, None, None, None)
    if vintages == "latest":
        marked.append("revision_no = vintages")
    query = f"""
        SELECT {", ".join(SELECT_COLUMNS)} FROM (
            SELECT *, row_number() OVER (PARTITION BY series, time_period ORDER BY vintage)::INTEGER AS revision_no,
                count(*) OVER (PARTITION BY series, time_period)::INTEGER AS vintages
            FROM observation WHERE {" AND ".join(where)}) WHERE {" AND ".join(marked)}
        ORDER BY series, time_period, vintage"""
    found = _database().connection.cursor().execute(query, [*values, *marks]).df()
    return found if len(found) else found.astype(dict.fromkeys(found.select_dtypes("object"), "str"))


def _conditions(
    asked: dict[str, str | Iterable[str] | None],
    start: str | int | None,
    end: str | int | None,
    as_of: str | dt.date | None,
) -> tuple[list[str], list[object]]:
    where: list[str] = ["TRUE"]
    values: list[object] = []
    for field, wanted in asked.items():
        if wanted is not None:
            asked_for = [wanted] if isinstance(wanted, str) else list(wanted)
            _known(field, asked_for)
            where.append(f"{field} IN (SELECT unnest(?))")
            values.append(asked_for)
    if start is not None:
        where.append("period_end >= ?")
        values.append(periods.start(_period("start", start)))
    if end is not None:
        where.append("period_end <= ?")
        values.append(periods.end(_period("end", end)))
    if as_of is not None:
        where.append("vintage <= ?")
        values.append(_day(as_of))
    return where, values


def _known(field: str, wanted: list[str]) -> None:
    """Refuse a code the catalogue does not know, saying which."""
    loaded = catalogue.load()
    known: dict[str, Collection[str]] = {
        "series": loaded.series,
        "source": loaded.sources,
        "sector": loaded.sectors,
        "ref_area": loaded.areas,
        "indicator": loaded.indicators,
        "freq": codes.FREQ,
        "measure": codes.MEASURE,
        "span": codes.SPAN,
        "confidence": codes.CONFIDENCE,
        "obs_status": codes.OBS_STATUS,
    }
    for code in wanted:
        if code not in known[field]:
            raise SelectError(f"{field} {code!r} is not in the catalogue")


def _period(name: str, value: str | int) -> str:
    try:
        periods.split(str(value))
    except ValueError as error:
        raise SelectError(f"{name}: {error}") from error
    return str(value)


def _day(value: str | dt.date) -> str:
    try:
        return dt.datetime.fromisoformat(str(value)).date().isoformat()
    except ValueError as error:
        raise SelectError(f"as_of {value!r} is not a day: write 2024-03-05") from error


def releases() -> pd.DataFrame:
    """Every document the tables cite: id, source, fetcher, title, published, date_precision, retrieved, url."""
    return _database().connection.cursor().execute("SELECT * FROM release ORDER BY id").df()


def problems() -> list[Problem]:
    """What was left out on reading, and why."""
    return _database().problems


def data_version() -> str:
    """Names the exact content of the tables: the day of its newest retrieval and a hash, `2026-11-24.1a2b3c4d`."""
    return _database().version


def data_date() -> str:
    """The newest publication date in the tables (YYYY-MM-DD), of documents whose day of publication is known."""
    query = "SELECT coalesce(max(published), '') FROM release WHERE date_precision = 'day'"
    found = _database().connection.cursor().execute(query).fetchone()
    return str(found[0]) if found else ""


_HELD: ContextVar[_Database | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within it tables and catalogue are those of its beginning: a page asks hundreds of times and shows one state.

    An update that runs meanwhile, in its own thread, is seen by the next page.
    """
    with catalogue.held():
        token = _HELD.set(_database())
        try:
            yield
        finally:
            _HELD.reset(token)


def _database() -> _Database:
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


def _load(where: Path) -> _Database:
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
    return _Database(connection, found, f"{retrieved}.{digest.hexdigest()[:8]}", retrieved)


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
    for name, frame in (("rows", rows), ("series", series), ("period", period), ("documents", documents)):
        connection.register(f"{name}_frame", frame)
    connection.execute("CREATE TABLE release AS SELECT * FROM documents_frame")
    connection.execute("""
        CREATE TABLE observation AS
        SELECT r.* EXCLUDE (series, time_period), s.*, p.time_period, p.period_start::TIMESTAMP AS period_start,
            p.period_end::TIMESTAMP AS period_end, coalesce(d.title, '') AS document,
            coalesce(d.published, '') AS published, coalesce(d.date_precision, 'unknown') AS date_precision,
            coalesce(d.url, '') AS url, coalesce(d.retrieved, '') AS retrieved, coalesce(d.fetcher, '') AS fetcher
        FROM rows_frame r JOIN series_frame s USING (series)
        JOIN period_frame p ON p.time_period = r.time_period AND p.span = s.span
        LEFT JOIN release d ON d.id = r.release""")
    for name in ("rows", "series", "period", "documents"):
        connection.unregister(f"{name}_frame")
