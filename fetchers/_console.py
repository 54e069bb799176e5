"""What `python -m fetchers` does: update, list, check, expect.

Exit status: 0 all well, 1 some sources failed or the store cannot be used, 2 usage.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import fetchers
from data import periods
from data.catalogue import CatalogueError
from fetchers import _listing, _progress, _words
from fetchers._report import RunReport
from fetchers._run import Busy, update

EXPECTED = Path("tests/expected")
EXPECTED_COLUMNS = ("series", "time_period", "value", "unit_mult", "obs_status", "confidence", "note")
PATIENCE = 3600.0  # seconds to wait for another update of the same store


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.command(chosen))
    except CatalogueError as error:
        sys.stderr.write(f"catalogue: {error}\n")
        return 2
    except Busy as error:
        sys.stderr.write(f"{error}; try again when it has ended\n")
        return 1
    except BrokenPipeError:  # `… | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}: {error.filename or ''}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fetchers", description="Bring the newest published figures.")
    commands = parser.add_subparsers(required=True, metavar="command")
    chosen = argparse.ArgumentParser(add_help=False)
    chosen.add_argument(
        "--source",
        action="append",
        choices=fetchers.names(),
        metavar="SOURCE",
        help="only this source; may be repeated",
    )
    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--json", action="store_true", help="write the report as JSON")

    command = commands.add_parser("update", parents=[chosen, output], help="bring the newest figures into the store")
    command.add_argument(
        "--since", type=_period, metavar="PERIOD", help="nothing before this period: 2024, 2024-Q1, 2024-03"
    )
    command.add_argument("--dry-run", action="store_true", help="say what would be stored, store nothing")
    command.set_defaults(command=_update)
    command = commands.add_parser("check", parents=[chosen, output], help="try each source without storing anything")
    command.set_defaults(command=_check)
    command = commands.add_parser("list", parents=[output], help="sources and series with their newest figures")
    command.add_argument("--source", action="append", metavar="SOURCE", help="only this source; may be repeated")
    command.set_defaults(command=_list)
    command = commands.add_parser("expect", parents=[chosen], help="write the rows each source brings, for review")
    command.add_argument("--to", type=Path, default=EXPECTED, metavar="FOLDER", help=f"default: {EXPECTED.as_posix()}")
    command.set_defaults(command=_expect)
    return parser


def _period(text: str) -> str:
    try:
        periods.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _update(chosen: argparse.Namespace) -> int:
    with _progress.shown(quiet=chosen.json) as progress:
        options = {"sources": chosen.source, "since": chosen.since, "dry_run": chosen.dry_run, "progress": progress}
        try:
            report = update(**options)
        except Busy:
            sys.stderr.write("another update of this store is running; waiting for it to end\n")
            report = update(**options, wait=PATIENCE)
    return _close(report, chosen.json)


def _check(chosen: argparse.Namespace) -> int:
    with _progress.shown(quiet=chosen.json) as progress:
        report = update(chosen.source, dry_run=True, every=True, progress=progress)
    return _close(report, chosen.json)


def _close(report: RunReport, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(f"{json.dumps(report.plain(), indent=1)}\n")
    else:
        for line in _words.lines(report):
            sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return 0 if report.ok else 1


def _list(chosen: argparse.Namespace) -> int:
    records = _listing.sources(chosen.source)
    unknown = set(chosen.source or ()) - {record["source"] for record in records}
    if unknown:
        sys.stderr.write(f"{', '.join(sorted(unknown))}: no such source\n")
        return 2
    if chosen.json:
        sys.stdout.write(f"{json.dumps(records, indent=1)}\n")
    else:
        for line in _listing.lines(records):
            sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return 0


def _expect(chosen: argparse.Namespace) -> int:
    """Ask each source (at NQPF_UPSTREAM, if set) and write its rows, without what depends on the day."""
    with _progress.shown() as progress:
        report = update(chosen.source, dry_run=True, every=True, progress=progress)
    chosen.to.mkdir(parents=True, exist_ok=True)
    for run in report.runs:
        rows = sorted((row for _, row in run.rows()), key=lambda row: (row.series, row.time_period))
        if rows:
            with (chosen.to / f"{run.source}.csv").open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file, lineterminator="\n")
                table.writerow(EXPECTED_COLUMNS)
                table.writerows([getattr(row, column) for column in EXPECTED_COLUMNS] for row in rows)
    return _close(report, as_json=False)
