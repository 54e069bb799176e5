"""CPCA: months and years laid out as a table, months to come, groups that must agree."""

import copy
import json
from typing import Any

import pytest

from data import Release, catalogue
from fetchers import cpca
from fetchers._errors import Unexpected
from fetchers._run import update
from tests.upstream import Reply, recorded

BODY = json.loads(recorded("cpca", "charttype_6.json"))


def parsed(groups: Any) -> dict[str, dict[str, float]]:
    body = json.dumps(groups).encode()
    release = Release(id="r", source="cpca", title="t", url=cpca.URL, retrieved="2026-08-20", body=body)
    found: dict[str, dict[str, float]] = {}
    for row in cpca.parse(release, catalogue.load().of_fetcher("cpca")):
        assert (row.unit_mult, row.vintage, row.obs_status) == (4, "2026-08-20", "A")
        found.setdefault(row.series.removeprefix("cpca/"), {})[row.time_period] = row.value
    return found


def changed(**cells: Any) -> list[dict[str, Any]]:
    groups = copy.deepcopy(BODY)
    groups[0]["dataList"][6].update(cells)
    return groups


def test_months_and_columns_find_their_series():
    found = parsed(BODY)
    assert found.keys() == {
        "nev_retail_sales.CHN.M.level.period",
        "nev_passenger_output.CHN.M.level.period",
        "nev_passenger_wholesale.CHN.M.level.period",
        "nev_passenger_exports.CHN.M.level.period",
    }
    at = {name.split(".")[0]: values["2026-07"] for name, values in found.items()}
    assert at == {
        "nev_passenger_output": 120.4,
        "nev_passenger_wholesale": 118.9,
        "nev_retail_sales": 95.1,
        "nev_passenger_exports": 43.1,
    }


def test_months_to_come_are_left_out_however_they_are_written():
    retail = parsed(BODY)["nev_retail_sales.CHN.M.level.period"]
    assert max(retail) == "2026-07"
    assert len(retail) == 12 + 7


def test_one_question_over_https_and_the_day_it_came_as_vintage(upstream):
    (run,) = update(["cpca"], dry_run=True).runs
    assert run.failures == []
    (asked,) = upstream.requests
    assert (asked.host, asked.path, asked.query) == ("data.cpcadata.com", "/api/chartlist", {"charttype": ["6"]})
    assert not catalogue.load().sources["cpca"].redistributable


def test_json_that_calls_itself_html_is_read_and_html_is_not(upstream):
    body = recorded("cpca", "charttype_6.json")
    upstream.add("GET", "data.cpcadata.com", "/api/chartlist", Reply(body, "text/html; charset=utf-8"))
    (run,) = update(["cpca"], dry_run=True).runs
    assert (run.failures, len(run.brought)) == ([], 4)
    upstream.add("GET", "data.cpcadata.com", "/api/chartlist", Reply(b"<html><p>...</p></html>", "text/html"))
    (run,) = update(["cpca"], dry_run=True).runs
    assert [one.kind for one in run.failures] == ["unexpected"]


def test_the_groups_are_compared_without_years_and_before_months_to_come():
    groups = copy.deepcopy(BODY)
    for row in groups[-1]["dataList"]:
        row["月份"] = row["月份"].partition("-")[2]
    groups[-1]["dataList"] += [{"月份": "8月", "NEV": None}, {"月份": "9月", "NEV": []}]
    assert parsed(groups) == parsed(BODY)
    groups[-1]["dataList"][0]["NEV"][0] *= 2
    with pytest.raises(Unexpected, match="of the two groups differ"):
        parsed(groups)


def test_a_row_repeated_counts_once_and_a_contradiction_stops():
    twice = copy.deepcopy(BODY)
    twice[0]["dataList"] += BODY[0]["dataList"]
    assert parsed(twice) == parsed(BODY)
    twice[0]["dataList"][-6]["2026年"] = [1, 118.9, 95.1, 4]
    with pytest.raises(Unexpected, match="stands twice"):
        parsed(twice)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (changed(**{"2026年": [120.4, 95.1, 118.9, 43.1]}), "wholesale of the two groups differ"),
        (changed(**{"2026年": [118.9, 95.1, 43.1, 120.4]}), "of the two groups differ"),
        (changed(**{"2026年": [1204000, 1189000, 951000, 431000]}), "of the two groups differ"),
        (changed(**{"2026年": [120.4, 118.9, 95.1]}), "not four figures"),
        (changed(**{"2026年": [120.4, 118.9, "about 95", 43.1]}), "is not a number"),
        (changed(**{"2026年累计": [1, 2, 3, 4]}), "unknown field '2026年累计'"),
        (changed(month="1-7月"), "names no month"),
        (changed(month="13月"), "names no month"),
        (BODY[1:], "names no month"),
        (BODY[:2], "can be compared"),
        ([], "not a list of groups"),
        ({"code": 500, "msg": "error"}, "not a list of groups"),
        ([{"category": "x", "dataList": [{"month": "1月", "2026年": None}]}], "no figure"),
    ],
)
def test_what_is_not_the_known_shape_stops_the_document(groups, words):
    with pytest.raises(Unexpected, match=words):
        parsed(groups)
