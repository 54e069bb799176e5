"""The order of operations: what was done to the published figures, step by step, for the line under a chart."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from data.derive.figures import published


class Step(NamedTuple):
    """One operation and what it was done with.

    `published` (detail: `level.ytd`) always comes first; then `difference`, `months`, `rolling` (months), `computed`,
    `gap`, `two_year_average`, `change`, `index` (day or period), `share` (of what), `cagr` (since when).
    """

    operation: str
    detail: str = ""


def order_of_operations(frame: pd.DataFrame) -> list[Step]:
    """The steps behind the rows of a table, each once, in the order they were done; the words are the reader's."""
    rows = published(frame)[["series", "inputs"]].drop_duplicates("series")
    first: dict[Step, None] = {}
    later: dict[Step, None] = {}
    for series, inputs in rows.itertuples(index=False):
        for one in str(inputs).split(" ; "):
            if one:
                measure, span = one.partition("@")[0].rsplit(".", 2)[1:]
                first[Step("published", f"{measure}.{span}")] = None
        for mark in str(series).split("~")[1:]:
            operation, _, detail = mark.partition("=")
            later[Step(operation, detail)] = None
    return [*first, *later]
