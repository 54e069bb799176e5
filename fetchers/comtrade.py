"""UN Comtrade: exports by commodity code of the Harmonized System (HS), in dollars, as the country reported them.

Without a key the preview answers one period a request and at most 500 rows, https://comtradeapi.un.org/public/v1/preview;
with a free key https://comtradeapi.un.org/data/v1/get answers twelve periods. Rows repeat by second partner, customs
procedure and means of transport unless their totals are asked for; rows that break the total down are left out and rows
repeated word for word count once. The service asks for two seconds between requests (429 `Try again in 2 seconds`).
A period not reported yet is an empty list with status 200. China reports months after two or three, years after six to
twelve months. Codes change with the editions of the HS (854140 became 854142 and 854143 in 2022): the catalogue says in
which years a code is valid, and figures of different codes are never joined. Where nothing was traded there is no row.

Checked against a recorded answer: the envelope and all fields of a row of the annual service with key. Not checked: the
preview, monthly answers, and the words of its errors. Licence: use with citation, no passing on in bulk.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, catalogue, periods
from fetchers import _areas
from fetchers._errors import Inconsistent, Rejected, Unexpected
from fetchers._http import Http
from fetchers._read import json_body, leftover, number

PREVIEW = "https://comtradeapi.un.org/public/v1/preview/C"
KEYED = "https://comtradeapi.un.org/data/v1/get/C"
KEY_HEADER = "Ocp-Apim-Subscription-Key"
AT_A_TIME = 12  # periods the service takes in one request with a key
NEWEST = 24  # months asked for without a key when no period is given: enough for a year and the year before
MOST_ROWS = 500  # of the preview; an answer that long is cut off
FIRST_MONTH = "2017-01"
SETTLED = dt.timedelta(days=730)  # after the end of a period it is hardly restated: asked for again after a month
ASKED = {"typeCode": "C", "flowCode": "X", "partnerCode": "0"}
TOTALS = {"partner2Code": "0", "customsCode": "C00", "mosCode": "0", "motCode": "0"}
PERIOD = re.compile(r"(\d{4})(\d\d)?")
EDITION = re.compile(r"H\d")
KNOWN = {
    *("refPeriodId", "refYear", "refMonth", "freqCode", "reporterISO", "reporterDesc", "flowDesc", "partnerISO"),
    *("partnerDesc", "partner2ISO", "partner2Desc", "classificationSearchCode", "isOriginalClassification", "cmdDesc"),
    *("aggrLevel", "isLeaf", "customsDesc", "motDesc", "qtyUnitCode", "qtyUnitAbbr", "qty", "isQtyEstimated"),
    *("altQtyUnitCode", "altQtyUnitAbbr", "altQty", "isAltQtyEstimated", "netWgt", "isNetWgtEstimated", "grossWgt"),
    *("isGrossWgtEstimated", "cifvalue", "legacyEstimationFlag", "isReported", "isAggregate"),
}
Cell = tuple[str, str, str]  # area, period, code


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a period, newest first; with a key, one for twelve periods."""
    groups: dict[tuple[str, str], list[Series]] = {}
    for one in series:
        groups.setdefault((one.ref_area, one.freq), []).append(one)
    today = dt.date.today()
    for (area, freq), lines in groups.items():
        wanted = _wanted(lines, since, today, http.has_key)
        size = AT_A_TIME if http.has_key else 1
        for start in range(0, len(wanted), size):
            yield _ask(http, area, freq, lines, wanted[start : start + size], today)


def _wanted(lines: Sequence[Series], since: str | None, today: dt.date, has_key: bool) -> list[str]:
    """The periods for which a code of these lines is valid, newest first."""
    freq = lines[0].freq
    last = period = periods.shift(periods.containing(today, freq), -1)
    first = FIRST_MONTH if freq == "M" else min(one.locators["comtrade"]["first"] for one in lines)
    if since:
        first = max(first, periods.containing(periods.start(since), freq))
    elif freq == "M" and not has_key:
        first = periods.shift(last, 1 - NEWEST)
    wanted = []
    while period >= first:
        if any(_codes(one, period) for one in lines):
            wanted.append(period)
        period = periods.shift(period, -1)
    return wanted


def _codes(one: Series, period: str) -> list[str]:
    """The codes that make up the figure of this period; none in a period they are not valid in."""
    locator = one.locators["comtrade"]
    valid = locator["first"] <= period[:4] <= locator.get("last", "9999")
    return [*locator["codes"], *locator.get("codes_if_traded", [])] if valid else []


