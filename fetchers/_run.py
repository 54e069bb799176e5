"""An update: catalogue -> fetch -> parse -> checks -> store -> report. The only place that catches the four errors.

Every fetcher runs in a thread of its own; hosts are asked side by side, each at its pace. Fallback order: where several
fetchers have a locator for an indicator of an area, those of lower `rank` are asked first, and a later one only if none
of them brought a single figure of it in this run. `store` sees to it that a later fetcher's value never replaces an
earlier one's.
"""

from __future__ import annotations

import datetime as dt
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from filelock import FileLock, Timeout

import fetchers
from data import Observation, Release, Report, Series, catalogue, periods, status, storage, store
from fetchers import _checks
from fetchers._errors import FetchError, Inconsistent, Rejected, Unavailable, Unexpected, located
from fetchers._http import Http
from fetchers._pace import Pace
from fetchers._report import RunReport, SourceRun, Step, Subject, subject
from fetchers._transport import Limits

# What a parser raises on an answer it was not written for; named as such, so that no answer ends in a traceback.
SURPRISES = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError, AssertionError)
Progress = Callable[[Step], None]


class Busy(RuntimeError):
    """Another update of this store is running."""


def update(
    sources: Sequence[str] | None = None,
    since: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    *,
    wait: float = 0,
    every: bool = False,
    limits: Limits | None = None,
) -> RunReport:
    """Bring the newest published figures into the store and say what happened; failures are part of the report.

    `sources` are fetchers by name (None: all), `since` a period before which nothing is needed. `dry_run` stores
    nothing. `every` asks each source for all it has, whatever the fallback order. `progress` is called in the
    caller's thread. Raises ValueError for an unknown source or period, CatalogueError, and Busy when another update of
    this store has not ended within `wait` seconds.
    """
    known = fetchers.names()
    for name in sources or ():
        if name not in known:
            raise ValueError(f"{name!r} is not a source; there are {', '.join(known)}")
    if since is not None:
        periods.split(since)
    storage.folder().mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(status.lock(), timeout=wait):
            return _Run(sources, since, dry_run, every, limits or Limits()).report(progress or (lambda step: None))
    except Timeout as error:
        raise Busy("another update of this store is running") from error


