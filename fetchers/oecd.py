"""OECD, Main Science and Technology Indicators (MSTI): R&D, researchers, patents of the OECD and of partner economies.

https://sdmx.oecd.org/public/rest/data/OECD.STI.STP,DSD_MSTI@DF_MSTI,/{key}, without a key of the user's. The key names
area, frequency, measure, unit; price base and transformation stay open. Sixty downloads an hour are allowed and fewer
in quick succession, so that one question asks for all areas and measures, at least a minute passes between two, and
an answer is good for a week: MSTI comes out in March and September. Nothing for a key is status 404, `NoRecordsFound`.

The answer is SDMX-CSV with labels: after the column of a code stands one with its name. Columns are found by their
identifier. `UNIT_MULT` is the power of ten. Up to three flags stand with a figure. China and other partners are in it,
India is not. The document has no date: the vintage is the day it was read.

Checked: none of it against a recorded answer; key, columns and flags follow the documentation and published readers
of this file. Least certain: the price base of shares and of persons, `_Z` there. Licence: CC BY 4.0.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

from data import Observation, Release, Series, codes, periods
from fetchers import _areas
from fetchers._errors import Rejected, Unexpected, located
from fetchers._http import Http
from fetchers._read import csv_records, leftover, number

API = "https://sdmx.oecd.org/public/rest/data/OECD.STI.STP,DSD_MSTI@DF_MSTI,"
FLOW = "OECD.STI.STP:DSD_MSTI@DF_MSTI("
FIRST = "1990"
WEEK = dt.timedelta(days=7)
CODE = re.compile(r"[A-Z][A-Z0-9_]*")  # the columns of codes; those between are their names
COUNTRY = re.compile(r"[A-Z]{3}")
DIMENSIONS = ("REF_AREA", "FREQ", "MEASURE", "UNIT_MEASURE", "PRICE_BASE", "TRANSFORMATION", "TIME_PERIOD")
REQUIRED = (*DIMENSIONS, "OBS_VALUE", "OBS_STATUS", "UNIT_MULT")
STRUCTURE = ("STRUCTURE_ID", "DATAFLOW")  # the data set: in the file with names, in the one without
FLAGS = ("OBS_STATUS", "OBS_STATUS_2", "OBS_STATUS_3")
ROW = {"FREQ": ("A",), "ACTION": ("I", "", None), "CONF_STATUS": ("F", "", None)}  # None: no such column
STATUS = {"I": "E"}  # imputed by the OECD
MISSING = ("", "NaN")  # the latter is SDMX-CSV's word for it
UNTRANSFORMED = ("_Z", "N")
# Columns that may stand there beside those read; the auxiliary flags say how breakdowns add up.
KNOWN = {"STRUCTURE", "STRUCTURE_NAME", "DECIMALS", "CURRENCY", "BASE_PER", "AUX_OBS_STATUS", "AUX_OBS_STATUS_2"}
KNOWN |= {"AUX_OBS_STATUS_3"}
# Names of the codes where they do not stand right behind them.
KNOWN |= {"Reference area", "Frequency of observation", "Measure", "Unit of measure", "Price base", "Transformation"}
KNOWN |= {"Time period", "Observation value", "Observation status", "Observation status 2", "Observation status 3"}
KNOWN |= {"Unit multiplier", "Decimals", "Currency", "Base period", "Confidentiality status"}


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document for everything, of the years from `since` on; none when there is nothing newer."""
    areas = {area: theirs for theirs, area in _areas.by_code("oecd").items()}
    key = ".".join((_all(areas[one.ref_area] for one in series), "A", _all(_measures(series)), _all(_units(series))))
    asked = {
        "startPeriod": str(periods.year(since)) if since else FIRST,
        "dimensionAtObservation": "AllDimensions",
        "format": "csvfilewithlabels",
    }
    answer = http.get(f"{API}/{key}..", asked, accept="csv", max_age=WEEK, allow={404})
    if answer.status == 404:
        if since:
            return
        words = answer.body[:100].decode("utf-8", "replace")
        raise Rejected(f"the service has nothing for this key: {words}", source="oecd", address=answer.url)
    yield answer.release(source="oecd", fetcher="oecd", name="msti", title="Main Science and Technology Indicators")


