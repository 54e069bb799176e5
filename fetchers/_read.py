"""Bytes to records: JSON, CSV, XLSX, HTML tables, numbers. Everything that is not of the known shape is Unexpected.

Pure: no network, no files. `where` is a few words naming the document, for the error.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from lxml import etree, html

from fetchers._errors import Unexpected

UNPACKED_LIMIT = 256 * 2**20  # bytes; the largest workbook asked for (Penn World Table) unpacks to about 20 MB
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# what openpyxl raises on files that are damaged or no workbooks (its own InvalidFileException is for names, not bytes)
BROKEN_WORKBOOK = (zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, SyntaxError, OSError, EOFError)
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)


def text(body: bytes, where: str = "the answer") -> str:
    """UTF-8 with or without a byte order mark; Unexpected for any other encoding."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = body[max(error.start - 10, 0) : error.end + 10]
        raise Unexpected(f"{where} is not UTF-8 at byte {error.start}", value=bad) from error


def json_body(body: bytes, where: str = "the answer") -> Any:
    """The JSON value of a body; NaN and Infinity are refused like any other malformed text."""
    try:
        return json.loads(text(body, where), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are a ValueError too
        raise Unexpected(f"{where} is not JSON: {error}", value=_start(body)) from error


def _no_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not a number", name, 0)


def csv_records(
    body: bytes, where: str = "the answer", *, required: Collection[str] = (), delimiter: str = ","
) -> list[dict[str, str]]:
    """One dict a line, all text. `required` columns must be there; a line of another width is Unexpected."""
    rows = csv.reader(io.StringIO(text(body, where), newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(rows, [])
        _columns(header, required, where)
        records = []
        for row in rows:
            if row and len(row) != len(header):
                raise Unexpected(
                    f"{where}, line {rows.line_num}: {len(row)} fields under {len(header)} columns",
                    value=delimiter.join(row),
                )
            if row:
                records.append(dict(zip(header, row, strict=True)))
        return records
    except csv.Error as error:
        raise Unexpected(f"{where}, line {rows.line_num}: {error}", value=_start(body)) from error


def _columns(header: Sequence[str], required: Collection[str], where: str) -> None:
    missing = [name for name in required if name not in header]
    if missing or not header:
        raise Unexpected(f"{where} has no column {', '.join(missing) or 'at all'}", value=", ".join(header)[:300])
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise Unexpected(f"{where} has the column {twice[0]!r} twice", value=", ".join(header)[:300])


def xlsx_rows(body: bytes, sheet: str | None = None, where: str = "the workbook") -> Iterator[tuple[Any, ...]]:
    """The cell values of one sheet (the first if not named), row by row, as typed in the workbook."""
    from openpyxl import load_workbook  # slow to import, needed by two sources

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > UNPACKED_LIMIT:
            raise Unexpected(f"{where} unpacks to {unpacked} bytes, more than {UNPACKED_LIMIT}")
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        if sheet is not None and sheet not in book.sheetnames:
            raise Unexpected(f"{where} has no sheet {sheet!r}", value=", ".join(book.sheetnames))
        rows = list(book[sheet or book.sheetnames[0]].iter_rows(values_only=True))
    except BROKEN_WORKBOOK as error:
        raise Unexpected(f"{where} is not a whole XLSX file: {error}", value=_start(body)) from error
    yield from rows


def html_document(body: bytes, where: str = "the page") -> html.HtmlElement:
    """The parsed page: UTF-8, else the encoding its meta element names (GB 18030 for gb2312 and gbk)."""
    named = CHARSET.search(body[:4096])
    encoding = named.group(1).decode().lower() if named else "utf-8"
    encoding = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8": "utf-8-sig", "utf8": "utf-8-sig"}.get(
        encoding, encoding
    )
    try:
        return html.document_fromstring(body.decode(encoding))
    except (UnicodeDecodeError, LookupError, ValueError, etree.ParserError) as error:
        raise Unexpected(f"{where} is not readable HTML in {encoding}: {error}", value=_start(body)) from error


def table_rows(table: html.HtmlElement) -> list[list[str]]:
    """The cell texts of one table element, spans repeated, white space taken out."""
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column -> (rows still covered by a rowspan, its text)
    for tr in table.iter("tr"):
        row: list[str] = []
        cells = [
            (squeeze(cell.text_content()), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in tr.iter("td", "th")
        ]
        while cells or len(row) in below:
            if len(row) in below:
                left, words = below.pop(len(row))
                if left > 1:
                    below[len(row)] = (left - 1, words)
                row.append(words)
                continue
            words, wide, high = cells.pop(0)
            for _ in range(wide):
                if high > 1:
                    below[len(row)] = (high - 1, words)
                row.append(words)
        grid.append(row)
    return grid


def _span(cell: html.HtmlElement, name: str) -> int:
    written = (cell.get(name) or "1").strip()
    return min(max(int(written), 1), 100) if written.isdigit() else 1


def squeeze(words: str) -> str:
    """The text without any white space: Word exports split Chinese labels over many elements."""
    return re.sub(r"[\s\u200b\ufeff]+", "", words)


def number(value: object, where: str = "a value", *, missing: Collection[str] = ("",)) -> float | None:
    """The figure in a text (thousands separators allowed) or a JSON number; None for null and the `missing` marks.

    Anything else, NaN and Infinity included, is Unexpected: no figure is ever guessed.
    """
    if value is None or (isinstance(value, str) and value.strip() in missing):
        return None
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value.replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unexpected(f"{where} is not a number", value=value)
    return float(value)


def leftover(record: Mapping[str, Any], where: str, known: Collection[str] = ()) -> None:
    """Account for every field: what is left of a record after popping what was used must be `known` to be ignored."""
    unknown = [name for name in record if name not in known]
    if unknown:
        shown = ", ".join(f"{name}={record[name]!r}"[:80] for name in unknown[:5])
        raise Unexpected(f"{where} has the unknown field {unknown[0]!r}", value=shown)


def _start(body: bytes) -> str:
    return body[:120].decode("utf-8", "replace")
