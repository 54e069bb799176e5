"""Our World in Data: columns by short name, units, citations, projections, refusals, the fallback order.

Run by hand against the two recorded tables (2025; solar capacity, R&D share) with their titles as columns, of 4,114 and
2,494 rows. Of solar capacity 191 of 192 figures say what the snapshot says; of the R&D share 146 do, 7 have been
revised by the World Bank since, 28 are not in the snapshot.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from data import Release, Series, catalogue, select
from fetchers import Inconsistent, Unexpected, owid
from fetchers._run import update
from tests.upstream import Reply, Route, recorded

SOLAR = "irena/solar_capacity.CHN.A.level.period"
ROBOTS = "ifr/industrial_robot_installations.CHN.A.level.period"
SHARE = "iea/ev_car_sales_share.CHN.A.share.period"


def lines(slug: str) -> list[Series]:
    return [s for s in catalogue.load().of_fetcher("owid") if s.locators["owid"]["slug"] == slug]


def document(slug: str, body: bytes | None = None, published: str = "2026-07-28") -> Release:
    address = f"https://ourworldindata.org/grapher/{slug}.csv?v=1&csvType=full&useColumnShortNames=true"
    body = recorded("owid", f"{slug}.csv") if body is None else body
    return Release(
        id="made", source="x", title="made", url=address, retrieved="2026-11-24", published=published, body=body
    )


def figures(slug: str, body: bytes | None = None, published: str = "2026-07-28") -> dict[tuple[str, str], float]:
    rows = owid.parse(document(slug, body, published), lines(slug))
    return {(row.series, row.time_period): row.value for row in rows}


def failures(*, every: bool = True) -> list[Any]:
    (run,) = update(["owid"], dry_run=True, every=every).runs
    return run.failures


def described(upstream, monkeypatch, slug: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Serve the metadata of a chart with its column changed."""
    metadata = json.loads(recorded("owid", f"{slug}.metadata.json"))
    change(next(iter(metadata["columns"].values())))
    path = re.escape(f"/grapher/{slug}.metadata.json")
    route = Route("GET", "ourworldindata.org", path, lambda request: Reply(json.dumps(metadata).encode()))
    monkeypatch.setattr(upstream, "routes", [route, *upstream.routes])


def test_figures_by_code_and_year_with_the_units_of_the_catalogue():
    solar = figures("installed-solar-pv-capacity")
    assert solar[SOLAR, "2020"] == 253.8638
    assert solar["irena/solar_capacity.WLD.A.level.period", "2023"] == 1418.97
    assert solar["irena/solar_capacity.EU27.A.level.period", "2023"] == 256.549
    assert catalogue.load().series[SOLAR].unit_mult == 6
    assert {series.split(".")[1] for series, _ in solar} == {"CHN", "USA", "EU27", "DEU", "WLD"}
    assert figures("annual-industrial-robots-installed")[ROBOTS, "2021"] == 268000


def test_the_three_fixed_columns_may_be_in_lower_case():
    body = recorded("owid", "electric-car-sales.csv")
    lower = body.replace(b"Entity,Code,Year", b"entity,code,year")
    assert figures("electric-car-sales", lower) == figures("electric-car-sales", body) != {}
    with pytest.raises(Unexpected, match="no columns Entity, Code and Year"):
        figures("electric-car-sales", body.replace(b"Year", b"Day"))


def test_a_year_that_had_not_ended_when_the_chart_was_updated_is_a_projection():
    assert (SHARE, "2026") not in figures("electric-car-sales-share", published="2026-05-27")
    assert figures("electric-car-sales-share", published="2026-05-27")[SHARE, "2025"] == 55
    assert (SHARE, "2026") in figures("electric-car-sales-share", published="2027-05-01")


def test_the_vintage_is_the_day_of_update_and_a_relay_is_secondary(upstream):
    (run,) = update(["owid"], dry_run=True, every=True).runs
    rows = {row.series: row for _, row in run.rows()}
    assert (rows[ROBOTS].vintage, rows[ROBOTS].confidence) == ("2026-04-20", "secondary")
    assert (rows[SOLAR].vintage, rows[SOLAR].confidence) == ("2026-07-28", "primary")


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"Entity,Code,Year,other\nChina,CHN,2020,1\n", Unexpected, "no column solar__total_gw"),
        (b"Entity,Code,Year,solar__total_gw,more\nChina,CHN,2020,1,2\n", Unexpected, "unknown field 'more'"),
        (b"Entity,Code,Year,solar__total_gw\nChina,CHN,20,1\n", Unexpected, "without a year"),
        (b"Entity,Code,Year,solar__total_gw\nChina,CHN,2020,n/a\n", Unexpected, "is not a number"),
        (b"Entity,Code,Year,solar__total_gw\nChina,CHN,2020,1\nChina,CHN,2020,2\n", Inconsistent, "two figures"),
    ],
)
def test_a_table_of_another_shape_is_refused(body, error, words):
    with pytest.raises(error, match=words):
        figures("installed-solar-pv-capacity", body)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda column: column.update(unit="megawatts", shortUnit="MW"), r"the unit is not gigawatts.*megawatts / MW"),
        (lambda column: column.update(citationShort="Ember (2026)", citationLong="Ember"), "does not cite IRENA"),
        (lambda column: column.update(shortName="solar_gw"), r"no column solar__total_gw.*solar_gw"),
        (lambda column: column.update(lastUpdated="soon"), "no day of update"),
        (lambda column: column.update(scenario="STEPS"), "unknown field 'scenario'"),
    ],
)
def test_a_changed_unit_citation_or_column_stops_the_chart_and_no_other(upstream, monkeypatch, change, words):
    described(upstream, monkeypatch, "installed-solar-pv-capacity", change)
    (run,) = update(["owid"], dry_run=True, every=True).runs
    (failure,) = run.failures
    assert failure.kind == "unexpected"
    assert re.search(words, failure.message)
    assert failure.series.startswith("irena/solar_capacity.")
    assert failure.address.startswith("https://ourworldindata.org/grapher/installed-solar-pv-capacity.metadata.json")
    brought = {row.series.split(".")[0] for _, row in run.rows()}
    assert "irena/solar_capacity" not in brought
    assert {"irena/wind_capacity", "ifr/industrial_robot_installations"} <= brought


