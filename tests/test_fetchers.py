"""The convention every source keeps: two functions, a catalogue file, a place in the upstream."""

import ast
import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import fetchers
from data import Observation, Release, Series, catalogue, select
from fetchers._http import Http
from fetchers._run import update as run_update
from fetchers._transport import Limits
from tests.upstream import Reply
from tests.upstream.server import modules

ROOT = Path(__file__).parent.parent
NAMES = fetchers.names()
SIGNATURES = {
    "fetch": ({"series": Sequence[Series], "http": Http, "since": str | None}, Iterator[Release]),
    "parse": ({"release": Release, "series": Sequence[Series]}, Iterator[Observation]),
}
ERRORS = {"FetchError", "Unavailable", "Rejected", "Unexpected", "Inconsistent", "Exception", "BaseException"}
OUTSIDE = {"requests", "urllib3", "urllib.request", "http.client", "socket", "time", "os", "subprocess", "logging"}


def test_the_sources_of_the_issue_are_there():
    chinese = {"nbs", "nbs_release", "nbs_communique", "dbnomics", "cpca"}
    international = {"worldbank", "oecd", "owid", "iea", "comtrade", "eurostat", "unesco", "irena", "pwt"}
    assert chinese | international | {"ember", "fred"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("function", SIGNATURES)
def test_every_source_has_the_two_functions(name, function):
    parameters, result = SIGNATURES[function]
    found = inspect.signature(getattr(fetchers.module(name), function), eval_str=True)
    assert {n: p.annotation for n, p in found.parameters.items()} == parameters
    assert found.return_annotation == result
    assert inspect.getdoc(getattr(fetchers.module(name), function))


@pytest.mark.parametrize("name", NAMES)
def test_every_source_has_its_catalogue_file_and_something_to_fetch(name):
    loaded = catalogue.load()
    assert loaded.sources[name].hosts
    assert loaded.of_fetcher(name)
    assert inspect.getdoc(fetchers.module(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_source_asks_through_http_alone_and_catches_no_error_of_ours(name):
    tree = ast.parse((ROOT / "fetchers" / f"{name}.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & OUTSIDE
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    caught = {
        inner.id
        for handler in handlers
        if handler.type
        for inner in ast.walk(handler.type)
        if isinstance(inner, ast.Name)
    }
    assert not caught & ERRORS
    assert all(handler.type for handler in handlers)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_answers_in_the_upstream_and_says_where_it_breaks(name):
    module = modules()[name]
    assert module.routes()
    assert module.SHAPE.host in catalogue.load().sources[name].hosts
    assert (ROOT / "tests" / "fixtures" / name / "README.md").read_text(encoding="utf-8").strip()


NEW_INDICATOR = """
[[series]]
indicator = "researchers_per_million_again"
sector = "rd"
title = "Researchers per million people"
title_native = "每百万人研究人员"
unit_measure = "persons"
lines = ["A.level.period"]
ref_areas = ["CHN"]
counts = "Researchers, full-time equivalent"
counts_native = "研究人员（全时当量）"
excludes = "Technicians"
excludes_native = "技术人员"
locator = { code = "SP.POP.SCIE.RD.P6" }
"""


def test_a_new_indicator_is_one_catalogue_entry_and_no_code(upstream, tmp_path, monkeypatch):
    monkeypatch.delenv("NQPF_CATALOGUE")
    for folder in ("data", "fetchers"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("store", "cache", "__pycache__")
        )
    file = tmp_path / "data" / "catalogue" / "worldbank.toml"
    file.write_text(file.read_text(encoding="utf-8") + NEW_INDICATOR, encoding="utf-8")
    update = [sys.executable, "-m", "fetchers", "update", "--source", "worldbank"]
    done = subprocess.run(update, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    ask = "from data import select; print(len(select(indicator='researchers_per_million_again')))"
    shown = subprocess.run([sys.executable, "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert int(shown.stdout) > 5


ENTRY = """
[[series]]
indicator = "added"
sector = "{sector}"
title = "An indicator added"
title_native = "新增指标"
unit_measure = "{unit}"
unit_mult = {mult}
lines = [{lines}]
ref_areas = ["{area}"]
counts = "all of it"
counts_native = "全部"
excludes = "nothing"
excludes_native = "无"
locator = {locator}
"""


def nbs_computers(request):
    """Output of computers as the statistics bureau's database would answer it; other tables without periods."""
    asked = request.json()
    shown = {f"{n}" * 32: f"微型计算机设备产量{word}" for n, word in enumerate(("当期值", "同比增长"), 1)}
    if asked["cid"] != "3577f56ebdc54f56a40933ded4217056":
        return Reply(b'{"success":true,"state":20000,"data":[]}')
    values = [
        {"_id": one, "i_showname": shown[one], "value": value, "du_name": unit}
        for one, value, unit in zip(asked["indicatorIds"], ("3012.5", "-4.1"), ("万台", "%"), strict=True)
    ]
    answer = {"success": True, "state": 20000, "data": [{"code": "202609MM", "name": "", "values": values}]}
    return Reply(json.dumps(answer, ensure_ascii=False).encode())


def owid_chart(request):
    """A chart of one column."""
    if request.path.endswith(".csv"):
        return Reply(b"Entity,Code,Year,robots_per_head\nChina,CHN,2024,7.5\n", "text/csv")
    column = {
        "shortName": "robots_per_head",
        "unit": "robots",
        "citationShort": "A Bureau",
        "lastUpdated": "2026-02-03",
    }
    return Reply(json.dumps({"chart": {"title": "Robots"}, "columns": {"Robots": column}}).encode())


OECD_TABLE = (
    "STRUCTURE_ID,REF_AREA,FREQ,MEASURE,UNIT_MEASURE,PRICE_BASE,TRANSFORMATION,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT\n"
    "OECD.STI.STP:DSD_MSTI@DF_MSTI(1.3),CHN,A,G_NEW,PT_B1GQ,_Z,_Z,2024,0.25,A,0\n"
)
COMTRADE_ROW = {
    "typeCode": "C",
    "flowCode": "X",
    "partnerCode": 0,
    "classificationCode": "H6",
    "reporterCode": 156,
    "period": "2024",
    "cmdCode": "854231",
    "primaryValue": 5.5e9,
}
ADDED = {
    "nbs": (
        {"sector": "ic", "unit": "units", "mult": 4, "lines": '"M.level.period", "M.growth.period"', "area": "CHN"},
        f'{{ cid = "3577f56ebdc54f56a40933ded4217056", name = "微型计算机设备", "level.period" = "{"1" * 32}", '
        f'"growth.period" = "{"2" * 32}" }}',
        ("POST", "data.stats.gov.cn", "/.+/esData", nbs_computers),
        {("level", "2026-09"): 3012.5, ("growth", "2026-09"): -4.1},
    ),
    "owid": (
        {"sector": "robots", "unit": "units", "mult": 0, "lines": '"A.level.period"', "area": "CHN"},
        '{ slug = "robots-per-head", column = "robots_per_head", units = ["robots"], cites = ["A Bureau"] }',
        ("GET", "ourworldindata.org", r"/grapher/robots-per-head\..+", owid_chart),
        {("level", "2024"): 7.5},
    ),
    "oecd": (
        {"sector": "rd", "unit": "percent", "mult": 0, "lines": '"A.share.period"', "area": "CHN"},
        '{ measure = "G_NEW", unit = "PT_B1GQ" }',
        ("GET", "sdmx.oecd.org", "/public/rest/data/.+", Reply(OECD_TABLE.encode(), "text/csv")),
        {("share", "2024"): 0.25},
    ),
    "comtrade": (
        {"sector": "ic", "unit": "USD", "mult": 0, "lines": '"A.level.period"', "area": "CHN"},
        '{ codes = ["854231"], first = "2022" }',
        (
            "GET",
            "comtradeapi.un.org",
            "/public/v1/preview/C/A/HS",
            lambda request: Reply(
                json.dumps({"data": [COMTRADE_ROW] if request.one("period") == "2024" else []}).encode()
            ),
        ),
        {("level", "2024"): 5.5e9},
    ),
}


@pytest.mark.parametrize("source", ADDED)
def test_other_services_need_no_more_than_an_entry_either(upstream, hasty_catalogue, tmp_path, monkeypatch, source):
    fields, locator, route, figures = ADDED[source]
    shutil.copytree(hasty_catalogue, tmp_path / "catalogue")
    with (tmp_path / "catalogue" / f"{source}.toml").open("a", encoding="utf-8") as file:
        file.write(ENTRY.format(**fields, locator=locator))
    monkeypatch.setenv("NQPF_CATALOGUE", str(tmp_path / "catalogue"))
    upstream.add(*route)
    run_update([source], since="2024", limits=Limits(connect=2, read=2, total=2, backoff=0))
    found = select(source=source, indicator="added").to_dict("records")
    assert {(row["measure"], row["time_period"]): row["value"] for row in found} == figures
