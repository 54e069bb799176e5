"""Eurostat: R&D of the European Union and its members (rd_e_gerdtot), and any other data set the catalogue names.

https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/{dataset}?format=JSON, without a key, one question a
data set. A locator names the data set and one category of each of its dimensions but area, time and frequency.

The answer is JSON-stat 2.0: `value` and `status` hold only the cells there are, under the cell's place counted through
all dimensions, the last one fastest. A code that does not exist is no error, its category is only absent. Errors are
`{"error": [...]}` with 400, 404 or 413, or a SOAP fault or an XML note that the answer is being prepared, even with
status 200. Flags are letters, several to a cell (`bp`); they become SDMX letters, the further ones a note.

Checked: none of it against a recorded answer of this data set; the shape is that of stored answers of 2026 for other
data sets, the error bodies are documented. Licence: reuse with the source named (CC BY 4.0).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, periods
from fetchers import _areas, _jsonstat
from fetchers._errors import Rejected, Unavailable, Unexpected, located
from fetchers._http import Http
from fetchers._jsonstat import Cell
from fetchers._read import json_body, number
from fetchers._verdict import FAULT

API = "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data"
FIRST = "1990"
REFUSED = {400, 404, 413}
NO_RESULTS = "100"
MULTS = {"THS_": 3, "MIO_": 6}  # how the service's units begin, and the power of ten it stands for
# Flags in the order in which they say most about a figure; s is an estimate of Eurostat, r a revised figure.
STATUS = {"p": "P", "e": "E", "s": "E", "f": "F", "u": "U", "d": "D", "b": "B", "r": "A"}
COUNTRY = re.compile(r"[A-Z]{2}|CN_X_HK")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a data set, of the years from `since` on; none when there is nothing newer. Then Rejected for a
    series of which the data set does not have a category.
    """
    areas = {area: theirs for theirs, area in _areas.by_code("eurostat").items()}
    datasets: dict[str, list[Series]] = {}
    for one in series:
        datasets.setdefault(_dataset(one), []).append(one)
    for dataset, wanted in datasets.items():
        asked: dict[str, Any] = {"format": "JSON", "lang": "EN"}
        for one in wanted:
            for dimension, category in _place(one, areas).items():
                asked.setdefault(dimension, {})[category] = None
        asked = {name: list(values) if isinstance(values, dict) else values for name, values in asked.items()}
        asked["sinceTimePeriod"] = str(periods.year(since)) if since else FIRST
        with located(source="eurostat", series=wanted[0].id):
            answer = http.get(f"{API}/{dataset}", asked, allow=REFUSED)
        with located(source="eurostat", series=wanted[0].id, address=answer.url):
            body = _body(answer.body, "nothing" if since else "")
            if body is None:
                continue
            published = body["updated"][:10]
        name = f"{wanted[0].title} ({dataset})"
        yield answer.release(source="eurostat", fetcher="eurostat", name=dataset, title=name, published=published)
        for one in wanted:
            with located(series=one.id, address=answer.url):
                _insist_on_place(_place(one, areas), body)


def _place(one: Series, areas: Mapping[str, str]) -> dict[str, str]:
    """The category of each dimension in which a series stands."""
    fixed = {name: value for name, value in one.locators["eurostat"].items() if name != "dataset"}
    return {"freq": one.freq, **fixed, "geo": areas[one.ref_area]}


def _insist_on_place(place: Mapping[str, str], body: Mapping[str, Any]) -> None:
    for name, category in place.items():
        if category not in body["dimension"].get(name, {}).get("category", {}).get("index", {}):
            raise Rejected(f"the data set has no {name} {category}")


def _body(content: bytes, nothing_is: str = "") -> dict[str, Any] | None:
    """The data set; Rejected or Unavailable when the service says so, None for no results if that is `nothing`."""
    if fault := FAULT.search(content[:2000]):
        if nothing_is and b"NO_RESULTS" in fault[1]:
            return None
        raise Rejected(f"the service says no: {fault[1].decode('utf-8', 'replace').strip()[:160]}")
    body = json_body(content)
    if not isinstance(body, dict):
        raise Unexpected("the answer is no data set", value=str(body)[:200])
    for trouble in ("error", "warning"):
        if trouble in body:
            first = body[trouble][0] if isinstance(body[trouble], list) else body[trouble]
            words = f"{first.get('id', '')} {first.get('label', '')}".strip()
            if "ASYNCHRONOUS" in words:
                raise Unavailable("the service prepares the answer for later", value=words)
            if nothing_is and str(first.get("id")) == NO_RESULTS:
                return None
            raise Rejected(f"the service says no: {words}")
    if (body.get("class"), body.get("version"), body.get("source")) != ("dataset", "2.0", "ESTAT"):
        raise Unexpected("the answer is no JSON-stat 2.0 data set of Eurostat", value=str(body)[:200])
    if not DAY.match(str(body.get("updated"))):
        raise Unexpected("the day of the data set is no date", value=body.get("updated"))
    return body


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The figures of the wanted series; Unexpected when a category, a unit or a flag is not the known one."""
    cube = _jsonstat.cube(_body(release.body), "the data set")
    areas = {area: theirs for theirs, area in _areas.by_code("eurostat").items()}
    places = {one.id: _place(one, areas) for one in series if _dataset(one).casefold() == _name(release)}
    _insist_on_categories(cube.codes, list(places.values()))
    for one in series:
        place = places.get(one.id)
        for cell in cube.cells if place else ():
            if place and place.items() <= cell.codes.items():
                yield from _observation(one, cell, release)


def _dataset(one: Series) -> str:
    return str(one.locators["eurostat"]["dataset"])


def _name(release: Release) -> str:
    """The data set a document is of, from its address."""
    return release.url.split("?")[0].rpartition("/")[2].casefold()


def _insist_on_categories(codes: Mapping[str, Collection[str]], places: Sequence[Mapping[str, str]]) -> None:
    """Unexpected for a dimension the catalogue does not name, and where a category is missing beside an unknown one
    that is no country: it was renamed.
    """
    for name, categories in codes.items():
        asked = {place.get(name, "") for place in places}
        if name != "time" and "" in asked and len(categories) != 1:
            raise Unexpected(f"the catalogue names no {name}", value=", ".join(categories)[:200])
        missing, unknown = asked - {""} - set(categories), {c for c in categories if not COUNTRY.fullmatch(c)} - asked
        if missing and unknown and "" not in asked:
            raise Unexpected(f"the data set has no {name} {min(missing)}", value=", ".join(sorted(unknown))[:200])


def _observation(one: Series, cell: Cell, release: Release) -> Iterator[Observation]:
    period, flags = cell.codes["time"], cell.status
    figure = number(cell.value, f"{one.id} {period}")
    if figure is None:
        return
    if unknown := set(flags) - STATUS.keys():
        raise Unexpected("a flag is unknown", period=period, value="".join(sorted(unknown)))
    letters = [letter for flag, letter in STATUS.items() if flag in flags] or ["A"]
    yield Observation(
        series=one.id,
        time_period=period,
        value=figure,
        unit_mult=MULTS.get(one.locators["eurostat"].get("unit", "")[:4], 0),
        obs_status=letters[0],  # type: ignore[arg-type]
        vintage=release.published,
        release=release.id,
        note=f"also flagged {', '.join(letters[1:])}" if letters[1:] else "",
    )
