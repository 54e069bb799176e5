"""Tables as CSV that a spreadsheet opens safely and that reads back as the identical table.

RFC 4180, UTF-8. A text cell that a spreadsheet would run as a formula, and one that begins with an apostrophe already,
gets an apostrophe in front, which reading takes off again. Numbers are numbers, negative ones too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from data.export.rows import COLUMNS, DTYPES

# OWASP, CSV injection: these begin a formula in Excel, LibreOffice or, as full-width forms, in East Asian versions.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
BOM = "\ufeff"
CHUNK = 2000


class ExportError(ValueError):
    """A file that is not an exported table; the message names the line and the column."""


def safe(cell: str) -> str:
    """A text cell as it is written."""
    return GUARD + cell if cell.startswith((*RUNS, GUARD)) else cell


def unsafe(cell: str) -> str:
    """A text cell as it was."""
    return cell.removeprefix(GUARD)


def csv_bytes(table: pd.DataFrame, bom: bool = False) -> bytes:
    """Any exported table as CSV; `bom` puts the mark in front that Excel needs to read Chinese."""
    return "".join(csv_chunks(table, bom)).encode("utf-8")


def csv_chunks(table: pd.DataFrame, bom: bool = False) -> Iterator[str]:
    """The same, a few thousand rows at a time."""
    yield (BOM if bom else "") + _lines([tuple(table.columns)])
    for start in range(0, len(table), CHUNK):
        columns = [_cells(table[name].iloc[start : start + CHUNK]) for name in table]
        yield _lines(zip(*columns, strict=True))


def _lines(records: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(records)
    return out.getvalue()


def _cells(column: pd.Series) -> list[str]:
    kind = column.dtype.kind
    if kind == "f":
        return ["" if value != value else repr(value).removesuffix(".0") for value in column.tolist()]
    if kind == "M":
        return column.dt.strftime("%Y-%m-%d").fillna("").tolist()
    if kind == "b":
        return ["true" if value else "false" for value in column.tolist()]
    if kind in "iu":
        return [str(value) for value in column.tolist()]
    return [safe(value) for value in column.tolist()]


def read_csv(file: str | Path | bytes | BinaryIO) -> pd.DataFrame:
    """The table a file was written from: COLUMNS with DTYPES. ExportError when it is not such a file."""
    records = csv.reader(io.StringIO(_decoded(file), newline=""), strict=True)
    try:
        header, *lines = records
    except (csv.Error, ValueError) as error:
        raise ExportError(f"line {records.line_num}: {error or 'the file is empty'}") from error
    if tuple(header) != COLUMNS:
        raise ExportError(f"line 1: the columns are {', '.join(header)[:300]}; expected {', '.join(COLUMNS)}")
    for number, line in enumerate(lines, 2):
        if len(line) != len(COLUMNS):
            raise ExportError(f"row {number}: {len(line)} fields instead of {len(COLUMNS)}")
    columns = zip(*lines, strict=True) if lines else [()] * len(COLUMNS)
    return pd.DataFrame({name: _typed(name, cells) for name, cells in zip(COLUMNS, columns, strict=True)})


def _decoded(file: str | Path | bytes | BinaryIO) -> str:
    content = (
        file if isinstance(file, bytes) else Path(file).read_bytes() if isinstance(file, str | Path) else file.read()
    )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExportError(f"the file is not UTF-8: {error}") from error


_READ: dict[str, Callable[[str], Any]] = {
    "str": unsafe,
    "float64": lambda cell: float(cell or "nan"),
    "int64": int,
    "datetime64[us]": pd.Timestamp,
}


def _typed(name: str, cells: tuple[str, ...]) -> pd.Series:
    values = []
    for number, cell in enumerate(cells, 2):
        try:
            values.append(_READ[DTYPES[name]](cell))
        except ValueError as error:
            raise ExportError(f"row {number}, {name}: {cell[:80]!r} cannot be read") from error
    return pd.Series(values, dtype=DTYPES[name])