def test_a_chart_that_may_not_be_passed_on_is_rejected_with_the_services_words(upstream, monkeypatch):
    words = b'{"status":403,"error":"This chart contains non-redistributable data and cannot be downloaded as a CSV."}'
    refused = Route(
        "GET",
        "ourworldindata.org",
        r"/grapher/annual-industrial-robots-installed\..+",
        lambda request: Reply(words, status=403),
    )
    monkeypatch.setattr(upstream, "routes", [refused, *upstream.routes])
    (run,) = update(["owid"], dry_run=True, every=True).runs
    (failure,) = run.failures
    assert failure.kind == "rejected"
    assert "contains non-redistributable data" in failure.message
    assert failure.series.startswith("ifr/industrial_robot_installations.")
    assert any(row.series == SOLAR for _, row in run.rows())


def test_a_chart_that_was_renamed_is_followed(upstream, monkeypatch):
    old = "/grapher/annual-industrial-robots-installed"

    def lead_on(request):
        where = request.path.replace(old, "/grapher/robots")
        query = "v=1&csvType=full&useColumnShortNames=true"
        return Reply(status=302, headers={"Location": f"http://ourworldindata.org{where}?{query}"})

    def robots(request):
        kind = "csv" if request.path.endswith("csv") else "metadata.json"
        return Reply(recorded("owid", f"annual-industrial-robots-installed.{kind}"), f"text/{kind[-4:].strip('.')}")

    moved = [
        Route("GET", "ourworldindata.org", rf"{old}\..+", lead_on),
        Route("GET", "ourworldindata.org", r"/grapher/robots\..+", robots),
    ]
    monkeypatch.setattr(upstream, "routes", [*moved, *upstream.routes])
    (run,) = update(["owid"], dry_run=True, every=True).runs
    assert run.failures == []
    assert any(row.series == ROBOTS for _, row in run.rows())


def test_a_slug_that_has_moved_is_said(upstream):
    with pytest.raises(Unexpected, match=r"the chart has moved.*new-slug"):
        list(owid.parse(document("new-slug", b"Entity,Code,Year\n"), lines("installed-solar-pv-capacity")))
    assert owid.ADDRESS.fullmatch("https://ourworldindata.org/grapher/installed-solar-PV-capacity.csv")


def test_two_requests_a_chart_and_none_besides(upstream):
    assert failures() == []
    slugs = {one.locators["owid"]["slug"] for one in catalogue.load().of_fetcher("owid")}
    asked = sorted(request.path for request in upstream.requests)
    assert asked == sorted(f"/grapher/{slug}.{kind}" for slug in slugs for kind in ("csv", "metadata.json"))


def test_behind_the_iea_and_the_world_bank_and_before_irena(upstream):
    runs = {run.source: run for run in update(["owid", "iea", "irena", "worldbank"], dry_run=True).runs}
    of_owid = {row.series.split(".")[0] for _, row in runs["owid"].rows()}
    assert {"ifr/industrial_robot_installations", "irena/solar_capacity"} <= of_owid
    assert not of_owid & {"iea/ev_car_sales", "iea/ev_car_sales_share", "worldbank/rd_gdp_share"}
    assert not any(row.series == SOLAR for _, row in runs["irena"].rows())
    upstream.fault("server_error", host="api.iea.org")
    relay = update(["iea", "owid"], dry_run=True).runs[1]
    assert any(row.series == SHARE for _, row in relay.rows())
    upstream.fault("server_error", host="ourworldindata.org", path=r"/grapher/installed-solar.+")
    runs = {run.source: run for run in update(["iea", "owid", "irena"], dry_run=True).runs}
    assert runs["iea"].failures
    assert runs["owid"].failures
    assert any(row.series == SOLAR for _, row in runs["irena"].rows())


def test_more_digits_are_no_revision_and_rounded_quotations_never_replace_a_release(upstream):
    (run,) = update(["owid"], every=True).runs
    unchanged = {(row.series, row.time_period) for row in run.unchanged}
    assert (SOLAR, "2020") in unchanged
    assert (SOLAR, "2023") in unchanged
    assert (ROBOTS, "2011") in unchanged
    refused = {(refusal.row.series, refusal.row.time_period) for refusal in run.rejected}
    assert (ROBOTS, "2021") in refused
    kept = select(series=ROBOTS, start=2021, end=2021)
    assert kept["value"].tolist() == [268195]
    assert {(row.series, row.time_period) for row in run.new} >= {(SOLAR, "2024"), (SOLAR, "2025")}
