"""The one place that reaches the fetchers: starts an update, one at a time for the whole server, and watches it.

Nothing is fetched at page load: the fetchers are imported when the button is pressed.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import msgspec

_LOG = logging.getLogger(__name__)
_LOCK = threading.Lock()
_LAST: list[Update] = []


class Source(msgspec.Struct):
    """How far one source is: `state` is asking, ok, failed or skipped; `what` the last document, or the error."""

    source: str
    state: str
    what: str
    done: int
    total: int


class Update(msgspec.Struct):
    """An update that runs or has ended: every source's last step, then the report as plain data, or the error."""

    sources: dict[str, Source] = {}
    report: dict[str, Any] = {}
    error: str = ""
    running: bool = True

    @property
    def done(self) -> float:
        """The share of the sources that have ended, 0 to 1."""
        ended = sum(one.state != "asking" for one in self.sources.values())
        return ended / max(len(names()), 1) if self.running else 1.0


def names() -> list[str]:
    """The services that can be asked."""
    import fetchers

    return fetchers.names()


def last() -> Update | None:
    """The update that runs, else the one that ended last since the server's start."""
    return _LAST[-1] if _LAST else None


def start() -> None:
    """Start an update of all sources in the background; does nothing while one is running."""
    with _LOCK:
        if _LAST and _LAST[-1].running:
            return
        current = Update()
        _LAST[:] = [current]
    threading.Thread(target=_run, args=(current,), name="update", daemon=True).start()


def _run(current: Update) -> None:
    import fetchers
    from fetchers._run import Busy

    def note(step: Any) -> None:
        current.sources[step.source] = Source(step.source, step.state, step.what, step.done, step.total)

    try:
        current.report = fetchers.update(progress=note).plain()
    except (Busy, ValueError, OSError) as error:
        _LOG.warning("update: %s", error)
        current.error = str(error)
    finally:
        current.running = False
