"""The shipped figures: the traps of the sources with the very numbers, and the promises of data/README.md."""

import csv
import re
import tomllib
from pathlib import Path
from urllib.parse import urlparse

import pandas as pd
import pytest

from data import catalogue, corrections, derive, events, snapshot, tables

FOLDER = Path(snapshot.FOLDER)
PRODUCTS = (
    "nev_output", "solar_cell_output", "industrial_robot_output", "service_robot_output",
    "integrated_circuit_output", "lithium_battery_output",
)  # fmt: skip
PUBLISHERS = {  # hosts of the publishers' own documents; anything else would be the place where a figure was found
    "www.stats.gov.cn", "www.gov.cn", "english.www.gov.cn", "www.miit.gov.cn", "www.nea.gov.cn", "www.mps.gov.cn",
    "www.most.gov.cn", "en.most.gov.cn", "www.ndrc.gov.cn", "www.scio.gov.cn", "www.customs.gov.cn", "www.cnipa.gov.cn",
    "www.caam.org.cn", "data.cpcadata.com", "www.caict.ac.cn", "www.cnnic.net.cn", "www.casted.org.cn",
    "www.cie.org.cn", "www.chinapv.org.cn", "www.evcipa.org.cn", "www.mei.net.cn", "www.askci.com", "www.news.cn",
    "ifr.org", "www.wipo.int", "www.iea.org", "iea-pvps.org", "ncses.nsf.gov", "www.nsf.gov", "ourworldindata.org",
    "www.oecd.org", "www.rug.nl", "data.worldbank.org", "about.bnef.com", "ec.europa.eu", "www.irena.org",
    "fred.stlouisfed.org", "hai.stanford.edu", "www.conference-board.org", "epoch.ai",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))


def values(series, **asked):
    """Value by time period, the latest vintage."""
    rows = tables.select(series=series, **asked)
    return dict(zip(rows["time_period"], rows["value"], strict=True))


def history(series, period):
    """(vintage, value, status) of one period, oldest first."""
    rows = tables.select(series=series, start=period, end=period, vintages="all")
    rows = rows[rows["time_period"] == period]
    return list(zip(rows["vintage"], rows["value"], rows["obs_status"], strict=True))


def test_nothing_is_left_out_on_reading():
    assert tables.problems() == []


def test_the_snapshot_is_all_there():
    assert len(tables.select(vintages="all")) > 12000
    assert len(tables.select(sector="nev")) > 2000
    assert tables.data_date() == "2026-09-24"


