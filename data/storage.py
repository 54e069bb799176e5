"""The store's files: what this installation has fetched, one immutable Parquet file a release.

A file is written beside its place, flushed to the disk and moved into place in one step, so that a reader sees all
of it or none and a kill at any moment loses nothing that was there. Any engine that reads Parquet can read the
folder.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from data.model import Observation, Release
from data.textfile import Left

RELEASE_FIELDS = (
    "release_source",
    "fetcher",
    "title",
    "published",
    "date_precision",
    "retrieved",
    "url",
    "sha256",
)
PRECISION = {0: "unknown", 4: "year", 7: "month", 10: "day"}


def folder() -> Path:
    """The store: `NQPF_STORE`, else `data/store`."""
    return Path(os.environ.get("NQPF_STORE") or Path(__file__).parent / "store")


def stamp(where: Path) -> tuple[object, ...]:
    """Changes when a release is added: moving a file into a folder touches the folder."""
    if not where.is_dir():
        return ()
    return tuple((str(sub), sub.stat().st_mtime_ns) for sub in sorted(where.iterdir()) if sub.is_dir())


def read(where: Path) -> tuple[pd.DataFrame, pd.DataFrame, list[Left]]:
    """Observations, releases, and the files that are not whole."""
    observations, documents, broken = [], [], []
    for file in sorted(where.glob("*/*.parquet")):
        try:
            table = _file(file, file.stat().st_mtime_ns)
            documents.append(table.loc[:0, ["release", *RELEASE_FIELDS]])
            observations.append(table.drop(columns=list(RELEASE_FIELDS)))
        except (OSError, ValueError, KeyError) as error:  # pyarrow's errors are ValueErrors and OSErrors
            broken.append((f"{file.parent.name}/{file.name}", 0, "", "", f"is not a whole Parquet file: {error}"[:200]))
    if not observations:
        return pd.DataFrame(), pd.DataFrame(), broken
    releases = pd.concat(documents, ignore_index=True).rename(columns={"release": "id", "release_source": "source"})
    return pd.concat(observations, ignore_index=True), releases.drop(columns="sha256"), broken


@lru_cache(maxsize=10_000)
def _file(file: Path, _changed: int) -> pd.DataFrame:
    """One release's file, read once: it never changes."""
    return pd.read_parquet(file)


def write(rows: Sequence[Observation], release: Release, where: Path) -> Path:
    """Write one release's rows as one new file and return its path. Never touches a file that is there.

    A release that is read again for more of it (another series, earlier periods) gets a further file. The caller
    holds the lock of the store.
    """
    target = where / release.source
    target.mkdir(parents=True, exist_ok=True)
    path, parts = target / f"{release.id}.parquet", itertools.count(2)
    while path.exists():
        path = target / f"{release.id}.part{next(parts)}.parquet"
    frame = pd.DataFrame([{f: getattr(row, f) for f in row.__struct_fields__} for row in rows])
    frame = frame.assign(
        release_source=release.source,
        fetcher=release.fetcher,
        title=release.title,
        published=release.published,
        date_precision=PRECISION[len(release.published)],
        retrieved=release.retrieved,
        url=release.url,
        sha256=release.sha256,
    )
    handle, beside = tempfile.mkstemp(dir=target, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            frame.to_parquet(file, index=False)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _flush_folder(target)
    return path


def _flush_folder(where: Path) -> None:
    """Make the new name itself durable; Windows does so by itself and cannot open a folder."""
    if os.name == "posix":
        descriptor = os.open(where, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
