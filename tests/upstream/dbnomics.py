"""DBnomics v22: series by their identifiers, `"NA"` for no value, an `errors` list beside a sound answer."""

import json

from tests.upstream.messages import FIXTURES, Reply, Request, Route, Shape, recorded

HOST = "api.db.nomics.world"


def routes() -> list[Route]:
    return [Route("GET", HOST, "/v22/series", answer)]


def answer(request: Request) -> Reply:
    documents, errors = [], []
    for name in request.one("series_ids").split(","):
        _, dataset, code = name.split("/")
        there = (FIXTURES / "dbnomics" / f"{dataset}.json").exists()
        found = [
            one for one in json.loads(recorded("dbnomics", f"{dataset}.json")) if there and one["series_code"] == code
        ]
        documents += found
        errors += [] if found else [{"message": f"Series {name!r} not found"}]
    if request.one("observations") != "1":
        documents = [
            {k: v for k, v in one.items() if k not in ("period", "period_start_day", "value")} for one in documents
        ]
    page = {"docs": documents, "limit": int(request.one("limit", "1000")), "num_found": len(documents), "offset": 0}
    head = {"_meta": {"version": "22.1.17"}, "datasets": {}, "providers": {}, "errors": errors or None, "series": page}
    return Reply(json.dumps(head, separators=(",", ":")).encode())


def _future(body: bytes) -> bytes:
    value = json.loads(body)
    for one in value["series"]["docs"]:
        one["period"].append("2031-01")
        one["period_start_day"].append("2031-01-01")
        one["value"].append("NA")
    return json.dumps(value).encode()


SHAPE = Shape(host=HOST, value="value", unit=("(%)", "(100 million yuan)"), future=_future)
