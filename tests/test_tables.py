"""select and store: latest vintages, as-of days, damaged files, appending."""

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from data import Observation, Release, select, snapshot, store, tables
from data.tables import SELECT_COLUMNS, SelectError

ROOT = Path(__file__).parent.parent
NEV = "nbs/nev_output.CHN.M.level.ytd"
SHARE = "nbs/rd_gdp_share.CHN.A.share.period"


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def release(name: str, *, fetcher: str = "nbs", published: str = "2026-11-16") -> Release:
    return Release(
        id=name,
        source="nbs",
        fetcher=fetcher,
        title="A test document",
        url="https://www.stats.gov.cn/t",
        published=published,
        retrieved="2026-11-24",
        sha256="0" * 64,
    )


def row(
    value: float, *, period="2026-10", vintage="2026-11-16", name="a", status="A", mult=4, series=NEV
) -> Observation:
    return Observation(
        series=series,
        time_period=period,
        value=value,
        unit_mult=mult,
        obs_status=status,
        vintage=vintage,
        release=name,
    )


def test_select_is_tidy_and_sorted():
    frame = select(indicator="nev_output", source="nbs", freq="M")
    assert tuple(frame.columns) == SELECT_COLUMNS
    assert len(frame) > 300
    assert not frame.duplicated(["series", "time_period"]).any()
    assert frame.equals(frame.sort_values(["series", "time_period", "vintage"], ignore_index=True))
    assert set(frame["publisher"]) == {"National Bureau of Statistics of China"}


def test_vintages_of_the_research_share_are_all_kept():
    history = select(series=SHARE, start=2023, end=2023, vintages="all")
    assert history["value"].tolist() == [2.64, 2.65, 2.58]
    assert history["revision_no"].tolist() == [1, 2, 3]
    assert select(series=SHARE, start=2023, end=2023)["value"].tolist() == [2.58]
    assert select(series=SHARE, start=2023, end=2023, as_of="2024-12-31")["value"].tolist() == [2.65]
    assert select(series=SHARE, start=2023, end=2023, as_of=dt.date(2024, 3, 5))["value"].tolist() == [2.64]
    assert select(series=SHARE, start=2023, end=2023, as_of="2023-12-31").empty


def test_marks_choose_among_the_figures_that_stand():
    """The share of 2021 stands at 2.38, read in the press: the 2.43 of the bulletin before is not the newest."""
    assert select(series=SHARE, start=2021, end=2021)["value"].tolist() == [2.38]
    assert select(series=SHARE, start=2021, end=2021, confidence="primary").empty
    then = select(series=SHARE, start=2021, end=2021, confidence="primary", vintages="all")
    assert list(zip(then["value"], then["revision_no"], then["vintages"], strict=True)) == [(2.44, 1, 3), (2.43, 2, 3)]
    assert select(series=SHARE, start=2023, end=2023, obs_status="P").empty
    assert select(series=SHARE, start=2023, end=2023, obs_status="P", as_of="2024-03-05")["value"].tolist() == [2.64]


@pytest.mark.parametrize("nothing", [{"series": []}, {"start": 2024, "end": 2020}, {"as_of": "1990-01-01"}])
def test_an_empty_answer_has_the_same_columns_and_kinds(nothing):
    empty = select(**nothing)
    assert empty.empty and empty.dtypes.equals(select(series=SHARE).dtypes)


@pytest.mark.parametrize("day", ["2024-12-31", dt.date(2024, 12, 31), pd.Timestamp("2024-12-31 18:00")])
def test_a_day_is_given_in_any_of_its_kinds(day):
    assert select(series=SHARE, start=2023, end=2023, as_of=day)["value"].tolist() == [2.65]


