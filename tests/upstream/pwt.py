"""dataverse.nl: the workbook of an edition by its file number; 404 for any other number."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io

from openpyxl import Workbook, load_workbook

from fetchers._verdict import WORKBOOK
from tests.upstream.messages import Reply, Request, Route, Shape, recorded


@functools.cache
def workbook() -> bytes:
    """Three sheets, numbers as numbers and empty cells empty; the same bytes all day."""
    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2025, 10, 7)
    info, legend, data = book.active, book.create_sheet("Legend"), book.create_sheet("Data")
    info.title = "Info"
    info.append(["Penn World Table, version 11.0"])
    legend.append(["Variable name", "Variable definition"])
    header, *rows = csv.reader(io.StringIO(recorded("pwt", "data.csv").decode(), newline=""))
    data.append(header)
    for row in rows:
        data.append([_cell(text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(text: str) -> float | str | None:
    try:
        return float(text)
    except ValueError:
        return text or None


def routes() -> list[Route]:
    """One file."""

    def answer(request: Request) -> Reply:
        return Reply(workbook(), WORKBOOK)

    return [Route("GET", "dataverse.nl", "/api/access/datafile/554105", answer)]


def _future(body: bytes) -> bytes:
    """A year to come, without any estimate."""
    book = load_workbook(io.BytesIO(body))
    book["Data"].append(["CHN", "China", "Yuan Renminbi", 2099])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SHAPE = Shape("dataverse.nl", "rtfpna", future=_future)
