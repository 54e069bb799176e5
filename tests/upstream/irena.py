"""pxweb.irena.org: the folder, two editions of each table, their variables, and json-stat2 answers to questions."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

FOLDER = "/api/v1/en/IRENASTAT/Power Capacity and Generation/"
TABLES = {
    "Country_ELECSTAT_2025_H2_PX.px": "2025-07-10T09:00:00",
    "Country_ELECSTAT_2026_H1_PX.px": "2026-03-27T09:00:00",
    "Country_ELECSTAT_2026_H2_PXready.px": "2026-07-14T09:00:00",
    "Region_ELECSTAT_2026_H2_PX.px": "2026-07-14T09:00:00",
    "Region_ELECSTAT_2025_H2_PX.px": "2025-07-10T09:00:00",
    "RE-SHARE_2026_H1.px": "2026-03-27T09:00:00",
}


def folder(request: Request) -> Reply:
    """The list of tables, in no order."""
    listed = [{"id": name, "type": "t", "text": name, "updated": updated} for name, updated in TABLES.items()]
    return Reply(json.dumps(listed).encode())


def _table(request: Request) -> dict[str, Any]:
    file = "country.json" if "/Country" in request.path else "region.json"
    table: dict[str, Any] = json.loads(recorded("irena", file))
    return table


def described(request: Request) -> Reply:
    """The variables of a table."""
    table = _table(request)
    return Reply(json.dumps({"title": table["title"], "variables": table["variables"]}).encode())


def answer(request: Request) -> Reply:
    """The cells asked for; too many areas are refused as the real service does, without a word."""
    table, asked = _table(request), {one["code"]: one["selection"]["values"] for one in request.json()["query"]}
    if len(next(iter(asked.values()))) > 40:
        return Reply(b"Forbidden", "text/plain", 403)
    texts = {one["code"]: dict(zip(one["values"], one["valueTexts"], strict=True)) for one in table["variables"]}
    if any(value not in texts[code] for code, values in asked.items() for value in values):
        return Reply(b'{"error":"Parameter error"}', status=400)
    cells = [dict(zip(asked, place, strict=True)) for place in product(*asked.values())]
    values = [_value(table, cell, texts) for cell in cells]
    dataset = {
        "class": "dataset",
        "label": table["title"],
        "source": "IRENA",
        "updated": "2026-07-14T09:00:00Z",
        "id": list(asked),
        "size": [len(values) for values in asked.values()],
        "dimension": {code: _dimension(code, values, texts) for code, values in asked.items()},
        "value": values,
        "status": {str(place): ".." for place, value in enumerate(values) if value is None},
        "role": {"time": ["Year"]},
        "version": "2.0",
    }
    return Reply(json.dumps(dataset).encode(), validator=False)


def _dimension(code: str, values: list[str], texts: dict[str, dict[str, str]]) -> dict[str, Any]:
    index = {value: place for place, value in enumerate(values)}
    return {"label": code, "category": {"index": index, "label": {value: texts[code][value] for value in values}}}


def _value(table: dict[str, Any], cell: dict[str, str], texts: dict[str, dict[str, str]]) -> float | None:
    area, technology, kind, grid, year = cell.items()
    shown = [texts[code][value] for code, value in (technology, year)]
    figure: float | None = table["figures"].get("|".join([area[1], *shown]))
    return figure if (kind[1], grid[1]) == ("1", "0") else None


def routes() -> list[Route]:
    """Folder, description, question."""
    table = FOLDER + r"\w+_ELECSTAT_\w+\.px"
    return [
        Route("GET", "pxweb.irena.org", FOLDER, folder),
        Route("GET", "pxweb.irena.org", table, described),
        Route("POST", "pxweb.irena.org", table, answer),
    ]


def _future(body: bytes) -> bytes:
    """A year to come, whose cells are all empty."""
    dataset = json.loads(body)
    if "value" not in dataset:
        return body
    years, values = dataset["size"][-1], dataset["value"]
    category = dataset["dimension"]["Year"]["category"]
    category["index"]["99"], category["label"]["99"] = years, "2099"
    dataset["size"][-1] = years + 1
    blocks = [values[start : start + years] for start in range(0, len(values), years)]
    dataset["value"] = [value for block in blocks for value in [*block, None]]
    dataset["status"] = {}
    return json.dumps(dataset).encode()


SHAPE = Shape(
    "pxweb.irena.org",
    "value",
    path=r"/api/v1/en/IRENASTAT/.+\.px",
    unit=("Capacity (MW)", "Capacity (GW)"),
    future=_future,
)
