"""FRED's API: what a series is, its release, its observations, for a key."""

import csv
import io
import json
from typing import Any

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

HOST = "api.stlouisfed.org"
KEY = "key-for-the-tests-only"
REAL_TIME = {"realtime_start": "2026-11-01", "realtime_end": "2026-11-01"}
PATH = r"/fred/series(/release|/observations)?"
# The unit stands in the description, of another text for every series: tests/test_fred.py changes it.
SHAPE = Shape(host=HOST, path=PATH, value="value")


def routes() -> list[Route]:
    return [Route("GET", HOST, PATH, answer)]


def answer(request: Request) -> Reply:
    if request.one("api_key") != KEY:
        return refused("The value for variable api_key is not registered.")
    about = next((row for row in table("series.csv") if row["id"] == request.one("series_id")), None)
    if about is None:
        return refused("The series does not exist.")
    make = {"series": series, "release": release, "observations": observations}[request.path.rsplit("/", 1)[1]]
    return Reply(json.dumps(make(about, request)).encode(), "application/json; charset=UTF-8", validator=False)


def refused(words: str) -> Reply:
    return Reply(json.dumps({"error_code": 400, "error_message": f"Bad Request. {words}"}).encode(), status=400)


def series(about: dict[str, str], request: Request) -> dict[str, Any]:
    names = ("id", "title", "units", "last_updated")
    record = {**{name: about[name] for name in names}, "frequency": "Annual", "frequency_short": "A"}
    return {**REAL_TIME, "seriess": [{**record, **REAL_TIME, "seasonal_adjustment_short": "NSA", "popularity": 20}]}


def release(about: dict[str, str], request: Request) -> dict[str, Any]:
    record = {
        "id": 285,
        **REAL_TIME,
        "name": about["release"],
        "press_release": False,
        "link": "http://www.ggdc.net/pwt",
    }
    return {**REAL_TIME, "releases": [record]}


def observations(about: dict[str, str], request: Request) -> dict[str, Any]:
    first = request.one("observation_start", "1776-07-04")
    rows = [
        {**REAL_TIME, "date": f"{row['year']}-01-01", "value": row["value"]}
        for row in table("observations.csv")
        if row["id"] == about["id"] and f"{row['year']}-01-01" >= first
    ]
    head = {"observation_start": first, "observation_end": "9999-12-31", "units": "lin", "output_type": 1}
    tail = {"file_type": "json", "order_by": "observation_date", "sort_order": "asc", "offset": 0, "limit": 100000}
    return {**REAL_TIME, **head, **tail, "count": len(rows), "observations": rows}


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(recorded("fred", name).decode())))
