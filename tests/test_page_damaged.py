"""The pages on damaged tables: what is wrong in words, the rest still there, never a traceback."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import rows
from data import events, snapshot

ROOT = Path(__file__).parent.parent
APP = ROOT / "dashboard" / "app.py"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the shipped files that the tables and pages read instead."""
    for name in ("observations", "catalogue"):
        shutil.copytree(ROOT / "data" / name, tmp_path / name)
    for name in ("releases.csv", "events.csv", "corrections.toml"):
        shutil.copy(ROOT / "data" / name, tmp_path)
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path)
    monkeypatch.setattr(events.load, "__defaults__", (tmp_path / "events.csv",))
    monkeypatch.setenv("NQPF_CATALOGUE", str(tmp_path / "catalogue"))
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))
    for kept in vars(rows).values():  # the list of events is read once a server: another test may have been first
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
    return tmp_path


def page(view: str = "") -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=120)
    if view:
        at.switch_page(f"views/{view}.py")
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("catalogue/nbs.toml", 'unit_measure = "vehicles"', 'unit_measure = "cars"', "field `unit_measure`: 'cars'"),
        ("catalogue/concepts.toml", "[[concept]]", "[[concept", "concepts.toml: not valid TOML"),
        ("events.csv", ",before,1,", ",before,high,", "significance 'high': is not 1, 2 or 3"),
        ("corrections.toml", "was = 12522.0", 'was = "much"', "corrections.toml, correction 1"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_on_the_page(copy, file, old, new, told):
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    at = page("reconcile" if "concepts" in file else "")
    assert any(told in one.value for one in at.error)


@pytest.mark.parametrize("view", ["overview", "explore", "sources"])
def test_damaged_lines_leave_the_rest_on_the_page(copy, view):
    """A row cut short, a document that is gone, hostile words: the figures beside them are shown."""
    nbs, releases = copy / "observations" / "nbs.csv", copy / "releases.csv"
    lines = nbs.read_text(encoding="utf-8").split("\n")
    hostile = [n for n, line in enumerate(lines) if line.startswith("nbs/nev_output.CHN.M.level.ytd,2026")]
    lines[hostile[0]] = lines[hostile[0]].rpartition(",")[0] + ",<script>alert(1)</script>"
    lines[3] = lines[3][:50]
    nbs.write_text("\n".join(lines), encoding="utf-8")
    gone = lines[hostile[-1]].split(",")[6]
    kept = [line for line in releases.read_text(encoding="utf-8").split("\n") if not line.startswith(gone)]
    releases.write_text("\n".join(kept), encoding="utf-8")
    at = page("" if view == "overview" else view)
    assert not at.error
    if view == "sources":
        assert any(
            "nbs.csv, line 4" in str(one.value) for one in [*at.warning, *at.markdown, *at.dataframe, *at.caption]
        )
