"""Figures: tidy rows in, Plotly figure out. Pure: no streamlit, no tables; built from plain dicts, which is fast.

figures.lines(frame, lang, dark, title, log=False, events=steps, bands=bands, targets=goals, height=320)
figures.bars_and_growth(levels, published, computed, lang, dark, title=…, yearly=True, events=steps, …)
figures.blocks([block(…), block(…)], lang, dark, …)      several of these on one time axis
figures.strip(steps, bands, lang, dark)                  the timeline of its own

`frame` has the columns of select or derive, one unit. Small multiples are several `lines` with the same `y_range`
(`figures.value_range(frame, lang)`). customdata[0] of every point is `series@period` (a line computed from another one
`series~computed@period`), of every flag `event:id`. Marks: published filled, computed a ring, preliminary hollow,
doubtful with a question mark, part of a year hatched, a definition break cuts the line and shows `//`.
"""

from dashboard.figures.bars import Block, bars_and_growth, block, blocks
from dashboard.figures.flags import Band, Events, Goal
from dashboard.figures.lines import flow, lines, value_range
from dashboard.figures.names import names
from dashboard.figures.points import break_words
from dashboard.figures.strip import strip, strip_count

__all__ = [
    "Band",
    "Block",
    "Events",
    "Goal",
    "bars_and_growth",
    "block",
    "blocks",
    "break_words",
    "flow",
    "lines",
    "names",
    "strip",
    "strip_count",
    "value_range",
]
