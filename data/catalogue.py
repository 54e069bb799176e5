"""The catalogue: which series exist, who publishes them, what they count, and how each fetcher finds them.

One TOML file a source under `data/catalogue/`: one `[source]`, `[defaults]`, many `[[series]]`, and `[[route]]` entries
for series of another source that this one relays. An entry is one indicator; it expands to its `lines`
(`M.level.ytd` …) times its `ref_areas`. Errors name file, entry and field.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from data import codes, periods
from data.catalogue_entries import Area, Entry, Route, Sector
from data.model import Series, Source
from data.textfile import Unreadable

FOLDER = Path(__file__).parent / "catalogue"
VOCABULARIES = {
    "sectors": {"sector"},
    "areas": {"area"},
    "concepts": {"concept", "signal"},
    "targets": {"target"},
    "synonyms": {"group"},
}


class CatalogueError(Unreadable):
    """A catalogue file that cannot be used; the message names file, entry and field."""


class Catalogue(msgspec.Struct, frozen=True):
    """Everything the catalogue folder says. `series` is keyed by series id, in the order of the files.

    `stamp` names the state of the folder: what is computed from a catalogue may be kept under it.
    """

    sources: dict[str, Source]
    series: dict[str, Series]
    sectors: dict[str, Sector]
    areas: dict[str, Area]
    indicators: frozenset[str]
    stamp: tuple[object, ...]

    def of_fetcher(self, fetcher: str) -> list[Series]:
        """The series a fetcher has a locator for."""
        return [series for series in self.series.values() if fetcher in series.locators]

    def of_indicator(self, indicator: str, source: str | None = None) -> list[Series]:
        """All lines and areas of an indicator."""
        return [s for s in self.series.values() if s.indicator == indicator and source in (None, s.source)]


def folder() -> Path:
    """The catalogue folder: `NQPF_CATALOGUE` names another one."""
    return Path(os.environ.get("NQPF_CATALOGUE") or FOLDER)


_HELD: ContextVar[Catalogue | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within it, `load` gives the catalogue of its beginning without looking at the files: one state for one page."""
    token = _HELD.set(load())
    try:
        yield
    finally:
        _HELD.reset(token)


def load(path: Path | None = None) -> Catalogue:
    """Read and validate the catalogue; the same object until a file changes. Raises CatalogueError."""
    known = _HELD.get() if path is None else None
    if known is not None:
        return known
    where = path or folder()
    files = sorted(where.glob("*.toml"))
    stamp = tuple((file.name, file.stat().st_mtime_ns) for file in files)
    return _load(where, stamp)


@lru_cache(maxsize=4)
def _load(where: Path, stamp: tuple[tuple[str, int], ...]) -> Catalogue:
    tables = {Path(name).stem: _toml(where / name) for name, _ in stamp}
    sectors = {s.id: s for s in _list(tables, "sectors", "sector", Sector)}
    areas = {a.id: a for a in _list(tables, "areas", "area", Area)}
    sources: dict[str, Source] = {}
    series: dict[str, Series] = {}
    for name, table in tables.items():
        if name not in VOCABULARIES:
            sources[name] = _source(name, table)
            for one in _series(name, table, sectors, areas):
                if one.id in series:
                    raise CatalogueError(f"{name}.toml, entry {one.indicator!r}: series {one.id} stands twice")
                series[one.id] = one
    for name in sorted(sources, key=lambda n: (sources[n].rank, n)):
        _add_routes(name, tables[name], series)
    ordered = dict(sorted(series.items(), key=_in_order(sectors)))
    indicators = frozenset(one.indicator for one in ordered.values())
    return Catalogue(sources, ordered, sectors, areas, indicators, (str(where), *stamp))


def vocabulary(name: str, path: Path | None = None) -> dict[str, Any]:
    """The plain content of a vocabulary file, lists of tables: `concepts`, `targets` or `synonyms`."""
    file = (path or folder()) / f"{name}.toml"
    if not file.exists():
        raise CatalogueError(f"{file.name} is missing")
    return _vocabulary(file, file.stat().st_mtime_ns)


def entries(name: str, key: str, kind: Any) -> list[Any]:
    """The `[[key]]` entries of a vocabulary file, each as `kind`; CatalogueError names file, entry and field."""
    return _list({name: vocabulary(name)}, name, key, kind)


@lru_cache(maxsize=8)
def _vocabulary(file: Path, _stamp: int) -> dict[str, Any]:
    table = _toml(file)
    _tables(file.stem, table, VOCABULARIES[file.stem])
    return {key: _entries(file.stem, key, table) for key in table}


def _in_order(sectors: dict[str, Sector]) -> Any:
    ranks = {sector.id: sector.order for sector in sectors.values()}
    return lambda item: ranks[item[1].sector]


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CatalogueError(f"{file.name}: not valid TOML: {error}") from error
    except OSError as error:
        raise CatalogueError(f"{file.name}: cannot be read: {error.strerror}") from error


def _tables(name: str, table: dict[str, Any], known: set[str]) -> None:
    """Refuse a table nobody reads: a name written wrong."""
    for unknown in sorted(set(table) - known):
        raise CatalogueError(f"{name}.toml: unknown table [{unknown}]; known are {', '.join(sorted(known))}")


