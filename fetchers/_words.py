"""The closing report of an update, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from data import Observation, catalogue, codes
from data.vintages import Refusal, Revision
from fetchers._report import OUTCOMES, RunReport, SourceRun

SHOWN = 12  # rejections of one source that are spelled out; --json has all


def lines(report: RunReport) -> Iterator[str]:
    """Per source and series what is new, revised, unchanged and rejected; revisions as old → new; then the sum."""
    for run in report.runs:
        yield from _source(run)
    totals = report.totals()
    done = ", ".join(f"{totals[outcome]:,} {outcome}" for outcome in OUTCOMES)
    failed = [run.source for run in report.runs if run.failures]
    yield f"{'Nothing was stored. ' if report.dry_run else ''}In all {done}, in {report.seconds:.1f} s."
    if failed:
        asked = sum(run.state != "skipped" for run in report.runs)
        yield f"{len(failed)} of {asked} sources failed: {', '.join(failed)}. What was known of them stands."


def _source(run: SourceRun) -> Iterator[str]:
    if run.skipped:
        yield f"{run.source}: not asked, {run.skipped}"
        return
    totals = run.totals()
    counts = ", ".join(f"{totals[outcome]:,} {outcome}" for outcome in OUTCOMES)
    documents = f"{run.documents} document{'s' if run.documents != 1 else ''}"
    yield f"{run.source}: {counts} ({documents}, {run.received / 1000:,.1f} kB, {run.seconds:.1f} s)"
    for series, by_outcome in run.by_series().items():
        if by_outcome.total() > by_outcome["unchanged"]:
            yield f"  {series}: {', '.join(f'{by_outcome[o]:,} {o}' for o in OUTCOMES if by_outcome[o])}"
    yield from (f"  revised: {_revision(revision)}" for revision in run.revised)
    yield from (f"  rejected: {_refusal(refusal)}" for refusal in run.rejected[:SHOWN])
    if len(run.rejected) > SHOWN:
        yield f"  rejected: {len(run.rejected) - SHOWN} more (--json shows all)"
    yield from (f"  failed: {failure.message}" for failure in run.failures)


def _figure(row: Observation) -> str:
    """The figure with all its digits, its unit, and what its status says if it is not a normal one."""
    unit = codes.unit_label(catalogue.load().series[row.series].unit_measure, row.unit_mult)
    status = f", {codes.OBS_STATUS[row.obs_status].en}" if row.obs_status != "A" else ""
    return f"{f'{row.value:,}'.removesuffix('.0')} {unit}{status}"


def _revision(revision: Revision) -> str:
    old, new = revision.old, revision.new
    return f"{new.series} {new.time_period}: {_figure(old)} → {_figure(new)} ({old.vintage} → {new.vintage})"


def _refusal(refusal: Refusal) -> str:
    row = refusal.row
    figure = _figure(row) if row.series in catalogue.load().series else f"{row.value:,}"
    return f"{row.series} {row.time_period}: {figure}: {refusal.reason}"
