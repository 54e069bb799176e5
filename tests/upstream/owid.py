"""ourworldindata.org: the table of a chart and its metadata; one chart that may not be passed on; 404 for others."""

from __future__ import annotations

import json

from tests.upstream.messages import FIXTURES, Reply, Request, Route, Shape, recorded

FORBIDDEN = "robot-density-in-manufacturing"


def answer(request: Request) -> Reply:
    """The file of the fixture; column names are short only where the request asks for them, as in the fixture."""
    file = request.path.removeprefix("/grapher/").lower()
    if file.startswith(FORBIDDEN):
        words = "This chart contains non-redistributable data and cannot be downloaded as a CSV."
        return Reply(json.dumps({"status": 403, "error": words}).encode(), "application/json", 403)
    if not (FIXTURES / "owid" / file).is_file():
        return Reply(json.dumps({"status": 404, "error": "Not Found"}).encode(), "application/json", 404)
    assert request.one("useColumnShortNames") == "true"
    return Reply(recorded("owid", file), "text/csv; charset=utf-8" if file.endswith("csv") else "application/json")


def routes() -> list[Route]:
    """Tables and metadata."""
    return [Route("GET", "ourworldindata.org", r"/grapher/[\w-]+\.(csv|metadata\.json)", answer)]


def _future(body: bytes) -> bytes:
    return body.rstrip() + b"\nChina,CHN,2099,\n"


# Every chart has its own column of figures: what all tables share stands for it.
SHAPE = Shape("ourworldindata.org", "Year", path=r"/grapher/.+\.csv", future=_future)
