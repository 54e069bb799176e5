"""Ember's API: two datasets, filtered by code or name, for a key."""

import csv
import io
import json
from typing import Any

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

HOST = "api.ember-energy.org"
KEY = "key-for-the-tests-only"
PATH = r"/v1/(electricity-generation/yearly|installed-capacity/monthly)"
SHAPE = Shape(host=HOST, path=PATH, value="date", unit=("_twh", "_gwh"))


def routes() -> list[Route]:
    return [Route("GET", HOST, PATH, answer)]


def answer(request: Request) -> Reply:
    if request.one("api_key") != KEY:
        return Reply(b'{"detail":"Invalid or missing API key"}', status=403)
    asked = {
        name: request.one(name).split(",") for name in ("entity", "entity_code", "series") if name in request.query
    }
    data = [row for row in rows(request) if all(row[name] in values for name, values in asked.items())]
    data = [row for row in data if row["date"] >= request.one("start_date")]
    stats = {"number_of_records": len(data), "rate_limit": "No"}
    return Reply(json.dumps({"stats": stats, "data": data}).encode(), validator=False)


def rows(request: Request) -> list[dict[str, Any]]:
    """All rows of a dataset."""
    file = "generation.csv" if "generation" in request.path else "capacity.csv"
    return [record(row) for row in csv.DictReader(io.StringIO(recorded("ember", file).decode()))]


def record(row: dict[str, str]) -> dict[str, Any]:
    """A row as the service writes it: null for nothing, figures as numbers."""
    texts = {"entity": row.pop("entity"), "entity_code": row.pop("entity_code") or None}
    figures = {name: float(row[name]) if row[name] else None for name in row if name not in ("date", "series")}
    flags = {"is_aggregate_entity": not texts["entity_code"], "is_aggregate_series": row["series"] == "Renewables"}
    return {**texts, "date": row["date"], "series": row["series"], **flags, **figures}
