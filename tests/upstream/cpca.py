"""CPCA's chart service: one chart, the same whatever else is asked."""

import json

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

HOST = "data.cpcadata.com"
PATH = "/api/chartlist"


def routes() -> list[Route]:
    return [Route("GET", HOST, PATH, answer)]


def answer(request: Request) -> Reply:
    if request.one("charttype") != "6":
        return Reply(b"[]")
    return Reply(recorded("cpca", "charttype_6.json"), "application/json; charset=utf-8", validator=False)


def another_empty_year(body: bytes) -> bytes:
    """The next year opens with months to come."""
    groups = json.loads(body.decode("utf-8-sig"))
    for row in groups[0]["dataList"]:
        row["2027年"] = [None, None, None, None]
    return json.dumps(groups, ensure_ascii=False).encode()


SHAPE = Shape(host=HOST, path=PATH, value="2026年", future=another_empty_year)  # no field says the unit
