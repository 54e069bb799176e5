"""python -m data check: what must hold, what is found, and how a damaged file is named."""

import json
import shutil
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from data import __main__ as command
from data import checks, events, quality, select, snapshot, tables
from data.checks import entries, rows

ROOT = Path(__file__).parent.parent
NEV = "nbs/nev_output.CHN.M.level.ytd"
NEV_MONTH = "nbs/nev_output.CHN.M.level.period"
FIVE = ["industrial_robot_output", "integrated_circuit_output", "nev_output", "solar_cell_output", "vehicle_output"]


@pytest.fixture(scope="module")
def report():
    return checks.run()


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the shipped files that the tables read instead."""
    shutil.copytree(ROOT / "data" / "observations", tmp_path / "observations")
    for name in ("releases.csv", "events.csv", "corrections.toml"):
        if (ROOT / "data" / name).exists():
            shutil.copy(ROOT / "data" / name, tmp_path)
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path)
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))
    return tmp_path


def change(file, number, field, value):
    """Write another value into a field of a line, counted from 1."""
    lines = pd.read_csv(file, dtype=str, keep_default_na=False)
    lines.loc[number - 2, field] = value
    lines.to_csv(file, index=False, lineterminator="\n")


def test_the_shipped_tables_are_sound(report):
    assert [f"{one.check} {one.where}: {one.message}" for one in report.errors] == []
    assert report.rows > 10_000
    assert report.series > 700
    assert report.events == 120
    assert {"nbs", "caam", "ifr", "worldbank", "oecd"} <= {one.source for one in report.holdings}
    assert {one.source for one in report.holdings if not one.redistributable} >= {"ifr", "caam"}


def test_published_and_computed_growth_differ_as_claimed():
    """Of NBS year-to-date figures 2019-2023 most computed rates differ by more than a point, and 27 change the sign.

    The numbers were counted from data/observations/nbs.csv row by row, without any code of ours.
    """
    asked = {"source": "nbs", "indicator": FIVE, "freq": "M", "span": "ytd"}
    growth = select(**asked, measure="growth", start=2019, end=2023)
    found = quality.growth_agreement(growth, select(**asked, measure="level", start=2018, end=2023))
    total = found[["matched", "over_one", "over_five", "opposite"]].sum()
    assert total.to_dict() == {"matched": 271, "over_one": 221, "over_five": 111, "opposite": 27}
    by_series = found.set_index("series")
    assert by_series.loc["nbs/industrial_robot_output.CHN.M.growth.ytd", "opposite"] == 23
    assert by_series.loc["nbs/vehicle_output.CHN.M.growth.ytd", "over_five"] == 0


def test_the_association_agrees_with_itself(report):
    of = {f"caam/nev_{one}.CHN.M.growth.ytd" for one in ("production", "sales")}
    found = [one for one in report.agreement if one.series in of]
    assert len(found) == 2
    assert all(one.over_five == one.opposite == 0 for one in found)


def test_the_month_that_is_no_difference_is_found(report):
    found = {one.where: one.message for one in report.findings if one.check == "single months"}
    assert found[f"{NEV_MONTH}@2023-12"] == "published 114.1, by difference 139.4 (+22.2 %)"
    assert report.compared["single months"] > len(found)


def test_the_month_below_the_one_before_carries_a_flag(report):
    found = {one.where for one in report.findings if one.check == "rising"}
    assert {f"{NEV}@2016-10", "nbs/solar_cell_output.CHN.M.level.ytd@2020-06"} <= found


def test_december_that_is_not_the_year_is_listed(report):
    found = {one.where: one.message for one in report.findings if one.check == "years"}
    assert found["nbs/industrial_robot_output.CHN.A.level.period@2020"].startswith(
        "annual 212,000, December year to date 237,068"
    )


def test_the_report_is_short_and_says_what_is_there(capsys):
    assert command.main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 200
    assert tables.data_version() in lines[0]
    assert "No errors." in lines
    assert any("nbs/industrial_robot_output.CHN.M.growth.ytd" in line for line in lines)


def test_the_report_as_json_lists_all(capsys, report):
    assert command.main(["check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == report.rows
    assert told["findings"] == json.loads(msgspec.json.encode(report.findings))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("value", "12.3x", "nbs.csv, line 9, value '12.3x': is not a number"),
        ("time_period", "2023-13", "nbs.csv, line 9, time_period '2023-13': is not a period"),
        ("series", "nbs/tea", "nbs.csv, line 9, series 'nbs/tea': is not in the catalogue"),
        ("obs_status", "X", "nbs.csv, line 9, obs_status 'X': is not an observation status"),
        ("vintage", "2024-02-30", "nbs.csv, line 9, vintage '2024-02-30': is not a day"),
        ("release", "nowhere", "release 'nowhere' is not in releases.csv (nbs.csv, line"),
        ("vintage", "2999-01-01", "vintage 2999-01-01 is to come (nbs.csv, line"),
        ("unit_mult", "40", " is not between -30 and 80 (nbs.csv, line"),
        ("time_period", "2023-12", "line 9, time_period '2023-12': is no period of the frequency of its series"),
        ("value", "1e300", "nbs.csv, line 9, value '1e300': is not a number"),
    ],
)  # fmt: skip
def test_a_damaged_row_is_named_by_file_line_and_field(copy, capsys, field, value, told):
    change(copy / "observations" / "nbs.csv", 9, field, value)
    assert command.main(["check"]) == 1
    out = capsys.readouterr().out
    assert told in out
    assert "Traceback" not in out


def edit(file, number, change):
    """Change one line of a file, counted from 1."""
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[number - 1] = change(lines[number - 1])
    file.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "number", "damage", "told"),
    [
        ("observations/nbs.csv", 9, lambda line: line + ",more", "nbs.csv, line 9: has 10 fields, expected 9"),
        ("observations/nbs.csv", 9, lambda line: line[:40], "nbs.csv, line 9: has 1 fields, expected 9"),
        ("observations/nbs.csv", 9, lambda line: line + "\0", "nbs.csv, line 9: holds a control character"),
        (
            "observations/nbs.csv", 9, lambda line: line.rpartition(",")[0] + ',"never closed',
            "nbs.csv, line 9: a quotation mark is not closed",
        ),
        (
            "observations/caam.csv", 9, lambda line: line.replace("caam/nev_exports", "nbs/nev_output"),
            "caam.csv, line 9, series 'nbs/nev_output.CHN.M.growth.period': is not of the source this file is",
        ),
        ("releases.csv", 3, lambda line: line.replace("2024-12,", "2024-13,"), "published '2024-13': is not a date"),
        ("releases.csv", 3, lambda line: line.replace(",month,", ",day,"), "line 3, date_precision 'day': is not how"),
        ("releases.csv", 3, lambda line: line.replace("2026-11-24", "soon"), "line 3, retrieved 'soon': is not a day"),
        ("releases.csv", 3, lambda line: line.replace("https:", "javascript:"), "line 3, url 'javascript:"),
        ("releases.csv", 3, lambda line: line.replace("2024 Lithium-Ion Battery Price Survey", ""), "title '': is emp"),
        ("releases.csv", 3, lambda line: f"{line}\n{line}", "line 4, id 'bnef-202412-619b59': stands twice"),
        ("releases.csv", 3, lambda line: f"{line}\n,{line.partition(',')[2]}", "releases.csv, line 4, id '': is empty"),
        (
            "releases.csv", 2, lambda line: line.replace("2024-01-31,day", "2999-01-31,day"),
            "published 2999-01-31 is to come (releases.csv, line 2)",
        ),
    ],
)  # fmt: skip
def test_a_damaged_line_costs_itself_alone_and_is_named(copy, capsys, file, number, damage, told):
    whole = len(select(vintages="all"))
    edit(copy / file, number, damage)
    assert command.main(["check"]) == 1
    assert told in capsys.readouterr().out
    left = len(select(vintages="all"))
    assert left == whole - 1 if file.startswith("observations") else left == whole


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda line: line[:12], "events.csv, line 5: has 1 fields, expected 16"),
        (
            lambda line: line.replace(",before,1,", ",before,high,"),
            "line 5, significance 'high': is not 1, 2 or 3",
        ),
        (lambda line: line.replace("2012-05-30,,", "soon,,"), "events.csv, line 5, date 'soon': is not a date"),
    ],
)
def test_a_damaged_event_is_named_by_line_and_field(copy, monkeypatch, damage, told):
    edit(copy / "events.csv", 5, damage)
    with pytest.raises(events.EventError, match=told):
        events.load(copy / "events.csv")


def test_a_file_that_is_not_there_is_named(copy, capsys):
    shutil.rmtree(copy / "observations")
    (copy / "releases.csv").unlink()
    assert command.main(["check"]) == 1
    out = capsys.readouterr().out
    assert "observations: no file of figures is there" in out and "releases.csv: is missing" in out


def test_a_key_twice_is_named_and_read_once(copy, capsys):
    whole = len(select(vintages="all"))
    edit(copy / "observations" / "nbs.csv", 9, lambda line: f"{line}\n{line.replace(',A,', ',B,')}")
    assert command.main(["check"]) == 1
    assert "nbs.csv, line 10, vintage '" in (out := capsys.readouterr().out)
    assert "': stands twice for this series and period" in out
    assert len(select(vintages="all")) == whole


def test_a_source_without_its_figures_is_an_error(copy, capsys):
    (copy / "observations" / "oecd.csv").unlink()
    assert command.main(["check"]) == 1
    assert "oecd.csv: holds no figure of its " in capsys.readouterr().out


def test_a_year_to_date_figure_that_falls_is_named_with_its_line(copy, capsys):
    file = copy / "observations" / "nbs.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if line.startswith(f"{NEV},2024-11,"))
    change(file, number, "value", "900.0")
    assert command.main(["check"]) == 1
    assert f"9,000,000 is below 9,900,000 of 2024-10 (nbs.csv, line {number})" in capsys.readouterr().out


def test_a_doubtful_figure_without_its_record_is_an_error(copy, capsys):
    (copy / "corrections.toml").unlink()
    assert command.main(["check"]) == 1
    assert "2023-01: is flagged as doubtful without a record in corrections.toml" in capsys.readouterr().out


def test_hostile_words_are_kept_as_they_are(copy):
    hostile = "<script>alert(1)</script> =HYPERLINK({x}, %s) \u202e'; DROP TABLE observation; --"
    change(copy / "observations" / "nbs.csv", 9, "note", hostile)
    [row] = select(series="nbs/applied_research_expenditure.CHN.A.growth.period", start=2023, end=2023)["note"]
    assert row == hostile


def test_a_catalogue_that_cannot_be_read_is_one_error(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "data" / "catalogue", tmp_path / "catalogue")
    (tmp_path / "catalogue" / "caam.toml").write_text("[source", encoding="utf-8")
    monkeypatch.setenv("NQPF_CATALOGUE", str(tmp_path / "catalogue"))
    assert command.main(["check"]) == 1
    assert "caam.toml: not valid TOML" in capsys.readouterr().out


def test_a_correction_that_no_longer_applies_is_an_error(copy, capsys):
    first = pd.read_csv(copy / "observations" / "nbs.csv", dtype=str).iloc[0]
    (copy / "corrections.toml").write_text(
        f'[[correction]]\nseries = "{first["series"]}"\ntime_period = "{first["time_period"]}"\naction = "flag"\n'
        'was = -1.5\nreason = "r"\nreason_native = "r"\nsource = "s"\n',
        encoding="utf-8",
    )
    assert command.main(["check"]) == 1
    assert f"{first['series']}@{first['time_period']} no longer applies" in capsys.readouterr().out


@pytest.fixture
def history():
    return select(series=[NEV, NEV_MONTH], start=2024, end=2024, vintages="all")


def told(found):
    return [(one.check, one.where, one.message) for one in found]


def test_a_key_twice_is_an_error(history):
    assert told(rows.keys(history)) == []
    row = history.iloc[3]
    found = told(rows.keys(pd.concat([history, history.iloc[[3]]])))
    assert found == [("keys", f"{row['series']}@{row['time_period']}", f"two rows of vintage {row['vintage']}")]


def test_a_january_of_the_bureau_is_an_error(history):
    assert told(rows.no_january(history)) == []
    february = history[history["series"] == NEV_MONTH].head(1).assign(time_period="2024-02")
    january = history[history["series"] == NEV].head(1).assign(time_period="2024-01")
    found = told(rows.no_january(pd.concat([history, february, january])))
    assert [where for _, where, _ in found] == [f"{NEV_MONTH}@2024-02", f"{NEV}@2024-01"]


def test_a_period_of_another_frequency_is_an_error(history):
    assert told(rows.frequencies(history)) == []
    assert told(rows.frequencies(history.head(1).assign(time_period="2024-Q1"))) == [
        ("periods", f"{NEV_MONTH}@2024-Q1", "is no period of frequency M")
    ]


def test_a_vintage_that_says_nothing_new_is_an_error(history):
    first = history.head(1).assign(vintage="2024-06-01", revision_no=1)
    again = first.assign(vintage="2024-07-01", revision_no=2, value=first["value"] / 100, unit_mult=6)
    found = told(rows.vintages(pd.concat([first, again], ignore_index=True)))
    assert [message for _, _, message in found] == ["vintage 2024-07-01 repeats the one before it"]
    late = told(rows.vintages(first.assign(vintage="2999-01-01")))
    assert late[0][2] == "vintage 2999-01-01 is to come"


def test_a_fall_without_a_flag_is_an_error():
    ytd = select(series=NEV, start=2024, end=2024)
    assert quality.falling(ytd).empty
    fallen = ytd.assign(value=ytd["value"].where(ytd["time_period"] != "2024-08", 500.0), obs_status="A")
    found = quality.falling(fallen)
    assert found[["time_period", "before_period", "flagged"]].values.tolist() == [["2024-08", "2024-07", False]]
    flagged = fallen.assign(obs_status=fallen["obs_status"].where(fallen["time_period"] != "2024-08", "U"))
    assert quality.falling(flagged)["flagged"].tolist() == [True]


def test_a_figure_in_the_wrong_unit_is_out_of_bounds():
    ytd = select(series=NEV, start=2024, end=2024)
    assert quality.outside(ytd).empty
    wrong = ytd.assign(unit_mult=8)
    assert set(quality.outside(wrong)["time_period"]) == set(ytd["time_period"])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("date", "2023-02-31", "is not a date"),
        ("date", "2023-09", "is not precise to the day"),
        ("in_force", "soon", "in_force 'soon' is not a date"),
        ("end_date", "1999-01-01", "before it begins"),
        ("kind", "party", "kind 'party' is not one of"),
        ("stage", "after", "stage 'after' is not one of"),
        ("sectors", "nev;tea", "sector 'tea' is not in sectors.toml"),
        ("significance", 7, "significance 7"),
        ("title_native", " ", "title_native is empty"),
        ("url", "stats.gov.cn", "is not an address"),
        ("confidence", "sure", "confidence 'sure'"),
    ],
)
def test_an_event_that_is_not_well_formed_is_an_error(field, value, words):
    table = events.load()
    assert told(entries.well_formed_events(table)) == []
    one = table[table["precision"] == "day"].head(1).assign(**{field: value})
    found = told(entries.well_formed_events(one))
    assert words in found[0][2]
    assert found[0][:2] == ("events", one["id"].iloc[0])


def test_an_event_without_an_id_is_an_error():
    found = told(entries.well_formed_events(events.load().tail(1).assign(id=" ")))
    assert [message for _, _, message in found] == [f"events.csv, id '': {events.load()['title'].iloc[-1]!r} has none"]


def test_an_event_id_twice_is_an_error():
    table = events.load()
    found = told(entries.well_formed_events(pd.concat([table, table.head(1)])))
    assert found == [("events", table["id"].iloc[0], "this id stands twice")] * 2
