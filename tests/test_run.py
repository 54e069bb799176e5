"""An update: fallback order, failures, checks, revisions, progress, status; with sources dropped into the package."""

import shutil
import sys
import threading
from pathlib import Path

import msgspec
import pytest

import fetchers
from data import Observation, catalogue, select, snapshot, status
from data.vintages import Revision
from fetchers import _read, _words  # noqa: F401  (the dropped-in sources import _read)
from fetchers._report import RunReport, SourceRun
from fetchers._run import Busy, update
from fetchers._transport import Limits
from tests.upstream import Reply

DROPIN = Path(__file__).parent / "dropin" / "source.py"
LIMITS = Limits(connect=20, read=20, total=60, backoff=0, patience=1)
SOURCE = """
[source]
id = "{name}"
publisher = "Office {name}"
publisher_native = "{name}"
title = "Figures of {name}"
title_native = "{name}"
url = "https://{name}.example"
licence = "CC BY 4.0"
licence_native = "CC BY 4.0"
attribution = "Office {name}"
redistributable = true
cadence = "monthly"
lag_days = {{ M = 17 }}
hosts = ["{name}.example"]
pause = 0
rank = {rank}
key_env = "{key}"
"""
INDICATOR = """
[[series]]
indicator = "{indicator}"
sector = "nev"
title = "{indicator}"
title_native = "{indicator}"
unit_measure = "vehicles"
lines = ["M.level.period"]
ref_areas = ["CHN", "USA"]
counts = "all"
counts_native = "all"
excludes = "none"
excludes_native = "none"
expect = {{ min = 0, max = 1000 }}
locator = {{ file = "{indicator}" }}
"""
ROUTE = """
[[route]]
source = "alpha"
indicator = "{indicator}"
locator = {{ file = "{indicator}" }}
"""
ALPHA = "alpha/{}.{}.M.level.period"


def table(*rows: str, unit: str = "vehicles") -> Reply:
    """A CSV of rows such as `cars CHN 2026-09 10`."""
    lines = ["file,area,period,value,unit", *(",".join([*row.split(" "), unit]) for row in rows)]
    return Reply("\n".join(lines).encode(), "text/csv", headers={"X-Published": "2026-10-15"})


