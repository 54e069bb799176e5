"""IRENASTAT: the newest edition, value codes by their texts, batches, sums, the world, empty cells.

No recorded answer of this service was at hand: shapes are those of clients that worked in 2026.
"""

import copy
import json
from typing import Any

import pytest

from data import Release, catalogue
from fetchers import Rejected, Unexpected, _jsonstat, irena
from fetchers._http import Http
from fetchers._run import update
from tests.upstream import Reply, Route
from tests.upstream.irena import FOLDER

SOLAR = "irena/solar_capacity.{}.A.level.period"
WIND = "irena/wind_capacity.{}.A.level.period"


@pytest.fixture
def brought(upstream) -> dict[tuple[str, str], Any]:
    (run,) = update(["irena"], dry_run=True).runs
    assert run.failures == []
    return {(row.series, row.time_period): row for _, row in run.rows()}


def dataset(**changes: Any) -> bytes:
    """A small answer: China, photovoltaic and thermal, two years."""

    def category(**texts: str) -> dict[str, Any]:
        return {"category": {"index": {code: place for place, code in enumerate(texts)}, "label": texts}}

    made: dict[str, Any] = {
        "class": "dataset",
        "version": "2.0",
        "updated": "2026-07-14T09:00:00Z",
        "id": ["Country/area", "Technology", "Data Type", "Grid connection", "Year"],
        "size": [1, 2, 1, 1, 2],
        "dimension": {
            "Country/area": category(CHN="China"),
            "Technology": category(t1="Solar photovoltaic", t2="Solar thermal energy"),
            "Data Type": category(d="Electrical Installed Capacity (MW)"),
            "Grid connection": category(g="All"),
            "Year": category(y23="2023", y24="2024"),
        },
        "value": [609350.5, 887360, 570, None],
        "status": {"3": ".."},
    }
    return json.dumps(made | changes).encode()


def figures(body: bytes) -> dict[tuple[str, str], float]:
    lines = [one for one in catalogue.load().of_fetcher("irena") if one.id == SOLAR.format("CHN")]
    release = Release(
        id="made", source="irena", title="made", url="https://pxweb.irena.org/", retrieved="2026-11-24", body=body
    )
    return {(row.series, row.time_period): row.value for row in irena.parse(release, lines)}


def test_a_total_is_the_sum_of_the_technologies_that_are_published():
    assert figures(dataset()) == {(SOLAR.format("CHN"), "2023"): 609920.5, (SOLAR.format("CHN"), "2024"): 887360}
    assert figures(dataset(value=[None, 887360, 570, None], status={"0": "..", "3": ".."})) == {
        (SOLAR.format("CHN"), "2024"): 887360
    }


def test_values_are_in_megawatts_whatever_the_usual_multiplier(brought):
    row = brought[SOLAR.format("CHN"), "2023"]
    assert (row.value, row.unit_mult, row.vintage, row.confidence) == (609921, 3, "2026-07-14", "derived")
    assert row.note == "sum of Solar photovoltaic + Solar thermal energy"


def test_the_world_comes_from_the_table_of_regions_and_nothing_of_the_european_union(brought):
    assert brought[SOLAR.format("WLD"), "2023"].value == 1418970
    assert brought[WIND.format("GBR"), "2023"].value > 1000
    assert not {series for series, _ in brought if ".EU27." in series}


def test_the_newest_edition_is_asked_once_with_the_values_its_texts_name(upstream, brought):
    folder, *tables = [request for request in upstream.requests if request.method == "GET"]
    assert folder.path == FOLDER
    assert [request.path.removeprefix(FOLDER) for request in tables] == [
        "Country_ELECSTAT_2026_H2_PXready.px",
        "Region_ELECSTAT_2026_H2_PX.px",
    ]
    countries, world = [request.json() for request in upstream.requests if request.method == "POST"]
    asked = {one["code"]: one["selection"]["values"] for one in countries["query"]}
    assert countries["response"] == {"format": "json-stat2"}
    assert sorted(asked["Country/area"]) == sorted(["CHN", "USA", "DEU", "GBR", "JPN", "KOR", "IND"])
    assert (asked["Technology"], asked["Data Type"], asked["Grid connection"]) == (["1", "2", "3", "4"], ["1"], ["0"])
    assert world["query"][0]["selection"]["values"] == ["GLO"]


def test_the_next_edition_is_taken_however_its_name_ends(upstream):
    folder = "/api/v1/en/IRENASTAT/Power Capacity and Generation/"
    names = [
        "Country_ELECSTAT_2026_H2_PX.px",
        "Region_ELECSTAT_2026_H2_PX.px",
        "Country_ELECSTAT_2027_H1_v-PX 1.px",
        "Region_ELECSTAT_2027_H1.px",
        "Country_ELECCAP_2027_H2_PX.px",
    ]
    listed = json.dumps([{"id": name, "type": "t", "text": name} for name in names]).encode()
    upstream.add("GET", "pxweb.irena.org", folder, Reply(listed))
    update(["irena"], dry_run=True)
    asked = {request.path.removeprefix(folder) for request in upstream.requests}
    assert asked == {"", "Country_ELECSTAT_2027_H1_v-PX 1.px"}, "the table is not there: a refusal ends it"


