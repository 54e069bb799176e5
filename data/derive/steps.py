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
    """The steps behind the rows of a table, each once, in the order they were done; the words are the reader's.

    A step of several series stands where the longest way to it ends: after all that is done before it in any of them.
    """
    rows = published(frame)
    inputs = dict.fromkeys(" ; ".join(dict.fromkeys(rows["inputs"])).split(" ; "))
    lines = dict.fromkeys(tuple(one.partition("@")[0].rsplit(".", 2)[1:]) for one in inputs if one)
    later: dict[Step, int] = {}
    for series in dict.fromkeys(rows["series"]):
        for place, mark in enumerate(str(series).split("~")[1:]):
            operation, _, detail = mark.partition("=")
            step = Step(operation, detail)
            later[step] = max(place, later.get(step, 0))
    return [*(Step("published", ".".join(line)) for line in lines), *sorted(later, key=later.__getitem__)]