class _Run:
    """One update: which fetchers still wait for which, and what has been brought so far."""

    def __init__(
        self, sources: Sequence[str] | None, since: str | None, dry_run: bool, every: bool, limits: Limits
    ) -> None:
        self.names = list(dict.fromkeys(sources or fetchers.names()))
        self.named = sources is not None
        self.since = since
        self.dry_run = dry_run
        self.every = every
        self.limits = limits
        self.catalogue = catalogue.load()
        self.pace = Pace(self.catalogue.sources.values())
        self.before = status.read()
        self.brought: set[Subject] = set()
        self.events: queue.SimpleQueue[Step | SourceRun] = queue.SimpleQueue()

    def report(self, progress: Progress) -> RunReport:
        """Start every fetcher as soon as those asked before it have ended; collect what they did."""
        started = time.monotonic()
        report = RunReport(_now(), self.dry_run)
        waiting = {name: self._asked_before(name) for name in self.names}
        running: set[str] = set()
        while waiting or running:
            for name in [n for n, before in waiting.items() if not before & (waiting.keys() | running)]:
                wanted = self._wanted(name)
                del waiting[name]
                running.add(name)
                threading.Thread(target=self._thread, args=(name, wanted), name=name, daemon=True).start()
            event = self.events.get()
            if isinstance(event, SourceRun):
                running.discard(event.source)
                report.runs.append(event)
                self._remember(event)
                event = event.last_step()
            progress(event)
        report.runs.sort(key=lambda run: self.names.index(run.source))
        report.seconds = time.monotonic() - started
        return report

    def _asked_before(self, name: str) -> set[str]:
        """The fetchers of this run that come earlier in the fallback order of something both can bring."""
        if self.every or name not in self.catalogue.sources:
            return set()
        rank = {other: source.rank for other, source in self.catalogue.sources.items()}
        others = {other for series in self.catalogue.of_fetcher(name) for other in series.locators}
        return {other for other in others if rank[other] < rank[name]} & set(self.names)

    def _wanted(self, name: str) -> list[Series]:
        """What this fetcher can bring and no earlier one has."""
        return [one for one in self.catalogue.of_fetcher(name) if self.every or subject(one) not in self.brought]

    def _remember(self, run: SourceRun) -> None:
        self.brought |= run.brought
        if not self.dry_run and run.state != "skipped":
            try:
                status.write([run.status(_now())])
            except OSError as error:
                run.fail(_unwritable(error, run.source))

    def _thread(self, name: str, wanted: list[Series]) -> None:
        """One fetcher from beginning to end; whatever happens, its report arrives."""
        run, started = SourceRun(name, total=len({subject(one) for one in wanted})), time.monotonic()
        try:
            self._turn(run, wanted)
        except FetchError as error:
            run.fail(error)
        except OSError as error:  # the disk is full, the store is not writable: no fault of the source
            run.fail(_unwritable(error, name))
        except (*SURPRISES, ImportError, SyntaxError) as error:
            run.fail(_surprise(error, source=name))
        finally:
            if isinstance(bug := sys.exception(), Exception):  # ours: the thread ends with it, and the report says so
                run.fail(_surprise(bug, source=name))
            run.seconds = time.monotonic() - started
            self.events.put(run)

    def _turn(self, run: SourceRun, wanted: list[Series]) -> None:
        source, module = self.catalogue.sources.get(run.source), fetchers.module(run.source)
        if source is None:
            raise Unexpected(f"data/catalogue/{run.source}.toml is missing", source=run.source)
        failed_before = run.source in self.before and bool(self.before[run.source].error)
        http = Http(source, pace=self.pace, limits=self.limits, refresh=self.named, doubt=failed_before)
        try:
            if getattr(module, "NEEDS_KEY", False) and not http.has_key:
                run.skipped = f"needs a key: set {source.key_env}"
                if self.named:
                    raise Rejected(run.skipped, source=run.source)
            elif not wanted:
                run.skipped = "earlier sources brought everything"
            else:
                self._fetch(module, http, wanted, run)
        finally:
            run.received = http.received
            http.close()

    def _fetch(self, module: ModuleType, http: Http, wanted: list[Series], run: SourceRun) -> None:
        """Ask until nothing is left to ask for; an error that names a series costs that indicator only.

        What was answered before such an error is neither asked for nor parsed again.
        """
        asking, started, taken = wanted, dt.datetime.now(dt.UTC), set()
        while asking:
            try:
                with located(source=run.source):
                    for release in module.fetch(asking, http, self.since):
                        if release.id not in taken:
                            taken.add(release.id)
                            self._take(module, release, wanted, run)
                        self.events.put(run.step("asking", release.title))
                break
            except (Unavailable, *SURPRISES) as error:
                run.fail(error if isinstance(error, Unavailable) else _surprise(error, run.source, http.asked))
                break
            except FetchError as error:
                run.fail(error)
                http.settled = started
                failed = _indicator(error.series)
                left = [one for one in asking if subject(one) not in run.brought and _indicator(one.id) != failed]
                asking = left if failed and len(left) < len(asking) else []
        everything = self.since is None and len(wanted) == len(self.catalogue.of_fetcher(run.source))
        if everything and not run.brought and not run.failures:
            run.fail(Unexpected("the service answered and brought no figure at all", source=run.source))

    def _take(self, module: ModuleType, release: Release, wanted: list[Series], run: SourceRun) -> None:
        """Parse, check and store one document; nothing of it is stored when it is not of the known shape."""
        by_id = {one.id: one for one in wanted}
        try:
            with located(source=run.source, address=release.url):
                rows = [row for row in _parsed(module, release, wanted) if self._needed(row)]
                kept, refused = _checks.sound(rows, by_id, dt.date.today())
                run.add(self._stored(kept, release))
                run.rejected += refused
                run.brought |= {subject(by_id[row.series]) for row in kept}
                _checks.insist(refused)
        except FetchError as error:
            run.fail(error)

    def _needed(self, row: Observation) -> bool:
        return self.since is None or periods.end(row.time_period) >= periods.start(self.since)

    def _stored(self, rows: list[Observation], release: Release) -> Report:
        try:
            return store(rows, release, dry_run=self.dry_run) if rows else Report()
        except ValueError as error:
            raise Inconsistent(str(error)) from error


def _parsed(module: ModuleType, release: Release, wanted: list[Series]) -> list[Observation]:
    try:
        return list(module.parse(release, wanted))
    except SURPRISES as error:
        raise _surprise(error) from error


def _unwritable(error: OSError, source: str) -> Unavailable:
    return Unavailable(f"the store cannot be written: {error}", source=source)


def _surprise(error: Exception, source: str = "", address: str = "") -> Unexpected:
    """An answer the module has no words for: what it stumbled over, and in which of its lines."""
    line = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(line.filename).name}, line {line.lineno}"
    seen = f"no {error}" if isinstance(error, KeyError) else f"{type(error).__name__} {error}"
    return Unexpected(f"the answer is not of the known shape: {seen} in {place}", source=source, address=address)


def _indicator(series: str) -> str:
    """`nbs/nev_output` of a series id."""
    return series.rsplit(".", 4)[0]


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
