"""The read-only data API of the dashboard's own server: `routes`, and links to it.

    /api/v1/                                      what there is, for people; openapi.json says it for programs
    /api/v1/observations.csv?indicator=…          also series, events, releases, sources; .json and .parquet
    /api/v1/health                                data version and counts
    data_link(export.rows(frame), base)           the address that gives exactly these rows

Figures of sources that may not be passed on in bulk are given to a question that names source, indicator or series,
each with the terms in its note; any other answer leaves them out and says so in X-Withheld-Rows and X-Withheld-Sources.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboard import texts
from dashboard.api import answers, describe
from dashboard.api.page import page
from dashboard.api.query import TABLES, BadQuery, parse
from data import catalogue, export, tables
from data.textfile import Unreadable

PATH = "/api/v1"
METHODS = ["GET", "HEAD", "OPTIONS"]
WRITING = ["POST", "PUT", "PATCH", "DELETE"]
CACHED = "public, max-age=300"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, Content-Type",
    "Access-Control-Expose-Headers": "ETag, Content-Disposition, Link, X-Data-Version, X-Rows, "
    "X-Withheld-Rows, X-Withheld-Sources",
    "Access-Control-Max-Age": "86400",
}  # fmt: skip


def answering(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """An endpoint that also says what may be done here, what is wrong with a question or with the tables."""

    @wraps(endpoint)
    def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**CORS, "Allow": ", ".join(METHODS)})
        try:
            return endpoint(request)
        except BadQuery as error:
            may_be = error.allowed if isinstance(error.allowed, str) else list(error.allowed)
            return _error(404 if error.field == "table" else 400, error.field, error.value, str(error), may_be)
        except Unreadable as error:
            return _error(503, "catalogue", "", f"the catalogue cannot be read: {error}", "")

    return answer


@answering
def table(request: Request) -> Response:
    """Rows of one table; 304 for an answer the reader has already."""
    query = parse(request.path_params["name"], request.query_params.multi_items())
    tag = answers.etag(query)
    headers = {**CORS, "ETag": tag, "Cache-Control": CACHED, "X-Data-Version": tables.data_version()}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    found = answers.answer(query)
    kind = "inline" if query.form == "json" else "attachment"
    headers |= {"Content-Disposition": f'{kind}; filename="{found.file}"', "X-Rows": str(len(found.table)),
                "Link": f'<{PATH}/sources.csv>; rel="license"'}  # fmt: skip
    if found.withheld:
        headers["X-Withheld-Rows"] = str(sum(found.withheld.values()))
        headers["X-Withheld-Sources"] = ", ".join(found.withheld)
    body = iter(()) if request.method == "HEAD" else answers.stream(found.table, query)
    return StreamingResponse(body, headers=headers, media_type=answers.MEDIA[query.form])


@answering
def health(request: Request) -> Response:
    """Whether the tables can be read, what they hold, and what bulk answers leave out."""
    frame, withheld = export.withhold(tables.select())
    left_out = [str(problem) for problem in tables.problems()]
    content: dict[str, Any] = {
        "status": "ok" if not left_out else "damaged",
        "data_version": tables.data_version(),
        "data_date": tables.data_date(),
        "observations": len(frame) + sum(withheld.values()),
        "series": len(catalogue.load().series),
        "sources": len(catalogue.load().sources),
        "withheld_in_bulk": withheld,
        "left_out": left_out,
    }
    return _json(content, {"Cache-Control": "no-store"})


@answering
def openapi(request: Request) -> Response:
    """The description for programs (OpenAPI 3.1)."""
    return _json(describe.openapi(), {"Cache-Control": CACHED})


@answering
def documentation(request: Request) -> Response:
    """The description for people, in English or, with lang=zh, in Chinese."""
    lang = request.query_params.get("lang", "en")
    if lang not in texts.LANGUAGES:
        raise BadQuery("lang", lang, "no such language", texts.LANGUAGES)
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"}
    return HTMLResponse(page(str(request.base_url).rstrip("/") + PATH, lang), headers={**policy, **CORS})


def top(request: Request) -> Response:
    """The documentation has a slash at its end, so that its links are right."""
    return RedirectResponse(f"{PATH}/?{request.url.query}".rstrip("?"), status_code=308, headers=CORS)


@answering
def unknown(request: Request) -> Response:
    """Anything else under /api/: said in JSON, not with the page of the dashboard."""
    if request.method not in METHODS:
        return _error(
            405, "method", request.method[:20], "the API is read-only", METHODS, {"Allow": ", ".join(METHODS)}
        )
    offered = [f"{PATH}/{name}.csv" for name in TABLES] + [f"{PATH}/health", f"{PATH}/openapi.json", f"{PATH}/"]
    return _error(404, "path", request.url.path[:200], "there is nothing at this address", offered)


routes = [
    Route(f"{PATH}/health", health, methods=METHODS),
    Route(f"{PATH}/openapi.json", openapi, methods=METHODS),
    Route(f"{PATH}/", documentation, methods=METHODS),
    Route(PATH, top, methods=METHODS),
    Route(f"{PATH}/{{name}}", table, methods=METHODS),
    *(Route(path, unknown, methods=[*METHODS, *WRITING]) for path in ("/api", "/api/{rest:path}")),
]


def data_link(table: pd.DataFrame, base: str = "", as_of: str = "", obs_status: Iterable[str] = ()) -> str:
    """The address that gives these exported rows (`export.rows`): their series, computed ones too, and their periods.

    `base` is the server's address (`http://localhost:8501`), `as_of` the day the view is known on,
    `obs_status` the only statuses of the view, if it leaves any out.
    """
    if table.empty:
        return f"{base}{PATH}/observations.csv"
    first, last = _range(table)
    asked = {"series": ",".join(table["series"].drop_duplicates()), "from": first, "to": last, "as_of": as_of,
             "obs_status": ",".join(obs_status)}  # fmt: skip
    given = {name: value for name, value in asked.items() if value}
    return f"{base}{PATH}/observations.csv?{urlencode(given, safe='/,~=')}"


def _range(table: pd.DataFrame) -> tuple[str, str]:
    first, last = table.loc[table["period_end"].idxmin(), "period"], table.loc[table["period_end"].idxmax(), "period"]
    return str(first), str(last)


def _has(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names this tag; weak tags compare without the W/ (RFC 9110, 13.1.2)."""
    given = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in given or tag.removeprefix("W/") in given


def _error(
    status: int, field: str, value: str, message: str, may_be: Any, headers: dict[str, str] | None = None
) -> Response:
    content = {"error": message, "field": field, "value": value, "allowed": may_be}
    return _json(content, {"Cache-Control": "no-store", **(headers or {})}, status)


def _json(content: Any, headers: dict[str, str], status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False, indent=1)
    return Response(body, status, {**CORS, **headers}, "application/json")


__all__ = ["PATH", "data_link", "routes"]
