"""What the checks found."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One thing found: by which check, where (`series@period`, or a file and entry), and what it is.

    `place` is where to look for it: `nbs.csv, line 12`; empty where it stands in no line of a text table.
    """

    check: str
    where: str
    message: str
    place: str = ""


class Agreement(msgspec.Struct, frozen=True):
    """Published against computed growth of one series; see `quality.growth_agreement`."""

    series: str
    matched: int
    over_one: int
    over_five: int
    opposite: int
    largest: float
    largest_period: str


class Holding(msgspec.Struct, frozen=True):
    """What the tables hold of one source."""

    source: str
    series: int
    rows: int
    first: str
    last: str
    flagged: int
    secondary: int
    redistributable: bool


class Report(msgspec.Struct):
    """The result of all checks. `compared` counts by check what was compared, whether it agreed or not."""

    version: str = ""
    data_date: str = ""
    rows: int = 0
    series: int = 0
    releases: int = 0
    events: int = 0
    holdings: list[Holding] = []
    agreement: list[Agreement] = []
    compared: dict[str, int] = {}
    errors: list[Finding] = []
    findings: list[Finding] = []

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong; findings about the figures themselves are nothing wrong."""
        return not self.errors
