"""Which series the Explore page shows: those that were chosen, or the headlines of the sectors; and what filters take.

chosen = selection.of(view)            ids of published lines that pass the filters on sector, publisher and area
selection.filtered(frame, view)        the rows that pass the filters on years and quality
selection.emptying(view)               the filters that alone leave nothing, for the way out
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from dashboard import rows
from dashboard.measured import NOT_FINAL
from dashboard.panels import presets
from dashboard.parameters import View
from data import catalogue, search
from data.model import Series

LINES = ("M.level.ytd", "A.share.period", "A.level.period", "A.index.period", "A.rank.period", "Q.level.period")
LINE_FILTERS = ("sector", "publisher", "areas")
ROW_FILTERS = ("quality", "years")


def asked(view: View) -> list[str]:
    """The series that were chosen; without any, a headline line of each sector."""
    if view.series:
        return list(view.series)
    found = (headline(sector, view) for sector in view.sector)
    return [one for one in found if one]


def headline(sector: str, view: View) -> str:
    """The first headline line of a sector with figures that the filters on publisher leave."""
    for indicator in presets()["headline"].get(sector, ()):
        if not view.publisher or indicator.partition("/")[0] in view.publisher:
            ids = (f"{indicator}.CHN.{line}" for line in (*LINES, "A.growth.period", "M.growth.ytd"))
            found = next((one for one in ids if rows.known(one, view.as_of)), "")
            if found:
                return found
    return ""


def of(view: View) -> list[str]:
    """The series that are shown."""
    return [one for one in asked(view) if all(_passes(one, view, name) for name in LINE_FILTERS)]


def _passes(series: str, view: View, name: str) -> bool:
    one = catalogue.load().series[series]
    if name == "sector":
        return one.sector in view.sector
    if name == "publisher":
        return not view.publisher or one.source in view.publisher
    return not view.areas or one.ref_area in view.areas


def left_out(view: View) -> dict[str, list[str]]:
    """The series each filter takes out, by filter; those that take none are not named."""
    every = asked(view)
    out = {name: [one for one in every if not _passes(one, view, name)] for name in LINE_FILTERS}
    return {name: series for name, series in out.items() if series}


def filtered(frame: pd.DataFrame, view: View, without: str = "") -> pd.DataFrame:
    """The rows in the years and of the quality asked for. Compound growth stands at its end, whatever the years."""
    kept = pd.Series(True, index=frame.index)
    if without != "years" and len(frame):
        year = pd.DatetimeIndex(frame["period_end"]).year
        ends = frame["series"].str.contains("~cagr=", regex=False)
        kept &= ((year >= view.start) & (year <= view.end)) | ends
    if without != "quality" and view.quality and len(frame):
        kept &= _quality(frame, view)
    return frame[kept].reset_index(drop=True)


def _quality(frame: pd.DataFrame, view: View) -> pd.Series:
    """Published rows by their own marks; a computed one is as good as all figures it is computed from."""
    kept = pd.Series(True, index=frame.index)
    if "primary" in view.quality:
        known = rows.confidence(view.as_of)
        kept &= np.array([all(known.get(one) == "primary" for one in text.split(" ; ")) for text in frame["inputs"]])
    if "comparable" in view.quality:
        kept &= frame["comparable"].astype(bool) | (frame["basis"] == "published_comparable")
    if "final" in view.quality:
        kept &= ~frame["obs_status"].isin(NOT_FINAL)
    return kept


def emptying(view: View, made: pd.DataFrame) -> list[str]:
    """The filters without which there would be something to show: names of parameters, `years` for from and to."""
    if not asked(view):
        return [name for name in ("publisher", "as_of") if getattr(view, name)] or ["sector"]
    if not of(view):
        return list(left_out(view))
    alone = [name for name in ROW_FILTERS if len(filtered(made, view, without=name))]
    every = [*(["quality"] if view.quality else []), "years"]
    return [*(alone or every), *(["as_of"] if view.as_of else [])]


def found(text: str, view: View) -> list[Series]:
    """What a search finds: the most telling line of each indicator and area; China's, and headline figures, first."""
    headlines = {one for several in presets()["headline"].values() for one in several}
    order = {line: at for at, line in enumerate(LINES)}
    best: dict[tuple[str, str, str], Series] = {}
    for one in search.find(text):
        key = (one.source, one.indicator, one.ref_area)
        if rows.known(one.id, view.as_of) and (key not in best or _place(one, order) < _place(best[key], order)):
            best[key] = one
    return sorted(
        best.values(),
        key=lambda one: (
            one.ref_area != "CHN",
            f"{one.source}/{one.indicator}" not in headlines,
            _place(one, order),
        ),
    )


def _place(one: Series, order: dict[str, int]) -> int:
    return order.get(f"{one.freq}.{one.line}", len(order))


def lines_of(indicator: str, as_of: str) -> list[str]:
    """The lines with figures of an indicator, `source/indicator`, those for China first."""
    source, _, name = indicator.partition("/")
    there = [one for one in catalogue.load().of_indicator(name, source) if rows.known(one.id, as_of)]
    return [one.id for one in sorted(there, key=lambda one: one.ref_area != "CHN")]


def indicators(sector: str, as_of: str) -> list[str]:
    """The indicators of a sector that have figures, `source/indicator`."""
    every = (one for one in catalogue.load().series.values() if one.sector == sector and rows.known(one.id, as_of))
    return list(dict.fromkeys(f"{one.source}/{one.indicator}" for one in every))


def sectors_of(series: Iterable[str]) -> list[str]:
    """The sectors of some series, each once."""
    return list(dict.fromkeys(catalogue.load().series[one].sector for one in series))
