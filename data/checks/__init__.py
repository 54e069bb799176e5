"""Checks of the tables: what must hold, and what a reader should know about the figures.

An error is something that must not be (a key twice, a row without a release, an unflagged fall of a year-to-date
figure). A finding is a property of the published figures themselves, such as a month that is not the difference of
two cumulative figures: it is listed, counted and left as published.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data import catalogue, engine, events, tables
from data.checks import entries, figures, places, rows
from data.checks.report import Agreement, Finding, Holding, Report
from data.textfile import Unreadable

__all__ = ["Agreement", "Finding", "Holding", "Report", "run"]

OF_ROWS = (rows.keys, rows.releases, rows.documents, rows.frequencies, rows.no_january, rows.records, rows.vintages)
OF_ENTRIES = (entries.licences, entries.scopes)


def run() -> Report:
    """Check everything. A file that cannot be used at all is an error of the report, not an exception."""
    try:
        with engine.held():
            return _whole(Report())
    except Unreadable as error:
        return Report(errors=[Finding("reading", str(error).partition(",")[0].partition(":")[0], str(error))])


def _whole(report: Report) -> Report:
    history, newest = tables.select(vintages="all"), tables.select()
    report.version, report.data_date = tables.data_version(), tables.data_date()
    report.rows, report.series = len(history), history["series"].nunique()
    report.releases = len(tables.releases())
    report.errors += [Finding("reading", one.file, str(one)) for one in tables.problems()]
    for check in (*OF_ROWS, *OF_ENTRIES):
        report.errors += check(history)
    report.errors += [*entries.vocabularies(), *_events(report)]
    report.holdings = list(_holdings(history))
    figures.check(newest, history, report)
    report.errors = list(places.placed(report.errors))
    return report


def _events(report: Report) -> list[Finding]:
    try:
        table = events.load()
    except Unreadable as error:
        return [Finding("events", "events.csv", str(error))]
    report.events = len(table)
    return list(entries.well_formed_events(table))


def _holdings(history: pd.DataFrame) -> Iterator[Holding]:
    for source, held in history.groupby("source"):
        yield Holding(
            source=str(source),
            series=held["series"].nunique(),
            rows=len(held),
            first=min(held["time_period"].str[:4]),
            last=str(held.loc[held["period_end"].idxmax(), "time_period"]),
            flagged=int((held["obs_status"] != "A").sum()),
            secondary=int((held["confidence"] == "secondary").sum()),
            redistributable=catalogue.load().sources[str(source)].redistributable,
        )
