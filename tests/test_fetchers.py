"""The convention every source keeps: two functions, a catalogue file, a place in the upstream."""

import ast
import inspect
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import fetchers
from data import Observation, Release, Series, catalogue
from fetchers._http import Http
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
