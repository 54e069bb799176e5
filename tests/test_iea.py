"""The IEA's electric vehicle explorer: layouts, sums, projections, regions, units, empty answers.

Run by hand against the recorded edition of 2024 (12,654 rows): 1,033 figures of the catalogue's series, those of years
and areas the snapshot also has agree in 8 of 10 cases, the others were revised by the edition of 2025.
"""

import csv
import io
from collections.abc import Callable

import pytest

from data import Release, Series, catalogue, select
from fetchers import Inconsistent, Unexpected, iea
from fetchers._run import update
from tests.upstream import recorded

CHINA = "iea/ev_car_sales.CHN.A.level.period"
BATTERIES = "iea/ev_battery_demand.{}.A.level.period"


def lines(*indicators: str) -> list[Series]:
    return [one for one in catalogue.load().of_fetcher("iea") if one.indicator in indicators]


def document(body: bytes) -> Release:
    return Release(
        id="made", source="iea", title="made", url="https://api.iea.org/evs", retrieved="2026-06-01", body=body
    )


def table(change: Callable[[list[dict[str, str]]], object], file: str = "edition_2024.csv") -> bytes:
    """The fixture with its records changed."""
    records = list(csv.DictReader(io.StringIO(recorded("iea", file).decode())))
    change(records)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, dict.fromkeys(name for record in records for name in record), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


def figures(body: bytes, *indicators: str) -> dict[tuple[str, str], float]:
    return {(row.series, row.time_period): row.value for row in iea.parse(document(body), lines(*indicators))}


def test_a_total_is_the_sum_of_battery_electric_and_plug_in_hybrid_without_fuel_cells():
    read = iea.parse(document(recorded("iea", "edition_2024.csv")), lines("ev_car_sales"))
    rows = {row.time_period: row for row in read if row.series == CHINA}
    published = {"2010": 1440, "2022": 5_900_000, "2023": 8_100_000, "2024": 11_300_000}
    assert {year: row.value for year, row in rows.items()} == published
    assert {row.confidence for row in rows.values()} == {"derived"}
    assert {row.note for row in rows.values()} == {"sum of BEV + PHEV"}
    parts = figures(recorded("iea", "edition_2024.csv"), "ev_car_sales_bev")
    assert parts["iea/ev_car_sales_bev.CHN.A.level.period", "2024"] == 6_400_000


def test_where_a_powertrain_is_not_published_there_is_no_total():
    def without(records):
        records[:] = [r for r in records if (r["region"], r["powertrain"], r["year"]) != ("China", "PHEV", "2023")]

    found = figures(table(without), "ev_car_sales", "ev_car_sales_bev")
    assert (CHINA, "2023") not in found
    assert (CHINA, "2022") in found
    assert ("iea/ev_car_sales_bev.CHN.A.level.period", "2023") in found


def test_battery_demand_is_summed_over_vehicle_classes_in_the_layout_of_2025():
    found = figures(recorded("iea", "edition_2025.csv"), "ev_battery_demand")
    assert found == {
        (BATTERIES.format("CHN"), "2018"): 68.0,
        (BATTERIES.format("WLD"), "2024"): 953.0,
        (BATTERIES.format("USA"), "2021"): 38.0,
        (BATTERIES.format("IND"), "2023"): 7.3,
    }


@pytest.mark.parametrize("category", ["Projection-STEPS", "Projection-APS"])
def test_a_projection_never_joins_the_past(category):
    def projected(records):
        records.insert(0, {**next(r for r in records if r["region"] == "China"), "category": category, "value": "9"})
        records.append({**records[0], "year": "2030"})

    assert figures(table(projected), "ev_car_sales_bev") == figures(
        recorded("iea", "edition_2024.csv"), "ev_car_sales_bev"
    )


def test_a_projection_is_accounted_for_even_where_the_service_sends_no_past():
    with pytest.raises(Unexpected, match="no figure"):
        figures(table(lambda records: [r.update(category="Projection-STEPS") for r in records]), "ev_car_sales_bev")


