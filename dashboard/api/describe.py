"""The data API described for programs: OpenAPI 3.1, made from the parameters and columns themselves."""

from __future__ import annotations

from typing import Any

from dashboard import texts
from dashboard.api.answers import MEDIA
from dashboard.api.query import FORMATS, PARAMETERS, TABLES, allowed
from data import export, tables

SCHEMA_OF: dict[str, dict[str, Any]] = {"float64": {"type": ["number", "null"]}, "int64": {"type": "integer"}}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
TYPES: dict[str, dict[str, Any]] = {"unit_mult": {"type": "integer"}, "periods": {"type": "integer"},
         "comparable": {"type": "boolean"}, "redistributable": {"type": "boolean"}}  # fmt: skip
TEXT: dict[str, Any] = {"type": "string"}


def columns(table: str) -> tuple[str, ...]:
    """The columns of a table in their order."""
    return export.COLUMNS if table == "observations" else export.LISTS[table]


def openapi() -> dict[str, Any]:
    """The whole description."""
    say = texts.of("en")
    paths: dict[str, Any] = {f"/{name}.{form}": {"get": _rows(name, form)} for name in TABLES for form in FORMATS}
    paths["/health"] = {"get": {"operationId": "health", "summary": say("api.health"),
                                "responses": {"200": _json_of({"type": "object"}, say("api.health"))}}}  # fmt: skip
    schemas = {_title(name): _schema(name) for name in TABLES} | {"Error": _error()}
    return {
        "openapi": "3.1.0",
        "info": {"title": say("api.title"), "version": "1", "description": say("api.about"),
                 "x-data-version": tables.data_version()},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {"schemas": schemas, "parameters": {name: _parameter(name) for name in PARAMETERS}},
    }  # fmt: skip


def _title(name: str) -> str:
    return {"series": "Series"}.get(name, name.removesuffix("s").title())


def _parameter(name: str) -> dict[str, Any]:
    may_be, many = allowed(name), PARAMETERS[name].many
    one = TEXT | ({"pattern": PARAMETERS[name].pattern} if isinstance(may_be, str) else {"enum": list(may_be)})
    schema = {"type": "array", "items": one, "minItems": 1} if many else one
    said = texts.of("en")(f"api.{name}")
    found = {"name": name, "in": "query", "description": said, "schema": schema}
    return found | ({"style": "form", "explode": True} if many else {})


def _rows(name: str, form: str) -> dict[str, Any]:
    say = texts.of("en")
    fields = (*TABLES[name], *(["bom"] if form == "csv" else []))
    schema: dict[str, Any] = {"type": "array", "items": {"$ref": f"#/components/schemas/{_title(name)}"}}
    media = MEDIA[form].partition(";")[0]
    headers = {"ETag": say("api.h_etag"), "X-Data-Version": say("api.h_version"), "X-Rows": say("api.h_rows"),
               "X-Withheld-Rows": say("api.h_withheld"), "X-Withheld-Sources": say("api.h_withheld")}  # fmt: skip
    ok = {
        "description": say(f"api.t_{name}"),
        "headers": {one: {"description": text, "schema": TEXT} for one, text in headers.items()},
        "content": {media: {"schema": schema if form == "json" else TEXT}},
    }
    return {
        "operationId": f"{name}_{form}",
        "summary": say(f"api.t_{name}"),
        "parameters": [{"$ref": f"#/components/parameters/{field}"} for field in fields],
        "responses": {
            "200": ok,
            "304": {"description": say("api.not_modified")},
            "400": _json_of({"$ref": "#/components/schemas/Error"}, say("api.refused")),
        },
    }


def _json_of(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _schema(name: str) -> dict[str, Any]:
    meaning = export.dictionary()[name]
    kinds = {field: _type(name, field) | {"description": meaning[field]["en"]} for field in columns(name)}
    return {"type": "object", "properties": kinds, "required": list(kinds)}


def _type(name: str, field: str) -> dict[str, Any]:
    if name != "observations":
        return TYPES.get(field, TEXT)
    kind = export.DTYPES[field]
    return DAY if kind.startswith("datetime") else SCHEMA_OF.get(kind, TEXT)


def _error() -> dict[str, Any]:
    said = {"error": TEXT, "field": TEXT, "value": TEXT}
    may_be = {"description": texts.of("en")("api.e_allowed"), "type": ["array", "string"], "items": TEXT}
    return {"type": "object", "properties": {**said, "allowed": may_be}, "required": [*said, "allowed"]}