@pytest.fixture
def office(upstream, tmp_path, monkeypatch):
    """Two services: alpha publishes cars and trucks, beta relays both; answers are set by each test."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    for name in ("sectors.toml", "areas.toml"):
        shutil.copy(catalogue.FOLDER / name, folder)
    monkeypatch.setenv("NQPF_CATALOGUE", str(folder))
    monkeypatch.setattr(snapshot, "FOLDER", empty_snapshot(tmp_path / "snapshot"))
    drop(tmp_path, "alpha", INDICATOR.format(indicator="cars") + INDICATOR.format(indicator="trucks"))
    drop(tmp_path, "beta", ROUTE.format(indicator="cars") + ROUTE.format(indicator="trucks"), rank=2)
    monkeypatch.setattr(fetchers, "__path__", [str(tmp_path / "modules")])
    upstream.add("GET", "alpha.example", "/cars.csv", table("cars CHN 2026-09 10", "cars USA 2026-09 20"))
    upstream.add("GET", "alpha.example", "/trucks.csv", table("trucks CHN 2026-09 1", "trucks USA 2026-09 2"))
    upstream.add("GET", "beta.example", "/cars.csv", table("cars CHN 2026-09 11", "cars USA 2026-09 21"))
    upstream.add("GET", "beta.example", "/trucks.csv", table("trucks CHN 2026-09 3", "trucks USA 2026-09 4"))
    before = set(sys.modules)
    yield upstream
    for name in [name for name in sys.modules if name.startswith("fetchers.") and name not in before]:
        del sys.modules[name]


def empty_snapshot(folder: Path) -> Path:
    """A snapshot without figures: the shipped one speaks of series this catalogue does not have."""
    folder.mkdir()
    (folder / "releases.csv").write_text(",".join(snapshot.RELEASE_COLUMNS) + "\n", encoding="utf-8")
    return folder


def drop(where: Path, name: str, entries: str, rank: int = 1, key: str = "", extra: str = "") -> None:
    """A source as its author would add it: one module, one catalogue file."""
    (where / "modules").mkdir(exist_ok=True)
    (where / "modules" / f"{name}.py").write_text(DROPIN.read_text(encoding="utf-8") + extra, encoding="utf-8")
    text = SOURCE.format(name=name, rank=rank, key=key) + entries
    (where / "catalogue" / f"{name}.toml").write_text(text, encoding="utf-8")


def values(**question: str) -> dict[str, float]:
    frame = select(**question)
    return dict(zip(frame["series"] + " " + frame["time_period"], frame["value"], strict=True))


def asked(upstream) -> list[str]:
    return sorted(f"{request.host}{request.path}" for request in upstream.requests)


def test_an_update_brings_figures_and_says_so(office):
    report = update(limits=LIMITS)
    assert report.ok
    assert report.totals() == {"new": 4}
    assert values(source="alpha") == {
        ALPHA.format("cars", "CHN") + " 2026-09": 10,
        ALPHA.format("cars", "USA") + " 2026-09": 20,
        ALPHA.format("trucks", "CHN") + " 2026-09": 1,
        ALPHA.format("trucks", "USA") + " 2026-09": 2,
    }
    row = select(series=ALPHA.format("cars", "CHN")).iloc[0]
    assert (row["vintage"], row["published"], row["url"], row["fetcher"]) == (
        "2026-10-15", "2026-10-15", "https://alpha.example/cars.csv", "alpha",
    )  # fmt: skip


def test_a_later_source_is_not_asked_for_what_an_earlier_one_brought(office):
    report = update(limits=LIMITS)
    assert asked(office) == ["alpha.example/cars.csv", "alpha.example/trucks.csv"]
    assert [(run.source, run.state) for run in report.runs] == [("alpha", "ok"), ("beta", "skipped")]


def test_a_later_source_is_asked_for_the_indicators_an_earlier_one_could_not_bring(office):
    office.fault("server_error", "alpha.example", "/cars.csv")
    report = update(limits=LIMITS)
    assert {request.path for request in office.requests if request.host == "beta.example"} == {
        "/cars.csv",
        "/trucks.csv",
    }
    assert not report.ok
    assert values(indicator="cars") == {
        ALPHA.format("cars", "CHN") + " 2026-09": 11,
        ALPHA.format("cars", "USA") + " 2026-09": 21,
    }
    assert set(select(indicator="cars")["fetcher"]) == {"beta"}


def test_a_later_source_is_asked_for_areas_without_any_figure(office):
    office.add("GET", "alpha.example", "/cars.csv", table("cars CHN 2026-09 10"))
    update(limits=LIMITS)
    assert asked(office) == ["alpha.example/cars.csv", "alpha.example/trucks.csv", "beta.example/cars.csv"]
    assert values(indicator="cars") == {
        ALPHA.format("cars", "CHN") + " 2026-09": 10,
        ALPHA.format("cars", "USA") + " 2026-09": 21,
    }


def test_a_later_source_never_replaces_an_earlier_ones_value(office):
    update(limits=LIMITS)
    office.fault("server_error", "alpha.example")
    report = update(limits=LIMITS)
    beta = report.runs[1]
    assert (len(beta.new), len(beta.revised), len(beta.rejected)) == (0, 0, 4)
    assert "of alpha stands" in beta.rejected[0].reason
    assert values(series=ALPHA.format("cars", "CHN")) == {ALPHA.format("cars", "CHN") + " 2026-09": 10}


def test_a_revised_figure_is_appended_and_spelled_out(office):
    update(["alpha"], limits=LIMITS)
    revised = table("cars CHN 2026-09 12", "cars USA 2026-09 20")
    revised.headers["X-Published"] = "2026-11-15"
    office.add("GET", "alpha.example", "/cars.csv", revised)
    report = update(["alpha"], limits=LIMITS)
    assert report.totals() == {"revised": 1, "unchanged": 3}
    history = select(series=ALPHA.format("cars", "CHN"), vintages="all")
    assert list(zip(history["vintage"], history["value"], strict=True)) == [("2026-10-15", 10), ("2026-11-15", 12)]
    words = "\n".join(_words.lines(report))
    assert "alpha/cars.CHN.M.level.period 2026-09: 10 vehicles → 12 vehicles (2026-10-15 → 2026-11-15)" in words
    (revision,) = report.plain()["sources"][0]["revisions"]
    assert (revision["period"], revision["old"], revision["new"]) == ("2026-09", 10, 12)


def test_the_report_writes_every_digit_and_says_when_only_the_status_changed():
    row = {"time_period": "2024", "unit_mult": 6, "vintage": "2025-12-04", "release": "r"}
    old = Observation(series="eurostat/rd_expenditure.EU27.A.level.period", value=403100.25, obs_status="A", **row)
    new = msgspec.structs.replace(old, obs_status="P", vintage="2026-11-12")
    done = SourceRun("eurostat", revised=[Revision(old, new)])
    words = "\n".join(_words.lines(RunReport("2026-11-24T08:20:00Z", False, runs=[done])))
    assert "403,100.25 million euros → 403,100.25 million euros, preliminary (2025-12-04 → 2026-11-12)" in words


def test_nothing_new_is_not_stored_again_and_hardly_transferred(office, tmp_path):
    update(limits=LIMITS)
    files = sorted((tmp_path / "store").rglob("*.parquet"))
    sent = office.sent
    report = update(limits=LIMITS)
    assert report.totals() == {"unchanged": 4}
    assert sorted((tmp_path / "store").rglob("*.parquet")) == files
    assert office.sent == sent


def test_a_document_of_another_shape_stores_nothing_of_itself(office):
    office.add("GET", "alpha.example", "/cars.csv", table("cars CHN 2026-09 10", "cars USA 2026-09 20", unit="tonnes"))
    report = update(["alpha"], limits=LIMITS)
    (failure,) = report.runs[0].failures
    assert (failure.kind, failure.series, failure.period, failure.value) == (
        "unexpected", ALPHA.format("cars", "CHN"), "2026-09", "tonnes",
    )  # fmt: skip
    assert failure.address == "https://alpha.example/cars.csv"
    assert values(indicator="cars") == {}
    assert len(values(indicator="trucks")) == 2


def test_a_figure_out_of_bounds_is_rejected_with_words_and_the_others_stay(office):
    office.add(
        "GET", "alpha.example", "/cars.csv", table("cars CHN 2026-09 1e6", "cars USA 2026-09 -1", "cars USA 2026-08 5")
    )
    report = update(["alpha"], limits=LIMITS)
    alpha = report.runs[0]
    assert values(indicator="cars") == {ALPHA.format("cars", "USA") + " 2026-08": 5}
    assert [refusal.reason for refusal in alpha.rejected] == [
        "1e+06 is above 1000, the most the catalogue expects",
        "-1 is below 0, the least the catalogue expects",
    ]
    assert (alpha.failures[0].kind, alpha.failures[0].period) == ("inconsistent", "2026-09")
    assert "and 1 more" in alpha.failures[0].message


def test_two_figures_for_one_period_and_periods_to_come_are_rejected(office):
    rows = (
        "cars CHN 2026-09 10",
        "cars CHN 2026-09 10",
        "cars USA 2026-09 1",
        "cars USA 2026-09 2",
        "cars USA 2031-01 1",
    )
    office.add("GET", "alpha.example", "/cars.csv", table(*rows))
    report = update(["alpha"], limits=LIMITS)
    assert values(indicator="cars") == {ALPHA.format("cars", "CHN") + " 2026-09": 10}
    assert {refusal.reason for refusal in report.runs[0].rejected} == {
        "the document says 1 and 2 for one period",
        "the period 2031-01 has not begun",
    }


def test_since_asks_and_keeps_only_what_is_needed(office):
    office.add("GET", "alpha.example", "/cars.csv", table("cars CHN 2025-12 9", "cars CHN 2026-09 10"))
    update(["alpha"], since="2026", limits=LIMITS)
    assert values(indicator="cars") == {ALPHA.format("cars", "CHN") + " 2026-09": 10}
    assert {request.one("since") for request in office.requests} == {"2026"}
    with pytest.raises(ValueError, match="not a period"):
        update(["alpha"], since="lately", limits=LIMITS)


def test_a_dry_run_reports_and_leaves_everything_alone(office, tmp_path):
    report = update(dry_run=True, limits=LIMITS)
    assert report.totals() == {"new": 4}
    assert values(source="alpha") == {}
    assert status.read() == {}
    assert list((tmp_path / "store").rglob("*.parquet")) == []


def test_one_sources_failure_stops_no_other_and_keeps_the_last_good_value(office, tmp_path):
    drop(tmp_path, "gamma", INDICATOR.format(indicator="buses"))
    office.add("GET", "gamma.example", "/buses.csv", table("buses CHN 2026-09 7"))
    update(limits=LIMITS)
    office.fault("firewall", "alpha.example")
    office.fault("html_for_data", "beta.example")
    report = update(limits=LIMITS)
    assert {run.source: run.state for run in report.runs} == {"alpha": "failed", "beta": "failed", "gamma": "ok"}
    assert len(values(source="alpha")) == 4
    assert report.runs[0].failures[0].kind == "unavailable"
    assert report.runs[1].failures[0].kind == "unexpected"


def test_an_answer_no_parser_has_words_for_is_unexpected_and_no_traceback(office, tmp_path):
    extra = "\n\ndef parse(release, series):\n    yield {}['nothing']\n"
    drop(tmp_path, "alpha", INDICATOR.format(indicator="cars"), extra=extra)
    (tmp_path / "catalogue" / "beta.toml").unlink()
    report = update(limits=LIMITS)
    failure = report.runs[0].failures[0]
    assert failure.kind == "unexpected"
    assert "no 'nothing' in alpha.py, line" in failure.message
    assert failure.address == "https://alpha.example/cars.csv"
    assert "data/catalogue/beta.toml is missing" in report.runs[1].failures[0].message


def test_an_answer_that_fetch_stumbles_over_is_named_by_its_address(office, tmp_path):
    extra = (
        "\n\ndef fetch(series, http, since):\n    http.get('https://alpha.example/cars.csv', accept='csv').body['x']\n"
    )
    drop(tmp_path, "alpha", INDICATOR.format(indicator="cars") + INDICATOR.format(indicator="trucks"), extra=extra)
    (failure,) = update(["alpha"], limits=LIMITS).runs[0].failures
    assert (failure.kind, failure.address) == ("unexpected", "https://alpha.example/cars.csv")
    assert "TypeError" in failure.message


def test_a_fault_of_a_fetcher_that_nobody_foresaw_is_no_success(office, tmp_path, monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    extra = "\n\nclass Oops(Exception): ...\n\n\ndef fetch(series, http, since):\n    raise Oops('out of order')\n"
    drop(tmp_path, "alpha", INDICATOR.format(indicator="cars") + INDICATOR.format(indicator="trucks"), extra=extra)
    (failure,) = update(["alpha"], limits=LIMITS).runs[0].failures
    assert "Oops out of order in alpha.py, line" in failure.message
    for thread in [one for one in threading.enumerate() if one.name == "alpha"]:
        thread.join()
    assert [str(one.exc_value) for one in raised] == ["out of order"]


def test_an_empty_service_is_not_a_success(office):
    for file in ("cars", "trucks"):
        office.add("GET", "alpha.example", f"/{file}.csv", table())
    report = update(["alpha"], limits=LIMITS)
    assert "brought no figure at all" in report.runs[0].failures[0].message


def test_a_refused_indicator_does_not_cost_the_others(office, tmp_path):
    extra = """