def _all(values: Any) -> str:
    return "+".join(dict.fromkeys(values))


def _measures(series: Sequence[Series]) -> list[str]:
    return [one.locators["oecd"]["measure"] for one in series]


def _units(series: Sequence[Series]) -> list[str]:
    return [one.locators["oecd"]["unit"] for one in series]


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The figures of the wanted measures; Unexpected for another data set, measure, unit, status, column, group of
    countries. A country more than asked for is left out.
    """
    records = csv_records(release.body, "the table", required=REQUIRED)
    _insist_on_columns(list(records[0]) if records else [])
    areas = _areas.by_code("oecd")
    wanted: dict[tuple[str, str, str], list[Series]] = {}
    for one in series:
        locator = one.locators["oecd"]
        wanted.setdefault((one.ref_area, locator["measure"], locator["unit"]), []).append(one)
    asked, measures, units = {one.ref_area for one in series}, set(_measures(series)), set(_units(series))
    for record in records:
        key = (areas.get(record["REF_AREA"], record["REF_AREA"]), record["MEASURE"], record["UNIT_MEASURE"])
        where = f"{'.'.join(key)} {record['TIME_PERIOD']}"
        _insist(record, where)
        if not (key[0] in asked or COUNTRY.fullmatch(key[0])) or key[1] not in measures or key[2] not in units:
            raise Unexpected("a row was not asked for: have the codes changed?", value=where)
        for one in wanted.get(key, []):
            if record["PRICE_BASE"] == one.locators["oecd"].get("price_base", record["PRICE_BASE"]):
                with located(series=one.id, period=record["TIME_PERIOD"]):
                    yield from _observation(one, record, release)


def _insist_on_columns(names: Sequence[str]) -> None:
    """Unexpected for a column that is neither known nor the name that follows a code."""
    known = {*REQUIRED, *FLAGS, *ROW, *KNOWN, *STRUCTURE}
    named = {label for code, label in zip(names, names[1:], strict=False) if CODE.fullmatch(code)}
    unknown = [name for name in names if name not in known and (CODE.fullmatch(name) or name not in named)]
    leftover(dict.fromkeys(unknown, ""), "the table")


def _insist(record: dict[str, str], where: str) -> None:
    """Unexpected unless the row is a public yearly figure of the data set, as counted."""
    for name, values in ROW.items():
        if record.get(name) not in values:
            raise Unexpected(f"{where}: {name} is unknown", value=record[name])
    structure = next((record[name] for name in STRUCTURE if name in record), "")
    if not structure.startswith(FLOW):
        raise Unexpected(f"{where} is of another data set", value=structure)


def _observation(one: Series, record: dict[str, str], release: Release) -> Iterator[Observation]:
    if record["TRANSFORMATION"] not in UNTRANSFORMED:
        return
    figure = number(record["OBS_VALUE"], one.id, missing=MISSING)
    if figure is None:
        return
    if record["UNIT_MULT"] != str(one.unit_mult):
        raise Unexpected(f"the power of ten is not {one.unit_mult}", value=record["UNIT_MULT"])
    flags = [record[name] for name in FLAGS if record.get(name)] or ["A"]
    status, *others = [STATUS.get(flag, flag) for flag in flags]
    if not {status, *others} <= codes.OBS_STATUS.keys():
        raise Unexpected("the status is unknown", value=" ".join(flags))
    yield Observation(
        series=one.id,
        time_period=record["TIME_PERIOD"],
        value=figure,
        unit_mult=one.unit_mult,
        obs_status=status,  # type: ignore[arg-type]
        vintage=release.retrieved,
        release=release.id,
        note=f"also flagged {', '.join(others)}" if others else "",
    )
