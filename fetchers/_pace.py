"""Manners towards hosts, shared by all fetchers of a run: a pause between requests, a bound on those at a time.

A host that could not be reached is remembered, so that a run without a network asks it once and not once a series.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from data import Source


class Pace:
    """Turns at a host. Where several sources name one host, the longest pause and the lowest concurrency count."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._pause: dict[str, float] = {}
        self._turns: dict[str, threading.BoundedSemaphore] = {}
        self._free_at: dict[str, float] = {}
        self._unreachable: dict[str, str] = {}
        self._lock = threading.Lock()
        named = [(host, source) for source in sources for host in source.hosts]
        for host, source in named:
            self._pause[host] = max(self._pause.get(host, 0.0), source.pause)
        for host in self._pause:
            at_a_time = min(source.concurrency for name, source in named if name == host)
            self._turns[host] = threading.BoundedSemaphore(max(at_a_time, 1))

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until the host may be asked again, and keep its place while it answers."""
        with self._turns[host]:
            with self._lock:
                now = time.monotonic()
                start = max(now, self._free_at.get(host, now))
                self._free_at[host] = start + self._pause[host]
            time.sleep(start - now)
            yield

    def not_reached(self, host: str) -> None:
        """The last turn brought no connection: no pause is owed for it."""
        with self._lock:
            self._free_at.pop(host, None)

    def unreachable(self, place: str) -> str:
        """Why the place could not be reached earlier in this run; empty when it could."""
        return self._unreachable.get(place, "")

    def give_up(self, place: str, reason: str) -> None:
        """Do not try this place again in this run."""
        self._unreachable[place] = reason
