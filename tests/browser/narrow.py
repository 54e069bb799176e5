"""A catalogue for updates that are quick: few services can bring anything, and none is spared by pauses."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Collection
from pathlib import Path

from tests.upstream import Reply, Request, Upstream


def narrowed(catalogue: Path, where: Path, asked: Collection[str]) -> Path:
    """A copy of the catalogue in which only these services have something to ask for."""
    shutil.copytree(catalogue, where)
    for file in where.glob("*.toml"):
        if file.stem not in asked:
            text = file.read_text(encoding="utf-8").partition("[[route]]")[0]
            file.write_text(re.sub(r"^locator = .*$", "", text, flags=re.MULTILINE), encoding="utf-8")
    return where


def hold(upstream: Upstream, host: str) -> threading.Event:
    """Let the answers of a host wait until the event is set."""
    routes, go = list(upstream.routes), threading.Event()

    def answer(request: Request) -> Reply:
        go.wait(120)
        (route,) = [one for one in routes if one.host == host and re.fullmatch(one.path, request.path)]
        return route.answer(request)

    for method in ("GET", "POST"):
        upstream.add(method, host, r"/.*", answer)
    return go
