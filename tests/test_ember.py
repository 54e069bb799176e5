"""Ember: a key in the query, areas by code and by name, units in the names of the fields."""

import json

import pytest

from data import Release, catalogue
from fetchers import ember
from fetchers._errors import Rejected, Unexpected
from fetchers._run import update
from tests.upstream.ember import KEY

ROW = {
    "entity": "China",
    "entity_code": "CHN",
    "is_aggregate_entity": False,
    "date": "2024",
    "series": "Solar",
    "is_aggregate_series": False,
    "generation_twh": 834.1,
    "share_of_generation_pct": 8.29,
}
CAPACITY = {
    **{name: ROW[name] for name in ("entity", "entity_code", "series")},
    "date": "2026-08",
    "capacity_gw": 1325.5,
    "capacity_w_per_capita": None,
}


def parsed(*rows: dict, dataset: str = "electricity-generation/yearly", **envelope: object) -> dict[str, float]:
    body = json.dumps({"stats": {"number_of_records": len(rows)}, "data": rows, **envelope}).encode()
    release = Release(
        id="r", source="ember", title=f"Ember: {dataset}", url=ember.API, retrieved="2026-11-01", body=body
    )
    found = ember.parse(release, catalogue.load().of_fetcher("ember"))
    return {f"{row.series.removeprefix('ember/')} {row.time_period}": row.value for row in found}


def test_without_a_key_it_is_not_asked_and_says_which_key(upstream):
    (run,) = update(["ember"], dry_run=True).runs
    assert "EMBER_API_KEY" in run.failures[0].message
    assert run.failures[0].kind == "rejected"
    assert upstream.requests == []


def test_areas_by_code_and_by_name_and_the_key_in_no_address(upstream, keys):
    (run,) = update(["ember"], "2024", dry_run=True, every=True).runs
    assert run.failures == []
    assert [request.path.split("/")[2] for request in upstream.requests] == ["electricity-generation"] * 2 + [
        "installed-capacity"
    ]
    by_code, by_name, capacity = upstream.requests
    assert by_code.one("entity_code") == "CHN,USA,DEU,GBR,JPN,KOR,IND"
    assert by_name.one("entity") == "World,EU"
    assert by_code.one("series") == "Coal,Renewables,Solar,Wind"
    assert (by_code.one("start_date"), capacity.one("start_date")) == ("2024", "2024-01")
    assert capacity.one("series") == "Solar,Wind"
    assert all(request.one("api_key") == KEY for request in upstream.requests)
    assert {row.time_period[:4] for _, row in run.rows()} == {"2024", "2026"}
    assert KEY not in repr(run)


def test_levels_shares_and_capacity_find_their_series():
    assert parsed(ROW) == {"solar_generation.CHN.A.level.period 2024": 834.1}
    coal = {**ROW, "series": "Coal"}
    assert parsed(coal) == {"coal_electricity_share.CHN.A.share.period 2024": 8.29}
    world = {**ROW, "entity": "World", "entity_code": None, "date": "2024-01-01"}
    assert parsed(world) == {"solar_generation.WLD.A.level.period 2024": 834.1}
    monthly = {"solar_capacity_monthly.CHN.M.level.period 2026-08": 1325.5}
    assert parsed(CAPACITY, dataset="installed-capacity/monthly") == monthly
    assert parsed({**CAPACITY, "date": "2026-08-01"}, dataset="installed-capacity/monthly") == monthly


def test_a_figure_that_is_not_known_is_no_figure():
    assert parsed({**ROW, "generation_twh": None}) == {}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**ROW, "generation_gwh": 834100}, "unknown field 'generation_gwh'"),
        ({name: ROW[name] for name in ROW if name != "generation_twh"}, "has no generation_twh"),
        ({**ROW, "generation_twh": "无"}, "is not a number"),
        ({**ROW, "entity": "France", "entity_code": "FRA"}, "not asked for"),
        ({**ROW, "series": "Gas"}, "not asked for"),
        ({**ROW, "date": "2024-06"}, "no date"),
        ({**ROW, "date": None}, "no date"),
    ],
)
def test_what_is_not_the_known_shape_stops_the_document(row, words):
    with pytest.raises(Unexpected, match=words):
        parsed(row)


def test_an_answer_that_says_no_or_less_than_it_holds():
    with pytest.raises(Rejected, match="Unknown series"):
        parsed(detail="Unknown series")
    with pytest.raises(Unexpected, match="1 rows and says 3"):
        parsed(ROW, stats={"number_of_records": 3})
    with pytest.raises(Unexpected, match="unknown field 'next'"):
        parsed(ROW, next="page 2")
