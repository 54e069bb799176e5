"""What a panel of the overview shows: the rows of its figure, chosen from the tables by the view. Pure.

panel = panels.of("nev", view)      # blocks for figures.blocks, the plotted rows, the newest figure
"""

from __future__ import annotations

import datetime as dt
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


class _Whole(NamedTuple):
    """An indicator for all years: blocks, rows and the years they are drawn in, figures of the sentence by year.

    `publishers`, `documents` and `vintages` are those of the rows, as arrays; `series` the lines that are drawn.
    """

    blocks: tuple[Block, ...]
    frame: pd.DataFrame
    first: np.ndarray
    last: np.ndarray
    figures: tuple[dict[int, Latest], ...]
    comparable: bool
    publishers: np.ndarray
    documents: np.ndarray
    vintages: np.ndarray
    order: tuple[derive.Step, ...]


class Panel(NamedTuple):
    """One sector as the view asks for it.

    `indicator` is what is drawn (`source/indicator`), empty where the filters leave none; `figures` the newest figure
    of each block; `measure` that asked for, or the one drawn where an indicator does not have it; `series` the ids of
    the levels drawn. `whole` has all years, `inside` says which of its rows are in the years shown.
    """

    sector: str
    indicator: str
    blocks: tuple[Block, ...]
    figures: tuple[Latest, ...]
    measure: str
    series: tuple[str, ...]
    whole: _Whole
    inside: np.ndarray

    @property
    def frame(self) -> pd.DataFrame:
        """All plotted rows (DERIVED_COLUMNS)."""
        return self.whole.frame if self.inside.all() else self.whole.frame[self.inside]

    @property
    def growing(self) -> list[str]:
        """The indicators whose published growth the panel has (`source/indicator`)."""
        lines = (one.series for block in self.whole.blocks for one in block.published)
        return list(dict.fromkeys(one.partition(".")[0] for one in lines))

    @property
    def publishers(self) -> list[str]:
        """Who published the rows, in the reader's language."""
        return list(dict.fromkeys(self.whole.publishers[self.inside]))

    @property
    def document(self) -> str:
        """The newest document of the rows."""
        return str(self.whole.documents[self.inside][self.whole.vintages[self.inside].argmax()])


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
    return Panel(sector, "", (), (), view.measure, (), _nothing(view.lang), np.array([], dtype=bool))


def together(shown: Sequence[Panel]) -> pd.DataFrame:
    """The plotted rows of all panels, those of one panel after the other (DERIVED_COLUMNS)."""
    every = _joined(tuple(Same(one.whole.frame) for one in shown))
    return every[np.concatenate([one.inside for one in shown])].reset_index(drop=True)


class Same(NamedTuple):
    """A table that is known by being itself."""

    frame: pd.DataFrame

    def __hash__(self) -> int:
        return id(self.frame)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.frame is other.frame


@lru_cache(maxsize=8)
def _joined(frames: tuple[Same, ...]) -> pd.DataFrame:
    return pd.concat([one.frame for one in frames], ignore_index=True)


def _cut(sector: str, indicator: str, kind: str, whole: _Whole, blocks: tuple[Block, ...], view: View) -> Panel:
    inside = (whole.last >= view.start) & (whole.first <= view.end)
    figures = []
    for by_year in whole.figures:
        years = [year for year in by_year if view.start <= year <= view.end]
        figures += [by_year[max(years)]] if years else []
    drawn = tuple(one.series for one in blocks[0].levels or blocks[0].published)
    return Panel(sector, indicator, blocks, tuple(figures), kind, drawn, whole, inside)


@lru_cache(maxsize=256)
def _whole(
    version: str, indicator: str, lang: str, as_of: str, kind: str, quality: tuple[str, ...], base: str
) -> _Whole:
    names = [indicator, *([presets()["beside"][indicator]] if indicator in presets()["beside"] else ())]
    growth = [presets()["growth"].get(one, "") for one in names]
    found = [measured.of(version, one, of, kind, as_of, quality, base) for one, of in zip(names, growth, strict=True)]
    found = [one for one in found if len(one.levels) or len(one.published)]
    blocks = tuple(_block(one, lang, as_of, kind) for one in found)
    frame, first, last = _frame(found, [goal for block in blocks for goal in block.goals], as_of)
    figures = tuple(_figures(one, lang, as_of) for one in found)
    return _entire(blocks, frame, first, last, figures, all(one.levels["comparable"].all() for one in found), lang)


def _entire(
    blocks: tuple[Block, ...], frame: pd.DataFrame, first: np.ndarray, last: np.ndarray,
    figures: tuple[dict[int, Latest], ...], comparable: bool, lang: str,
) -> _Whole:  # fmt: skip
    names = ("publisher_native" if lang == "zh" else "publisher", "document", "vintage")
    columns = [frame[name].to_numpy(dtype=object) for name in names]
    order = tuple(derive.order_of_operations(frame))
    return _Whole(blocks, frame, first, last, figures, comparable, columns[0], columns[1], columns[2], order)


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
        return derive.published(rows.of([])), np.array([], dtype=int), np.array([], dtype=int)
    first = np.array([*years, *(int(goal.start[:4]) for goal in reached)])
    last = np.array([*years, *(int(goal.end[:4]) for goal in reached)])
    table = pd.concat(frames, ignore_index=True)
    once = ~table.duplicated(["series", "time_period", "vintage"]).to_numpy()
    return table[once].reset_index(drop=True), first[once], last[once]


def _stated(goal: Goal, as_of: str) -> pd.DataFrame:
    series, _, period = goal.point.partition("@")
    table = rows.of([series], as_of)
    return derive.published(table[table["time_period"] == period])


def _nothing(lang: str) -> _Whole:
    none = np.array([], dtype=int)
    return _entire((), derive.published(rows.of([])), none, none, (), True, lang)


def _figures(found: Measured, lang: str, as_of: str) -> dict[int, Latest]:
    """The newest figure of each year with both growth rates; of an indicator with growth only, the growth itself."""
    main = found.levels if len(found.levels) else found.published
    main = main[main["value"].notna()]
    stated, computed = (_by_end(frame) for frame in (found.published, found.computed))
    change = _by_end(found.change)
    next_release = rows.next_release(main["series"].iloc[-1].partition("~")[0], as_of) if len(main) else ""
    return {
        row.period_end.year: Latest(
            title=texts.native(row, "title", lang),
            publisher=texts.native(row, "publisher", lang),
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
            overdue=next_release < (as_of or dt.date.today().isoformat()),
        )
        for row in main.sort_values("period_end").itertuples(index=False)
    }


def _by_end(frame: pd.DataFrame) -> dict[Any, float]:
    return dict(zip(frame["period_end"], frame["value"], strict=True))
