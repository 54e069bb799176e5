"""In which line of the text tables something found stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from data import events, snapshot
from data.checks.report import Finding


def placed(found: Iterable[Finding]) -> Iterator[Finding]:
    """The same, each with the lines of the shipped tables it is about: a figure, a document, or an event."""
    lines_of = lru_cache(_lines)
    for one in found:
        source = one.where.partition("/")[0]
        figures = snapshot.FOLDER / "observations" / f"{source}.csv"
        files = (figures,) if "@" in one.where else (snapshot.FOLDER / "releases.csv", events.FILE)
        places = (_said(file, lines_of(file).get(one.where, [])) for file in files)
        yield msgspec.structs.replace(one, place=next(filter(None, places), ""))


def _said(file: Path, lines: list[int]) -> str:
    return f"{file.name}, line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}" if lines else ""


def _lines(file: Path) -> dict[str, list[int]]:
    """The numbers of the lines that begin with an id, or with a series and its period."""
    found: dict[str, list[int]] = {}
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return found
    for number, line in enumerate(text.split("\n"), 1):
        first, second = (line.split(",", 2) + ["", ""])[:2]
        for key in (first, f"{first}@{second}"):
            found.setdefault(key, []).append(number)
    return found
