"""What a panel of the overview shows: the rows of its figure, chosen from the tables by the view. Pure.

panel = panels.of("nev", view)      # blocks for figures.blocks, the plotted rows, the newest figure
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard import goals, measured, rows, texts
from dashboard.figures import Block, Goal, block
from dashboard.measured import Measured
from dashboard.parameters import View
from dashboard.words import Latest
from data import derive

FILE = Path(__file__).parent / "presets.toml"


class Panel(NamedTuple):
    """One sector as the view asks for it.

    `indicator` is what is drawn (`source/indicator`), empty where the filters leave none. `frame` are all plotted rows
    (DERIVED_COLUMNS), `figures` the newest figure of each block. `measure` is that asked for, or the one drawn where
    an indicator does not have it. `series` are the ids of the levels drawn, `comparable` whether levels of
    different years may be compared.
    """

    sector: str
    indicator: str
    blocks: tuple[Block, ...]
    frame: pd.DataFrame
    figures: tuple[Latest, ...]
    measure: str
    series: tuple[str, ...]
    comparable: bool


class _Whole(NamedTuple):
    """The same for all years: blocks, rows with the years they stand for, and the sentence figures by year."""

    blocks: tuple[Block, ...]
    frame: pd.DataFrame
    first: np.ndarray
    last: np.ndarray
    figures: tuple[dict[int, Latest], ...]
    comparable: bool


@lru_cache(maxsize=1)
def presets() -> dict[str, dict[str, Any]]:
    """The choices of presets.toml: `headline`, `growth`, `beside`, `band`."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def of(sector: str, view: View) -> Panel:
    """The panel of a sector: the first headline indicator of presets.toml that publisher, quality and years leave."""
    base = rows.day_of(view.base) if view.measure == "index" else ""
    for indicator in presets()["headline"].get(sector, ()):
        if view.publisher and indicator.partition("/")[0] not in view.publisher:
            continue
        kind = measured.offered(indicator, view.measure, view.as_of)
        whole = _whole(rows.version(), indicator, view.lang, view.as_of, kind, view.quality, base)
        found = tuple(block.within(view.start, view.end) for block in whole.blocks)
        if found and (found[0].levels or found[0].published):
            return _cut(sector, indicator, kind, whole, found, view)
    return Panel(sector, "", (), _nothing(), (), view.measure, (), True)


def _cut(sector: str, indicator: str, kind: str, whole: _Whole, blocks: tuple[Block, ...], view: View) -> Panel:
    inside = (whole.last >= view.start) & (whole.first <= view.end)
    frame = whole.frame if inside.all() else whole.frame[inside]
    figures = []
    for by_year in whole.figures:
        years = [year for year in by_year if view.start <= year <= view.end]
        figures += [by_year[max(years)]] if years else []
    drawn = tuple(one.series for one in blocks[0].levels or blocks[0].published)
    return Panel(sector, indicator, blocks, frame, tuple(figures), kind, drawn, whole.comparable)


@lru_cache(maxsize=256)
def _whole(
    version: str, indicator: str, lang: str, as_of: str, kind: str, quality: tuple[str, ...], base: str
) -> _Whole:
    names = [indicator, *([presets()["beside"][indicator]] if indicator in presets()["beside"] else ())]
    growth = [presets()["growth"].get(one, "") for one in names]
    found = [measured.of(version, one, of, kind, as_of, quality, base) for one, of in zip(names, growth, strict=True)]
    found = [one for one in found if len(one.levels) or len(one.published)]
    blocks = tuple(_block(one, lang, as_of, kind) for one in found)
    goals_ = [goal for block in blocks for goal in block.goals]
    frame, first, last = _frame(found, goals_, as_of)
    figures = tuple(_figures(one, lang, as_of) for one in found)
    return _Whole(blocks, frame, first, last, figures, all(one.levels["comparable"].all() for one in found))


def _block(found: Measured, lang: str, as_of: str, kind: str) -> Block:
    main = found.levels if len(found.levels) else found.published
    title = texts.native(main.iloc[0], "title", lang)
    drawn = [*found.levels["series"].unique(), *found.published["series"].unique()]
    goals_ = [goal for series in drawn for goal in goals.of_series(series, lang, as_of)]
    return block(title, *found[:5], goals=goals_, lang=lang, yearly=kind == "level")


def _frame(
    found: Sequence[Measured], reached: Sequence[Goal], as_of: str
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """All that is plotted, goals included, each figure once; and the first and last year each row is drawn in."""
    frames = [frame for one in found for frame in one[:5] if len(frame)]
    years = [year for frame in frames for year in frame["period_end"].dt.year]
    frames += [_stated(goal, as_of) for goal in reached]
    if not frames:
        return _nothing(), np.array([], dtype=int), np.array([], dtype=int)
    first = np.array([*years, *(int(goal.start[:4]) for goal in reached)])
    last = np.array([*years, *(int(goal.end[:4]) for goal in reached)])
    table = pd.concat(frames, ignore_index=True)
    once = ~table.duplicated(["series", "time_period", "vintage"]).to_numpy()
    return table[once].reset_index(drop=True), first[once], last[once]


def _stated(goal: Goal, as_of: str) -> pd.DataFrame:
    series, _, period = goal.point.partition("@")
    table = rows.of([series], as_of)
    return derive.published(table[table["time_period"] == period])


def _nothing() -> pd.DataFrame:
    return derive.published(rows.of([]))


def _figures(found: Measured, lang: str, as_of: str) -> dict[int, Latest]:
    """The newest figure of each year with both growth rates; of an indicator with growth only, the growth itself."""
    main = found.levels if len(found.levels) else found.published
    main = main[main["value"].notna()]
    stated, computed = (_by_end(frame) for frame in (found.published, found.computed))
    change = _by_end(found.change)
    next_release = rows.next_release(main["series"].iloc[-1].partition("~")[0], as_of) if len(main) else ""
    return {
        row.period_end.year: Latest(
            title=texts.native(row._asdict(), "title", lang),
            publisher=texts.native(row._asdict(), "publisher", lang),
            time_period=row.time_period,
            span=row.span,
            value=row.value,
            unit_measure=row.unit_measure,
            unit_mult=int(row.unit_mult),
            published=stated.get(row.period_end, math.nan) if row.measure in ("level", "index") else math.nan,
            computed=computed.get(row.period_end, math.nan) if row.measure in ("level", "index") else math.nan,
            released=row.published,
            next_release=next_release,
            change=change.get(row.period_end, math.nan),
            status=row.obs_status,
        )
        for row in main.sort_values("period_end").itertuples(index=False)
    }


def _by_end(frame: pd.DataFrame) -> dict[Any, float]:
    return dict(zip(frame["period_end"], frame["value"], strict=True))
