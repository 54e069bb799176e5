"""api.iea.org: one CSV, filtered by parameter, category and mode; that of 2025 has two columns of other names."""

from __future__ import annotations

import csv
import io

from tests.upstream.messages import Reply, Request, Route, Shape, recorded


def answer(request: Request) -> Reply:
    """The rows of the fixture that were asked for; only the header where there is nothing."""
    file = "edition_2025.csv" if request.one("parameters") == "Battery demand" else "edition_2024.csv"
    header, *rows = csv.reader(io.StringIO(recorded("iea", file).decode(), newline=""))
    asked = {"parameter": request.one("parameters"), "category": request.one("category"), "mode": request.one("mode")}
    kept = [row for row in rows if all(row[header.index(name)] == value for name, value in asked.items() if value)]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header, *kept])
    return Reply(out.getvalue().encode(), "text/csv")


def routes() -> list[Route]:
    """The one address there is."""
    return [Route("GET", "api.iea.org", r"/evs/?", answer)]


def _future(body: bytes) -> bytes:
    """A year to come, without a figure."""
    header, first, *_ = body.decode().splitlines()
    names, cells = header.split(","), first.split(",")
    cells[names.index("year")], cells[names.index("value")] = "2099", ""
    return body + ",".join(cells).encode() + b"\n"


SHAPE = Shape("api.iea.org", "value", unit=("unit", "thousands"), future=_future)