def _list(tables: dict[str, dict[str, Any]], file: str, key: str, kind: Any) -> list[Any]:
    if file not in tables:
        raise CatalogueError(f"{file}.toml is missing")
    _tables(file, tables[file], VOCABULARIES[file])
    found: dict[str, Any] = {}
    for n, item in enumerate(_entries(file, key, tables[file]), 1):
        where = f"{file}.toml, {key} {item.get('id', n)!r}"
        one = _convert(item, kind, where)
        if found.setdefault(one.id, one) is not one:
            raise CatalogueError(f"{where}, field `id`: stands twice")
        for field in ("title", "title_native"):
            if not getattr(one, field).strip():
                raise CatalogueError(f"{where}, field `{field}`: is empty")
    return list(found.values())


def _entries(file: str, key: str, table: dict[str, Any]) -> list[dict[str, Any]]:
    """The [[key]] entries of a file; none when it has none."""
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise CatalogueError(f"{file}.toml: {key} is no list of tables: write [[{key}]] above each")
    return found


def _convert(item: Any, kind: Any, where: str) -> Any:
    try:
        return msgspec.convert(item, kind, strict=True)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{where}: {error}".replace(" - at `$.", ", field `").replace("object ", "")) from error


def _source(name: str, table: dict[str, Any]) -> Source:
    _tables(name, table, {"source", "defaults", "series", "route"})
    if not isinstance(table.get("defaults", {}), dict):
        raise CatalogueError(f"{name}.toml: defaults is no table: write [defaults] above it")
    source: Source = _convert(table.get("source", {}), Source, f"{name}.toml, [source]")
    if source.id != name:
        raise CatalogueError(f"{name}.toml, [source], field `id`: {source.id!r} is not the file's name")
    if not source.url.startswith(("https://", "http://")):
        raise CatalogueError(f"{name}.toml, [source], field `url`: {source.url!r} is not an address")
    return source


def _series(name: str, table: dict[str, Any], sectors: dict[str, Sector], areas: dict[str, Area]) -> list[Series]:
    expanded = []
    for item in _entries(name, "series", table):
        where = f"{name}.toml, entry {item.get('indicator', '(no indicator)')!r}"
        entry: Entry = _convert({**table.get("defaults", {}), **item}, Entry, where)
        if not re.fullmatch(r"[a-z]\w*", entry.indicator, re.ASCII):
            raise CatalogueError(f"{where}, field `indicator`: write small letters, digits and _ only")
        _known(where, "sector", entry.sector, sectors)
        _known(where, "unit_measure", entry.unit_measure, codes.UNITS)
        for n, one in enumerate(entry.breaks):
            if not periods.PATTERN.fullmatch(one.period):
                raise CatalogueError(f"{where}, field `breaks[{n}].period`: {one.period!r} is not a period")
        if entry.missing:
            _known(where, "missing", entry.missing, codes.MISSING)
        for field in ("lines", "ref_areas"):
            if not getattr(entry, field):
                raise CatalogueError(f"{where}, field `{field}`: is empty")
        for area in entry.ref_areas:
            _known(where, "ref_areas", area, areas)
            expanded += [_one(name, entry, area, line, where) for line in entry.lines]
    return expanded


def _known(where: str, field: str, value: str, known: Any) -> None:
    if value not in known:
        raise CatalogueError(f"{where}, field `{field}`: {value!r} is not one of {', '.join(sorted(known))}")


def _one(source: str, entry: Entry, area: str, line: str, where: str) -> Series:
    """The series of one line: growth is in per cent whatever the level's unit, a rank is a rank."""
    parts = line.split(".")
    if len(parts) != 3 or parts[0] not in codes.FREQ or parts[1] not in codes.MEASURE or parts[2] not in codes.SPAN:
        raise CatalogueError(f"{where}, field `lines`: {line!r} is not freq.measure.span, such as M.level.ytd")
    freq, measure, span = parts
    fields = {f: getattr(entry, f) for f in entry.__struct_fields__ if f not in {"lines", "ref_areas", "locator"}}
    if measure == "growth":
        fields |= {"unit_measure": "percent", "unit_mult": 0}
    elif measure == "rank":
        fields |= {"unit_measure": "rank", "unit_mult": 0}
    locators = {source: entry.locator} if entry.locator else {}
    key: dict[str, Any] = {"source": source, "ref_area": area, "freq": freq, "measure": measure, "span": span}
    return Series(**fields, **key, locators=locators)


def _add_routes(name: str, table: dict[str, Any], series: dict[str, Series]) -> None:
    for n, item in enumerate(_entries(name, "route", table), 1):
        route: Route = _convert(item, Route, f"{name}.toml, route {n}")
        lines = [s for s in series.values() if (s.source, s.indicator) == (route.source, route.indicator)]
        if not lines:
            raise CatalogueError(f"{name}.toml, route {n}: {route.source}/{route.indicator} is not in the catalogue")
        for one in lines:
            locators = {**one.locators, name: route.locator}
            series[one.id] = msgspec.structs.replace(one, locators=locators)
