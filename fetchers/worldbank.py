"""World Bank, World Development Indicators: R&D, researchers, patents, articles, high technology, manufacturing.

https://api.worldbank.org/v2/country/CHN;WLD/indicator/GB.XPD.RSDV.GD.ZS?format=json, without a key. One question an
indicator for all its areas, in pages of up to a thousand rows. An answer is a list of two: a head and the rows, or
null where there are none. `per_page` is a number or a text, a byte order mark may come first, and an error comes with
status 200 as a list of one: `[{"message": [...]}]`. The vintage is the head's `lastupdated`, the day of the database.
Figures are in full units; what the figure is a share of stands in brackets at the end of the indicator's name.

Checked against recorded answers of 2021: head, rows, null values, `per_page` as text, the error with status 200.
Not checked: a byte order mark, the empty answer. Licence: CC BY 4.0.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, codes, periods
from fetchers import _areas
from fetchers._errors import Rejected, Unexpected, located
from fetchers._http import Answer, Http
from fetchers._read import json_body, leftover, number

API = "https://api.worldbank.org/v2"
FIRST = 1990
PER_PAGE = 1000
DATABASES = ("2", None)  # World Development Indicators; several indicators at once come without a number
YEAR = re.compile(r"\d{4}")
UNIT = re.compile(r"\(([^()]*)\)$")


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document an indicator and page, of the years from `since` on."""
    for code, wanted in _by_code(series).items():
        page, pages = 1, 1
        while page <= pages:
            with located(source="worldbank", series=wanted[0].id):
                answer = _ask(http, code, wanted, since, page)
            with located(source="worldbank", series=wanted[0].id, address=answer.url):
                head, rows = _parts(answer.body)
                pages = _whole(head, "pages")
                if not rows and since is None:
                    raise Rejected(f"the service has no figure of {code}")
                if rows and _whole(head, "page") != page:
                    raise Unexpected(f"another page came than page {page}", value=head["page"])
            yield answer.release(
                source="worldbank",
                fetcher="worldbank",
                name=f"{code}-{page}",
                title=f"World Development Indicators: {wanted[0].title} ({code})",
                published=head["lastupdated"] or "",
            )
            page += 1


def _by_code(series: Sequence[Series]) -> dict[str, list[Series]]:
    grouped: dict[str, list[Series]] = {}
    for one in series:
        grouped.setdefault(one.locators["worldbank"]["code"], []).append(one)
    return grouped


def _ask(http: Http, code: str, wanted: Sequence[Series], since: str | None, page: int) -> Answer:
    areas = {area: theirs for theirs, area in _areas.by_code("worldbank").items()}
    countries = ";".join(dict.fromkeys(areas[one.ref_area] for one in wanted))
    first = periods.year(since) if since else FIRST
    asked = {"format": "json", "date": f"{first}:{dt.date.today().year}", "per_page": PER_PAGE, "page": page}
    return http.get(f"{API}/country/{countries}/indicator/{code}", asked)


def _parts(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Head and rows of an answer; Rejected for the error that comes with status 200."""
    answer = json_body(body)
    if not isinstance(answer, list) or not answer or not isinstance(answer[0], dict):
        raise Unexpected("the answer is not a list with a head", value=str(answer)[:200])
    if "message" in answer[0]:
        said = answer[0]["message"]
        words = [f"{m.get('key')}: {m.get('value')} ({m.get('id')})" for m in said if isinstance(m, dict)]
        raise Rejected(f"the service says no: {'; '.join(words) or said}")
    if len(answer) != 2 or not isinstance(answer[1] or [], list):
        raise Unexpected("the answer is not a head and rows", value=str(answer)[:200])
    head = answer[0]
    if head.get("sourceid") not in DATABASES:
        raise Unexpected("the figures are of another database", value=head.get("sourcename") or head["sourceid"])
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(head.setdefault("lastupdated", None) or "0000-00-00")):
        raise Unexpected("the day of the database is no date", value=head["lastupdated"])
    leftover(head, "the head", ("page", "pages", "per_page", "total", "sourceid", "sourcename", "lastupdated"))
    return head, answer[1] or []


def _whole(head: Mapping[str, Any], name: str) -> int:
    """A count in the head, a number or a text of digits."""
    written = str(head.get(name))
    if not written.isdigit():
        raise Unexpected(f"the head has no {name}", value=written)
    return int(written)


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The figures of one page; Unexpected when rows are missing or an indicator, unit or status is unknown."""
    head, rows = _parts(release.body)
    page, size, total = _whole(head, "page"), _whole(head, "per_page"), _whole(head, "total")
    here = {(row["countryiso3code"] or row["country"]["id"], row["date"]) for row in rows}
    if len(here) < min(size, total - (page - 1) * size):
        raise Unexpected(f"the page holds {len(here)} of {total} rows, {size} a page", value=f"page {page}")
    areas, by_code = _areas.by_code("worldbank"), _by_code(series)
    for row in rows:
        yield from _observations(dict(row), areas, by_code, release)


def _observations(
    row: dict[str, Any], areas: Mapping[str, str], by_code: Mapping[str, Sequence[Series]], release: Release
) -> Iterator[Observation]:
    code, name = _named(row, "indicator")
    country, _ = _named(row, "country")
    area, period = areas.get(row.pop("countryiso3code") or country), row.pop("date")
    if "value" not in row:
        raise Unexpected("a row has no value", period=period, value=str(row)[:200])
    figure, unit, status = number(row.pop("value"), f"{code} {period}"), row.pop("unit"), row.pop("obs_status")
    leftover(row, f"{code} {period}", ("decimal",))
    if code not in by_code:
        raise Unexpected("the indicator was not asked for", period=period, value=f"{code} {name}")
    for one in by_code[code]:
        if one.ref_area != area:
            continue
        with located(series=one.id, period=period):
            _insist(one, period, name, unit)
            if figure is not None:
                yield Observation(
                    series=one.id,
                    time_period=period,
                    value=figure,
                    unit_mult=one.unit_mult,
                    obs_status=_status(status),
                    vintage=release.published or release.retrieved,
                    release=release.id,
                )


def _named(row: dict[str, Any], field: str) -> tuple[str, str]:
    """Code and name of the indicator or country of a row."""
    pair = dict(row.pop(field))
    code, name = pair.pop("id"), pair.pop("value", "")
    leftover(pair, f"the {field} {code}")
    return code, name


def _insist(one: Series, period: str, name: str, unit: str) -> None:
    """Unexpected unless the row is of a year and counts in the unit the catalogue says."""
    if not YEAR.fullmatch(period):
        raise Unexpected("the period is not a year", value=period)
    if unit:
        raise Unexpected("the row has a unit of its own", value=unit)
    shown = UNIT.search(name.strip())
    known = one.locators["worldbank"].get("unit")
    if known is not None and (shown[1] if shown else "") != known:
        raise Unexpected(f"the unit is not {known or 'a plain count'}", value=name)


def _status(written: str | None) -> Any:
    if (written or "A") not in codes.OBS_STATUS:
        raise Unexpected("the status is unknown", value=written)
    return written or "A"
