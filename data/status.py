"""What the last update did for each fetcher: written by the fetchers, read by the sources page.

One small JSON file in the store, replaced in one step; a damaged one counts as none.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from data import storage

Time = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?$")]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The last run of one fetcher. Times are UTC, `2026-11-24T08:20:00Z`; empty: never.

    `error_kind` is one of the fetchers' error classes in one word, `error` says in words what went wrong in the last
    run; both are empty when it went well. The counts are observations of the last run, `received` bytes.
    """

    fetcher: str
    last_run: Time
    last_success: Time = ""
    error_kind: str = ""
    error: str = ""
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: float = 0.0
    received: int = 0


def file() -> Path:
    """Where it stands: `status.json` in the store."""
    return storage.folder() / "status.json"


def lock() -> Path:
    """The file whoever updates the store holds a lock on, so that there is one update at a time."""
    return storage.folder() / ".update.lock"


def stamp() -> int:
    """Changes whenever a fetcher's run has been noted."""
    try:
        return file().stat().st_mtime_ns
    except OSError:
        return 0


def read() -> dict[str, Status]:
    """The last run of every fetcher that has run here, by name."""
    try:
        return {one.fetcher: one for one in msgspec.json.decode(file().read_bytes(), type=list[Status])}
    except (OSError, ValueError, RecursionError):  # a DecodeError is a ValueError; a bad byte is a UnicodeDecodeError
        return {}


def write(changed: Iterable[Status]) -> None:
    """Replace the entries of these fetchers. A failed run keeps the day of the last success."""
    known = read()
    for one in changed:
        before = known.get(one.fetcher)
        if before and not one.last_success:
            one = msgspec.structs.replace(one, last_success=before.last_success)
        known[one.fetcher] = one
    target = file()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".status-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            ordered = sorted(known.values(), key=lambda one: one.fetcher)
            out.write(msgspec.json.format(msgspec.json.encode(ordered), indent=1))
            out.flush()
            os.fsync(out.fileno())
        Path(beside).replace(target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
