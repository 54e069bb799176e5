"""FRED of the Federal Reserve Bank of St. Louis: second way to the Penn World Table, where the user gives a key.

https://api.stlouisfed.org/fred/ with `file_type=json` and `api_key` in the query, at most 120 questions a minute. FRED
relays each edition of the Penn World Table under the same series ids: RTFPNACNA632NRUG was edition 9.0 with 2011=1,
10.01 with 2017=1, and is 11.0 with 2021=1. So three questions a series: its release and its unit must be those the
catalogue names for the edition, or nothing is read; then the observations. A day is the first of the period; `.` is no
value. The vintage is the day FRED says it was updated. Errors are `{error_code, error_message}` with status 400.

Checked against FRED's own pages of 2026-02: release, units, values with all digits, day of update of RTFPNACNA632NRUG
and of two labour shares. Not checked: the shape of the API's answers, which is that of its documentation. Not reachable
from mainland China. Licence: that of the Penn World Table, CC BY 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, periods
from fetchers._errors import Unexpected, located
from fetchers._http import Answer, Http
from fetchers._read import json_body, leftover, number

NEEDS_KEY = True
API = "https://api.stlouisfed.org/fred/series"
DAY = re.compile(r"(\d{4})-01-01")
UPDATED = re.compile(r"(\d{4}-\d\d-\d\d) ")
MISSING = (".",)
# Fields of an answer beside those read, of the observations' envelope and of an observation.
ENVELOPE = {
    *("realtime_start", "realtime_end", "observation_start", "observation_end", "output_type", "file_type"),
    *("order_by", "sort_order", "offset", "limit"),
}
KNOWN = {"realtime_start", "realtime_end"}


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a series whose edition and unit are those of the catalogue."""
    for one in series:
        if _code(one):
            with located(series=one.id):
                release = _series(one, http, since)
            yield release


def _series(one: Series, http: Http, since: str | None) -> Release:
    updated, code = _insist(one, http), _code(one)
    query = {"observation_start": periods.start(since).isoformat()} if since else {}
    answer = _ask(http, "/observations", code, query)
    title = f"{code}: {one.title}"
    return answer.release(source=one.source, fetcher="fred", name=code, title=title, published=updated)


def _code(one: Series) -> str:
    """FRED's id of the series; empty for an area the catalogue names none for."""
    code: str = one.locators["fred"]["ids"].get(one.ref_area, "")
    return code


def _ask(http: Http, path: str, code: str, query: Mapping[str, str] | None = None) -> Answer:
    asked = {"series_id": code, "file_type": "json", **(query or {})}
    return http.get(f"{API}{path}", asked, key_query="api_key")


def _insist(one: Series, http: Http) -> str:
    """The day of the last update; Unexpected unless edition, unit and frequency are those of the catalogue."""
    locator, code = one.locators["fred"], _code(one)
    answer = _ask(http, "/release", code)
    edition = _only(answer, "releases", one).get("name")
    if edition != locator["release"]:
        what = f"the series is of {edition}, not of {locator['release']}: another edition is another series"
        raise Unexpected(what, series=one.id, address=answer.url, value=edition)
    answer = _ask(http, "", code)
    about = _only(answer, "seriess", one)
    for name, due in {"id": code, "units": locator["units"], "frequency_short": one.freq}.items():
        if about.get(name) != due:
            raise Unexpected(f"{name} is not {due}", series=one.id, address=answer.url, value=about.get(name))
    updated = UPDATED.match(str(about.get("last_updated")))
    if not updated:
        raise Unexpected("no day of update", series=one.id, address=answer.url, value=about.get("last_updated"))
    return updated[1]


def _only(answer: Answer, name: str, one: Series) -> dict[str, Any]:
    """The one record of a description."""
    with located(address=answer.url):
        body = json_body(answer.body, f"the description of {_code(one)}")
    records = body.get(name) if isinstance(body, dict) else None
    if not isinstance(records, list) or len(records) != 1 or not isinstance(records[0], dict):
        raise Unexpected(f"{name} is not one record", series=one.id, address=answer.url, value=str(body)[:200])
    return records[0]


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The years of one series; Unexpected for a unit that FRED computed, a date that is no year, an unknown field."""
    code = release.title.partition(":")[0]
    one = next(found for found in series if _code(found) == code)
    answer = json_body(release.body, release.title)
    if not isinstance(answer, dict) or not isinstance(answer.get("observations"), list):
        raise Unexpected("the answer has no list of observations", series=one.id, value=str(answer)[:200])
    rows, units, count = answer.pop("observations"), answer.pop("units", ""), answer.pop("count", 0)
    leftover(answer, "the answer", known=ENVELOPE)
    if units != "lin":
        raise Unexpected("the values are not as published", series=one.id, value=units)
    if count > len(rows):
        raise Unexpected(f"the answer has {len(rows)} observations of {count}", series=one.id)
    for row in rows:
        yield from _observation(one, dict(row), release)


def _observation(one: Series, row: dict[str, Any], release: Release) -> Iterator[Observation]:
    date = row.pop("date", None)
    day = DAY.fullmatch(str(date))
    if not day or "value" not in row:
        raise Unexpected("an observation has no year or no value", series=one.id, value=f"{date} {row}")
    value = number(row.pop("value"), f"{release.title} {day[1]}", missing=MISSING)
    leftover(row, f"the observation {day[1]}", known=KNOWN)
    if value is not None:
        yield Observation(
            series=one.id,
            time_period=day[1],
            value=value,
            unit_mult=one.unit_mult,
            obs_status="A",
            vintage=release.published or release.retrieved,
            release=release.id,
        )