def _ask(http: Http, area: str, freq: str, lines: Sequence[Series], wanted: Sequence[str], today: dt.date) -> Release:
    query = {
        "reporterCode": catalogue.load().areas[area].codes["comtrade"],
        "period": ",".join(period.replace("-", "") for period in wanted),
        "cmdCode": ",".join(sorted({code for one in lines for period in wanted for code in _codes(one, period)})),
        "flowCode": "X",
        "partnerCode": "0",
        "partner2Code": "0",
        "customsCode": "C00",
        "motCode": "0",
        "includeDesc": "true",
    }
    settled = today - periods.end(wanted[0]) > SETTLED
    address = f"{KEYED if http.has_key else PREVIEW}/{freq}/HS"
    answer = http.get(address, query, key_header=KEY_HEADER, max_age=dt.timedelta(days=30) if settled else None)
    span = "-".join(dict.fromkeys((wanted[-1].replace("-", ""), wanted[0].replace("-", ""))))
    return answer.release(source="comtrade", fetcher="comtrade", name=f"{area}-{span}", title=f"Exports {area} {span}")


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The exports to the world by series and period; Inconsistent where the service gives two totals for one code."""
    totals = _totals(_rows(release))
    known = {code for one in series for code in (*one.locators["comtrade"]["codes"], *_if_traded(one))}
    for (area, period, code), value in totals.items():
        if code not in known:
            raise Unexpected(
                "a commodity came that was not asked for", period=period, value=f"{code} of {area} {value}"
            )
    for one in series:
        for period in sorted({cell[1] for cell in totals if periods.freq(cell[1]) == one.freq}):
            parts = _parts(one, period, totals)
            if parts:
                yield _observation(one, period, parts, release)


def _if_traded(one: Series) -> list[str]:
    return one.locators["comtrade"].get("codes_if_traded", [])


def _rows(release: Release) -> list[dict[str, Any]]:
    """The rows of an answer, its envelope checked."""
    answer = json_body(release.body, release.title)
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise Unexpected("the answer has no list of rows", value=str(answer)[:200])
    rows, error = answer.pop("data"), answer.pop("error", "")
    if error:
        raise Rejected(f"the service says: {error}", value=error)
    if answer.pop("count", 0) > len(rows):
        raise Unexpected("the answer has fewer rows than it says", value=len(rows))
    if release.url.startswith(PREVIEW) and len(rows) >= MOST_ROWS:
        raise Unexpected(f"the preview is cut off at {MOST_ROWS} rows", value=len(rows))
    leftover(answer, "the answer", known=("elapsedTime",))
    return rows


def _totals(rows: Sequence[dict[str, Any]]) -> dict[Cell, float | None]:
    """The value of every total; rows that break one down are only seen to have it."""
    totals: dict[Cell, float | None] = {}
    parts: set[Cell] = set()
    for row in rows:
        cell, value, is_total = _read(dict(row))
        if not is_total:
            parts.add(cell)
        elif totals.setdefault(cell, value) != value:
            area, period, code = cell
            raise Inconsistent(f"two totals for HS {code} of {area}: {totals[cell]}, {value}", period=period)
    for area, period, code in sorted(parts - totals.keys()):
        raise Unexpected(f"HS {code} of {area} comes in parts only, without its total", period=period)
    return totals


def _read(row: dict[str, Any]) -> tuple[Cell, float | None, bool]:
    """Reporter, period and code of a row, its value, and whether it is the total; every field is accounted for."""
    match = PERIOD.fullmatch(str(row.pop("period", "")))
    if not match or "primaryValue" not in row:
        raise Unexpected("a row lacks its period or its value", value=str(row)[:200])
    period = f"{match[1]}-{match[2]}" if match[2] else match[1]
    reporter = str(row.pop("reporterCode", ""))
    area = _areas.by_code("comtrade").get(reporter, "")
    cell = (area, period, str(row.pop("cmdCode", "")))
    where = f"HS {cell[2]} of {area}"
    if not area:
        raise Unexpected(f"{where}: the reporter was not asked for", period=period, value=reporter)
    for name, due in ASKED.items():
        if (found := str(row.pop(name, ""))) != due:
            raise Unexpected(f"{where}: {name} is not {due}", period=period, value=found)
    if not EDITION.fullmatch(edition := str(row.pop("classificationCode", ""))):
        raise Unexpected(f"{where}: the classification is not the HS", period=period, value=edition)
    value = number(row.pop("primaryValue"), where)
    on_board = number(row.pop("fobvalue", None), where)
    if on_board is not None and on_board != value:
        raise Unexpected(f"{where}: the value is not free on board", period=period, value=f"{value}, {on_board}")
    is_total = _is_total(row)
    leftover(row, where, known=KNOWN)
    return cell, value, is_total


def _is_total(row: dict[str, Any]) -> bool:
    found = {name: str(row.pop(name, due)) for name, due in TOTALS.items()}
    return found == TOTALS


def _parts(one: Series, period: str, totals: Mapping[Cell, float | None]) -> dict[str, float]:
    """The value of each code of the series; empty where one is not reported: no total is made of the others."""
    cells = {code: totals.get((one.ref_area, period, code)) for code in _codes(one, period)}
    found = {code: value for code, value in cells.items() if value is not None}
    return found if cells.keys() - found.keys() <= set(_if_traded(one)) else {}


def _observation(one: Series, period: str, parts: Mapping[str, float], release: Release) -> Observation:
    several = len(_codes(one, period)) > 1
    return Observation(
        series=one.id,
        time_period=period,
        value=round(math.fsum(parts.values()), 3),
        unit_mult=0,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
        confidence="derived" if len(parts) > 1 else "primary",
        note=f"HS {' + '.join(parts)}" if several else "",
    )
