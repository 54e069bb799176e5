"""The one place that reaches the fetchers: starts an update, one at a time for the whole server, and watches it.

Nothing is fetched at page load: what asks the services is imported when the button is pressed.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from typing import Any, Literal

import msgspec

from data import status

_LOG = logging.getLogger(__name__)
_LOCK = threading.Lock()
_LAST: list[Update] = []
PATIENCE = 2.0  # seconds: another page may be looking whether the store is free at this very moment


class Source(msgspec.Struct):
    """How far one service is: `done` of `total` indicators have figures, `what` is the last document, or the error.

    `state` is asking, ok, failed or skipped. `first` and `latest` are the seconds and the indicators at the first and
    at the latest of its documents.
    """

    source: str
    state: str
    what: str
    done: int
    total: int
    documents: int
    first: tuple[float, int]
    latest: tuple[float, int]

    @property
    def rate(self) -> float:
        """Indicators a second between the first and the latest document; 0 where that cannot be said yet."""
        seconds, done = self.latest[0] - self.first[0], self.latest[1] - self.first[1]
        return done / seconds if seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left at this rate, None where that cannot be said yet."""
        if not self.rate or self.done >= self.total:
            return None
        return max((self.total - self.done) / self.rate - (time.monotonic() - self.latest[0]), 0.0)


class Update(msgspec.Struct):
    """An update that runs or has ended: every service's last step, then the report as plain data, or what went wrong.

    `started` is UTC, `clock` the same moment in seconds. `trouble` is empty, `busy` (another process updates this
    store) or `broken`, with the `error` in words.
    """

    started: str
    clock: float
    services: list[str]
    sources: dict[str, Source] = {}
    report: dict[str, Any] = {}
    trouble: Literal["", "busy", "broken"] = ""
    error: str = ""
    running: bool = True

    def heard(self) -> list[Source]:
        """The services that have said something, in the order of their names."""
        return sorted(self.sources.copy().values(), key=lambda one: one.source)

    def unheard(self) -> list[str]:
        """The services that have not: they wait for their first answer, or for those that are asked before them."""
        return [name for name in self.services if name not in self.sources]

    @property
    def ended(self) -> int:
        """How many services have ended."""
        return sum(one.state != "asking" for one in self.heard())

    @property
    def done(self) -> float:
        """The share that is done, 0 to 1, every service counting the same."""
        parts = [one.done / one.total if one.state == "asking" and one.total else 1.0 for one in self.heard()]
        return min(sum(parts) / max(len(self.services), 1), 1.0)

    @property
    def rate(self) -> float:
        """Documents a second since the start."""
        return sum(one.documents for one in self.heard()) / max(time.monotonic() - self.clock, 1.0)

    @property
    def left(self) -> float | None:
        """Seconds until the last of those that can be judged has ended, None where there is none."""
        known = [left for one in self.heard() if one.state == "asking" and (left := one.left) is not None]
        return max(known, default=None)


def names() -> list[str]:
    """The services that can be asked."""
    import fetchers

    return fetchers.names()


def last() -> Update | None:
    """The update that runs, else the one that ended last since the server's start."""
    return _LAST[-1] if _LAST else None


def running() -> bool:
    """Whether this server's update runs."""
    return bool(_LAST and _LAST[-1].running)


def elsewhere() -> bool:
    """Whether somebody else, the command line or another server, updates this store now."""
    from filelock import FileLock, Timeout

    with _LOCK:
        if running() or not status.lock().exists():
            return False
        try:
            with FileLock(status.lock(), timeout=0):
                return False
        except Timeout:
            return True
        except OSError:  # a store that may only be read is updated from elsewhere, if at all
            return False


def state() -> tuple[object, ...]:
    """What a page about updates shows: differs when one has begun or ended, here or elsewhere."""
    current = last()
    mine = (current.started, current.clock, current.running) if current else ()
    return (*mine, elsewhere(), 0 if running() else status.stamp())


def start() -> None:
    """Start an update of all services in the background; does nothing while one is running."""
    with _LOCK:
        if running():
            return
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        current = Update(now, time.monotonic(), names())
        _LAST[:] = [current]
    threading.Thread(target=_run, args=(current,), name="update", daemon=True).start()


def _run(current: Update) -> None:
    import fetchers
    from fetchers._run import Busy

    try:
        current.report = fetchers.update(progress=lambda step: _note(current, step), wait=PATIENCE).plain()
    except Busy:
        current.trouble = "busy"
    except (ValueError, OSError) as error:
        _LOG.warning("update: %s", error)
        current.trouble, current.error = "broken", str(error)
    finally:
        if not current.report and not current.trouble:  # an error nobody expected: the log has it
            current.trouble = "broken"
        current.running = False


def _note(current: Update, step: Any) -> None:
    before, now = current.sources.get(step.source), (time.monotonic(), step.done)
    one = Source(step.source, step.state, step.what, step.done, step.total, 0, now, now)
    if before:
        one.documents, one.first = before.documents, before.first
    one.documents += step.state == "asking"
    current.sources[step.source] = one
