"""A derived series from its id alone: the id names the published line and every step, so that a link can ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from data import catalogue, periods, tables
from data.derive.cumulative import discrete, months, rolling
from data.derive.figures import DERIVED_COLUMNS, DeriveError, published
from data.derive.growth import cagr, gap, growth, percentage_point_change, two_year_average
from data.derive.lineage import line
from data.derive.ratios import index, share

STEPS = 4
Build = Callable[[str, str, str | None], pd.DataFrame]


def again(series: str, as_of: str | None = None) -> pd.DataFrame:
    """The rows (DERIVED_COLUMNS) of `nbs/nev_output.CHN.M.growth.ytd~computed`, or of a published series.

    `as_of` as in `select`. Compound growth (`~cagr=2015`) has a row for every later period of the same season.
    DeriveError where the id does not say all that is needed: an unknown line or step.
    """
    inner, mark, step = series.rpartition("~")
    if not mark:
        if series not in catalogue.load().series:
            raise DeriveError(f"{series!r} is not in the catalogue")
        return published(tables.select(series=series, as_of=as_of))
    name, _, detail = step.partition("=")
    if series.count("~") > STEPS:
        raise DeriveError(f"{series[:80]!r}: more than {STEPS} steps")
    if name not in _STEPS:
        raise DeriveError(f"{series!r}: {name!r} is not one of {', '.join(sorted(_STEPS))}")
    return _STEPS[name](inner, detail, as_of)


def _of(series: str, as_of: str | None, *measures: str, span: str | None = None) -> pd.DataFrame:
    """The rows a step was done with: the same line under the first of these measures that is there."""
    base, mark, steps = series.partition("~")
    if base.count(".") != 4:
        raise DeriveError(f"{series!r} is not a series id: source/indicator.area.freq.measure.span")
    wrong = DeriveError(f"{series!r} is not in the catalogue")
    for measure in measures or (None,):
        try:
            return again(f"{line(base, measure, span)}{mark}{steps}", as_of)
        except DeriveError as error:
            wrong = error
    raise wrong


def _share(inner: str, whole: str, as_of: str | None) -> pd.DataFrame:
    """The whole is written `source/indicator`; its area, frequency and span are those of the part."""
    rest = line(inner, "level").partition(".")[2]
    return share(_of(inner, as_of, "level"), again(f"{whole}.{rest}", as_of))


def _rolling(inner: str, months: str, as_of: str | None) -> pd.DataFrame:
    if not re.fullmatch("[0-9]{1,2}", months) or int(months) < 2:
        raise DeriveError(f"rolling={months!r}: write the number of months, 2 to 99")
    singles = [_of(inner, as_of, "level", span="period")]
    if "~" not in inner and line(inner, "level", "ytd") in catalogue.load().series:
        singles.append(_of(inner, as_of, "level", span="ytd"))
    return rolling(pd.concat(singles, ignore_index=True), int(months))


def _difference(inner: str, _: str, as_of: str | None) -> pd.DataFrame:
    """Single months, beside those that are published."""
    stated = line(inner, "level", "period")
    beside = again(stated, as_of) if "~" not in inner and stated in catalogue.load().series else None
    return discrete(_of(inner, as_of, span="ytd"), beside)


def _months(inner: str, _: str, as_of: str | None) -> pd.DataFrame:
    return months(_of(inner, as_of, "level", span="ytd"), _of(inner, as_of, "level", span="period"))


def _cagr(inner: str, since: str, as_of: str | None) -> pd.DataFrame:
    try:
        year, number = periods.split(since)[1:]
    except ValueError as error:
        raise DeriveError(str(error)) from error
    rows = _of(inner, as_of, "level", "index")
    found = [rows.head(0).reindex(columns=list(DERIVED_COLUMNS))]
    for end in sorted(set(rows["time_period"])):
        freq, later, place = periods.split(end)
        if later > year and place == (number if freq == periods.freq(since) else periods.PER_YEAR[freq]):
            found.append(cagr(rows, since, end))
    return pd.concat(found[1:] or found, ignore_index=True)


_STEPS: dict[str, Build] = {
    "computed": lambda inner, _, as_of: growth(_of(inner, as_of, "level", "index")),
    "change": lambda inner, _, as_of: percentage_point_change(_of(inner, as_of)),
    "two_year_average": lambda inner, _, as_of: two_year_average(_of(inner, as_of)),
    "gap": lambda inner, _, as_of: gap(_of(inner, as_of), _of(inner, as_of, "level", "index")),
    "index": lambda inner, at, as_of: index(_of(inner, as_of, "level", "index"), at),
    "share": _share,
    "cagr": _cagr,
    "difference": _difference,
    "months": _months,
    "rolling": _rolling,
}
