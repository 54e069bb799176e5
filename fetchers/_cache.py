"""Answers kept on disk, one SQLite file a source: what is damaged counts as not kept, what cannot be written is not.

Each answer is kept with the digest of its body and taken only while they agree, so that a damaged file never passes
for what a service said. A damaged file starts anew; where none can be written answers live in memory.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from requests_cache import SQLiteCache

DIGEST = "X-NQPF-Digest"
PATIENCE = 1.0  # seconds to wait for another process to write its answer


class Answers(SQLiteCache):
    """The kept answers of one source; no trouble with the file is trouble for a request."""

    def get_response(self, key: str, default: Any = None) -> Any:
        """The whole answer kept under a key, else `default`."""
        try:
            found = super().get_response(key, default)
        except (sqlite3.Error, ValueError):
            return default
        whole = found is not None and found.headers.get(DIGEST) == _digest(found.content)
        return found if whole else default

    def save_response(self, response: Any, *args: Any, **options: Any) -> None:
        """Keep an answer, with its digest; one that cannot be written will be asked for again.

        A file that turns out to be damaged is taken away, so that the next session starts anew.
        """
        response.headers[DIGEST] = _digest(response.content)
        try:
            _insist_on_free(Path(self.db_path))
            super().save_response(response, *args, **options)
        except sqlite3.OperationalError:  # full, locked, not writable
            return
        except sqlite3.Error:
            Path(self.db_path).unlink(missing_ok=True)


def opened(file: Path) -> SQLiteCache | str:
    """The cache of this file, without what has expired; `memory` where none can be written or another process has it.

    A file that is damaged, or is no such file, is replaced.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            return "memory"
        try:
            return _sound(file)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                return "memory"
        except (sqlite3.DatabaseError, ValueError):
            pass
        for part in (file, file.with_name(f"{file.name}-journal")):
            part.unlink(missing_ok=True)
        return _sound(file)
    except (OSError, sqlite3.Error):
        return "memory"


def _insist_on_free(file: Path) -> None:
    """OperationalError where another process holds the file, for which the library would wait without end."""
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")


def _sound(file: Path) -> Answers:
    _insist_on_free(file)
    answers = Answers(str(file), serializer="json")
    with answers.responses.connection() as connection:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("damaged")
        connection.execute("SELECT key, value, expires FROM responses LIMIT 1").fetchone()
    answers.delete(expired=True, vacuum=False)
    return answers


def _digest(body: bytes | None) -> str:
    return hashlib.sha256(body or b"").hexdigest()
