"""Checks of the rows: keys, releases, periods, vintages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from data import corrections, periods, tables
from data.checks.report import Finding

JANUARY_FEBRUARY = ("-01", "-02")


def keys(history: pd.DataFrame) -> Iterator[Finding]:
    """Series, time period and vintage name one row."""
    twice = history[history.duplicated(["series", "time_period", "vintage"])]
    yield from _at(twice, "keys", lambda row: f"two rows of vintage {row.vintage}")


def releases(history: pd.DataFrame) -> Iterator[Finding]:
    """Every row cites a release that is there."""
    lost = history[~history["release"].isin(tables.releases()["id"])]
    yield from _at(lost, "releases", lambda row: f"release {row.release!r} is not in releases.csv")


def documents(history: pd.DataFrame) -> Iterator[Finding]:
    """Every document has an address and is published already; the shipped ones of a source come with figures."""
    every, today = tables.releases(), dt.date.today().isoformat()
    for row in every[(every["url"] != "") & ~every["url"].str.match(r"https?://")].itertuples():
        yield Finding("releases", str(row.id), f"url {row.url!r} is not an address")
    for row in every[every["published"] > today].itertuples():
        yield Finding("releases", str(row.id), f"published {row.published} is to come")
    told = set(history.loc[history["fetcher"] == "", "source"])
    for source, its in every[(every["fetcher"] == "") & (every["source"] != "")].groupby("source"):
        if source not in told:
            yield Finding("releases", f"{source}.csv", f"{source}.csv: holds no figure of its {len(its)} documents")


def frequencies(history: pd.DataFrame) -> Iterator[Finding]:
    """A time period has the frequency of its series."""
    freqs = history["time_period"].map({p: periods.freq(p) for p in history["time_period"].unique()})
    yield from _at(history[freqs != history["freq"]], "periods", lambda row: f"is no period of frequency {row.freq}")


def no_january(history: pd.DataFrame) -> Iterator[Finding]:
    """The bureau publishes January and February together: no January, and no February of its own."""
    of_bureau = history[(history["source"] == "nbs") & (history["freq"] == "M")]
    cumulative = set(of_bureau.loc[of_bureau["span"] == "ytd", "indicator"])
    of_bureau = of_bureau[of_bureau["indicator"].isin(cumulative)]
    single = of_bureau["time_period"].str.endswith(JANUARY_FEBRUARY) & (of_bureau["span"] == "period")
    january = of_bureau["time_period"].str.endswith("-01")
    yield from _at(of_bureau[single | january], "january", lambda row: "January and February are published together")


def records(history: pd.DataFrame) -> Iterator[Finding]:
    """A shipped figure that is doubtful as printed has a record in corrections.toml that says why."""
    doubtful = history[(history["obs_status"] == "U") & (history["fetcher"] == "")]
    named = {(one.series, one.time_period) for one in corrections.load()}
    lost = [key not in named for key in zip(doubtful["series"], doubtful["time_period"], strict=True)]
    yield from _at(doubtful[lost], "records", lambda row: "is flagged as doubtful without a record in corrections.toml")


def vintages(history: pd.DataFrame) -> Iterator[Finding]:
    """A vintage is no day to come, and says something the one before it did not."""
    today = dt.date.today().isoformat()
    yield from _at(history[history["vintage"] > today], "vintages", lambda row: f"vintage {row.vintage} is to come")
    base = history["value"] * 10.0 ** history["unit_mult"]
    shown = history.assign(base=base.round(6))[["series", "time_period", "base", "obs_status"]]
    same = (shown == shown.shift(1)).all(axis=1) & (history["revision_no"] > 1)
    yield from _at(history[same], "vintages", lambda row: f"vintage {row.vintage} repeats the one before it")


def _at(rows: pd.DataFrame, check: str, message: Callable[[Any], str]) -> Iterator[Finding]:
    for row in rows.itertuples():
        yield Finding(check, f"{row.series}@{row.time_period}", message(row))
