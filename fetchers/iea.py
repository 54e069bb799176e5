"""International Energy Agency (IEA): the Global EV Data Explorer, first choice for electric cars, charging, batteries.

One GET a parameter, without a key: https://api.iea.org/evs?parameters=EV%20sales&category=Historical&mode=Cars&csv=true.
The answer is a CSV of all regions and years, `region,category,parameter,mode,powertrain,year,unit,value`; since the
edition of 2025 a file may have `region_country` for `region` and an `Aggregate group` beside. Projections stand in the
same table and repeat past years: only rows of the category Historical are read. Figures are rounded by the IEA to about
two digits and kept in single precision (0.0065 comes as 0.006500000134110451). Sales and stock come per powertrain: a
total is the sum of those the catalogue names, made only where all are published; fuel-cell cars are left out, as in the
IEA's own totals. Battery demand is summed over the vehicle classes. No date is given: a figure's vintage is the day it
came. Units have been misspelt (`Milion barrels per day`).

Checked against a recorded answer: columns, names and units of the edition of 2024 (`region`), all 12,654 rows. The
layout with `region_country` was seen in a copy of the edition of 2025. Not checked: the service's headers, and what
it sends without a `mode`. Licence of the explorer: CC BY 4.0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series
from fetchers import _areas
from fetchers._errors import Inconsistent, Unexpected
from fetchers._http import Http
from fetchers._read import csv_records, leftover, number

API = "https://api.iea.org/evs"
COLUMNS = ("category", "parameter", "mode", "powertrain", "year", "unit", "value")
# Spellings seen, in lower case -> unit and power of ten.
UNITS = {
    "vehicles": ("vehicles", 0),
    "percent": ("percent", 0),
    "%": ("percent", 0),
    "charging points": ("charging_points", 0),
    "gwh": ("Wh", 9),
    "million barrels per day": ("barrels_per_day", 6),
    "milion barrels per day": ("barrels_per_day", 6),
}
POWERTRAINS = {"BEV", "PHEV", "FCEV", "EV", "Publicly available fast", "Publicly available slow"}
MODES = {"Cars", "Vans", "Trucks", "Buses", "2 and 3 wheelers", "EV"}
# Regions of the editions of 2024 and 2025 that the catalogue has no area for. An unknown name beside a missing area
# means that the area was renamed.
OTHERS = {
    "Africa", "Asia Pacific", "Australia", "Austria", "Belgium", "Brazil", "Bulgaria", "Canada",
    "Central and South America", "Chile", "Colombia", "Costa Rica", "Croatia", "Cyprus", "Czech Republic",
    "Denmark", "Estonia", "Europe", "Finland", "France", "Greece", "Hungary", "Iceland", "Indonesia", "Ireland",
    "Israel", "Italy", "Latvia", "Lithuania", "Luxembourg", "Malaysia", "Mexico", "Middle East and Caspian",
    "Netherlands", "New Zealand", "North America", "Norway", "Poland", "Portugal", "Rest of the world", "Romania",
    "Russia", "Seychelles", "Slovakia", "Slovenia", "South Africa", "Spain", "Sweden", "Switzerland", "Thailand",
    "Turkiye", "United Arab Emirates", "Viet Nam",
}  # fmt: skip
Part = tuple[str, str]  # vehicle class, powertrain
Key = tuple[str, str, str]  # parameter, region, year


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a parameter and set of vehicle classes, all regions and years; `since` asks for nothing less."""
    for parameter, modes in dict.fromkeys((_parameter(one), tuple(_modes(one))) for one in series):
        query = {"parameters": parameter, "category": "Historical", "csv": "true"}
        if len(modes) == 1:
            query["mode"] = modes[0]
        answer = http.get(API, query, accept="csv")
        title = f"Global EV Data Explorer: {parameter}, {', '.join(modes)}"
        yield answer.release(source="iea", fetcher="iea", name=f"{parameter}-{modes[0]}", title=title)


def _parameter(one: Series) -> str:
    return str(one.locators["iea"]["parameter"])


def _modes(one: Series) -> list[str]:
    return list(one.locators["iea"]["modes"])


