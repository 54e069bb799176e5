"""From year-to-date figures to single months and back to twelve of them. January and February stay one figure."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from data import periods
from data.derive.figures import (
    DERIVED_COLUMNS,
    DeriveError,
    Figures,
    Side,
    each,
    find,
    first_of,
    only,
    published,
    read,
    text,
    unlike,
    words_of,
)
from data.derive.lineage import derived, line, noted, renamed

TOLERANCE = 0.01
SINGLE_COLUMNS = ("published_month", "difference", "disagrees")


def discrete(ytd: pd.DataFrame, published: pd.DataFrame | None = None) -> pd.DataFrame:
    """Single months (quarters) as the difference of two year-to-date figures. Tidy rows (DERIVED_COLUMNS).

    February without a January stays January–February: its row keeps `span` ytd and starts on 1 January. Where the
    figure of the month before is missing, or is the larger one, there is no value and `reason` says so.
    With `published` single months the rows also have SINGLE_COLUMNS: the published figure in the unit of the row, the
    difference minus it, and whether they are more than TOLERANCE apart, because earlier months were revised.
    """
    only(ytd, {"level"}, "a single month")
    if set(ytd["span"].unique()) - {"ytd"}:
        raise DeriveError("single months are computed from year-to-date figures only")
    rows = read(ytd)
    number = each(rows.period, lambda one: periods.split(one)[2]).astype(int)
    before = each(rows.period, lambda one: periods.shift(one, -1))
    earlier = rows.find(rows.series, before)
    combined = (number == 2) & (earlier < 0) & (rows.frame["freq"] == "M").to_numpy(dtype=bool)
    whole = combined | (number == 1)
    then = rows.side.take(np.where(whole, -1, earlier))
    reason = unlike(rows.side, then, before)
    reason = first_of(
        (whole, ""), (~then.there, "no_earlier@" + before), (reason != "", reason),
        (rows.side.value < then.value, "falls@" + before),
    )  # fmt: skip
    power = np.power(10.0, rows.frame["unit_mult"].to_numpy(dtype=float))
    single = (rows.side.value - np.where(whole, 0.0, then.value)) / power
    out = derived(
        rows.frame, (rows.side, then), np.round(single, 8), reason, step="difference",
        formula="figure - figure one month earlier, both year to date", span="period",
    )  # fmt: skip
    starts = each(rows.period, lambda one: np.datetime64(periods.start(one))).astype("datetime64[us]")
    out["span"] = text(np.where(combined, "ytd", "period"))
    out["period_start"] = np.where(combined, rows.frame["period_start"].to_numpy(dtype="datetime64[us]"), starts)
    return out if published is None else _beside(out, published)


def _beside(out: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """The published single months beside the differences, and the reason where they disagree."""
    stated = read(published[published["span"] == "period"])
    at = stated.find(each(out["series"], line), words_of(out["time_period"]))
    at = np.where(out["span"] == "ytd", -1, at)
    power = np.power(10.0, out["unit_mult"].to_numpy(dtype=float))
    figure = np.round(stated.side.take(at).value / power, 8)
    apart = np.round(out["value"].to_numpy(dtype=float) - figure, 8)
    disagrees = np.abs(apart) > TOLERANCE * np.abs(figure)
    told = np.array([f"disagrees@{one:g}@{other:+g}" for one, other in zip(figure, apart, strict=True)], dtype=object)
    reason = np.where(disagrees, told, words_of(out["reason"]))
    out = out.assign(reason=text(reason), note=noted(reason, words_of(out["note"])))
    return out.assign(published_month=figure, difference=apart, disagrees=disagrees)


def months(ytd: pd.DataFrame, published_months: pd.DataFrame) -> pd.DataFrame:
    """Single months as published, and where none is, the difference of year-to-date figures. DERIVED_COLUMNS.

    `basis` and `inputs` of each row say which of the two it is. The combined figure of January and February gives way
    where either is published by itself.
    """
    computed = discrete(ytd)
    stated = published(published_months[published_months["span"] == "period"])
    both = pd.concat([stated, computed], ignore_index=True).loc[:, list(DERIVED_COLUMNS)]
    both["series"] = text(each(both["series"], lambda one: renamed(line(one), "months", span="period")))
    there = set(zip(both["series"][: len(stated)], stated["time_period"], strict=True))
    later = both.iloc[len(stated) :]
    hidden = [
        (name, period) in there or (span == "ytd" and (name, periods.shift(period, -1)) in there)
        for name, period, span in zip(later["series"], later["time_period"], later["span"], strict=True)
    ]
    kept = np.concatenate([np.ones(len(stated), dtype=bool), ~np.array(hidden, dtype=bool)])
    return both[kept].sort_values(["series", "period_end"], kind="stable", ignore_index=True)


def rolling(frame: pd.DataFrame, months: int = 12) -> pd.DataFrame:
    """Sum of the last `months` months, from single months and combined January–February figures.

    `frame` has monthly levels: single months, and year-to-date rows of which only February's is used, and only where no
    single January or February is there. The result of `discrete` is such a frame. A window that lacks a
    month, begins in the middle of a combined figure or crosses a break has no value. Tidy rows (DERIVED_COLUMNS).
    """
    only(frame, {"level"}, "a rolling sum")
    if set(frame["freq"].unique()) - {"M"}:
        raise DeriveError("a rolling sum is computed from monthly figures")
    if not isinstance(months, int) or months < 1:
        raise DeriveError(f"months={months!r}: write how many months are summed")
    rows, lines, month, covers = _monthly(frame)
    windows = _windows(lines, month, months)
    laid = rows.side.take(windows.ravel())
    laid = Side(*(column.reshape(windows.shape) for column in laid))
    covered = np.where(laid.there, covers[windows], 0)
    changed = (laid.there & (laid.era != rows.side.era[:, None])).any(axis=1)
    reason = first_of(
        ((covered.sum(axis=1) != months) | (covered[:, 0] == 2), f"incomplete@{months}"),
        (changed, "break@" + rows.side.since),
    )
    power = np.power(10.0, rows.frame["unit_mult"].to_numpy(dtype=float))
    inputs = np.array([" ; ".join(filter(None, one)) for one in laid.inputs], dtype=object)
    whole = rows.side._replace(rank=laid.rank.max(axis=1), vintage=laid.vintage.max(axis=1), inputs=inputs)
    out = derived(
        rows.frame, (whole,), np.round(np.nansum(laid.value, axis=1) / power, 8), reason, step=f"rolling={months}",
        formula=f"sum of the {months} months to this one", span="period",
    )  # fmt: skip
    starts = each(rows.period, lambda one: np.datetime64(periods.start(periods.shift(one, 1 - months))))
    return out.assign(period_start=starts.astype("datetime64[us]"))


def _monthly(frame: pd.DataFrame) -> tuple[Figures, np.ndarray, np.ndarray, np.ndarray]:
    """The rows that each add months of their own, by line and month: their line, running month and months covered."""
    combined = ((frame["span"] == "ytd") & frame["time_period"].str.endswith("-02")).to_numpy(dtype=bool)
    frame = frame[combined | (frame["span"] == "period").to_numpy(dtype=bool)].reset_index(drop=True)
    lines = each(frame["series"], lambda one: line(one, span="period"))
    month = each(frame["time_period"], lambda one: periods.split(one)[1] * 12 + periods.split(one)[2]).astype(int)
    both = (frame["span"] == "ytd").to_numpy(dtype=bool)
    single = set(zip(lines[~both], month[~both], strict=True))
    hides = [(name, at) in single or (name, at - 1) in single for name, at in zip(lines, month, strict=True)]
    kept = np.flatnonzero(~(both & np.array(hides, dtype=bool)))
    order = kept[np.lexsort((month[kept], lines[kept].astype(str)))]
    find(zip(lines[order], month[order], strict=True), ())
    return read(frame.iloc[order]), lines[order], month[order], np.where(both, 2, 1)[order]


def _windows(lines: np.ndarray, month: np.ndarray, months: int) -> np.ndarray:
    """For each row the positions of the rows of the last `months` months, -1 where there is none."""
    windows = np.full((len(lines), months), -1)
    starts = [0, *(np.flatnonzero(lines[1:] != lines[:-1]) + 1), len(lines)] if len(lines) else []
    for first, last in itertools.pairwise(starts):
        place = month[first:last] - month[first] + months - 1
        grid = np.full(place[-1] + 1, -1)
        grid[place] = np.arange(first, last)
        windows[first:last] = np.lib.stride_tricks.sliding_window_view(grid, months)[place - months + 1]
    return windows
