"""export: everything that leaves the product, always with source, date, unit, basis and status.

table = export.rows(frame)                 # a table of select or derive as the rows that are exported
export.csv_bytes(table, bom=True)          # CSV; read_csv gives back the identical table
export.xlsx_bytes(table, lang)             # the same as a workbook with a sheet of notes
export.file_name(table, "csv")             # says series, range, basis and data version
export.everything_zip(lang)                # all figures that may be passed on, events, dictionary, citations
export.cite_table(table, lang, link)       # short, full, BibTeX; cite_number for one row of it
export.snippet(address)                    # pandas code that reads the same slice again
export.notebook_bytes(table, address, lang)
"""

from data.export.csv_file import ExportError, csv_bytes, csv_chunks, read_csv
from data.export.rows import COLUMNS, rows, withheld_sources, withhold

__all__ = [
    "COLUMNS",
    "ExportError",
    "csv_bytes",
    "csv_chunks",
    "read_csv",
    "rows",
    "withheld_sources",
    "withhold",
]
