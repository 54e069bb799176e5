"""Checks of the figures: do they rise, stay within bounds, and agree with each other?"""

from __future__ import annotations

import pandas as pd

from data import quality
from data.checks.report import Agreement, Finding, Report
from data.codes import ADDITIVE_FREE


def check(newest: pd.DataFrame, history: pd.DataFrame, report: Report) -> None:
    """Fill the report's agreement, and its findings about the figures; the unflagged ones that cannot be are errors."""
    level = (newest["measure"] == "level") & ~newest["unit_measure"].isin(ADDITIVE_FREE)
    monthly, ytd = newest["freq"] == "M", newest["span"] == "ytd"
    _agreement(newest[newest["measure"] == "growth"], newest[level], report)
    _impossible(newest[level & ytd], history, report)
    _months(newest[level & monthly & ytd], newest[level & monthly & ~ytd], report)
    _years(newest[level & monthly & ytd], newest[level & (newest["freq"] == "A")], report)


def _agreement(published: pd.DataFrame, levels: pd.DataFrame, report: Report) -> None:
    table = quality.growth_agreement(published, levels)
    report.agreement = [Agreement(*row) for row in table.itertuples(index=False, name=None)]


def _impossible(year_to_date: pd.DataFrame, history: pd.DataFrame, report: Report) -> None:
    """Falls of year-to-date figures and figures out of bounds: errors, unless the row is flagged."""
    found = []
    for row in quality.falling(year_to_date).itertuples():
        words = f"{row.value:,.0f} is below {row.before:,.0f} of {row.before_period}"
        found.append((row.flagged, Finding("rising", f"{row.series}@{row.time_period}", words)))
    for row in quality.outside(history).itertuples():
        words = f"{row.value:,.6g} of {row.vintage} is not between {row.low:,.6g} and {row.high:,.6g}"
        found.append((row.flagged, Finding("expectations", f"{row.series}@{row.time_period}", words)))
    report.errors += [one for flagged, one in found if not flagged]
    report.findings += [one for flagged, one in found if flagged]


def _months(year_to_date: pd.DataFrame, single: pd.DataFrame, report: Report) -> None:
    report.compared["single months"], apart = quality.months_by_difference(year_to_date, single)
    for row in apart.sort_values("apart", key=abs, ascending=False).itertuples():
        words = f"published {row.published:g}, by difference {row.by_difference:g} ({row.apart:+.1f} %)"
        report.findings.append(Finding("single months", f"{row.series}@{row.time_period}", words))


def _years(year_to_date: pd.DataFrame, annual: pd.DataFrame, report: Report) -> None:
    report.compared["years"], apart = quality.december_against_year(year_to_date, annual)
    for row in apart.itertuples():
        words = f"annual {row.annual:,.0f}, December year to date {row.december:,.0f} ({row.apart:+.1f} %)"
        report.findings.append(Finding("years", f"{row.series}@{row.time_period}", words))
