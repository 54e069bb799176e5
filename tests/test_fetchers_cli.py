"""python -m fetchers as people and programs run it: a copy of the project, real processes, the local upstream."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from fetchers import _listing
from tests.test_run import ALPHA, INDICATOR, SOURCE, table

ROOT = Path(__file__).parent.parent
DROPIN = Path(__file__).parent / "dropin" / "source.py"
FILES = [f"thing{n}" for n in range(12)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project without its fetchers and figures, and one source of our own: alpha, with twelve indicators."""
    where = tmp_path_factory.mktemp("project")
    left_out = shutil.ignore_patterns("store", "cache", "__pycache__", "observations", "corrections.toml")
    shutil.copytree(ROOT / "data", where / "data", ignore=left_out)
    shutil.copytree(ROOT / "fetchers", where / "fetchers", ignore=shutil.ignore_patterns("[a-z]*.py", "__pycache__"))
    shutil.copy(DROPIN, where / "fetchers" / "alpha.py")
    entries = "".join(INDICATOR.format(indicator=file) for file in FILES)
    text = SOURCE.format(name="alpha", rank=1, key="NQPF_ALPHA_KEY") + entries
    (where / "data" / "catalogue" / "alpha.toml").write_text(text, encoding="utf-8")
    return where


@pytest.fixture
def service(upstream, monkeypatch):
    """alpha answers two figures a file."""
    monkeypatch.delenv("NQPF_CATALOGUE")
    upstream.add(
        "GET", "alpha.example", "/.+", lambda r: table(*(f"{r.path[1:-4]} {area} 2026-09 5" for area in ("CHN", "USA")))
    )
    return upstream


def start(copy: Path, *arguments: str, code: tuple[str, ...] = ("-m", "fetchers"), **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *code, *arguments],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run(copy: Path, *arguments: str, **options) -> tuple[int, str, str]:
    process = start(copy, *arguments, **options)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def figures(tmp_path: Path) -> pd.DataFrame:
    """Everything in the store, one row a figure; fails on a file that is not whole."""
    files = sorted((tmp_path / "store").rglob("*.parquet"))
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True) if files else pd.DataFrame()


def test_update_reports_about_data_and_ends_well(copy, service, tmp_path):
    status, out, err = run(copy, "update")
    assert status == 0
    assert "alpha: 24 new, 0 revised, 0 unchanged, 0 rejected (12 documents," in out
    assert "  alpha/thing3.CHN.M.level.period: 1 new" in out
    assert "In all 24 new" in out
    assert err.splitlines()[0] == "alpha 2/24 asking thing0"
    assert len(figures(tmp_path)) == 24


def test_update_as_json_is_all_of_it_and_nothing_else(copy, service):
    run(copy, "update")
    later = table("thing0 CHN 2026-09 6")
    later.headers["X-Published"] = "2026-11-15"
    service.add("GET", "alpha.example", "/thing0.csv", later)
    service.fault("url_acl", "alpha.example", "/thing11.csv")
    status, out, err = run(copy, "update", "--json")
    assert (status, err) == (1, "")
    report = json.loads(out)
    (source,) = report["sources"]
    assert source["totals"] == {"new": 0, "revised": 1, "unchanged": 20, "rejected": 0}
    assert source["series"][ALPHA.format("thing0", "CHN")]["revised"] == 1
    (revision,) = source["revisions"]
    assert (revision["old"], revision["new"], revision["new_vintage"]) == (5, 6, "2026-11-15")
    assert (revision["old_status"], revision["new_status"]) == ("A", "A")
    assert [failure["kind"] for failure in source["failures"]] == ["rejected"]


def test_a_failed_source_is_exit_status_1_and_its_error_is_in_words(copy, service):
    service.fault("firewall", "alpha.example")
    status, out, _ = run(copy, "update")
    assert status == 1
    assert "failed: alpha: a firewall page came in place of the data" in out
    assert "1 of 1 sources failed: alpha. What was known of them stands." in out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("improve",),
        ("update", "--source", "nobody"),
        ("update", "--since", "lately"),
        ("list", "--source", "nobody"),
    ],
)
def test_usage_is_exit_status_2(copy, service, arguments):
    status, out, err = run(copy, *arguments)
    assert (status, out) == (2, "")
    assert err
    assert service.requests == []


def test_a_store_that_cannot_be_made_is_named(copy, service, tmp_path):
    (tmp_path / "taken").write_text("a file")
    env = {**os.environ, "NQPF_STORE": str(tmp_path / "taken")}
    status, out, err = run(copy, "update", env=env)
    assert (status, out) == (1, "")
    assert str(tmp_path / "taken") in err


