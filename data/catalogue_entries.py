"""What may stand in the catalogue's files, field by field; a field written wrong is refused by name (catalogue.py)."""

from __future__ import annotations

from typing import Any

import msgspec

from data.model import Break, Expectation


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[series]]` entry as written: an indicator of a source."""

    indicator: str
    sector: str
    title: str
    title_native: str
    unit_measure: str
    lines: list[str]
    counts: str
    counts_native: str
    excludes: str
    excludes_native: str
    unit_mult: int = 0
    ref_areas: list[str] = msgspec.field(default_factory=lambda: ["CHN"])
    comparable: bool = True
    definition: str = ""
    definition_native: str = ""
    words: str = ""
    words_native: str = ""
    breaks: list[Break] = []
    expect: Expectation = Expectation()
    synonyms: list[str] = []
    missing: str = ""
    locator: dict[str, Any] = {}


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One `[[route]]` entry: how this fetcher brings an indicator of another source."""

    source: str
    indicator: str
    locator: dict[str, Any]


class Sector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sector or, with `theme`, a subject only events have."""

    id: str
    title: str
    title_native: str
    short: str = ""
    short_native: str = ""
    order: int = 0
    founding: bool = False
    theme: bool = False
    colour: str = ""
    colour_dark: str = ""
    marker: str = ""
    dash: str = ""


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reference area; provinces carry their place in the tile grid."""

    id: str
    title: str
    title_native: str
    kind: str
    order: int = 0
    iso: str = ""
    tile_row: int | None = None
    tile_column: int | None = None
    note: str = ""
    note_native: str = ""
    codes: dict[str, str] = {}
