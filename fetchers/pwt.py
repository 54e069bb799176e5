"""Penn World Table (PWT), Groningen Growth and Development Centre: productivity, edition 11.0.

One GET of the whole workbook, without a key: https://dataverse.nl/api/access/datafile/554105. Its sheet `Data` has a
row for every country (ISO 3166-1 alpha-3) and year from 1950 on and about fifty variables; an empty cell: no estimate.
The file of an edition does not change: it is asked for again after two months. Every edition has a file, a base year
and indicators of its own: 10.01 and 11.0 are never joined, and 10.01 is not asked for. That the base is that of the
catalogue is seen in the table itself, where an index is 1 in the base year, and the United States are 1 in a level
against them. Labour productivity is computed here: rgdpna (million dollars) over emp (million persons), and over avh
(hours) for an hour.

Checked: nothing against a recorded workbook; the names of the columns are those of a copy of the edition's CSV file.
Whether the address leads on to another host is not known. Licence: CC BY 4.0.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series
from fetchers._errors import Inconsistent, Unexpected
from fetchers._http import Http
from fetchers._read import number, xlsx_rows

API = "https://dataverse.nl/api/access/datafile"
UNCHANGED = dt.timedelta(days=60)
SHEET = "Data"
# The columns of edition 11.0.
COLUMNS = {
    "countrycode", "country", "currency_unit", "year", "rgdpe", "rgdpo", "pop", "emp", "avh", "hc", "ccon", "cda",
    "cgdpe", "cgdpo", "cn", "ck", "ctfp", "cwtfp", "rgdpna", "rconna", "rdana", "rnna", "rkna", "rtfpna", "rwtfpna",
    "labsh", "irr", "delta", "xr", "pl_con", "pl_da", "pl_gdpo", "i_cig", "i_xm", "i_xr", "i_outlier", "i_irr",
    "cor_exp", "csh_c", "csh_i", "csh_g", "csh_x", "csh_m", "csh_r", "pl_c", "pl_i", "pl_g", "pl_x", "pl_m", "pl_n",
    "pl_k",
}  # fmt: skip
Row = Mapping[str, Any]


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """The workbook of every edition that is wanted, all of it; `since` asks for nothing less."""
    for edition, file in dict.fromkeys((one.locators["pwt"]["edition"], one.locators["pwt"]["file"]) for one in series):
        answer = http.get(f"{API}/{file}", accept="xlsx", max_age=UNCHANGED)
        yield answer.release(source="pwt", fetcher="pwt", name=edition, title=f"Penn World Table {edition}")


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """One row a country and year. Unexpected for another set of columns or base year; Inconsistent for a country and
    year given twice with different figures.
    """
    file = release.url.partition("?")[0].rpartition("/")[2]
    wanted = [one for one in series if one.locators["pwt"]["file"] == file]
    if not wanted:
        raise Unexpected("no series is of this edition", value=file)
    table = _table(release.body, wanted)
    for one in wanted:
        mine = {year: _figure(one, year, row) for (area, year), row in table.items() if area == one.ref_area}
        figures = {year: figure for year, figure in mine.items() if figure is not None}
        _insist_on_base(one, figures)
        yield from (_observation(one, year, figure, release) for year, figure in sorted(figures.items()))


def _table(body: bytes, series: Sequence[Series]) -> dict[tuple[str, str], Row]:
    """The rows of the countries that are wanted, by country and year."""
    rows = xlsx_rows(body, SHEET)
    header = [str(cell) for cell in next(rows, ())]
    needed = {"countrycode", "year"} | {name for one in series for name in _variables(one)}
    unlike = (needed - set(header)) | (set(header) - COLUMNS)
    if unlike or len(header) != len(set(header)):
        words = ", ".join(sorted(unlike)) or "one twice"
        raise Unexpected(f"the sheet {SHEET} has other columns", value=words)
    areas = {one.ref_area for one in series}
    table: dict[tuple[str, str], Row] = {}
    for cells in rows:
        row = dict(zip(header, cells, strict=True))
        if row["countrycode"] in areas:
            area, year = row["countrycode"], _year(row)
            if table.setdefault((area, year), row) != row:
                raise Inconsistent(f"{area} {year} stands in the sheet twice", period=year, value=area)
    return table


def _year(row: Row) -> str:
    year = number(row["year"], f"a year of {row['countrycode']}")
    if year is None or not re.fullmatch(r"\d{4}", f"{year:g}"):
        raise Unexpected(f"a row of {row['countrycode']} has no year", value=row["year"])
    return f"{year:g}"


def _variables(one: Series) -> list[str]:
    """The variable of a series and those it is divided by."""
    locator = one.locators["pwt"]
    return [locator["variable"], *locator.get("over", [])]


def _figure(one: Series, year: str, row: Row) -> float | None:
    """A variable, or the ratio of variables the locator names; None where one of them is not estimated."""
    names = _variables(one)
    parts = [number(row[name], f"{name} of {one.ref_area} {year}") for name in names]
    if any(part is None for part in parts):
        return None
    first, *others = [part for part in parts if part is not None]
    if 0 in others:
        raise Unexpected("a divisor is zero", series=one.id, period=year, value=", ".join(names[1:]))
    return float(f"{first / math.prod(others):.10g}")


def _insist_on_base(one: Series, figures: Mapping[str, float]) -> None:
    """Unexpected unless the figure is 1 where the unit says so: in the base year, or for the United States."""
    base = re.fullmatch(r"index_(\d{4})_1", one.unit_measure)
    ones = [base[1]] if base else list(figures) if (one.unit_measure, one.ref_area) == ("index_usa_1", "USA") else []
    for year in ones:
        if not math.isclose(figures.get(year, 1), 1, rel_tol=1e-6):
            raise Unexpected("the base is not that of the catalogue", series=one.id, period=year, value=figures[year])


def _observation(one: Series, year: str, figure: float, release: Release) -> Observation:
    names = _variables(one)
    return Observation(
        series=one.id,
        time_period=year,
        value=figure,
        unit_mult=one.unit_mult,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
        confidence="derived" if len(names) > 1 else "primary",
        note=" / ".join(names) if len(names) > 1 else "",
    )
