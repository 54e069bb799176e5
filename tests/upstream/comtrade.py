"""UN Comtrade: the preview without a key (one period a request) and the service with one."""

import csv
import io
import json
from typing import Any

from tests.upstream.messages import Reply, Request, Route, Shape, recorded

HOST = "comtradeapi.un.org"
KEY = "key-for-the-tests-only"
PREVIEW = r"/public/v1/preview/C/[AM]/HS"
KEYED = r"/data/v1/get/C/[AM]/HS"
SHAPE = Shape(host=HOST, path=f"{PREVIEW}|{KEYED}", value="primaryValue")  # dollars, and no field says so


def routes() -> list[Route]:
    return [Route("GET", HOST, PREVIEW, preview), Route("GET", HOST, KEYED, keyed)]


def preview(request: Request) -> Reply:
    if "," in request.one("period"):
        return refused(400, "Only one period is allowed")
    return answer(request)


def keyed(request: Request) -> Reply:
    if request.headers.get("Ocp-Apim-Subscription-Key") != KEY:
        return refused(401, "Access denied due to invalid subscription key.")
    if request.one("period").count(",") >= 12:
        return refused(400, "Too many periods")
    return answer(request)


def refused(status: int, words: str) -> Reply:
    return Reply(json.dumps({"statusCode": status, "message": words}).encode(), status=status)


def answer(request: Request) -> Reply:
    """The rows asked for, one of them twice, in parts as well unless the totals are asked for."""
    asked = {name: request.one(name).split(",") for name in ("period", "cmdCode")}
    found = [
        row
        for row in rows()
        if row["freqCode"] == request.path.split("/")[-2]
        and row["period"] in asked["period"]
        and row["cmdCode"] in asked["cmdCode"]
        and str(row["reporterCode"]) == request.one("reporterCode")
    ]
    if request.one("motCode") != "0":
        found += [{**row, "motCode": 2100, "motDesc": "Sea"} for row in found]
    found += found[:1]
    body = {"elapsedTime": "0.05 secs", "count": len(found), "data": found, "error": ""}
    return Reply(json.dumps(body).encode(), "application/json; charset=utf-8", validator=False)


def rows() -> list[dict[str, Any]]:
    """All the service has."""
    row = json.loads(recorded("comtrade", "row.json"))
    figures = csv.DictReader(io.StringIO(recorded("comtrade", "figures.csv").decode()))
    return [
        {
            **row,
            "freqCode": figure["freq"],
            "period": figure["period"],
            "refYear": int(figure["period"][:4]),
            "refMonth": int(figure["period"][4:] or 52),
            "classificationCode": "H6" if figure["period"] >= "2022" else "H5",
            "cmdCode": figure["code"],
            "fobvalue": float(figure["value"]),
            "primaryValue": float(figure["value"]),
        }
        for figure in figures
    ]
