"""NBS database: cookie first, JSON bodies of one exact form, one POST a table, lines of yearly tables by name."""

import json
from typing import Any

from data import catalogue
from tests.upstream.messages import Reply, Request, Route, Shape, recorded

HOST = "data.stats.gov.cn"
API = "/dg/website/publicrelease/web/external"
YEARLY = {
    "d198efc7d03c46bd9069e035e7ddd038": "rd_overview",
    "bfa3a26b7f254af2bc56b8217d622d49": "rd_by_activity",
    "02776c40d92b4a0893baca055e519086": "rd_by_funds",
}
ROOTS = {"fc982599aa684be7969d7b90b1bd0e84": "MM", "884c062607104a91967b22742537f44f": "YY"}
FAILED = {"success": False, "state": 50000, "message": "系统异常", "data": None}


def routes() -> list[Route]:
    return [
        Route("GET", HOST, "/dg/website/page.html", page),
        Route("GET", HOST, f"{API}/new/queryIndicatorsByCid", lines),
        Route("POST", HOST, f"{API}/stream/esData", figures),
        Route("POST", HOST, f"{API}/getEsDataByCidAndDt", figures),
    ]


def page(request: Request) -> Reply:
    cookie = {"Set-Cookie": "wzws_sessionid=abc; Path=/"}
    return Reply(b"<!DOCTYPE html><html><head><title>data</title></head></html>", "text/html", 200, cookie)


def lines(request: Request) -> Reply:
    name = YEARLY.get(request.one("cid"))
    if "wzws_sessionid" not in request.cookies or not name:
        return _elsewhere(request)
    return Reply(recorded("nbs", f"{name}.list.json"), validator=False)


def figures(request: Request) -> Reply:
    """What the service does with a body: 307 without the cookie, a firewall for text in place of the list of ranges."""
    asked = request.json()
    if "wzws_sessionid" not in request.cookies or request.headers.get("Origin") != f"https://{HOST}":
        return _elsewhere(request)
    if not isinstance(asked.get("dts"), list):
        return Reply(b"<html><script>var wzwsquestion=1</script></html>", "text/html")
    if "showType" not in asked or asked["das"] != [{"text": "全国", "value": "000000000000"}]:
        return Reply(b"", "text/plain", 500)
    name = YEARLY.get(asked["cid"]) or _products().get(asked["cid"])
    if name is None or asked["daCatalogId"] or asked["rootId"] not in ROOTS:
        return _json(FAILED)
    answer = json.loads(recorded("nbs", f"{name}.json"))
    first, last = asked["dts"][0].split("-")
    answer["data"] = [period for period in answer["data"] if first <= period["code"] <= last]
    for period in answer["data"]:
        period["values"] = [value for value in period["values"] if value["_id"] in asked["indicatorIds"]]
    return _json(answer)


def _products() -> dict[str, str]:
    """The tables whose lines are pinned in the catalogue, by their identifier."""
    wanted = catalogue.load().of_fetcher("nbs")
    return {one.locators["nbs"]["cid"]: one.indicator for one in wanted if one.locators["nbs"].get("freq") != "A"}


def _elsewhere(request: Request) -> Reply:
    return Reply(b"", "text/html", 307, {"Location": f"https://{request.host}{request.path}"})


def _json(value: Any) -> Reply:
    return Reply(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), "application/json;charset=UTF-8"
    )


def _future(body: bytes) -> bytes:
    answer = json.loads(body)
    unit = answer["data"][0]["code"][-2:]
    answer["data"].append({"code": f"2031{'01' if unit == 'MM' else ''}{unit}", "name": "2031年", "values": []})
    return json.dumps(answer).encode()


SHAPE = Shape(
    host=HOST,
    path=rf"{API}/(stream/esData|getEsDataByCidAndDt)",
    value="value",
    unit=('"du_name":"', '"du_name":"十'),
    future=_future,
)