def test_start_and_end_take_years_and_periods():
    frame = select(series=NEV, start="2024-03", end="2024-05")
    assert frame["time_period"].tolist() == ["2024-04", "2024-05"] or frame["time_period"].tolist()[-1] == "2024-05"
    assert set(select(series=NEV, start=2024, end=2024)["time_period"].str[:4]) == {"2024"}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"series": "nbs/nothing.CHN.M.level.ytd"}, "nbs/nothing"),
        ({"source": "nobody"}, "nobody"),
        ({"sector": ["nev", "tea"]}, "tea"),
        ({"ref_area": "XXX"}, "XXX"),
        ({"indicator": "tea_output"}, "tea_output"),
        ({"start": "2023-13"}, "2023-13"),
        ({"as_of": "yesterday"}, "yesterday"),
        ({"as_of": "2024-03-05 or so"}, "2024-03-05 or so"),
        ({"as_of": "2024-02-30"}, "2024-02-30"),
        ({"obs_status": "Z"}, "obs_status 'Z'"),
        ({"vintages": "some"}, "some"),
    ],
)
def test_unknown_codes_are_refused_by_name(question, words):
    with pytest.raises(SelectError, match=words):
        select(**question)


def test_store_says_new_revised_unchanged(own_store):
    first = store([row(180.0, name="a")], release("a"))
    assert [o.value for o in first.new] == [180.0]
    again = store([row(1.8, name="b", vintage="2026-11-17", mult=6)], release("b"))
    assert [o.value for o in again.unchanged] == [1.8]
    assert not (own_store / "nbs" / "b.parquet").exists()
    revised = store([row(181.5, name="c", vintage="2026-11-18")], release("c", published="2026-11-18"))
    assert [(r.old.value, r.new.value) for r in revised.revised] == [(180.0, 181.5)]
    assert select(series=NEV, start="2026-10", end="2026-10")["value"].iloc[-1] == 181.5
    history = select(series=NEV, start=2026, vintages="all").query("time_period == '2026-10'")
    assert history["value"].tolist() == [180.0, 181.5]
    assert history["document"].tolist() == ["A test document"] * 2


@pytest.mark.parametrize(
    ("standing", "printed", "outcome"),
    [
        (180.257, 180.26, "unchanged"),
        (180.26, 180.257, "unchanged"),
        (180.26, 180.3, "revised"),
        (180.26, 180.27, "revised"),
    ],
)
def test_the_same_figure_with_more_or_fewer_decimals_is_no_revision(own_store, standing, printed, outcome):
    store([row(standing, name="a")], release("a"))
    report = store([row(printed, name="b", vintage="2026-11-18")], release("b", published="2026-11-18"))
    assert len(getattr(report, outcome)) == 1


def test_a_document_corrected_without_a_new_date_is_a_revision_of_the_day_it_came(own_store):
    store([row(180.0, name="a")], release("a"))
    (revision,) = store([row(181.5, name="b")], release("b")).revised
    assert (revision.old.vintage, revision.new.vintage) == ("2026-11-16", "2026-11-24")
    assert store([row(181.5, name="c")], release("c")).unchanged[0].value == 181.5
    history = select(series=NEV, start=2026, vintages="all").query("time_period == '2026-10'")
    assert history["value"].tolist() == [180.0, 181.5]
    (refusal,) = store([row(182.0, name="d", vintage="2026-11-24")], release("d")).rejected
    assert "two values of one vintage: 181.5 and 182.0" in refusal.reason


def test_a_later_fetcher_never_overwrites_an_earlier_one(own_store):
    store([row(180.0, name="a")], release("a"))
    report = store([row(179.0, name="relay", vintage="2026-11-20")], release("relay", fetcher="owid"))
    assert report.new == report.revised == []
    assert "180.0 of nbs stands" in report.rejected[0].reason
    assert select(series=NEV, start="2026-10", end="2026-10")["value"].iloc[-1] == 180.0


def test_an_unsound_row_stores_nothing(own_store):
    for bad in (
        row(float("nan")),
        row(1.0, period="2026"),
        row(1.0, series="nbs/tea_output.CHN.M.level.ytd"),
        row("180"),
        row(180.0, mult=30),
        row(180.0, vintage=""),
        row(180.0, vintage="2026-11"),
        row(180.0, vintage="20261116"),
        row(180.0, status="Z"),
    ):
        with pytest.raises(ValueError):
            store([row(180.0), bad], release("a"))
    assert not list(own_store.glob("*/*.parquet"))