def test_single_precision_leaves_no_dust():
    def dusty(records):
        next(r for r in records if r["parameter"] == "EV sales share")["value"] = "0.006500000134110451"

    assert 0.0065 in figures(table(dusty), "ev_car_sales_share").values()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("unit", "Thousand vehicles", "the unit is not vehicles"),
        ("unit", "percent", "the unit is not vehicles"),
        ("category", "Estimate", "an unknown category"),
        ("powertrain", "EREV", "an unknown powertrain"),
        ("mode", "Cars and vans", "an unknown mode"),
        ("year", "2024-25", "an unknown year"),
        ("value", "n/a", "is not a number"),
    ],
)
def test_what_nobody_has_seen_yet_stops_the_table(column, value, words):
    with pytest.raises(Unexpected, match=words):
        figures(table(lambda records: records[0].update({column: value})), "ev_car_sales_bev")


def test_the_spellings_of_a_unit(monkeypatch):
    for unit in ("Vehicles", "vehicles", "Vehicles "):
        assert figures(table(lambda records, unit=unit: [r.update(unit=unit) for r in records]), "ev_car_sales_bev")
    assert iea.UNITS["milion barrels per day"] == iea.UNITS["million barrels per day"]


def test_a_renamed_region_is_noticed_and_a_new_one_is_not_an_error():
    whole = figures(recorded("iea", "edition_2024.csv"), "ev_car_sales_bev")
    renamed = table(lambda records: [r.update(region="Republic of Korea") for r in records if r["region"] == "Korea"])
    with pytest.raises(Unexpected, match=r"no figure of KOR.*Republic of Korea"):
        figures(renamed, "ev_car_sales_bev")
    added = table(lambda records: records.append({**records[0], "region": "Atlantis"}))
    assert figures(added, "ev_car_sales_bev") == whole


def test_rows_given_twice_count_once_and_two_figures_of_one_key_are_refused():
    whole = figures(recorded("iea", "edition_2024.csv"), "ev_car_sales")
    assert figures(table(lambda records: records.extend(list(records))), "ev_car_sales") == whole
    with pytest.raises(Inconsistent, match="two figures of China, Cars BEV"):
        figures(table(lambda records: records.append({**records[0], "value": "1101"})), "ev_car_sales")


def test_a_table_of_nothing_but_a_header_is_an_error():
    with pytest.raises(Unexpected, match="no figure of those asked for"):
        figures(recorded("iea", "edition_2024.csv").splitlines()[0], "ev_car_sales")


def test_only_the_parameters_of_the_catalogue_are_asked_for_once_each_and_only_the_past(upstream):
    (run,) = update(["iea"], dry_run=True).runs
    assert run.failures == []
    asked = [(request.one("parameters"), request.one("mode"), request.one("category")) for request in upstream.requests]
    assert sorted(asked) == [
        ("Battery demand", "", "Historical"),
        ("EV charging points", "EV", "Historical"),
        ("EV sales", "Cars", "Historical"),
        ("EV sales share", "Cars", "Historical"),
        ("EV stock", "Cars", "Historical"),
        ("EV stock share", "Cars", "Historical"),
    ]
    assert {request.host for request in upstream.requests} == {"api.iea.org"}


def test_a_figure_the_snapshot_has_is_unchanged(upstream):
    (run,) = update(["iea"]).runs
    assert run.rejected == []
    known = select(source="iea", freq="A").set_index(["series", "time_period"])["value"]
    assert len(run.unchanged) > 150
    for row in run.unchanged:
        assert known[row.series, row.time_period] == row.value
    assert {row.series.split(".")[0] for row in run.new} <= {"iea/ev_battery_demand"}
    assert {revision.new.series for revision in run.revised} <= {BATTERIES.format("USA"), BATTERIES.format("IND")}
