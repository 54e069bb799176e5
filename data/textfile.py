"""Reads the text tables line by line, so that a damaged line costs itself alone and is named by its number."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

Left = tuple[str, int, str, str, str]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Unreadable(ValueError):
    """A file of the tables that cannot be used; the message names file, line or entry, and field."""


def read(file: Path, columns: tuple[str, ...], left_out: list[Left]) -> pd.DataFrame:
    """A table as text, `columns` and the number of its `line`; what is no row of it goes to `left_out`.

    `left_out` gets file, line (0: the whole file), field, value and reason. A row is one line: a field that runs over
    several is an unclosed quotation mark.
    """
    kept: list[list[object]] = []
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        left_out.append((file.name, 0, "", "", _unread(error)))
        lines = []
    for number, text in enumerate(lines, 1):
        fields = _fields(text)
        wrong = _wrong(number, text, fields, columns)
        if wrong:
            left_out.append((file.name, number, "", "", wrong))
        if wrong and number == 1:
            break
        if number > 1 and fields and not wrong:
            kept.append([*fields, number])
    return pd.DataFrame(kept, columns=[*columns, "line"])


def _unread(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"is not text in UTF-8: byte {error.start + 1} cannot be read"
    return "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"


def _fields(text: str) -> list[str] | None:
    """The fields of a line, none of an empty one; None where a quotation mark is not closed."""
    try:
        return next(csv.reader([text.removesuffix("\r")], strict=True), [])
    except csv.Error:
        return None


def _wrong(number: int, text: str, fields: list[str] | None, columns: tuple[str, ...]) -> str:
    if number == 1 and tuple(fields or ()) != columns:
        return f"columns are {', '.join(fields or ())[:300] or 'missing'}; expected {', '.join(columns)}"
    if fields is None:
        return f"a quotation mark is not closed: {text[:80]}"
    if fields and len(fields) != len(columns):
        return f"has {len(fields)} fields, expected {len(columns)}: {text[:80]}"
    return "holds a control character" if any(map(CONTROL.search, fields)) else ""
