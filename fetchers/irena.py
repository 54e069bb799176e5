"""International Renewable Energy Agency (IRENA): power capacity from IRENASTAT, behind its copy at Our World in Data.

A PxWeb service without a key, https://pxweb.irena.org/api/v1/en/IRENASTAT/Power Capacity and Generation. GET of the
folder lists the tables, whose names carry the edition (`Country_ELECSTAT_2026_H2_PX.px`; the world is in a table of
regions): the newest is taken. GET of a table names its variables and their values; most values are positions (`0`, `1`,
…), countries ISO 3166-1 alpha-3, the world `GLO`; the European Union is not there. POST asks for at most forty areas
at a time, as json-stat2. Capacity is in MW for each technology; a total is the sum of the technologies the catalogue
names, of which the first must be published: an empty cell of another says there is none. The vintage is the day the
table was updated. The certificate ends at a root of 2025 that only the operating system's store has: it is checked like
any other.

Checked: nothing against a recorded answer; addresses, names and texts are those of clients that worked in 2026.
Licence: © IRENA, free to use and reproduce with acknowledgement.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from data import Observation, Release, Series, periods
from fetchers import _areas, _jsonstat
from fetchers._errors import Unexpected, located
from fetchers._http import Http
from fetchers._jsonstat import Cell
from fetchers._read import json_body, number

FOLDER = "https://pxweb.irena.org/api/v1/en/IRENASTAT/Power%20Capacity%20and%20Generation"
TABLE = re.compile(r"(Country|Region)_ELECSTAT_(\d{4})_H(\d)[^/]*\.px")
AREA = re.compile(r"(Country|Region)\b.*", re.IGNORECASE)
WORLD = "GLO"
AT_A_TIME = 40  # areas in one question; far larger answers are refused
DATA_TYPE, GRID = "Electrical Installed Capacity (MW)", "All"
UNIT, MULT = "kW", 3  # MW
DIMENSIONS = {"Technology", "Data Type", "Grid connection", "Year"}


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document for every forty areas: the technologies wanted, all years (from the year of `since` on).

    Unexpected where the folder has no such table, for the world once the countries have come.
    """
    codes = {area: code for code, area in _areas.by_code("irena").items()}
    wanted = dict.fromkeys(codes[one.ref_area] for one in series if one.ref_area in codes)
    technologies = list(dict.fromkeys(name for one in series for name in _technologies(one)))
    newest, listed = _newest(http)
    for kind, areas in (("Country", [c for c in wanted if c != WORLD]), ("Region", [c for c in wanted if c == WORLD])):
        if areas and kind not in newest:
            raise Unexpected(f"the folder has no table {kind}_ELECSTAT", address=f"{FOLDER}/", value=listed)
        if areas:
            yield from _asked(http, newest[kind], areas, technologies, since)


def _technologies(one: Series) -> list[str]:
    return list(one.locators["irena"]["technologies"])


class Table(NamedTuple):
    """A table of the folder, of the edition that its name carries."""

    edition: tuple[str, str]
    name: str
    updated: str


def _newest(http: Http) -> tuple[dict[str, Table], str]:
    """The newest table of countries and that of regions, as far as there are such; and the names of all tables."""
    answer = http.get(f"{FOLDER}/")
    with located(address=answer.url):
        listed = json_body(answer.body, "the list of tables")
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise Unexpected("the list of tables is not a list", address=answer.url, value=str(listed)[:160])
    newest: dict[str, Table] = {}
    for entry in listed:
        if match := TABLE.fullmatch(str(entry.get("id"))):
            table = Table((match[2], match[3]), match[0], str(entry.get("updated") or ""))
            newest[match[1]] = max(newest.get(match[1], table), table)
    return newest, ", ".join(str(entry.get("id")) for entry in listed)


