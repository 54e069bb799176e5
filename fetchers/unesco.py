"""UNESCO Institute for Statistics (UIS): R&D and researchers, as countries report them.

https://api.uis.unesco.org/api/public/data/indicators, without a key. One question for all indicators and areas, the
parameters `indicator` and `geoUnit` repeated; at most 100,000 records. Remarks of the service on the question stand in
`hints`; an indicator it does not know is such a hint and no error. `qualifier` marks estimates, `magnitude` a value
that is nil or does not apply. The vintage is the day of the indicator's last data update, in its metadata.

Checked: none of it against a recorded answer; records and their keys are those of published clients and stored answers
of 2026. Least certain: the metadata's date, of which two notations are read. Licence: CC BY-SA 3.0 IGO.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, periods
from fetchers import _areas
from fetchers._errors import Rejected, Unexpected, located
from fetchers._http import Http
from fetchers._read import json_body, leftover, number

API = "https://api.uis.unesco.org/api/public/data/indicators"
FIRST = 1990
QUALIFIERS = {None: "A", "": "A", "UIS_EST": "E", "NAT_EST": "E"}
NIL, NOT_APPLICABLE = "NIL", "NA"
DATES = ("%m/%d/%Y", "%Y-%m-%d")


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document for everything, of the years from `since` on; then Rejected for an indicator without a record."""
    areas = {area: theirs for theirs, area in _areas.by_code("unesco").items()}
    asked = {
        "indicator": list(_by_code(series)),
        "geoUnit": list(dict.fromkeys(areas[one.ref_area] for one in series)),
        "start": periods.year(since) if since else FIRST,
        "indicatorMetadata": "true",
    }
    answer = http.get(API, asked)
    with located(source="unesco", address=answer.url):
        body = _body(answer.body)
        published = max(_updated(body).values(), default="")
    title = "UIS data: science, technology and innovation"
    yield answer.release(source="unesco", fetcher="unesco", name="uis", title=title, published=published)
    there = {record.get("indicatorId") for record in body["records"]}
    for code, lines in _by_code(series).items():
        if code not in there and since is None:
            hints = "; ".join(str(hint.get("message", hint)) for hint in body.get("hints") or [])
            what = f"the service has no record of {code}"
            raise Rejected(what, source="unesco", series=lines[0].id, value=hints, address=answer.url)


def _by_code(series: Sequence[Series]) -> dict[str, list[Series]]:
    grouped: dict[str, list[Series]] = {}
    for one in series:
        grouped.setdefault(one.locators["unesco"]["code"], []).append(one)
    return grouped


def _body(content: bytes) -> dict[str, Any]:
    body = json_body(content)
    if not isinstance(body, dict) or not isinstance(body.get("records"), list):
        raise Unexpected("the answer has no records", value=str(body)[:200])
    leftover(body, "the answer", ("hints", "records", "indicatorMetadata"))
    return body


def _updated(body: Mapping[str, Any]) -> dict[str, str]:
    """The day of the last data update by indicator; left out where none is given."""
    days = {}
    for about in body.get("indicatorMetadata") or []:
        if written := about.get("lastDataUpdate"):
            days[about["indicatorCode"]] = _day(str(written))
    return days


def _day(written: str) -> str:
    for form in DATES:
        try:
            return dt.datetime.strptime(written[:10], form).date().isoformat()
        except ValueError:
            continue
    raise Unexpected("the day of the last data update is no known date", value=written)


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The figures of the wanted indicators and areas; Unexpected for an unknown unit, qualifier or magnitude."""
    body = _body(release.body)
    updated, by_code = _updated(body), _by_code(series)
    _insist_on_units(body, by_code)
    areas = _areas.by_code("unesco")
    for record in body["records"]:
        record = dict(record)
        code, area, period = record.pop("indicatorId"), areas.get(record.pop("geoUnit")), str(record.pop("year"))
        if "value" not in record:
            raise Unexpected("a record has no value", period=period, value=str(record)[:200])
        figure, qualifier = number(record.pop("value"), f"{code} {period}"), record.pop("qualifier", None)
        magnitude = record.pop("magnitude", None)
        leftover(record, f"{code} {period}")
        if code not in by_code:
            raise Unexpected("the indicator was not asked for", period=period, value=code)
        for one in by_code[code]:
            if one.ref_area != area or figure is None:
                continue
            with located(series=one.id, period=period):
                if not _counts(magnitude, figure):
                    continue
                yield Observation(
                    series=one.id,
                    time_period=period,
                    value=figure,
                    unit_mult=one.unit_mult,
                    obs_status=_status(qualifier),
                    vintage=updated.get(code, release.retrieved),
                    release=release.id,
                    note="nil or negligible" if magnitude == NIL else "",
                )


def _insist_on_units(body: Mapping[str, Any], by_code: Mapping[str, Sequence[Series]]) -> None:
    """Unexpected where the name of an indicator no longer says the unit the catalogue expects in it."""
    for about in body.get("indicatorMetadata") or []:
        name = about.get("name", "")
        for one in by_code.get(about["indicatorCode"], []):
            if one.locators["unesco"].get("unit", "").casefold() not in name.casefold():
                raise Unexpected(f"the unit is not {one.locators['unesco']['unit']}", series=one.id, value=name)


def _counts(magnitude: str | None, figure: float) -> bool:
    """Whether a value is a figure: not where the magnitude says that none applies."""
    if magnitude in (None, "", NIL):
        return True
    if magnitude == NOT_APPLICABLE and figure == 0:
        return False
    raise Unexpected("the magnitude is unknown", value=magnitude)


def _status(qualifier: str | None) -> Any:
    if qualifier not in QUALIFIERS:
        raise Unexpected("the qualifier is unknown", value=qualifier)
    return QUALIFIERS[qualifier]
