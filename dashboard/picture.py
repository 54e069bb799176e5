"""A chart as a picture: PNG or SVG with title, unit, basis, source, date, data version and link burnt in."""

from __future__ import annotations

from collections.abc import Sequence


def buttons(key: str, chart: str, name: str, title: str, lines: Sequence[str], lang: str) -> None:
    """Two buttons under a chart."""
