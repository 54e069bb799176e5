"""What an update did, as a record: per source and per series, and as plain data for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from data import Observation, Report, Series
from data.status import Status
from data.vintages import Refusal, Revision
from fetchers._errors import FetchError

Subject = tuple[str, str, str]
State = Literal["asking", "ok", "failed", "skipped"]
OUTCOMES = ("new", "revised", "unchanged", "rejected")


def subject(series: Series) -> Subject:
    """What the fallback order is about: an indicator of a source in one area, all its lines together."""
    return series.source, series.indicator, series.ref_area


class Step(msgspec.Struct, frozen=True):
    """Where one source stands: `done` of `total` subjects have figures; `what` is the last document, or the error."""

    source: str
    state: State
    what: str
    done: int
    total: int


class Failure(msgspec.Struct, frozen=True):
    """One error of one source: its class in one word, a sentence, and what it names."""

    kind: str
    message: str
    series: str = ""
    period: str = ""
    value: str = ""
    address: str = ""


class SourceRun(msgspec.Struct):
    """What one fetcher did. `skipped` says why it was not asked; `total` counts the subjects it was asked for,
    `brought` are those it brought figures of; `received` is in bytes.
    """

    source: str
    total: int = 0
    brought: set[Subject] = set()
    documents: int = 0
    new: list[Observation] = []
    revised: list[Revision] = []
    unchanged: list[Observation] = []
    rejected: list[Refusal] = []
    failures: list[Failure] = []
    skipped: str = ""
    seconds: float = 0.0
    received: int = 0

    @property
    def state(self) -> State:
        """`failed`, `skipped` or `ok`."""
        return "failed" if self.failures else "skipped" if self.skipped else "ok"

    def step(self, state: State, what: str) -> Step:
        """Where it stands now."""
        return Step(self.source, state, what, len(self.brought), self.total)

    def last_step(self) -> Step:
        """How it ended."""
        return self.step(self.state, self.failures[0].message if self.failures else self.skipped)

    def add(self, report: Report) -> None:
        """Count one more stored document."""
        self.documents += 1
        self.new += report.new
        self.revised += report.revised
        self.unchanged += report.unchanged
        self.rejected += report.rejected

    def fail(self, error: FetchError) -> None:
        """Note an error."""
        about = (error.series, error.period, error.value[:500], error.address)
        self.failures.append(Failure(error.kind, str(error), *about))

    def rows(self) -> Iterator[tuple[str, Observation]]:
        """Every row with its outcome."""
        yield from (("new", row) for row in self.new)
        yield from (("revised", revision.new) for revision in self.revised)
        yield from (("unchanged", row) for row in self.unchanged)
        yield from (("rejected", refusal.row) for refusal in self.rejected)

    def by_series(self) -> dict[str, Counter[str]]:
        """How many rows of each outcome, by series id."""
        counts: dict[str, Counter[str]] = {}
        for outcome, row in self.rows():
            counts.setdefault(row.series, Counter())[outcome] += 1
        return dict(sorted(counts.items()))

    def totals(self) -> Counter[str]:
        """How many rows of each outcome."""
        return Counter(outcome for outcome, _ in self.rows())

    def status(self, now: str) -> Status:
        """What the sources page shows of it."""
        first = self.failures[0] if self.failures else None
        return Status(
            fetcher=self.source,
            last_run=now,
            last_success="" if first else now,
            error_kind=first.kind if first else "",
            error=first.message if first else "",
            seconds=round(self.seconds, 1),
            received=self.received,
            **_all(self.totals()),
        )


class RunReport(msgspec.Struct):
    """What a whole update did; `ok` when no source failed."""

    started: str
    dry_run: bool
    seconds: float = 0.0
    runs: list[SourceRun] = []

    @property
    def ok(self) -> bool:
        """Whether every source that was asked answered, and every check passed."""
        return not any(run.failures for run in self.runs)

    def totals(self) -> Counter[str]:
        """How many rows of each outcome, over all sources."""
        return sum((run.totals() for run in self.runs), Counter())

    def plain(self) -> dict[str, Any]:
        """Everything as plain data: counts per series, revisions, rejections and failures spelled out."""
        about = {"started": self.started, "seconds": round(self.seconds, 1), "dry_run": self.dry_run, "ok": self.ok}
        return about | {"totals": _all(self.totals()), "sources": [_plain(run) for run in self.runs]}


def _all(counts: Counter[str]) -> dict[str, int]:
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def _plain(run: SourceRun) -> dict[str, Any]:
    return {
        "source": run.source,
        "state": run.state,
        "skipped": run.skipped,
        "documents": run.documents,
        "seconds": round(run.seconds, 1),
        "received_bytes": run.received,
        "totals": _all(run.totals()),
        "series": {series: _all(counts) for series, counts in run.by_series().items()},
        "revisions": [
            {
                "series": r.new.series,
                "period": r.new.time_period,
                "old": r.old.value,
                "old_unit_mult": r.old.unit_mult,
                "old_status": r.old.obs_status,
                "old_vintage": r.old.vintage,
                "new": r.new.value,
                "new_unit_mult": r.new.unit_mult,
                "new_status": r.new.obs_status,
                "new_vintage": r.new.vintage,
            }
            for r in run.revised
        ],
        "rejections": [
            {
                "series": r.row.series,
                "period": r.row.time_period,
                "value": r.row.value,
                "unit_mult": r.row.unit_mult,
                "reason": r.reason,
            }
            for r in run.rejected
        ],
        "failures": msgspec.to_builtins(run.failures),
    }
