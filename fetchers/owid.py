"""Our World in Data (OWID): charts whose figures other publishers made; first choice for robots and solar capacity.

Two GETs a chart, without a key: https://ourworldindata.org/grapher/{slug}.metadata.json says which column is which (by
`shortName`; titles change), its unit, whom it cites and when it was updated; {slug}.csv holds all entities and years as
`Entity,Code,Year,<columns>` (the first three in lower case since 2026). Codes are ISO 3166-1 alpha-3, `OWID_WRL` is the
world, `OWID_EU27` the European Union; other groups have none. A chart that may not be passed on answers 403 with a
JSON sentence, which is Rejected. A chart that was renamed leads on to its new name, where the metadata must still be
those expected; the record keeps the address of the catalogue. A chart of an outlook may end with that year's
projection: a year that had not ended when the column was updated is left out. The day of that update is the vintage.

Checked against a recorded answer: two CSV files of 2025 (solar capacity, R&D share), with titles as column names. Not
checked: the metadata (fields as documented and as published clients read them), the short names `ev_sales` and units
other than per cent, GW and dollars. Licence: CC BY 4.0 for OWID's own work; the terms of the publishers cited apply to
their figures, so a chart that cites somebody else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec

from data import Observation, Release, Series
from fetchers import _areas
from fetchers._errors import Inconsistent, Unexpected, located
from fetchers._http import Http
from fetchers._read import csv_records, json_body, leftover, number

GRAPHER = "https://ourworldindata.org/grapher"
QUERY = {"v": "1", "csvType": "full", "useColumnShortNames": "true"}
ADDRESS = re.compile(rf"{re.escape(GRAPHER)}/([\w-]+)\.csv(?:\?.*)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
YEAR = re.compile(r"\d{4}")
# Fields of a column's metadata beside those read, as documented at https://docs.owid.io/projects/etl/api/chart-api/.
KNOWN = (
    *("titleShort", "titleLong", "descriptionShort", "descriptionKey", "descriptionProcessing", "timespan", "type"),
    *(
        "descriptionFromProducer",
        "conversionFactor",
        "owidVariableId",
        "nextUpdate",
        "fullMetadata",
        "numDecimalPlaces",
    ),
    *("retrievedDate", "additionalInfo", "name"),
)


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a chart, all years; `since` asks for nothing less. Unexpected when its metadata are not as known."""
    charts: dict[str, list[Series]] = {}
    for one in series:
        if one.measure != "growth":  # a chart has levels or shares; growth has a locator only as a line beside
            charts.setdefault(one.locators["owid"]["slug"], []).append(one)
    for slug, lines in charts.items():
        with located(series=lines[0].id):
            described = http.get(f"{GRAPHER}/{slug}.metadata.json", QUERY)
            with located(address=described.url):
                title, updated = _described(described.body, lines)
            answer = http.get(f"{GRAPHER}/{slug}.csv", QUERY, accept="csv")
        release = answer.release(source=lines[0].source, fetcher="owid", name=slug, title=title, published=updated)
        yield msgspec.structs.replace(release, url=f"{GRAPHER}/{slug}.csv?{urlencode(QUERY)}")  # the name may lead on


def _described(body: bytes, lines: Sequence[Series]) -> tuple[str, str]:
    """Title and day of update from the metadata, once columns, units and citations are those of the catalogue."""
    metadata = json_body(body, "the metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("columns"), dict):
        raise Unexpected("the metadata have no columns", value=str(metadata)[:200])
    columns = {column.get("shortName"): column for column in metadata["columns"].values() if isinstance(column, dict)}
    updated = ""
    for one in lines:
        wanted = one.locators["owid"]["column"]
        if wanted not in columns:
            raise Unexpected(f"the chart has no column {wanted}", series=one.id, value=", ".join(map(str, columns)))
        updated = max(updated, _checked(columns[wanted], one))
    return f"Our World in Data: {metadata.get('chart', {}).get('title', lines[0].title)}", updated


def _checked(column: Mapping[str, Any], one: Series) -> str:
    """The day the column was updated; Unexpected for another unit, for other citations and for unknown fields."""
    fields, locator = dict(column), one.locators["owid"]
    del fields["shortName"]
    units = [fields.pop(name, None) or "" for name in ("unit", "shortUnit")]
    if not set(units) & set(locator["units"]):
        raise Unexpected(f"the unit is not {' or '.join(locator['units'])}", series=one.id, value=" / ".join(units))
    cited = " ".join(str(fields.pop(name, "")) for name in ("citationShort", "citationLong"))
    if not any(name in cited for name in locator["cites"]):
        raise Unexpected(f"the chart does not cite {' or '.join(locator['cites'])}", series=one.id, value=cited[:160])
    updated = str(fields.pop("lastUpdated", ""))
    if not DAY.fullmatch(updated):
        raise Unexpected("the column has no day of update", series=one.id, value=updated)
    leftover(fields, f"the metadata of {locator['column']}", known=KNOWN)
    return updated


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """One row an area and year that had ended when the chart was updated. Unexpected for unknown columns and years."""
    slug = ADDRESS.fullmatch(release.url)
    if not slug:
        raise Unexpected("the document is not the table of a chart", value=release.url)
    lines = [s for s in series if s.measure != "growth" and s.locators["owid"]["slug"].lower() == slug[1].lower()]
    if not lines:
        raise Unexpected("the chart has moved: no series has this slug", value=slug[1])
    columns = {one.locators["owid"]["column"] for one in lines}
    areas = _areas.by_code("owid")
    seen: dict[tuple[str, str, str], float] = {}
    for record in csv_records(release.body, "the table", required=columns):
        code, year = _place(record)
        cells = {column: record.pop(column) for column in columns}
        leftover(record, "the table", known=lines[0].locators["owid"].get("other_columns", ()))
        for one in lines:
            column = one.locators["owid"]["column"]
            figure = number(cells[column], f"{column} of {code or 'a group'} {year}")
            ended = not release.published or year < release.published[:4]
            if figure is None or not ended or areas.get(code) != one.ref_area:
                continue
            if seen.setdefault((column, code, year), figure) != figure:
                raise Inconsistent("the table has two figures", series=one.id, period=year, value=figure)
            yield _observation(one, year, figure, release)


def _place(record: dict[str, str]) -> tuple[str, str]:
    """Code and year of a row, whose names are written with or without a capital."""
    cells = {name.lower(): record.pop(name) for name in list(record) if name.lower() in ("entity", "code", "year")}
    if cells.keys() != {"entity", "code", "year"}:
        raise Unexpected("the table has no columns Entity, Code and Year", value=", ".join([*cells, *record]))
    if not YEAR.fullmatch(cells["year"]):
        raise Unexpected("the table has a row without a year", period=cells["year"], value=cells["entity"])
    return cells["code"], cells["year"]


def _observation(one: Series, year: str, figure: float, release: Release) -> Observation:
    return Observation(
        series=one.id,
        time_period=year,
        value=figure,
        unit_mult=one.unit_mult,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
        confidence=one.locators["owid"].get("confidence", "secondary"),
    )