def _asked(
    http: Http, table: Table, areas: Sequence[str], technologies: Sequence[str], since: str | None
) -> Iterator[Release]:
    address = f"{FOLDER}/{quote(table.name)}"
    described = http.get(address)
    with located(address=described.url):
        variables = _variables(described.body)
    first = str(periods.start(since).year) if since else ""
    texts = {"Technology": technologies, "Data Type": [DATA_TYPE], "Grid connection": [GRID]}
    texts["Year"] = [year for year in variables["Year"] if year >= first]
    query = [_item(name, [_value(variables, name, text, address) for text in asked]) for name, asked in texts.items()]
    place = next(name for name in variables if AREA.fullmatch(name))
    for start in range(0, len(areas), AT_A_TIME):
        some = areas[start : start + AT_A_TIME]
        answer = http.post(address, {"query": [_item(place, some), *query], "response": {"format": "json-stat2"}})
        name, title = f"{table.name.removesuffix('.px')}-{some[0]}", f"IRENASTAT: {table.name}"
        yield answer.release(source="irena", fetcher="irena", name=name, title=title, published=table.updated[:10])


def _item(code: str, values: Sequence[str]) -> dict[str, Any]:
    return {"code": code, "selection": {"filter": "item", "values": list(values)}}


def _variables(body: bytes) -> dict[str, dict[str, str]]:
    """The values of every variable of a table by their texts; Unexpected where one that is asked for is missing."""
    table = json_body(body, "the description of the table")
    listed = table.get("variables") if isinstance(table, dict) else None
    if not isinstance(listed, list):
        raise Unexpected("the table has no variables", value=str(table)[:160])
    variables = {one["code"]: dict(zip(one["valueTexts"], one["values"], strict=True)) for one in listed}
    if not variables.keys() >= DIMENSIONS or len([name for name in variables if AREA.fullmatch(name)]) != 1:
        raise Unexpected("the table has other variables", value=", ".join(variables))
    return variables


def _value(variables: Mapping[str, Mapping[str, str]], name: str, text: str, address: str) -> str:
    if text not in variables[name]:
        raise Unexpected(f"{name} has no {text!r}", address=address, value=", ".join(variables[name])[:200])
    return variables[name][text]


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """One row an area and year. Unexpected for unknown dimensions, a unit that is not MW, and statuses."""
    areas = _areas.by_code("irena")
    table: dict[tuple[str, str], dict[str, float]] = {}
    for cell in _jsonstat.cube(json_body(release.body, "the table"), "the table").cells:
        area, year, technology = _place(cell)
        figure = number(cell.value, f"{technology} of {area} {year}", missing=("", "..", "-"))
        if figure is not None and area in areas:
            table.setdefault((areas[area], year), {})[technology] = figure
    for one in series:
        for (area, year), parts in sorted(table.items()):
            technologies = _technologies(one)
            if area == one.ref_area and technologies[0] in parts:
                yield _observation(one, year, [parts[name] for name in technologies if name in parts], release)


def _place(cell: Cell) -> tuple[str, str, str]:
    """Area code, year and technology of a cell, once everything else about it is as asked."""
    area = [name for name in cell.codes if AREA.fullmatch(name)]
    if len(area) != 1 or cell.codes.keys() - set(area) != DIMENSIONS:
        raise Unexpected("the table has other dimensions", value=", ".join(cell.codes))
    year, technology = cell.texts["Year"], cell.texts["Technology"]
    for name, due in (("Data Type", DATA_TYPE), ("Grid connection", GRID)):
        if cell.texts[name] != due:
            raise Unexpected(f"{name} is not {due!r}", period=year, value=cell.texts[name])
    if not re.fullmatch(r"\d{4}", year):
        raise Unexpected("a year is not known", period=year, value=year)
    if cell.status and cell.value is not None:
        raise Unexpected(f"{technology} of {cell.codes[area[0]]} has an unknown status", period=year, value=cell.status)
    return cell.codes[area[0]], year, technology


def _observation(one: Series, year: str, parts: Sequence[float], release: Release) -> Observation:
    if one.unit_measure != UNIT:
        raise Unexpected(f"capacity is in MW, not in {one.unit_measure}", series=one.id, period=year)
    names = _technologies(one)
    several: dict[str, Any] = {"confidence": "derived", "note": f"sum of {' + '.join(names)}"} if len(names) > 1 else {}
    return Observation(
        series=one.id,
        time_period=year,
        value=float(f"{math.fsum(parts):.12g}"),
        unit_mult=MULT,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
        **several,
    )
