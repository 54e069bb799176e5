"""World Bank v2: pages, errors with status 200, an empty answer, `per_page` as text, a byte order mark."""

import json
from typing import Any

from tests.upstream.messages import FIXTURES, Reply, Request, Route, Shape, recorded

LONGEST = 25  # rows a page; the service gives up to 32,500, a small fixture needs less to have pages
INVALID = [{"message": [{"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}]}]


def routes() -> list[Route]:
    return [Route("GET", "api.worldbank.org", r"/v2/country/[A-Z;]+/indicator/[A-Z0-9.]+", answer)]


def answer(request: Request) -> Reply:
    _, _, _, countries, _, code = request.path.split("/")
    if request.one("format") != "json":
        return Reply(b"<wb:error/>", "text/xml")
    if not (FIXTURES / "worldbank" / f"{code}.json").exists():
        return _json(INVALID)
    head, rows = json.loads(recorded("worldbank", f"{code}.json"))
    first, _, last = request.one("date").partition(":")
    wanted = set(countries.split(";"))
    rows = [row for row in rows if row["countryiso3code"] in wanted and first <= row["date"] <= (last or first)]
    page, size = int(request.one("page", "1")), min(int(request.one("per_page", "50")), LONGEST)
    pages = -(-len(rows) // size)
    head |= {"page": page, "pages": pages, "per_page": str(size), "total": len(rows)}
    return _json([head, rows[(page - 1) * size : page * size] or None])


def _json(value: Any) -> Reply:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Reply(b"\xef\xbb\xbf" + text.encode(), "application/json;charset=utf-8")


def _future(body: bytes) -> bytes:
    head, rows = json.loads(body.decode("utf-8-sig"))
    return json.dumps([head, [*rows, {**rows[-1], "date": "2031", "value": None}]]).encode()


SHAPE = Shape(host="api.worldbank.org", value="value", unit=('"unit":""', '"unit":"thousand"'), future=_future)
