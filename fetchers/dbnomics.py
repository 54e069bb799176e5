"""History of China's monthly output as DBnomics relays it from the statistics bureau (NBS): it ends with 2026-02.

https://api.db.nomics.world/v22/series?series_ids=NBS/M_A02092W/A02092W01,…&observations=1, without a key; one question
a product. DBnomics read the bureau's old database, which was closed in March 2026: nothing newer will come, so that
it serves only where neither the database nor its release pages answer, and never for months after `ENDS`. A value is a
number or `"NA"`; `indexed_at` is the day the value was known there. The unit stands, if at all, in brackets at the end
of a series' English name; its power of ten must then be the catalogue's.

Checked: nothing against a recorded answer; the shape is that clients of 2026 read, codes are those of the old database.
Licence: that of the bureau, free use with the source named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, periods
from fetchers import _chinese
from fetchers._errors import Rejected, Unexpected, located
from fetchers._http import Http
from fetchers._read import json_body, leftover, number

API = "https://api.db.nomics.world/v22/series"
ENDS = "2026-02"
LIMIT = 1000
UNIT = re.compile(r"\((?P<scale>100 million|10,?000|1,?000|million)?\s*(?P<what>[^()]+)\)$")
SCALES = {"100 million": 8, "10000": 4, "1000": 3, "million": 6}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Fields beside those read, as clients have seen them.
KNOWN_TOP = {"_meta", "dataset", "datasets", "message", "provider", "providers"}
KNOWN = {"dataset_name", "dimensions", "period_start_day", "@frequency"}


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a dataset with the wanted series; nothing at all when only later months are needed."""
    if since and periods.start(since) > periods.end(ENDS):
        return
    datasets: dict[str, list[Series]] = {}
    for one in series:
        if _code(one):
            datasets.setdefault(one.locators["dbnomics"]["dataset"], []).append(one)
    for dataset, lines in datasets.items():
        wanted = ",".join(f"NBS/{dataset}/{_code(one)}" for one in lines)
        with located(series=lines[0].id):
            answer = http.get(API, {"series_ids": wanted, "observations": "1", "limit": str(LIMIT)})
        with located(series=lines[0].id, address=answer.url):
            published = _indexed(_documents(answer.body, dataset))
        title = f"DBnomics NBS/{dataset}: {lines[0].title}"
        yield answer.release(source="nbs", fetcher="dbnomics", name=dataset, title=title, published=published)


def _code(one: Series) -> str:
    """The code of a line in the old database, A02092W01; empty for a line it did not have."""
    return str(one.locators["dbnomics"].get(one.line, "")) if one.freq == "M" else ""


def _documents(body: bytes, where: str) -> list[dict[str, Any]]:
    """The series of an answer; Rejected when the service names errors, Unexpected when some are missing."""
    answer = json_body(body, where)
    if not isinstance(answer, dict) or not isinstance(answer.get("series"), dict):
        raise Unexpected(f"{where}: the answer has no series", value=str(answer)[:200])
    found, errors = answer.pop("series"), answer.pop("errors", None)
    if errors:
        raise Rejected("the service does not know what was asked for", value=str(errors)[:300])
    leftover(answer, where, known=KNOWN_TOP)
    documents = found.pop("docs", None)
    leftover(found, where, known=("limit", "offset", "num_found"))
    if not isinstance(documents, list) or len(documents) < found.get("num_found", 0):
        raise Unexpected(f"{where}: the answer is not whole", value=str(found)[:200])
    return documents


def _indexed(documents: Sequence[Mapping[str, Any]]) -> str:
    """The day the newest of the series was read by DBnomics; empty when it does not say."""
    days = [match[0] for one in documents if (match := DAY.match(str(one.get("indexed_at", ""))))]
    return max(days, default="")


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """Values of months; Unexpected for an unknown field, another frequency or power of ten."""
    wanted = {_code(one): one for one in series if _code(one)}
    documents = _documents(release.body, release.title)
    yield from _chinese.once(row for document in documents for row in _series(document, wanted, release))


def _series(document: dict[str, Any], wanted: Mapping[str, Series], release: Release) -> Iterator[Observation]:
    code, name = str(document.pop("series_code", "")), str(document.pop("series_name", ""))
    months, values = document.pop("period", None), document.pop("value", None)
    document.pop("indexed_at", None)
    about = (document.pop("provider_code", "NBS"), document.get("@frequency"))
    if about != ("NBS", "monthly") or not str(document.pop("dataset_code", "")).endswith(code[:-2]):
        raise Unexpected(f"{code or 'a series'} is not a monthly series of NBS", value=str(about))
    if not isinstance(months, list) or not isinstance(values, list) or len(months) != len(values):
        raise Unexpected(f"{code} has no value for each period", value=str(document)[:200])
    leftover(document, code, known=KNOWN)
    one = wanted.get(code)
    if one is not None:
        _insist_on_scale(name, one)
        yield from _rows(one, zip(months, values, strict=True), release)


def _rows(one: Series, pairs: Any, release: Release) -> Iterator[Observation]:
    for period, figure in pairs:
        with located(series=one.id, period=str(period)):
            value = number(figure, missing=("NA",))
            if not periods.PATTERN.fullmatch(str(period)) or periods.freq(period) != "M":
                raise Unexpected("the period is not a month", value=period)
        if value is None or _chinese.silent(period, one.span):
            continue
        yield Observation(
            series=one.id,
            time_period=period,
            value=value,
            unit_mult=one.unit_mult,
            obs_status="A",
            vintage=release.published or release.retrieved,
            release=release.id,
            confidence="secondary",
            note="as relayed by DBnomics",
        )


def _insist_on_scale(name: str, one: Series) -> None:
    """Unexpected when the unit in the name has another power of ten, or is no per cent for a growth rate."""
    match = UNIT.search(name)
    if match is None:
        return
    scale = SCALES[match["scale"].replace(",", "")] if match["scale"] else 0
    if scale != one.unit_mult or (match["what"] == "%") != (one.unit_measure == "percent"):
        raise Unexpected(f"the unit is {match[0]}", series=one.id, value=name)