def test_the_countries_come_where_there_is_no_table_of_regions(upstream):
    folder = "/api/v1/en/IRENASTAT/Power Capacity and Generation/"
    listed = json.dumps([{"id": "Country_ELECSTAT_2026_H2_PXready.px", "type": "t", "text": "x"}]).encode()
    upstream.add("GET", "pxweb.irena.org", folder, Reply(listed))
    (run,) = update(["irena"], dry_run=True).runs
    assert SOLAR.format("CHN") in run.by_series()
    (failure,) = run.failures
    assert (failure.kind, "no table Region_ELECSTAT" in failure.message) == ("unexpected", True)


def test_not_before_the_year_that_is_needed(upstream):
    (run,) = update(["irena"], since="2024-03", dry_run=True).runs
    assert {row.time_period for _, row in run.rows()} == {"2024", "2025"}
    asked = [request.json()["query"][-1] for request in upstream.requests if request.method == "POST"]
    assert {tuple(one["selection"]["values"]) for one in asked} == {("4", "5")}


def test_no_more_than_forty_areas_in_one_question(upstream, monkeypatch):
    monkeypatch.setattr(irena, "AT_A_TIME", 3)
    (run,) = update(["irena"], dry_run=True).runs
    assert run.failures == []
    sizes = [len(request.json()["query"][0]["selection"]["values"]) for request in upstream.requests if request.body]
    assert sizes == [3, 3, 1, 1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"class": "collection"}, "not a JSON-stat dataset"),
        ({"size": [1, 2, 1, 1, 3]}, "other sizes than categories"),
        ({"value": [1, 2, 3]}, "has 3 values for 4 cells"),
        ({"value": ["none", 1, 2, 3]}, "is not a number"),
        ({"status": {"0": "e"}}, "unknown status"),
        ({"value": {"4": 1}}, "a cell outside its 4"),
        ({"status": {"-1": ".."}}, "a cell outside its 4"),
        ({"surprise": 1}, "unknown field 'surprise'"),
    ],
)
def test_a_dataset_of_another_shape_is_refused(changes, words):
    with pytest.raises(Unexpected, match=words):
        figures(dataset(**changes))


@pytest.mark.parametrize(
    ("dimension", "text", "words"),
    [
        ("Data Type", "Electrical Installed Capacity (GW)", "Data Type is not 'Electrical Installed Capacity"),
        ("Grid connection", "On-grid", "Grid connection is not 'All'"),
        ("Year", "2023/24", "a year is not known"),
    ],
)
def test_another_unit_or_scope_is_refused(dimension, text, words):
    changed = json.loads(dataset())["dimension"]
    labels = changed[dimension]["category"]["label"]
    labels[next(iter(labels))] = text
    with pytest.raises(Unexpected, match=words):
        figures(dataset(dimension=changed))


def test_sparse_values_and_a_list_for_an_index_are_read_alike():
    changed = copy.deepcopy(json.loads(dataset())["dimension"])
    for dimension in changed.values():
        dimension["category"]["index"] = list(dimension["category"]["index"])
    sparse = dataset(dimension=changed, value={"0": 609350.5, "1": 887360, "2": 570}, status={})
    assert figures(sparse) == figures(dataset())
    assert [cell.value for cell in _jsonstat.cube(json.loads(sparse)).cells] == [609350.5, 887360, 570, None]


def test_a_technology_that_is_gone_from_the_table_is_said(upstream, monkeypatch):
    described = {"variables": [{"code": code, "values": ["0"], "valueTexts": [text]} for code, text in (
        ("Country/area", "China"), ("Technology", "Solar"), ("Data Type", "Electrical Installed Capacity (MW)"),
        ("Grid connection", "All"), ("Year", "2024"))]}  # fmt: skip
    route = Route("GET", "pxweb.irena.org", FOLDER + "Country.+", lambda request: Reply(json.dumps(described).encode()))
    monkeypatch.setattr(upstream, "routes", [route, *upstream.routes])
    (run,) = update(["irena"], dry_run=True).runs
    assert [failure.kind for failure in run.failures] == ["unexpected"]
    assert "Technology has no 'Solar photovoltaic'" in run.failures[0].message


def test_a_folder_without_the_table_and_a_refused_question(upstream, monkeypatch):
    lines = catalogue.load().of_fetcher("irena")
    route = Route("GET", "pxweb.irena.org", FOLDER, lambda request: Reply(b'[{"id": "Country_ELECCAP_2026_H1.px"}]'))
    monkeypatch.setattr(upstream, "routes", [route, *upstream.routes])
    with pytest.raises(Unexpected, match=r"no table Country_ELECSTAT.*Country_ELECCAP"):
        list(irena.fetch(lines, Http(catalogue.load().sources["irena"]), None))
    upstream.reset()
    forbidden = Route("POST", "pxweb.irena.org", FOLDER + ".+", lambda request: Reply(b"Forbidden", "text/plain", 403))
    monkeypatch.setattr(upstream, "routes", [forbidden, *upstream.routes[1:]])
    with pytest.raises(Rejected, match="403 Forbidden"):
        list(irena.fetch(lines, Http(catalogue.load().sources["irena"], refresh=True), None))
