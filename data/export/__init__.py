"""export: everything that leaves the product, always with source, date, unit, basis and status.

table = export.rows(frame)                 # a table of select or derive as the rows that are exported
export.csv_bytes(table, bom=True)          # CSV; read_csv gives back the identical table
export.xlsx_bytes(table, lang, link)       # the same as a workbook with a sheet of notes
export.file_name(table, "csv")             # says series, range, basis and data version
export.cite_table(table, lang, link)       # short, full, BibTeX; cite_number for one row of it
export.snippet(address)                    # pandas code that reads the same slice again
export.notebook_bytes(table, address)      # the same as a notebook with a chart
export.event_list(events)                  # the events of a view as exported
export.everything_zip(lang)                # all figures that may be passed on, events, dictionary, citations
"""

from data.export.bulk import everything_name, everything_zip
from data.export.citations import Citation, cite_number, cite_table
from data.export.code import notebook_bytes, snippet
from data.export.csv_file import ExportError, csv_bytes, csv_chunks, read_csv
from data.export.lists import (
    LISTS,
    content_version,
    dictionary,
    dictionary_list,
    event_list,
    release_list,
    series_list,
    source_list,
)
from data.export.names import events_name, file_name
from data.export.rows import COLUMNS, DTYPES, brief, rows, withheld_sources, withhold
from data.export.workbook import xlsx_bytes

__all__ = [
    "COLUMNS",
    "DTYPES",
    "LISTS",
    "Citation",
    "ExportError",
    "brief",
    "cite_number",
    "cite_table",
    "content_version",
    "brief",
    "csv_bytes",
    "csv_chunks",
    "dictionary",
    "dictionary_list",
    "event_list",
    "events_name",
    "everything_name",
    "everything_zip",
    "file_name",
    "notebook_bytes",
    "read_csv",
    "release_list",
    "rows",
    "series_list",
    "snippet",
    "source_list",
    "withheld_sources",
    "withhold",
    "xlsx_bytes",
]
