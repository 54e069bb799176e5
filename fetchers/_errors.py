"""What can go wrong between a service and the tables: four classes, raised where they are noticed.

Only `_run.py` catches them. Each names source, series, period, the value seen and the address, as far as they are
known where it is raised; `located` adds what the surroundings know.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 500  # characters of a field in the sentence; addresses with twelve periods are long
FIELDS = ("source", "series", "period", "value", "address")


class FetchError(Exception):
    """Base of the four. `str()` is one sentence for people; the attributes are for programs."""

    def __init__(
        self,
        message: str,
        *,
        source: str = "",
        series: str = "",
        period: str = "",
        value: object = "",
        address: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.series = series
        self.period = period
        self.value = value if isinstance(value, str) else repr(value)
        self.address = address

    def __str__(self) -> str:
        known = [f"{name} {getattr(self, name)[:LONGEST]}" for name in FIELDS[1:] if getattr(self, name)]
        start = f"{self.source}: {self.message}" if self.source else self.message
        return f"{start} ({', '.join(known)})" if known else start

    @property
    def kind(self) -> str:
        """The class in one word, for reports: `unavailable`, `rejected`, `unexpected`, `inconsistent`."""
        return type(self).__name__.lower()


class Unavailable(FetchError):
    """The service cannot be reached or does not work now: network, 5xx, firewall page, rate limit."""


class Rejected(FetchError):
    """The service understood and said no: unknown code, no permission, nothing for this key."""


class Unexpected(FetchError):
    """The answer is not of the known shape: unknown field, missing column, changed unit, HTML where JSON is due."""


class Inconsistent(FetchError):
    """The answer is well formed and its figures fail a check."""


@contextmanager
def located(
    *, source: str = "", series: str = "", period: str = "", value: object = "", address: str = ""
) -> Iterator[None]:
    """Fill in, on any FetchError that passes through, the fields it does not carry yet."""
    try:
        yield
    except FetchError as error:
        seen = {"source": source, "series": series, "period": period, "address": address}
        seen["value"] = value if isinstance(value, str) else repr(value)
        for name, known in seen.items():
            if known and not getattr(error, name):
                setattr(error, name, known)
        raise
