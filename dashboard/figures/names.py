"""Short names of the series of one figure: only what tells them apart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard import texts
from data import catalogue, codes, derive


def names(frame: pd.DataFrame, lang: str) -> dict[str, str]:
    """Each series of the frame by a name in the reader's language; titles, areas and publishers that are all the same
    are left out."""
    rows = list(derive.published(frame).drop_duplicates("series").itertuples(index=False))
    parts = [[of(row, lang) for row in rows] for of in (_title, _area, _publisher, _line, _basis)]
    telling = [column for column in parts if len(set(column)) > 1] or [parts[0]]
    found = [" · ".join(filter(None, said)) for said in zip(*telling, strict=True)]
    return {row.series: name for row, name in zip(rows, found, strict=True)}


def _title(row: Any, lang: str) -> str:
    return texts.native(row, "title", lang)


def _area(row: Any, lang: str) -> str:
    return texts.native(catalogue.load().areas[row.ref_area], "title", lang)


def _publisher(row: Any, lang: str) -> str:
    return texts.native(row, "publisher", lang)


def _line(row: Any, lang: str) -> str:
    """Frequency and span, as the id has it: among single months the first row may be that of January and February."""
    at, span = lang == "zh", row.series.partition("~")[0].rpartition(".")[2]
    return ("" if at else ", ").join((codes.FREQ[row.freq][at], codes.SPAN[span][at]))


def _basis(row: Any, lang: str) -> str:
    return texts.of(lang)(f"basis.{row.basis}")
