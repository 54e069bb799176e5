"""What to know before quoting a figure: five lines a series, from the catalogue and the tables. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from dashboard import rows, texts, words
from dashboard.figures import break_words
from data import catalogue, codes, concepts
from data.model import Series


class Quoting(NamedTuple):
    """What to read before quoting a series: `lines`, each a head and a text; `concept` is the id on the reconcile page,
    `others` says how many other official figures it has."""

    title: str
    lines: tuple[tuple[str, str], ...]
    concept: str
    others: str


def of(series: str, lang: str, as_of: str = "") -> Quoting:
    """Who is counted and who not, by whom, in what unit, on which basis, the last break, other official figures."""
    return _of(rows.version(), series.partition("~")[0], lang, as_of)


@lru_cache(maxsize=256)
def _of(version: str, name: str, lang: str, as_of: str) -> Quoting:
    one, say = _series(name), texts.of(lang)
    unit = codes.unit_label(one.unit_measure, one.unit_mult, lang)
    basis, broken = "comparable" if one.comparable else "not_comparable", _last_break(one, lang)
    lines = {
        "counts": say("quoting.counts", text=texts.native(one, "counts", lang)),
        "excludes": say("quoting.excludes", text=texts.native(one, "excludes", lang)),
        "unit": say("quoting.unit", publisher=_publisher(one, lang), unit=unit),
        basis: say(f"quoting.{basis}"),
        "break" if broken else "no_break": broken or say("quoting.no_break"),
    }
    told = tuple((say(f"quoting.{key}_head"), text) for key, text in lines.items())
    concept, others = _others(version, one, lang, as_of)
    return Quoting(texts.native(one, "title", lang), told, concept, others)


def _series(name: str) -> Series:
    """The series of the catalogue a line belongs to; a derived line may have an id of its own."""
    known = catalogue.load().series
    source, _, rest = name.partition("/")
    return known.get(name) or catalogue.load().of_indicator(rest.partition(".")[0], source)[0]


def _publisher(one: Series, lang: str) -> str:
    return texts.native(catalogue.load().sources[one.source], "publisher", lang)


def _last_break(one: Series, lang: str) -> str:
    found = break_words(one.id, lang)
    return max(found)[1] if found else ""


def _others(version: str, one: Series, lang: str, as_of: str) -> tuple[str, str]:
    """The concept of the annual level, and how many other official figures of its newest shared year there are."""
    measure = "share" if one.measure == "share" else "level"
    annual = f"{one.source}/{one.indicator}.{one.ref_area}.A.{measure}.period"
    concept = concepts.of_series(annual)
    if concept is None:
        return "", ""
    spread = _spread(version, concept.id, as_of)
    spread = spread[spread["unit_measure"] == one.unit_measure]
    if spread.empty:
        return concept.id, texts.of(lang)("quoting.concept", n=len(concept.series) - 1)
    newest = spread.loc[spread["time_period"].idxmax()]
    values = {"n": int(newest["figures"]) - 1, "spread": words.number(float(newest["spread"]), 2)}
    year = words.period(str(newest["time_period"]), "period", lang)
    return concept.id, texts.of(lang)("quoting.others", year=year, **values)


@lru_cache(maxsize=64)
def _spread(_version: str, concept: str, as_of: str) -> pd.DataFrame:
    found = next(one for one in concepts.concepts() if one.id == concept)
    return concepts.spread(found, as_of or None)
