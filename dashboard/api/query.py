"""What may be asked of the data API, and the answer to a question that is wrong: which field, and what it may be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from data import catalogue, codes, periods

FORMATS = ("csv", "json", "parquet")
PERIOD = "a year or a period: 2023, 2023-Q4, 2023-12"
DAY = "a day: 2024-03-05"
LONGEST = 200
MOST_COMPUTED = 60


class BadQuery(ValueError):
    """A question the API refuses. `field` is the parameter, `allowed` what it may be (a list, or a phrase)."""

    def __init__(self, field: str, value: str, reason: str, allowed: Collection[str] | str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.value, self.allowed = field, value[:LONGEST], allowed


class Parameter(NamedTuple):
    """One parameter: its codes, or the phrase that says what it may be. `many`: repeatable, and comma lists.

    `pattern` is the form of what a phrase describes, for programs.
    """

    allowed: Callable[[], Collection[str]] | str
    many: bool = False
    pattern: str = ""


class Query(NamedTuple):
    """A checked question: the table, the format, and each parameter that was given, a list for each."""

    table: str
    form: str
    asked: dict[str, list[str]]

    def one(self, name: str) -> str:
        """The value of a parameter that is given once; empty if it is not."""
        return (self.asked.get(name) or [""])[0]

    @property
    def canonical(self) -> str:
        """The same text for the same question, in whatever order it was written."""
        given = sorted((name, sorted(set(values))) for name, values in self.asked.items())
        return f"{self.table}.{self.form}?{given}"

    @property
    def names_who(self) -> bool:
        """Whether the question names a source, an indicator or a series, as one does to quote a figure."""
        return bool({"source", "indicator", "series"} & set(self.asked))


PARAMETERS: dict[str, Parameter] = {
    "indicator": Parameter(lambda: catalogue.load().indicators, many=True),
    "sector": Parameter(lambda: catalogue.load().sectors, many=True),
    "ref_area": Parameter(lambda: catalogue.load().areas, many=True),
    "freq": Parameter(lambda: codes.FREQ, many=True),
    "measure": Parameter(lambda: codes.MEASURE, many=True),
    "span": Parameter(lambda: codes.SPAN, many=True),
    "source": Parameter(lambda: catalogue.load().sources, many=True),
    "from": Parameter(PERIOD, pattern="^(19|20)[0-9]{2}(-(Q[1-4]|0[1-9]|1[0-2]))?$"),
    "to": Parameter(PERIOD, pattern="^(19|20)[0-9]{2}(-(Q[1-4]|0[1-9]|1[0-2]))?$"),
    "as_of": Parameter(DAY, pattern="^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"),
    "confidence": Parameter(lambda: codes.CONFIDENCE, many=True),
    "obs_status": Parameter(lambda: codes.OBS_STATUS, many=True),
    "series": Parameter("a series id as in series.csv, or a computed one: its id with ~computed, ~index=2023-09-07 …",
                        many=True, pattern=r"^[a-z]\w*/[a-z]\w*\.[A-Z0-9-]+\.[AQM]\.[a-z]+\.(period|ytd)(~.+)?$"),
    "vintages": Parameter(lambda: ("latest", "all")),
    "bom": Parameter(lambda: ("0", "1")),
}  # fmt: skip
KEY = ("indicator", "sector", "ref_area", "freq", "measure", "span", "source", "series")
TABLES = {
    "observations": (*KEY[:7], "from", "to", "as_of", "confidence", "obs_status", "series", "vintages"),
    "series": KEY,
    "events": ("sector", "from", "to", "as_of", "confidence"),
    "releases": (*KEY[:7], "from", "to", "as_of", "confidence", "obs_status", "series"),
    "sources": KEY,
}


def parse(name: str, given: Iterable[tuple[str, str]]) -> Query:
    """The checked question for `observations.csv` and these parameters; BadQuery says what is wrong."""
    table, _, form = name.partition(".")
    if table not in TABLES:
        raise BadQuery("table", table, "no such table", tuple(TABLES))
    if form not in FORMATS:
        raise BadQuery("format", form, "no such format", FORMATS)
    accepted = (*TABLES[table], *(["bom"] if form == "csv" else []))
    asked: dict[str, list[str]] = {}
    for field, text in given:
        if field not in accepted:
            raise BadQuery(field[:LONGEST], text, f"{table}.{form} has no such parameter", accepted)
        asked[field] = [*asked.get(field, []), *_values(field, text)]
    for field, values in asked.items():
        _check(field, values)
    _forward(asked)
    if sum("~" in one for one in asked.get("series", ())) > MOST_COMPUTED:
        raise BadQuery("series", "", f"more than {MOST_COMPUTED} computed series", allowed("series"))
    return Query(table, form, asked)


def _values(field: str, text: str) -> list[str]:
    values = [part.strip() for part in text.split(",")] if PARAMETERS[field].many else [text.strip()]
    found = [value for value in values if value]
    if not found:
        raise BadQuery(field, text, "is empty", allowed(field))
    return found


def allowed(field: str) -> Collection[str] | str:
    """What a parameter may be: a sorted list of codes, or a phrase."""
    may_be = PARAMETERS[field].allowed
    if isinstance(may_be, str):
        return may_be
    codes_of = may_be()
    return tuple(codes_of) if not isinstance(codes_of, frozenset) else tuple(sorted(codes_of))


def _check(field: str, values: list[str]) -> None:
    if len(set(values)) > 1 and not PARAMETERS[field].many:
        raise BadQuery(field, " and ".join(values), "may be given once only", allowed(field))
    for value in values:
        reason = _wrong(field, value)
        if reason:
            raise BadQuery(field, value, reason, allowed(field))


def _wrong(field: str, value: str) -> str:
    """Why a value is refused; empty if it is not."""
    may_be = PARAMETERS[field].allowed
    if not isinstance(may_be, str):
        return "" if value in may_be() else f"{value[:LONGEST]!r} is not known"
    if field == "series":
        return "" if "~" in value or value in catalogue.load().series else f"{value[:LONGEST]!r} is not known"
    return _wrong_time(field, value)


def _wrong_time(field: str, value: str) -> str:
    if field != "as_of":
        return "" if periods.PATTERN.fullmatch(value) else f"{value[:LONGEST]!r} is not a period"
    try:
        dt.date.fromisoformat(value if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else "")
    except ValueError:
        return f"{value[:LONGEST]!r} is not a day"
    return ""


def _forward(asked: dict[str, list[str]]) -> None:
    first, last = asked.get("from"), asked.get("to")
    if first and last and periods.start(first[0]) > periods.end(last[0]):
        raise BadQuery("from", first[0], f"{first[0]} is after to={last[0]}", f"{PERIOD}, not after `to`")


def select_arguments(query: Query) -> dict[str, Any]:
    """The filters of `select` that the question names."""
    fields = [field for field in (*KEY, "confidence", "obs_status") if field in query.asked]
    found: dict[str, Any] = {field: query.asked[field] for field in fields}
    return found | {"start": query.one("from") or None, "end": query.one("to") or None,
                    "as_of": query.one("as_of") or None}  # fmt: skip