def test_a_document_read_again_for_more_of_it_is_stored_beside_itself(own_store):
    """Another indicator in the catalogue, or an update that first went back to one year only."""
    store([row(180.0, name="a")], release("a"))
    more = store([row(180.0, name="a"), row(160.0, period="2026-09", name="a")], release("a"))
    assert ([o.time_period for o in more.new], len(more.unchanged)) == (["2026-09"], 1)
    assert select(series=NEV, start="2026-09", end="2026-10")["value"].tolist() == [160.0, 180.0]
    assert len(list(own_store.glob("nbs/*.parquet"))) == 2
    assert tables.releases()["id"].tolist().count("a") == 1


def test_what_a_later_snapshot_has_shipped_is_there_once(own_store, tmp_path, monkeypatch):
    store([row(180.0, name="a")], release("a"))
    store([row(181.5, name="b", vintage="2026-11-18")], release("b", published="2026-11-18"))
    for part in ("observations", "releases.csv", "corrections.toml"):
        subprocess.run(["cp", "-r", str(ROOT / "data" / part), str(tmp_path / part)], check=True)
    with (tmp_path / "observations" / "nbs.csv").open("a", encoding="utf-8") as file:
        file.write(f"{NEV},2026-10,1.8,6,A,2026-11-16,nbs-20261116,primary,\n")
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path)
    history = select(series=NEV, start="2026-10", end="2026-10", vintages="all")
    assert history["vintage"].tolist() == ["2026-11-16", "2026-11-18"]
    assert history["release"].tolist() == ["nbs-20261116", "b"]
    assert store([row(180.0, name="c")], release("c")).unchanged


def test_two_values_of_one_document_are_no_revision(own_store):
    report = store([row(180.0, name="a"), row(181.0, name="a")], release("a"))
    assert [o.value for o in report.new] == [180.0] and not report.revised
    assert "two values of one vintage: 180.0 and 181.0" in report.rejected[0].reason


def test_a_torn_file_is_named_and_left_alone(own_store):
    store([row(180.0, name="a")], release("a"))
    torn = own_store / "nbs" / "torn.parquet"
    torn.write_bytes((own_store / "nbs" / "a.parquet").read_bytes()[:-40])
    assert select(series=NEV, start="2026-10", end="2026-10")["value"].iloc[-1] == 180.0
    assert any("torn.parquet" in str(problem) for problem in tables.problems())
    assert torn.exists()


def test_a_damaged_snapshot_row_is_named_and_the_rest_still_read(tmp_path, monkeypatch):
    for part in ("observations", "releases.csv", "corrections.toml"):
        subprocess.run(["cp", "-r", str(ROOT / "data" / part), str(tmp_path / part)], check=True)
    file = tmp_path / "observations" / "nbs.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = len(select(source="nbs", vintages="all"))
    parts = lines[5].split(",")
    parts[2] = "12.3x"
    lines[5] = ",".join(parts)
    file.write_text("".join(lines), encoding="utf-8")
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path)
    assert len(select(source="nbs", vintages="all")) == whole - 1
    assert [str(p) for p in tables.problems()] == ["nbs.csv, line 6, value '12.3x': is not a number"]


WRITER = """
import sys
from data import Observation, Release, store
for n in range(10_000):
    name = f"{sys.argv[1]}-{n}"
    day = f"{2030 + n // 336}-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}"
    row = Observation(series="nbs/nev_output.CHN.M.level.ytd", time_period="2026-10", value=float(n), unit_mult=4,
                      obs_status="A", vintage=day, release=name)
    store([row], Release(id=name, source="nbs", fetcher="nbs", title="t", url="https://x.cn", retrieved="2026-11-24"))
    print(name, flush=True)
"""


def test_a_kill_in_mid_write_loses_nothing_that_was_there(own_store):
    environment = {**os.environ, "NQPF_STORE": str(own_store), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", WRITER, "w"], stdout=subprocess.PIPE, env=environment, text=True)
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    told += [line.strip() for line in process.stdout if line.strip()]
    process.wait()
    stored = set(select(series=NEV, vintages="all", start="2026-10", end="2026-10")["release"])
    assert set(told) <= stored
    assert not [p for p in tables.problems() if "parquet" in p.file]
    pd.testing.assert_frame_equal(select(series=NEV), select(series=NEV))
