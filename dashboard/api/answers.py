"""From a checked question to the rows, and from the rows to a response that streams."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import pandas as pd

from dashboard.api.query import KEY, LONGEST, BadQuery, Query, allowed, select_arguments
from data import derive, events, export, periods, tables

CHUNK = 2000
PIECE = 1 << 16
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


class Answer(NamedTuple):
    """The rows, the name of the file, and how many rows of which source were withheld."""

    table: pd.DataFrame
    file: str
    withheld: dict[str, int]


def answer(query: Query) -> Answer:
    """The rows of the table asked for."""
    if query.table == "observations":
        return _observations(query)
    table = {"series": _series, "events": _events, "releases": _releases, "sources": _sources}[query.table](query)
    return Answer(table, f"nqpf_{query.table}_data-{tables.data_version()}.{query.form}", {})


def etag(query: Query) -> str:
    """Weak, since the server may compress the answer: same data and same question, same tag."""
    return f'W/"{hashlib.sha256(f"{export.content_version()} {query.canonical}".encode()).hexdigest()[:24]}"'


def _observations(query: Query) -> Answer:
    frame = _figures(query, query.one("vintages") or "latest")
    withheld: dict[str, int] = {}
    if not query.names_who:
        frame, withheld = export.withhold(frame)
    table = export.rows(frame)
    return Answer(table, export.file_name(table, query.form, query.one("as_of")), withheld)


def _figures(query: Query, vintages: str = "latest") -> pd.DataFrame:
    """The published figures and, where the question names computed series, those."""
    asked = select_arguments(query)
    every = asked.pop("series", None)
    names = [one for one in every or () if "~" not in one]
    computed = [one for one in dict.fromkeys(every or ()) if "~" in one]
    if not computed:
        return tables.select(series=every, vintages=vintages, **asked)
    frames = [derive.published(tables.select(series=names, vintages=vintages, **asked))] if names else []
    return pd.concat([*frames, *(_computed(one, asked) for one in computed)], ignore_index=True)


def _computed(series: str, asked: dict[str, Any]) -> pd.DataFrame:
    """A computed series, cut to the question afterwards: its first year needs the year before."""
    try:
        frame = derive.again(series, asked["as_of"]).loc[:, list(derive.DERIVED_COLUMNS)]
    except derive.DeriveError as error:
        raise BadQuery("series", series, str(error)[:LONGEST], allowed("series")) from error
    kept = pd.Series(True, index=frame.index)
    if asked["start"]:
        kept &= frame["period_end"] >= pd.Timestamp(periods.start(asked["start"]))
    if asked["end"]:
        kept &= frame["period_end"] <= pd.Timestamp(periods.end(asked["end"]))
    for field in asked.keys() - {"start", "end", "as_of"}:
        kept &= frame[field].isin(asked[field])
    return frame[kept]


def _lines(query: Query) -> pd.DataFrame:
    """The series of the catalogue whose key is asked for."""
    table = export.series_list()
    for field in KEY:
        if field in query.asked:
            wanted = [one.partition("~")[0] for one in query.asked[field]]
            table = table[table[field].isin(wanted)]
    return table.reset_index(drop=True)


def _series(query: Query) -> pd.DataFrame:
    return _lines(query)


def _sources(query: Query) -> pd.DataFrame:
    table = export.source_list()
    asked = table["source"].isin(_lines(query)["source"]) if query.asked.keys() & set(KEY) else table["source"] != ""
    if set(query.asked) & set(KEY) == {"source"}:
        asked = table["source"].isin(query.asked["source"])
    return table[asked].reset_index(drop=True)


def _releases(query: Query) -> pd.DataFrame:
    """All documents, or those that the figures asked for are printed in, vintages included."""
    table = export.release_list()
    if query.asked.keys() - {"bom"}:
        table = table[table["release"].isin(_figures(query, "all")["release"])]
    return table.reset_index(drop=True)


def _events(query: Query) -> pd.DataFrame:
    table = events.load()
    if "sector" in query.asked:
        table = events.for_sectors(table, query.asked["sector"])
    if "confidence" in query.asked:
        table = table[table["confidence"].isin(query.asked["confidence"])]
    if query.one("from"):
        table = table[table["day"] >= pd.Timestamp(periods.start(query.one("from")))]
    if query.one("to"):
        table = table[table["day"] <= pd.Timestamp(periods.end(query.one("to")))]
    if query.one("as_of"):
        table = table[table["date"].map(events.by) <= query.one("as_of")]
    return export.event_list(table)


def stream(table: pd.DataFrame, query: Query) -> Iterator[bytes]:
    """The body, piece by piece."""
    if query.form == "csv":
        for text in export.csv_chunks(table, query.one("bom") == "1"):
            yield text.encode("utf-8")
    elif query.form == "json":
        yield from _json(table)
    else:
        yield from _parquet(table)


def _json(table: pd.DataFrame) -> Iterator[bytes]:
    """An array of records; days as text, a missing number as null."""
    days = {name: table[name].dt.strftime("%Y-%m-%d") for name in table if table[name].dtype.kind == "M"}
    plain = table.assign(**days)
    yield b"["
    for start in range(0, len(plain), CHUNK):
        body = msgspec.json.encode(plain.iloc[start : start + CHUNK].to_dict("records"))
        yield (b",\n" if start else b"\n") + body[1:-1]
    yield b"\n]\n"


def _parquet(table: pd.DataFrame) -> Iterator[bytes]:
    """A Parquet file ends with its index, so it is written whole and handed out in pieces."""
    out = io.BytesIO()
    table.to_parquet(out, index=False)
    content = out.getbuffer()
    for start in range(0, len(content), PIECE):
        yield bytes(content[start : start + PIECE])