def counted():
    """The table of counts at the end of data/README.md: number by label."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return {label: int(number) for label, number in re.findall(r"^\| (.+?) \| (\d+) \|$", text, re.MULTILINE)}


def shipped():
    """The rows of the files as they are written."""
    files = sorted((FOLDER / "observations").glob("*.csv"))
    rows = pd.concat([pd.read_csv(file, dtype=str, keep_default_na=False) for file in files], ignore_index=True)
    return rows, rows["series"].str.startswith("iea/ev_car_sales.")


def test_counts_of_the_import_add_up():
    numbers = counted()
    left_out = sum(number for label, number in numbers.items() if label.startswith("left out"))
    assert numbers["read"] == 12171
    assert numbers["kept"] + left_out == 12171


def test_counts_are_those_of_the_shipped_files():
    rows, computed = shipped()
    stated = int(re.search(r"stand (\d+) computed rows", (FOLDER / "README.md").read_text(encoding="utf-8"))[1])
    assert computed.sum() == stated
    rows = rows[~computed]
    numbers = counted()
    assert len(rows) == numbers["kept"]
    statuses = {label[7]: number for label, number in numbers.items() if label.startswith("status ")}
    assert rows["obs_status"].value_counts().to_dict() == statuses
    grades = {label[11:]: number for label, number in numbers.items() if label.startswith("confidence ")}
    assert rows["confidence"].value_counts().to_dict() == grades
    vintages = rows.groupby(["series", "time_period"]).size()
    assert (vintages > 1).sum() == numbers["periods with more than one vintage"]
    february = rows["series"].str.startswith("nbs/") & rows["time_period"].str.endswith("-02")
    assert february.sum() == numbers["February figures that stand for January and February"]
    revised = rows["note"].str.contains("earlier months were revised", regex=False)
    assert revised.sum() == numbers["figures with a remark that earlier months were revised"]


def test_january_and_february_are_one_figure():
    bureau = tables.select(source="nbs", freq="M", vintages="all")
    assert not bureau["time_period"].str.endswith("-01").any()
    february = bureau[bureau["time_period"].str.endswith("-02")]
    assert set(february["span"]) == {"ytd"}
    assert values("nbs/nev_output.CHN.M.level.ytd")["2026-02"] == 160.4
    assert values("nbs/nev_output.CHN.M.growth.ytd")["2026-02"] == -13.7


def test_published_growth_stands_beside_computed():
    series = "nbs/industrial_robot_output.CHN.M.{}.ytd"
    assert values(series.format("level"))["2021-10"] == 298098
    assert values(series.format("level"))["2022-10"] == 362568
    assert values(series.format("growth"))["2022-10"] == -3.2
    levels = tables.select(series=series.format("level"), start="2021", end="2022")
    computed = derive.growth(levels).set_index("time_period")["value"]["2022-10"]
    assert computed == pytest.approx(21.6, abs=0.05)
    both = derive.gap(tables.select(series=series.format("growth"), start="2022", end="2022"), levels)
    row = both.set_index("time_period").loc["2022-10"]
    assert row["sign_flip"]
    assert row["implied_base"] == pytest.approx(374554, abs=1)


def test_published_growth_disagrees_as_often_as_known():
    """Five products, 2019–2023: more than eight months in ten by over a point, some with the opposite sign."""
    products = [f"nbs/{p}.CHN.M" for p in (*PRODUCTS[:3], PRODUCTS[4], "vehicle_output")]
    growth = tables.select(series=[f"{p}.growth.ytd" for p in products], start="2019", end="2023")
    levels = tables.select(series=[f"{p}.level.ytd" for p in products], start="2018", end="2023")
    pairs = derive.gap(growth, levels)
    pairs = pairs[pairs["value"].notna() & (pairs["obs_status"] != "U") & (pairs["time_period"] >= "2019")]
    assert 220 <= len(pairs) <= 275
    assert 0.75 < (pairs["gap"].abs() > 1).mean() < 0.9
    assert 20 <= int(pairs["sign_flip"].sum()) <= 32


def test_two_truths_of_december_2023():
    assert values("nbs/nev_output.CHN.M.level.period")["2023-12"] == 114.1
    levels = values("nbs/nev_output.CHN.M.level.ytd")
    assert levels["2023-12"] - levels["2023-11"] == pytest.approx(139.4, abs=0.01)


def test_rd_share_keeps_its_vintages():
    of_2023 = history("nbs/rd_gdp_share.CHN.A.share.period", "2023")
    assert of_2023 == [("2024-02-29", 2.64, "P"), ("2024-10-02", 2.65, "A"), ("2025-09-29", 2.58, "A")]
    assert [value for _, value, _ in history("nbs/rd_gdp_share.CHN.A.share.period", "2018")] == [2.19, 2.14]
    assert values("nbs/rd_gdp_share.CHN.A.share.period", as_of="2024-03-05")["2023"] == 2.64
    assert values("nbs/rd_gdp_share.CHN.A.share.period", as_of="2024-12-31")["2023"] == 2.65


def test_rd_expenditure_first_and_final():
    assert history("nbs/rd_expenditure.CHN.A.level.period", "2023") == [
        ("2024-02-29", 33278.0, "P"),
        ("2024-10-02", 33357.1, "A"),
    ]
    basic = history("nbs/basic_research_expenditure.CHN.A.level.period", "2023")
    assert [value for _, value, _ in basic] == [2212.0, 2259.1]


def test_no_newest_ratio_is_an_older_first_estimate():
    newest = history("nbs/rd_gdp_share.CHN.A.share.period", "2024")[-1]
    assert newest == ("2025-09-29", 2.69, "A")


def test_january_release_and_communique_are_vintages():
    growth = history("nbs/integrated_circuit_output.CHN.A.growth.period", "2021")
    assert [(value, status) for _, value, status in growth] == [(33.3, "P"), (37.5, "P")]
    growth = history("nbs/nev_output.CHN.A.growth.period", "2021")
    assert [value for _, value, _ in growth] == [145.6, 152.5]
    assert values("nbs/nev_output.CHN.M.growth.ytd")["2021-12"] == 145.6


def test_both_robot_totals_of_2020_are_kept():
    both = history("nbs/industrial_robot_output.CHN.A.level.period", "2020")
    assert [value for _, value, _ in both] == [23.71, 21.2]
    assert values("nbs/industrial_robot_output.CHN.M.level.ytd")["2020-12"] == 237068


@pytest.mark.parametrize(
    ("series", "period", "value"),
    [
        ("nbs/solar_cell_output.CHN.M.level.ytd", "2020-05", 85385000),
        ("nbs/industrial_robot_output.CHN.M.level.ytd", "2016-04", 26184),
        ("nbs/nev_output.CHN.M.level.ytd", "2016-10", 347000),
        ("nbs/industrial_robot_output.CHN.M.level.ytd", "2025-08", 512000),
        ("nbs/industrial_robot_output.CHN.M.level.ytd", "2025-09", 595000),
        ("nbs/integrated_circuit_output.CHN.M.level.ytd", "2012-12", 83.03e9),
        ("nbs/vehicle_output.CHN.M.level.ytd", "2017-09", 22789000),
    ],
)
def test_doubtful_figures_are_kept_and_flagged(series, period, value):
    [row] = tables.select(series=series, start=period, end=period).to_dict("records")
    assert row["value"] * 10.0 ** row["unit_mult"] == pytest.approx(value)
    assert row["obs_status"] == "U"
    assert row["note"].startswith("doubtful as printed: ")


def test_the_robot_growth_nobody_else_published_is_not_the_newest():
    stated = history("miit/industrial_robot_output.CHN.M.growth.ytd", "2021-12")
    assert [(value, status) for _, value, status in stated] == [(30.8, "U"), (67.9, "A")]
    assert values("nbs/industrial_robot_output.CHN.M.growth.ytd")["2021-12"] == 44.9


def test_the_same_amount_in_other_units_is_one_amount():
    rows = tables.select(series="nbs/industrial_robot_output.CHN.M.level.ytd", start="2025-08", end="2025-12")
    assert list(rows["unit_mult"]) == [4, 4, 0]
    assert list(derive.convert(rows, "base")["value"]) == [512000.0, 595000.0, 773074.0]
    circuits = tables.select(series="nbs/integrated_circuit_output.CHN.M.level.ytd")
    assert set(circuits["unit_mult"]) == {4, 8}
    base = derive.convert(circuits, "base")["value"]
    assert base.between(5e9, 6e11).all()


def test_every_correction_applies():
    rows, _, _ = snapshot.read()
    corrections.verify(rows)
    assert len(corrections.load()) >= 25


def test_every_doubtful_figure_has_its_record():
    """The record says why in both languages; a doubtful figure without one would be flagged and not explained."""
    rows, _ = shipped()
    doubtful = rows[rows["obs_status"] == "U"]
    recorded = {(one.series, one.time_period, one.vintage) for one in corrections.load() if one.obs_status == "U"}
    assert set(zip(doubtful["series"], doubtful["time_period"], doubtful["vintage"], strict=True)) == recorded


def test_a_rate_that_lost_its_sign_is_flagged():
    """Cars made and sold fell from 45.2 and 43.1 to 42.5 and 40.8 (10,000) and are printed as up by 6.9 and 6.3."""
    for line, was, then, now in (("nev_production", 6.9, 45.2, 42.5), ("nev_sales", 6.3, 43.1, 40.8)):
        levels = values(f"caam/{line}.CHN.M.level.period")
        assert (levels["2022-01"], levels["2023-01"]) == (then, now)
        assert history(f"caam/{line}.CHN.M.growth.period", "2023-01") == [("2023-02-13", was, "U")]


def test_every_computed_figure_of_the_tables_says_how():
    rows, _ = shipped()
    computed = rows[rows["confidence"] == "derived"]
    how = r"^(?:computed|battery electric plus plug-in hybrid|ratio of \d)"
    assert computed.loc[~computed["note"].str.contains(how), ["series", "time_period", "note"]].values.tolist() == []
    assert computed["note"].str.contains(how).sum() > 700


def test_a_sum_that_stands_in_the_tables_is_not_called_published():
    """The cars of the IEA are two published figures added up; a rate less its stated rise is no published growth."""
    cars = derive.published(tables.select(series="iea/ev_car_sales.CHN.A.level.period"))
    parts = derive.published(tables.select(series="iea/ev_car_sales_bev.CHN.A.level.period"))
    assert (set(cars["basis"]), set(parts["basis"])) == ({"computed_from_levels"}, {"published_level"})
    rates = derive.published(tables.select(series="nbs/equipment_va_growth.CHN.M.growth.period")).set_index(
        "time_period"
    )
    assert rates.loc["2022-07", ["value", "basis", "confidence"]].tolist() == [8.4, "computed_from_levels", "derived"]
    assert rates.loc["2022-08", ["value", "basis"]].tolist() == [9.5, "published_comparable"]
    assert "9.5 less" in rates.loc["2022-07", "note"] and (cars["note"] != "").all()


def test_a_past_day_knows_the_coarser_figure_printed_first():
    assert history("nea/solar_capacity_installed.CHN.A.level.period", "2023") == [
        ("2024-01-26", 609.0, "A"),
        ("2025-01-21", 609.49, "A"),
    ]
    assert values("nbs/basic_research_expenditure.CHN.A.level.period", as_of="2011-10-31")["2010"] == 324.5
    density = "npc/target_robot_density_ratio_to_2020.CHN.A.level.period"
    assert values(density, as_of="2022-06-30") == {"2025": 2.0}


def test_robot_growth_of_2021_keeps_three_answers_apart():
    year = [(value, status) for _, value, status in history("nbs/industrial_robot_output.CHN.A.growth.period", "2021")]
    assert year == [(44.9, "P"), (67.9, "A")]
    assert [value for _, value, _ in history("miit/industrial_robot_output.CHN.M.growth.ytd", "2021-12")] == [
        30.8,
        67.9,
    ]


def test_editions_of_the_productivity_table_and_of_the_index_are_not_continued():
    """TFP for 2010–2019 stands in edition 10.01 alone; a rank of the innovation index dates from its edition."""
    old, new = (values(f"pwt/tfp_national_prices_{edition}.CHN.A.index.period") for edition in ("pwt1001", "pwt110"))
    assert set(old) == {str(year) for year in range(2000, 2020)}
    assert max(new) == "2009"
    ranks = tables.select(source="wipo", indicator="gii_rank", vintages="all")
    assert not ranks["comparable"].any()
    assert (ranks["vintages"] == 1).all()
    for row in ranks.itertuples():
        assert row.time_period in row.document, (row.time_period, row.document)


def test_density_and_productivity_are_never_joined():
    known = catalogue.load()
    for one in known.series.values():
        assert not (one.source == "pwt" and not one.indicator.endswith(("_pwt1001", "_pwt110"))), one.id
    old = values("ifr/robot_density.CHN.A.level.period")
    new = values("ifr/robot_density_2026method.CHN.A.level.period")
    assert old["2024"] == 567
    assert new == {"2024": 166}


def test_ranks_of_one_series_are_all_ranks():
    ranks = tables.select(source="wipo", measure="rank")
    assert set(ranks["unit_measure"]) == {"rank"}
    assert ranks["value"].between(1, 200).all()


def test_each_series_has_one_base_unit():
    """Every power of ten leads into the bounds of the catalogue, so that no unit slipped."""
    rows, known = tables.select(vintages="all"), catalogue.load().series
    outside = []
    for row in rows[rows["obs_status"] != "U"].itertuples():
        expect = known[row.series].expect
        low, high = (expect.growth_min, expect.growth_max) if row.measure == "growth" else (expect.min, expect.max)
        value = row.value * 10.0**row.unit_mult
        if (low is not None and value < low) or (high is not None and value > high):
            outside.append((row.series, row.time_period, value))
    assert outside == []


def test_keys_are_unique_and_no_vintage_repeats_the_one_before():
    rows = tables.select(vintages="all")
    assert not rows.duplicated(["series", "time_period", "vintage"]).any()
    base = (rows["value"] * 10.0 ** rows["unit_mult"]).round(6)
    shown = rows.assign(base=base)[["series", "time_period", "base", "obs_status"]]
    again = (shown == shown.shift(1)).all(axis=1)
    assert rows[again].empty


def test_vintages_lie_between_the_end_of_the_period_and_the_day_of_reading():
    rows = tables.select(vintages="all")
    assert (rows["vintage"] <= "2026-11-24").all()
    said_before = (rows["source"] == "npc") | (rows["obs_status"] == "F")  # targets and forecasts
    guessed = rows[(rows["date_precision"] != "day") & (rows["vintage"] < "2026-11-24") & ~said_before]
    assert (pd.to_datetime(guessed["vintage"]) >= guessed["period_end"].dt.normalize()).all()


def test_files_are_sorted_and_plain():
    for file in sorted((FOLDER / "observations").glob("*.csv")):
        text = file.read_bytes()
        assert b"\r" not in text, file.name
        assert not text.startswith(b"\xef\xbb\xbf"), file.name
        rows = list(csv.DictReader(text.decode("utf-8").splitlines()))
        keys = [(row["series"], row["time_period"], row["vintage"]) for row in rows]
        assert keys == sorted(keys), file.name
        assert {row["series"].split("/")[0] for row in rows} == {file.stem}


def test_every_release_exists_and_is_used():
    rows, releases, _ = snapshot.read()
    assert set(rows["release"]) == set(releases["id"])
    assert releases["id"].is_unique
    assert set(releases["date_precision"]) <= {"day", "month", "year", "unknown"}
    lengths = releases["published"].str.len()
    assert list(lengths.map({10: "day", 7: "month", 4: "year", 0: "unknown"})) == list(releases["date_precision"])


def test_only_publishers_addresses_are_published():
    _, releases, _ = snapshot.read()
    assert {urlparse(url).netloc for url in releases["url"]} <= PUBLISHERS


def test_events_are_all_there():
    table = events.load()
    assert len(table) == 120
    assert table["id"].is_unique
    for field in ("title", "title_native", "body", "sectors", "stage", "summary", "summary_native"):
        assert (table[field] != "").all(), field
    assert set(table["kind"]) == set(events.KINDS)
    assert set(table["stage"]) == set(events.STAGES)
    known = set(catalogue.load().sectors)
    assert {sector for text in table["sectors"] for sector in text.split(";")} <= known
    assert (table["url"].str.startswith("http") | (table["url"] == "")).all()
    assert not table["url"].str.contains("chinadaily|zhxctc|jeremyleggett|lexology").any()


def test_the_first_use_of_the_term_and_days_with_two_steps():
    table = events.load()
    [first] = table[table["id"] == "2023-09-07-first-use"].to_dict("records")
    assert (first["precision"], first["stage"], first["significance"]) == ("day", "coined", 3)
    assert len(table[table["date"] == "2024-03-05"]) == 2
    assert len(table[table["date"] == "2025-12-27"]) == 2


def test_dates_of_entry_into_force():
    table = events.load().set_index("id")
    assert table.loc["2019-04-30-solar-tariff-2019", "in_force"] == "2019-07-01"
    assert table.loc["2017-09-28-dual-credit", "in_force"] == "2018-04-01"
    assert table.loc["2025-02-09-notice-136", "in_force"] == "2025-06-01"
    announced = table[table["in_force"] != ""]
    assert (announced["in_force"] >= announced["date"]).all()


@pytest.mark.parametrize("file", sorted(catalogue.FOLDER.glob("*.toml")), ids=lambda file: file.stem)
def test_every_entry_says_what_it_counts_in_both_languages(file):
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    for entry in table.get("series", []):
        for field in ("title", "counts", "excludes"):
            assert entry.get(field, "").strip(), (file.name, entry["indicator"], field)
            assert re.search(r"[一-鿿]", entry.get(f"{field}_native", "")), (file.name, entry["indicator"], field)


def test_output_of_the_bureau_is_never_called_comparable():
    for product in PRODUCTS:
        lines = catalogue.load().of_indicator(product, "nbs")
        assert {"level.period", "level.ytd", "growth.period", "growth.ytd"} <= {s.line for s in lines if s.freq == "M"}
        assert not any(one.comparable for one in lines)
        assert all("20 million" in one.counts for one in lines)


def test_every_line_of_the_bureau_has_figures_or_a_locator():
    held = set(tables.select(source="nbs", vintages="all")["series"])
    lines = [one for one in catalogue.load().series.values() if one.source == "nbs"]
    assert [one.id for one in lines if one.id not in held and not one.locators] == []


def test_figures_that_may_not_be_passed_on_are_marked():
    sources = catalogue.load().sources
    assert not any(sources[name].redistributable for name in ("ifr", "caam", "cpca", "bnef"))
    assert all(sources[name].redistributable for name in ("nbs", "worldbank", "iea", "oecd"))


def test_provinces_have_their_rd():
    rows = tables.select(series=[s.id for s in catalogue.load().of_indicator("rd_expenditure", "nbs")], freq="A")
    provinces = rows[rows["ref_area"].str.startswith("CN-")]
    assert provinces["ref_area"].nunique() == 31
    of_2023 = provinces[provinces["time_period"] == "2023"]
    whole = values("nbs/rd_expenditure.CHN.A.level.period")["2023"]
    assert of_2023["value"].sum() == pytest.approx(whole, rel=0.001)