def fetch(series, http, since, plain=fetch):
    from fetchers import Rejected
    for one in series:
        if one.indicator == "cars":
            raise Rejected("no such code", series=one.id)
        yield from plain([one], http, since)
"""
    drop(tmp_path, "alpha", INDICATOR.format(indicator="cars") + INDICATOR.format(indicator="trucks"), extra=extra)
    report = update(["alpha"], limits=LIMITS)
    assert [failure.kind for failure in report.runs[0].failures] == ["rejected"]
    assert set(values(source="alpha").values()) == {1, 2}


def test_a_source_without_its_key_is_left_out_unless_it_is_named(office, tmp_path, monkeypatch):
    drop(tmp_path, "alpha", INDICATOR.format(indicator="cars"), key="NQPF_ALPHA_KEY", extra="\nNEEDS_KEY = True\n")
    (tmp_path / "modules" / "beta.py").unlink()
    (tmp_path / "catalogue" / "beta.toml").unlink()
    report = update(limits=LIMITS)
    assert report.ok
    assert report.runs[0].skipped == "needs a key: set NQPF_ALPHA_KEY"
    assert not update(["alpha"], limits=LIMITS).ok
    monkeypatch.setenv("NQPF_ALPHA_KEY", "a-key-of-the-user")
    assert update(limits=LIMITS).totals() == {"new": 2}


def test_progress_tells_source_step_and_share_in_the_callers_thread(office):
    steps, threads = [], set()

    def progress(step):
        steps.append((step.source, step.state, step.what, step.done, step.total))
        threads.add(threading.current_thread())

    update(progress=progress, limits=LIMITS)
    assert steps == [
        ("alpha", "asking", "cars", 2, 4),
        ("alpha", "asking", "trucks", 4, 4),
        ("alpha", "ok", "", 4, 4),
        ("beta", "skipped", "earlier sources brought everything", 0, 0),
    ]
    assert threads == {threading.current_thread()}


def test_the_last_run_of_every_source_is_remembered(office):
    update(limits=LIMITS)
    good = status.read()["alpha"]
    assert (good.new, good.error, good.last_success) == (4, "", good.last_run)
    assert good.received > 0
    office.fault("url_acl", "alpha.example")
    update(limits=LIMITS)
    bad = status.read()["alpha"]
    assert (bad.error_kind, bad.last_success) == ("rejected", good.last_success)
    assert "UrlACL" in bad.error
    status.file().write_text("{ damaged")
    assert status.read() == {}
    update(limits=LIMITS)
    assert status.read()["alpha"].error_kind == "rejected"


def test_one_update_at_a_time(office):
    asking, go_on = threading.Event(), threading.Event()

    def slow(request):
        asking.set()
        go_on.wait(10)
        return table("cars CHN 2026-09 10")

    office.add("GET", "alpha.example", "/cars.csv", slow)
    first = threading.Thread(target=update, kwargs={"limits": Limits(total=20)})
    first.start()
    assert asking.wait(10)
    with pytest.raises(Busy, match="another update of this store is running"):
        update(limits=LIMITS)
    go_on.set()
    first.join()
    assert update(limits=LIMITS).ok


def test_without_any_network_an_update_ends_at_once(office, monkeypatch):
    monkeypatch.setenv("NQPF_UPSTREAM", "http://127.0.0.1:9")
    report = update(limits=Limits())
    assert not report.ok
    assert report.seconds < 5
    assert {failure.kind for run in report.runs for failure in run.failures} == {"unavailable"}
    assert values(source="alpha") == {}


def test_an_unknown_source_is_named(office):
    with pytest.raises(ValueError, match="'delta' is not a source; there are alpha, beta"):
        update(["delta"])
