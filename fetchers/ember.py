"""Ember: yearly electricity by source and monthly solar and wind capacity, where the user gives a key.

https://api.ember-energy.org/v1/electricity-generation/yearly and /installed-capacity/monthly, key in the query
(`api_key`, free; 403 without one). One question a dataset for all areas with an ISO code, and one for those Ember
knows by name only (World, EU), whose `entity_code` is null; everything comes at once, without pages. Answers are
`{stats, data}`; the unit is part of a field's name (`generation_twh`, `share_of_generation_pct`, `capacity_gw`), so
that another unit is an unknown field. There is no yearly dataset of capacity; the monthly one holds about 25 countries,
wind and solar only. Dates are years (`2024`) or months (`2024-06`, also written `2024-06-01`).

Checked: not against a recorded answer; datasets, parameters and fields are those of Ember's OpenAPI description as
clients of 2026 quote it. Revised without a date: the vintage is the day the figures came. Licence: CC BY 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, catalogue, periods
from fetchers import _areas
from fetchers._errors import Rejected, Unexpected
from fetchers._http import Http
from fetchers._read import json_body, leftover, number

NEEDS_KEY = True
API = "https://api.ember-energy.org/v1"
CODE = re.compile(r"[A-Z]{3}")
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-01)?")
FIELDS = {
    "electricity-generation/yearly": ("generation_twh", "share_of_generation_pct"),
    "installed-capacity/monthly": ("capacity_gw", "capacity_w_per_capita"),
}
FREQ = {"electricity-generation/yearly": "A", "installed-capacity/monthly": "M"}
FIRST = {"A": "2000", "M": "2016-01"}
KNOWN = ("is_aggregate_entity", "is_aggregate_series")


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a dataset and kind of area: countries by code, the others by name."""
    areas = catalogue.load().areas
    for dataset, freq in FREQ.items():
        wanted = [one for one in series if _reads(one, dataset)]
        sources = ",".join(sorted({one.locators["ember"]["series"] for one in wanted}))
        start = max(FIRST[freq], periods.containing(periods.start(since), freq)) if since else FIRST[freq]
        entities: dict[str, list[str]] = {}
        for name in dict.fromkeys(areas[one.ref_area].codes["ember"] for one in wanted):
            entities.setdefault("entity_code" if CODE.fullmatch(name) else "entity", []).append(name)
        for kind, names in entities.items():
            query = {kind: ",".join(names), "series": sources, "start_date": start}
            answer = http.get(f"{API}/{dataset}", query, key_query="api_key")
            name = f"{dataset.partition('/')[0]}-{kind}"
            yield answer.release(source="ember", fetcher="ember", name=name, title=f"Ember: {dataset}")


def _reads(one: Series, dataset: str) -> bool:
    """Whether the dataset has this line: of its frequency, and named by the catalogue."""
    return one.locators["ember"]["dataset"] == dataset and one.freq == FREQ[dataset]


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The figures of the wanted areas and sources; Unexpected for a field, source or area that was not asked for."""
    dataset = release.title.removeprefix("Ember: ")
    wanted = [one for one in series if _reads(one, dataset)]
    areas = _areas.by_code("ember")
    asked = {one.ref_area for one in wanted}, {one.locators["ember"]["series"] for one in wanted}
    for given in _rows(release):
        row = dict(given)
        period = _period(row.pop("date", None), FREQ[dataset])
        name, code, source = row.pop("entity", None), row.pop("entity_code", None), row.pop("series", None)
        figures = {field: row.pop(field) for field in FIELDS[dataset] if field in row}
        leftover(row, f"the row {name} {source} {period}", known=KNOWN)
        area = areas.get(code or name, "")
        if area not in asked[0] or source not in asked[1]:
            raise Unexpected("a row came that was not asked for", period=period, value=f"{name} ({code}), {source}")
        for one in wanted:
            if (one.ref_area, one.locators["ember"]["series"]) == (area, source):
                yield from _observation(one, period, figures, release)


def _rows(release: Release) -> list[dict[str, Any]]:
    answer = json_body(release.body, release.title)
    if isinstance(answer, dict) and "detail" in answer:
        raise Rejected(f"the service says no: {answer['detail']}", value=str(answer)[:200])
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise Unexpected("the answer has no list of rows", value=str(answer)[:200])
    rows, stats = answer.pop("data"), answer.pop("stats", {})
    leftover(answer, "the answer")
    said = stats.get("number_of_records") if isinstance(stats, Mapping) else None
    if isinstance(said, int) and said > len(rows):
        raise Unexpected(f"the answer has {len(rows)} rows and says {said}", value=said)
    return rows


def _period(date: Any, freq: str) -> str:
    match = DATE.fullmatch(str(date))
    if not match or (freq == "M" and not match[2]) or (freq == "A" and match[2] not in (None, "01")):
        raise Unexpected("a row has no date of the dataset's kind", value=date)
    return f"{match[1]}-{match[2]}" if freq == "M" else match[1]


def _observation(one: Series, period: str, figures: Mapping[str, Any], release: Release) -> Iterator[Observation]:
    field = one.locators["ember"]["field"]
    if field not in figures:
        raise Unexpected(f"a row has no {field}", series=one.id, period=period, value=", ".join(figures))
    value = number(figures[field], field)
    if value is not None:
        yield Observation(
            series=one.id,
            time_period=period,
            value=value,
            unit_mult=one.unit_mult,
            obs_status="A",
            vintage=release.published or release.retrieved,
            release=release.id,
        )
