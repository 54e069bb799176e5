"""Finding series: 新能源汽车, NEV, EV and 电动车 are one thing."""

from __future__ import annotations

import re

from data import catalogue
from data.model import Series


def groups() -> list[list[str]]:
    """The groups of terms that mean one thing, in small letters."""
    found = []
    for n, group in enumerate(catalogue.vocabulary("synonyms").get("group", []), 1):
        terms = group.get("terms")
        if not isinstance(terms, list) or not all(isinstance(term, str) and term.strip() for term in terms):
            raise catalogue.CatalogueError(f"synonyms.toml, group {n}, field `terms`: is no list of words")
        found.append([term.casefold() for term in terms])
    return found


def find(text: str) -> list[Series]:
    """The series that match every word of the text, in any language, best first; none for an empty text.

    A word of a synonym group matches whatever any term of the group matches. A title that holds the words comes first.
    """
    wanted = [_alike(word) for word in _words(text)]
    if not wanted:
        return []
    found: list[tuple[int, int, Series]] = []
    for series in catalogue.load().series.values():
        titles = f"{series.title} {series.title_native} {series.indicator.replace('_', ' ')}".casefold()
        body = " ".join([titles, series.sector, series.source, series.ref_area, *series.synonyms]).casefold()
        if all(any(_holds(body, term) for term in terms) for terms in wanted):
            direct = sum(any(_holds(titles, term) for term in terms) for terms in wanted)
            found.append((-direct, len(found), series))
    return [series for _, _, series in sorted(found, key=lambda item: item[:2])]


def _words(text: str) -> list[str]:
    """The words to look for; a synonym of several words stays one."""
    folded = " ".join(text.casefold().split())
    words = []
    for term in sorted((t for group in groups() for t in group if " " in t or not t.isascii()), key=len, reverse=True):
        if term in folded:
            words.append(term)
            folded = folded.replace(term, " ")
    return words + folded.split()


def _alike(word: str) -> list[str]:
    return [word, *(term for group in groups() if word in group for term in group)]


def _holds(body: str, term: str) -> bool:
    """Latin words match from their start, so that ev does not find level; Chinese anywhere."""
    return re.search(rf"(?<![a-z0-9]){re.escape(term)}", body) is not None if term.isascii() else term in body