def test_a_console_without_the_signs_shows_them_in_another_way(copy, service):
    run(copy, "update")
    later = table("thing0 CHN 2026-09 6")
    later.headers["X-Published"] = "2026-11-15"
    service.add("GET", "alpha.example", "/thing0.csv", later)
    status, out, _ = run(copy, "update", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert status == 0
    assert "5 vehicles \\u2192 6 vehicles" in out


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe is another error on Windows")
def test_output_that_nobody_reads_to_its_end_is_no_traceback(copy, service):
    process = start(copy, "list")
    process.stdout.close()
    assert process.wait(timeout=60) == 141
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_a_broken_catalogue_is_named(copy, service, tmp_path):
    shutil.copytree(copy / "data" / "catalogue", tmp_path / "catalogue")
    (tmp_path / "catalogue" / "alpha.toml").write_text("[source]\nid = 'alpha'\n")
    status, _, err = run(copy, "update", env={**os.environ, "NQPF_CATALOGUE": str(tmp_path / "catalogue")})
    assert status == 2
    assert "alpha.toml" in err


def test_dry_run_and_check_store_nothing(copy, service, tmp_path):
    for arguments in (["update", "--dry-run"], ["check", "--source", "alpha"]):
        status, out, _ = run(copy, *arguments)
        assert status == 0
        assert "Nothing was stored. In all 24 new" in out
    assert figures(tmp_path).empty
    service.fault("server_error", "alpha.example")
    assert run(copy, "check")[0] == 1


def test_list_shows_newest_period_vintage_age_and_next_release(copy, service, monkeypatch):
    run(copy, "update")
    monkeypatch.setenv("NQPF_ALPHA_KEY", "a-key-of-the-user")
    status, out, _ = run(copy, "list", "--source", "alpha")
    assert status == 0
    assert out.startswith("alpha: Office alpha; key NQPF_ALPHA_KEY given; last success 20")
    (line,) = [line for line in out.splitlines() if "thing0.CHN" in line]
    assert "2026-09  of 2026-10-15" in line
    assert re.search(r"2026-10 (was )?due 2026-11-17", line)
    status, out, _ = run(copy, "list", "--json")
    (alpha,) = [record for record in json.loads(out) if record["source"] == "alpha"]
    first = alpha["series"][0]
    assert (first["newest_period"], first["vintage"], first["next_release"]) == ("2026-09", "2026-10-15", "2026-11-17")
    assert "a-key-of-the-user" not in out


def test_list_says_of_a_day_gone_by_that_the_release_was_due():
    one = {"series": "s", "newest_period": "2020", "vintage": "2021-01-01", "age_days": 1, "next_period": "2021"}
    series = [{**one, "next_release": day, "state": "stale"} for day in ("2022-01-01", "9999-01-01")]
    record = {"source": "a", "publisher": "A", "key": "", "fetched": True, "last_success": "", "error": ""}
    past, coming = list(_listing.lines([{**record, "series": series}]))[1:]
    assert ("2021 was due 2022-01-01, stale" in past, "2021 due 9999-01-01" in coming) == (True, True)


def test_expect_writes_rows_for_review(copy, service, tmp_path):
    status, _, _ = run(copy, "expect", "--source", "alpha", "--to", str(tmp_path / "expected"))
    assert status == 0
    rows = pd.read_csv(tmp_path / "expected" / "alpha.csv")
    assert len(rows) == 24
    assert rows.iloc[0].to_dict() == {
        "series": ALPHA.format("thing0", "CHN"), "time_period": "2026-09", "value": 5.0, "unit_mult": 0,
        "obs_status": "A", "confidence": "primary", "note": pytest.approx(float("nan"), nan_ok=True),
    }  # fmt: skip
    assert figures(tmp_path).empty


def test_two_updates_at_once_do_not_harm_each_other(copy, service, tmp_path):
    asked, go_on = threading.Event(), threading.Event()

    def wait_once(request):
        asked.set()
        go_on.wait(30)
        return table("thing0 CHN 2026-09 5")

    service.add("GET", "alpha.example", "/thing0.csv", wait_once)
    first = start(copy, "update")
    assert asked.wait(30)
    second = start(copy, "update")
    assert second.stderr.readline() == "another update of this store is running; waiting for it to end\n"
    go_on.set()
    assert [first.wait(60), second.wait(60)] == [0, 0]
    assert "23 new" in first.stdout.read()
    assert "0 new, 0 revised, 23 unchanged" in second.stdout.read()
    rows = figures(tmp_path)
    assert len(rows) == 23
    assert not rows.duplicated(["series", "time_period", "vintage"]).any()


@pytest.mark.skipif(os.name != "posix", reason="signals as a terminal sends them exist on POSIX only")
@pytest.mark.parametrize("sent", ["SIGKILL", "SIGINT"])
@pytest.mark.parametrize("after", [2, 5, 9])
def test_an_update_may_be_stopped_at_any_moment_and_the_next_goes_on(copy, service, tmp_path, sent, after):
    reached, enough = threading.Event(), after

    def answer(request):
        if sum(request.host == "alpha.example" for request in service.requests) >= enough:
            reached.set()
        return table(*(f"{request.path[1:-4]} {area} 2026-09 5" for area in ("CHN", "USA")))

    service.add("GET", "alpha.example", "/.+", answer)
    process = start(copy, "update")
    assert reached.wait(30)
    process.send_signal(getattr(signal, sent))
    _, err = process.communicate(timeout=30)
    assert process.returncode in ((-signal.SIGKILL,) if sent == "SIGKILL" else (130, 0))
    assert "Traceback" not in err
    before = figures(tmp_path)
    assert len(before) < 24 or sent == "SIGINT"
    status, out, _ = run(copy, "update")
    assert status == 0
    assert len(figures(tmp_path)) == 24
    assert f"{24 - len(before)} new, 0 revised, {len(before)} unchanged, 0 rejected" in out


INTERRUPTED_WHILE_LOADING = """
import runpy, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "pandas":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
sys.path.insert(0, ".")
sys.argv = ["fetchers", "update"]
runpy.run_module("fetchers", run_name="__main__")
"""


def test_an_interrupt_before_anything_has_begun_is_no_traceback_either(copy, service):
    process = start(copy, code=("-c", INTERRUPTED_WHILE_LOADING))
    _, err = process.communicate(timeout=30)
    assert (process.returncode, "interrupted" in err, "Traceback" in err) == (130, True, False)
    assert service.requests == []


WRITE_AND_DIE = """
import os, signal, sys
sys.path.insert(0, ".")
from data import storage
moved = []
real = os.fsync
def fsync(descriptor):
    real(descriptor)
    moved.append(1)
    if len(moved) == 3:  # the second document is written beside its place and not yet moved
        os.kill(os.getpid(), signal.SIGKILL)
os.fsync = fsync
from fetchers._console import main
main(["update"])
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL exists on POSIX only")
def test_a_kill_in_the_middle_of_a_write_loses_nothing(copy, service, tmp_path):
    process = start(copy, code=("-c", WRITE_AND_DIE))
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert len(figures(tmp_path)) == 2
    assert len(list((tmp_path / "store").rglob("*.tmp"))) == 1
    status, out, _ = run(copy, "update")
    assert (status, len(figures(tmp_path))) == (0, 24)
    assert "22 new, 0 revised, 2 unchanged" in out


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals exist on POSIX only")
def test_on_a_terminal_progress_is_drawn(copy, service):
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fetchers", "update"], cwd=copy, stdout=subprocess.PIPE, stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "140"},
    )  # fmt: skip
    os.close(theirs)
    drawn = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end has gone
            break
        if not part:
            break
        drawn += part
    os.close(ours)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert b"24/24" in drawn
    assert re.search(rb"\d\.\d/s", drawn), "the rate"
    assert b"\x1b[" in drawn
    assert b"24 new" in out


def test_without_a_network_an_update_ends_quickly_with_a_summary_and_an_untouched_store(copy, service, tmp_path):
    run(copy, "update")
    before = figures(tmp_path)
    env = {**os.environ, "NQPF_UPSTREAM": "http://127.0.0.1:9"}
    status, out, _ = run(copy, "update", env=env)
    assert status == 1
    assert "failed: alpha: no connection to 127.0.0.1:9" in out
    pd.testing.assert_frame_equal(figures(tmp_path), before)


def test_a_key_is_nowhere_to_be_found_after_an_update(copy, service, tmp_path, monkeypatch):
    key = "s3cret-of-the-user-987654"
    monkeypatch.setenv("NQPF_ALPHA_KEY", key)
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    service.fault("not_found", "alpha.example", "/thing4.csv")
    service.fault("dropped", "alpha.example", "/thing5.csv")
    told = [run(copy, *arguments) for arguments in (["update"], ["update", "--json"], ["list"])]
    assert {request.one("key") for request in service.requests} == {key}
    files = [file for folder in ("store", "cache") for file in (tmp_path / folder).rglob("*") if file.is_file()]
    assert len(files) > 4
    assert not any(key.encode() in file.read_bytes() for file in files)
    assert not any(key in words for _, out, err in told for words in (out, err))
