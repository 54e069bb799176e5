"""The rows as an Excel workbook: numbers as numbers, days as days, words never as formulas, and a sheet of notes."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from data.codes import Label
from data.export.citations import cite_table
from data.export.lists import dictionary

_NOTES = Label("notes", "说明")
_DATA = Label("data", "数据")
_EVENTS = Label("events", "事件")
_CITE = Label("How to cite", "引用")
_VERSION = Label("Data version", "数据版本")
_LINK = Label("This view", "本视图链接")
_AS_OF = Label("As known on", "截至")
_COLUMN = Label("Column", "列")
_MEANING = Label("Meaning", "含义")
WIDEST = 42


def xlsx_bytes(
    table: pd.DataFrame, lang: str = "en", link: str = "", events: pd.DataFrame | None = None, as_of: str = ""
) -> bytes:
    """A workbook with the exported rows, the events shown with them (`event_list`) if any, and notes.

    The notes give citation, link, data version and the meaning of every column, in the reader's language.
    """
    import openpyxl

    zh = int(lang == "zh")
    book = openpyxl.Workbook(write_only=True)
    _sheet(book, _DATA[zh], table)
    if events is not None:
        _sheet(book, _EVENTS[zh], events)
    notes = book.create_sheet(_NOTES[zh])
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 110
    for line in _notes(table, lang, link, as_of, events is not None):
        notes.append([_cell(notes, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, name: str, table: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"
    for number, column in enumerate(table, 1):
        longest = table[column].astype(str).str.len().max() if len(table) else 0
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest, len(column)) + 2, WIDEST)
    head = [_cell(sheet, name) for name in table]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in table.itertuples(index=False, name=None):
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """A cell of its type. Words are marked as words: openpyxl would take `=1+1` for a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) or None)
        if value:
            cell.data_type = "s"
        return cell
    if isinstance(value, pd.Timestamp):
        cell = WriteOnlyCell(sheet, value.to_pydatetime())
        cell.number_format = "yyyy-mm-dd"
        return cell
    return WriteOnlyCell(sheet, None if pd.isna(value) else value)


def _notes(table: pd.DataFrame, lang: str, link: str, as_of: str, events: bool) -> list[tuple[str, str]]:
    zh = int(lang == "zh")
    cited = cite_table(table, lang, link)
    version = str(table["data_version"].iloc[0]) if len(table) else ""
    lines = [(_CITE[zh], cited.full), (_VERSION[zh], version), (_LINK[zh], link), (_AS_OF[zh], as_of)]
    lines = [line for line in lines if line[1]] + [("", "")]
    meanings = dictionary()
    for file in ("observations", *(["events"] if events else [])):
        lines += [(_COLUMN[zh], _MEANING[zh])]
        lines += [(column, meaning[lang]) for column, meaning in meanings[file].items()] + [("", "")]
    return lines
