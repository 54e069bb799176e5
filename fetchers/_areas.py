"""What a service calls the reference areas: the `codes` of the catalogue's areas."""

from __future__ import annotations

from data import catalogue


def by_code(fetcher: str) -> dict[str, str]:
    """The catalogue's area ids by the code or name this service uses; areas it does not have are left out."""
    areas = catalogue.load().areas.values()
    return {area.codes[fetcher]: area.id for area in areas if fetcher in area.codes}
