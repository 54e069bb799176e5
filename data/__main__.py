"""python -m data check [--json]: verify the tables and report about them. Exit status 1 when something is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from data import checks
from data.checks import Finding, Report

SHOWN = 6


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m data", description="The tables of figures and events.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="verify the tables and report about them")
    check.add_argument("--json", action="store_true", help="everything found, as JSON")
    asked = parser.parse_args(arguments)
    report = checks.run()
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        print("\n".join(written(report)))
    return 0 if report.sound else 1


def written(report: Report) -> Iterator[str]:
    """The report in lines: what is there, what agrees, what was found, what is wrong."""
    yield f"Tables {report.version}, newest publication {report.data_date}"
    yield (
        f"{report.rows:,} rows in {report.series:,} series of {len(report.holdings)} sources, "
        f"{report.releases:,} releases, {report.events} events"
    )
    yield from _table(
        ("source", "series", "rows", "from", "to", "flagged", "secondary", ""),
        [
            (
                one.source, one.series, one.rows, one.first, one.last, one.flagged, one.secondary,
                "" if one.redistributable else "not redistributable",
            )
            for one in report.holdings
        ],
    )  # fmt: skip
    yield "\nGrowth: published against computed from published levels, periods that differ"
    yield from _table(
        ("series", "matched", "> 1 pt", "> 5 pt", "opposite sign", "largest", "in"),
        [
            (
                one.series,
                one.matched,
                one.over_one,
                one.over_five,
                one.opposite,
                f"{one.largest:+.1f}",
                one.largest_period,
            )
            for one in report.agreement
            if one.over_one
        ],
    )
    close = sum(not one.over_one for one in report.agreement)
    yield f"  {close} more series never differ by more than a point"
    yield from _listed("Findings", report.findings, report)
    yield from _listed("Errors", report.errors, report)
    yield "" if report.errors else "\nNo errors."


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> Iterator[str]:
    lines = [head, *([f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    for line in lines:
        first, *rest = (cell.ljust(widths[0]) if n == 0 else cell.rjust(widths[n]) for n, cell in enumerate(line))
        yield "  ".join(["", first, *rest]).rstrip()


def _listed(title: str, found: Iterable[Finding], report: Report) -> Iterator[str]:
    ordered = sorted(found, key=lambda one: one.check)
    if ordered:
        yield f"\n{title}: {len(ordered)}"
    for check, group in groupby(ordered, key=lambda one: one.check):
        every = list(group)
        of = f" of {report.compared[check]}" if check in report.compared else ""
        yield f"  {check}: {len(every)}{of}"
        yield from (f"    {_told(one)}" for one in every[:SHOWN])
        if len(every) > SHOWN:
            yield f"    ... and {len(every) - SHOWN} more (--json lists all)"


def _told(one: Finding) -> str:
    """Where and what; a message that begins with its file says it once."""
    told = one.message if one.message.startswith(one.where) else f"{one.where}: {one.message}"
    return f"{told} ({one.place})" if one.place else told


if __name__ == "__main__":
    sys.exit(main())
