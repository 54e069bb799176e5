"""The smallest source there can be: one CSV an indicator. Tests drop it into the package under a name of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from data import Observation, Release, Series
from fetchers._errors import Unexpected
from fetchers._http import Http
from fetchers._read import csv_records, leftover, number

NAME = __name__.rpartition(".")[2]


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document an indicator."""
    for one in {series.locators[NAME]["file"]: series for series in series}.values():
        file = one.locators[NAME]["file"]
        asked = {"since": since} if since else None
        answer = http.get(f"https://{NAME}.example/{file}.csv", asked, accept="csv", key_query="key")
        published = answer.headers.get("x-published", "")
        yield answer.release(source=one.source, fetcher=NAME, name=file, title=file, published=published)


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """One row a period and area."""
    for record in csv_records(release.body, required=["file", "area", "period", "value", "unit"]):
        file, area, period = record.pop("file"), record.pop("area"), record.pop("period")
        for one in series:
            if (one.locators[NAME]["file"], one.ref_area) != (file, area):
                continue
            if (unit := record.pop("unit")) != one.unit_measure:
                raise Unexpected("the unit has changed", series=one.id, period=period, value=unit)
            figure = number(record.pop("value"))
            leftover(record, f"{file} {period}")
            if figure is not None:
                yield Observation(
                    series=one.id,
                    time_period=period,
                    value=figure,
                    unit_mult=0,
                    obs_status="A",
                    vintage=release.published or release.retrieved,
                    release=release.id,
                )
