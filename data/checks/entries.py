"""Checks of what stands around the figures: terms of use, scope, vocabularies, events."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from data import catalogue, codes, concepts, events, search, targets
from data.checks.report import Finding

LENGTH = {"year": 4, "month": 7, "day": 10}


def licences(history: pd.DataFrame) -> Iterator[Finding]:
    """Every source with figures says under which terms, in both languages, and how to name it."""
    for name in history["source"].unique():
        source = catalogue.load().sources[name]
        for field in ("licence", "licence_native", "attribution", "publisher", "publisher_native", "url"):
            if not getattr(source, field).strip():
                yield Finding("licences", f"{name}.toml", f"field `{field}` is empty")


def scopes(history: pd.DataFrame) -> Iterator[Finding]:
    """Every series with figures says in both languages what it counts and what it does not."""
    series = catalogue.load().series
    for name in history["series"].unique():
        for field in ("title", "title_native", "counts", "counts_native", "excludes", "excludes_native"):
            if not getattr(series[name], field).strip():
                yield Finding("scopes", name, f"field `{field}` is empty")


def vocabularies() -> Iterator[Finding]:
    """Concepts, signals and targets name series of the catalogue; synonyms are lists of words."""
    for read in (concepts.concepts, targets.targets, search.groups):
        try:
            read()
        except catalogue.CatalogueError as error:
            yield Finding("vocabularies", re.split("[,: ]", str(error))[0], str(error))


def well_formed_events(table: pd.DataFrame) -> Iterator[Finding]:
    """Events have an id of their own, dates as precise as they say, known kinds, sectors and stages."""
    nameless = ~table["id"].str.strip().astype(bool)
    for event in table[nameless].to_dict("records"):
        yield Finding("events", "events.csv", f"events.csv, id '': {event['title']!r} has none")
    table = table[~nameless]
    twice = set(table.loc[table["id"].duplicated(), "id"])
    for event in table.to_dict("records"):
        if event["id"] in twice:
            yield Finding("events", event["id"], "this id stands twice")
        for reason in _wrong_with(event):
            yield Finding("events", event["id"], reason)


def _wrong_with(event: dict[Any, Any]) -> Iterator[str]:
    for field in ("date", "end_date", "in_force"):
        if (event[field] or field == "date") and not _is_date(event[field]):
            yield f"{field} {event[field]!r} is not a date"
    if LENGTH.get(event["precision"]) != len(event["date"]):
        yield f"date {event['date']!r} is not precise to the {event['precision']}"
    if event["end_date"] and event["end_date"] < event["date"]:
        yield f"ends {event['end_date']}, before it begins"
    known = {"kind": events.KINDS, "stage": ("", *events.STAGES), "confidence": codes.CONFIDENCE}
    for field, allowed in known.items():
        if event[field] not in allowed:
            yield f"{field} {event[field]!r} is not one of {', '.join(filter(None, allowed))}"
    for sector in event["sectors"].split(";"):
        if sector not in catalogue.load().sectors:
            yield f"sector {sector!r} is not in sectors.toml"
    if event["significance"] not in (1, 2, 3):
        yield f"significance {event['significance']!r} is not 1, 2 or 3"
    for field in ("title", "title_native", "body", "summary", "summary_native"):
        if not event[field].strip():
            yield f"{field} is empty"
    if event["url"] and not event["url"].startswith(("https://", "http://")):
        yield f"url {event['url']!r} is not an address"


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True
