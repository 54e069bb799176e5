"""UNESCO UIS: the records asked for; an indicator it does not know is a hint, a question without any is status 400."""

import json

from tests.upstream.messages import Reply, Request, Route, Shape, recorded


def routes() -> list[Route]:
    return [Route("GET", "api.uis.unesco.org", r"/api/public/data/indicators", answer)]


def answer(request: Request) -> Reply:
    indicators, areas = request.query.get("indicator", []), request.query.get("geoUnit", [])
    if not indicators and not areas:
        return Reply(b'{"message":"At least one indicator or geoUnit is required."}', status=400)
    body = json.loads(recorded("unesco", "indicators.json"))
    first = int(request.one("start", "0"))
    known = {about["indicatorCode"] for about in body["indicatorMetadata"]}
    records = [
        record
        for record in body["records"]
        if record["indicatorId"] in indicators and record["geoUnit"] in areas and record["year"] >= first
    ]
    unknown = [code for code in indicators if code not in known]
    hints = [{"code": "INDICATOR_NOT_FOUND", "message": f"Unknown indicators: {', '.join(unknown)}"}] if unknown else []
    about = [about for about in body["indicatorMetadata"] if about["indicatorCode"] in indicators]
    metadata = about if request.one("indicatorMetadata") == "true" else []
    return Reply(json.dumps({"hints": hints, "records": records, "indicatorMetadata": metadata}).encode())


def _future(body: bytes) -> bytes:
    data = json.loads(body.decode("utf-8-sig"))
    data["records"] += [{**record, "year": 2031, "value": None} for record in data["records"][:2]]
    return json.dumps(data).encode()


SHAPE = Shape(host="api.uis.unesco.org", value="value", unit=("percentage of GDP", "percentage of GNI"), future=_future)
