"""What passes between the server and the sources' handlers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Request:
    """A request as the real service would see it; `host` is the first step of the path under the upstream."""

    method: str
    host: str
    path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    cookies: dict[str, str]
    body: bytes

    def one(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """An answer. `validator` is False where the real service sends neither ETag nor Last-Modified."""

    body: bytes = b""
    type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    validator: bool = True


@dataclass(frozen=True)
class Route:
    """Which requests a handler answers: method, host, and a regular expression the whole path must match."""

    method: str
    host: str
    path: str
    answer: Callable[[Request], Reply]


@dataclass(frozen=True)
class Shape:
    """Where a source's data answers can be broken; see the head of this package."""

    host: str
    value: str
    path: str = r"/.*"
    page: bool = False
    unit: tuple[str, str] | None = None
    future: Callable[[bytes], bytes] | None = None
    exempt: Mapping[str, str] = field(default_factory=dict)


def recorded(source: str, name: str) -> bytes:
    """The bytes of a fixture file."""
    return (FIXTURES / source / name).read_bytes()