def _powertrains(one: Series) -> list[str]:
    return list(one.locators["iea"]["powertrains"])


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """One row a region and year. Unexpected for an unknown column, category, class, powertrain or unit, for a renamed
    region and for a table without the figures asked for; Inconsistent for two figures of one key.
    """
    records = csv_records(release.body, "the table", required=COLUMNS)
    table = _table(records, {_parameter(one) for one in series})
    _insist_on_areas({region for _, region, _ in table}, series)
    areas = _areas.by_code("iea")
    brought = 0
    for one in series:
        for (parameter, region, year), parts in sorted(table.items()):
            if parameter == _parameter(one) and areas.get(region) == one.ref_area:
                row = _observation(one, year, parts, release)
                brought += row is not None
                yield from filter(None, [row])
    if not brought:
        raise Unexpected("the table has no figure of those asked for", value=f"{len(records)} rows")


def _table(records: Sequence[dict[str, str]], parameters: set[str]) -> dict[Key, dict[Part, tuple[float, str]]]:
    """Historical figures and their units, by parameter, region and year, then by vehicle class and powertrain."""
    table: dict[Key, dict[Part, tuple[float, str]]] = {}
    for record in records:
        cells = {name: record.pop(name) for name in COLUMNS}
        region = record.pop("region_country", None) or record.pop("region", None)
        record.pop("Aggregate group", None)  # which regions are sums of others
        leftover(record, "the table")
        if region is None:
            raise Unexpected("the table has neither region nor region_country", value=", ".join(cells))
        key, part = (cells["parameter"], region, cells["year"]), (cells["mode"], cells["powertrain"])
        figure = number(cells["value"], f"{cells['parameter']} of {region} {cells['year']}")
        if cells["parameter"] not in parameters or not _historical(cells) or figure is None:
            continue
        found = table.setdefault(key, {}).setdefault(part, (_rounded(figure), cells["unit"]))
        if found != (_rounded(figure), cells["unit"]):
            what = f"the table has two figures of {region}, {' '.join(part)}"
            raise Inconsistent(what, period=cells["year"], value=f"{found[0]:g} and {figure:g}")
    return table


def _historical(cells: Mapping[str, str]) -> bool:
    """Whether a row is of the past; Unexpected for a category, vehicle class or powertrain nobody has seen yet."""
    category = cells["category"]
    known = {"mode": cells["mode"] in MODES, "powertrain": cells["powertrain"] in POWERTRAINS}
    known["category"] = category == "Historical" or category.startswith("Projection")
    known["year"] = cells["year"].isdigit() and len(cells["year"]) == 4
    for name, sound in known.items():
        if not sound:
            raise Unexpected(f"the table has an unknown {name}", period=cells["year"], value=cells[name])
    return category == "Historical"


def _rounded(figure: float) -> float:
    """Without the dust of single precision: seven digits, as many as it holds."""
    return figure if figure.is_integer() else float(f"{figure:.7g}")


def _insist_on_areas(regions: set[str], series: Sequence[Series]) -> None:
    """Unexpected when a wanted area is missing while the table has a region of an unknown name."""
    areas = _areas.by_code("iea")
    unknown = sorted(regions - areas.keys() - OTHERS)
    here = {areas[region] for region in regions & areas.keys()}
    missing = next((one for one in series if one.ref_area not in here), None)
    if regions and unknown and missing:
        raise Unexpected(f"no figure of {missing.ref_area}: a region was renamed", value=", ".join(unknown))


def _observation(
    one: Series, year: str, parts: Mapping[Part, tuple[float, str]], release: Release
) -> Observation | None:
    """The figure of a year, or nothing where a powertrain or the first vehicle class is not published."""
    modes, powertrains = _modes(one), _powertrains(one)
    summed = {part: parts[part] for mode in modes for train in powertrains if (part := (mode, train)) in parts}
    if not all((modes[0], train) in summed for train in powertrains):
        return None
    for _, unit in summed.values():
        _insist_on_unit(one, year, unit)
    several = len(modes) * len(powertrains) > 1
    extra: dict[str, Any] = {"confidence": "derived", "note": _note(modes, powertrains)} if several else {}
    return Observation(
        series=one.id,
        time_period=year,
        value=_rounded(math.fsum(figure for figure, _ in summed.values())),
        unit_mult=one.unit_mult,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
        **extra,
    )


def _note(modes: Sequence[str], powertrains: Sequence[str]) -> str:
    return f"sum of {' + '.join(powertrains if len(powertrains) > 1 else modes)}"


def _insist_on_unit(one: Series, year: str, unit: str) -> None:
    if UNITS.get(unit.strip().lower()) != (one.unit_measure, one.unit_mult):
        due = f"{one.unit_measure} times ten to the power {one.unit_mult}"
        raise Unexpected(f"the unit is not {due}", series=one.id, period=year, value=unit)
