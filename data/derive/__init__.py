"""derive: figures computed from published ones. Tidy in, tidy out.

Every result has the columns of `select` and `basis`, `derivation` (the formula), `inputs` (`series@period`, always
published figures) and `reason` (why a value is missing or doubtful; `words` says it in both languages). Nothing is
computed across a change of definition, a gap or a change of unit, and no January or February is invented.
"""

from data.derive.again import again
from data.derive.around import align, before_after, trend_deviation
from data.derive.cumulative import discrete, months, rolling
from data.derive.figures import DERIVED_COLUMNS, DeriveError, published
from data.derive.growth import cagr, gap, growth, percentage_point_change, two_year_average
from data.derive.ratios import convert, index, share
from data.derive.reasons import words
from data.derive.steps import Step, order_of_operations

__all__ = [
    "DERIVED_COLUMNS",
    "DeriveError",
    "Step",
    "again",
    "align",
    "before_after",
    "cagr",
    "convert",
    "discrete",
    "gap",
    "growth",
    "index",
    "months",
    "order_of_operations",
    "percentage_point_change",
    "published",
    "rolling",
    "share",
    "trend_deviation",
    "two_year_average",
    "words",
]
