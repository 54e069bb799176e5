"""The named views of explore.toml: short links to what is worth seeing, `explore?preset=robots_two_truths`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "explore.toml"


@lru_cache(maxsize=1)
def views() -> dict[str, dict[str, list[str]]]:
    """The parameters of each named view as a link gives them, by name, in the order of the file."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: {key: _texts(value) for key, value in view.items()} for name, view in table.items()}


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
