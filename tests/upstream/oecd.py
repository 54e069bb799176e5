"""OECD: the rows of a key, 404 where there are none, 422 for a wrong key; neither ETag nor Last-Modified."""

import csv
import io

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

DIMENSIONS = ("REF_AREA", "FREQ", "MEASURE", "UNIT_MEASURE", "PRICE_BASE", "TRANSFORMATION")


def routes() -> list[Route]:
    return [Route("GET", "sdmx.oecd.org", r"/public/rest/data/OECD\.STI\.STP,DSD_MSTI@DF_MSTI,/[^/]+", answer)]


def answer(request: Request) -> Reply:
    key = request.path.rpartition("/")[2].split(".")
    if len(key) != len(DIMENSIONS):
        return Reply(b"Semantic Error - Wrong number of non-time dimensions", "text/plain", 422)
    table = csv.DictReader(io.StringIO(recorded("oecd", "msti.csv").decode(), newline=""))
    asked = {name: part.split("+") for name, part in zip(DIMENSIONS, key, strict=True) if part}
    first = request.one("startPeriod", "0000")
    rows = [
        row
        for row in table
        if row["TIME_PERIOD"] >= first and all(row[name] in values for name, values in asked.items())
    ]
    if not rows:
        return Reply(b"NoRecordsFound", "text/plain", 404)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(table.fieldnames or ()), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return Reply(out.getvalue().encode(), "application/vnd.sdmx.data+csv; charset=utf-8; version=2.0", validator=False)


SHAPE = Shape(host="sdmx.oecd.org", value="OBS_VALUE", unit=("PT_B1GQ", "PT_GNI"))
