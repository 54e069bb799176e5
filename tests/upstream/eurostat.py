"""Eurostat: the categories asked for of a JSON-stat data set; a code there is not leaves no trace."""

import json
from itertools import product
from typing import Any

from tests.upstream.messages import FIXTURES, Reply, Request, Route, Shape, recorded

DATA = "/eurostat/api/dissemination/statistics/1.0/data/"


def routes() -> list[Route]:
    return [Route("GET", "ec.europa.eu", DATA + r"\w+", answer)]


def answer(request: Request) -> Reply:
    name = request.path.rpartition("/")[2]
    if not (FIXTURES / "eurostat" / f"{name}.json").exists():
        error = {"error": [{"status": 404, "id": 100, "label": "ERR_NOT_FOUND_4: dataset not found"}]}
        return Reply(json.dumps(error).encode(), status=404)
    body = json.loads(recorded("eurostat", f"{name}.json"))
    first = request.one("sinceTimePeriod", "0000")
    kept = {
        name: [c for c in categories if (name == "time" and c >= first) or c in request.query.get(name, categories)]
        for name, categories in ((name, list(d["category"]["index"])) for name, d in body["dimension"].items())
    }
    kept["time"] = [period for period in kept["time"] if period >= first]
    if not kept["time"]:
        error = {"error": [{"status": 400, "id": 100, "label": "No results found"}]}
        return Reply(json.dumps(error).encode(), status=400)
    return Reply(json.dumps(rearranged(body, kept)).encode())


def rearranged(body: dict[str, Any], kept: dict[str, list[str]]) -> dict[str, Any]:
    """The data set with these categories of each dimension, cells counted anew."""
    old = [list(body["dimension"][name]["category"]["index"]) for name in body["id"]]
    places = {cell: str(n) for n, cell in enumerate(product(*old))}
    parts: dict[str, dict[str, Any]] = {"value": {}, "status": {}}
    for n, cell in enumerate(product(*(kept[name] for name in body["id"]))):
        for part, cells in parts.items():
            if places.get(cell) in body[part]:
                cells[str(n)] = body[part][places[cell]]
    dimension = {
        name: {
            **body["dimension"][name],
            "category": {"index": {c: n for n, c in enumerate(kept[name])}, "label": {c: c for c in kept[name]}},
        }
        for name in body["id"]
    }
    return {**body, **parts, "size": [len(kept[name]) for name in body["id"]], "dimension": dimension}


def _future(body: bytes) -> bytes:
    data = json.loads(body.decode("utf-8-sig"))
    kept = {name: list(data["dimension"][name]["category"]["index"]) for name in data["id"]}
    return json.dumps(rearranged(data, {**kept, "time": [*kept["time"], "2031"]})).encode()


SHAPE = Shape(host="ec.europa.eu", path=DATA + ".*", value="value", unit=("PC_GDP", "PC_GNI"), future=_future)
