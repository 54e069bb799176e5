"""Derived figures, on the published numbers they were got wrong with elsewhere."""

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest

from data import catalogue, derive, periods
from data.derive import DERIVED_COLUMNS, DeriveError, Step
from data.tables import SELECT_COLUMNS

ROBOTS = "nbs/industrial_robot_output.CHN.M.level.ytd"
NEV = "nbs/nev_output.CHN.M.level.ytd"
NEV_MONTH = "nbs/nev_output.CHN.M.level.period"
SOLAR = "nbs/solar_cell_output.CHN.M.level.ytd"
CAAM = "caam/nev_production.CHN.M.level.ytd"
RD_SHARE = "nbs/rd_gdp_share.CHN.A.share.period"
TIMES = ("period_start", "period_end")

NEV_2023 = {
    "2023-02": 97, "2023-03": 162.9, "2023-04": 217.5, "2023-05": 284.6, "2023-06": 361.1, "2023-07": 435.8,
    "2023-08": 515.7, "2023-09": 609, "2023-10": 699.8, "2023-11": 804.9, "2023-12": 944.3,
}  # fmt: skip
NEV_2023_MONTHS = {
    "2023-03": 66.8, "2023-04": 58.6, "2023-05": 67.5, "2023-06": 74.9, "2023-07": 75.2, "2023-08": 80.0,
    "2023-09": 84.7, "2023-10": 92.7, "2023-11": 100.6, "2023-12": 114.1,
}  # fmt: skip


def rows(series, figures, *, unit="sets", mult=0, status=None, vintage="{}-28", **more):
    """Tidy rows of one series, as `select` gives them."""
    parts = series.replace("/", ".").split(".")
    key = dict(zip(("source", "indicator", "ref_area", "freq", "measure", "span"), parts, strict=True))
    table = []
    for period, value in figures.items():
        table.append(
            {
                **dict.fromkeys(SELECT_COLUMNS, ""),
                **key,
                "series": series,
                "time_period": period,
                "period_start": pd.Timestamp(periods.start(period, key["span"])),
                "period_end": pd.Timestamp(periods.end(period)),
                "value": float(value),
                "unit_measure": "percent" if key["measure"] in ("growth", "share") else unit,
                "unit_mult": mult,
                "obs_status": (status or {}).get(period, "A"),
                "confidence": "primary",
                "vintage": vintage.format(period) if len(period) == 7 else f"{period}-12-31",
                "revision_no": 1,
                "vintages": 1,
                "comparable": False,
                **more,
            }
        )
    return pd.DataFrame(table, columns=list(SELECT_COLUMNS))


def growth_of(series):
    return series.replace(".level.", ".growth.")


def values(frame, column="value", digits=1):
    return dict(zip(frame["time_period"], frame[column].round(digits), strict=True))


ROBOT_LEVELS = rows(ROBOTS, {"2020-10": 183447, "2021-10": 298098, "2022-10": 362568})
ROBOT_GROWTH = rows(growth_of(ROBOTS), {"2020-10": 21.0, "2021-10": 51.9, "2022-10": -3.2})


def test_growth_is_computed_from_published_levels_under_its_own_name():
    out = derive.growth(ROBOT_LEVELS)
    assert tuple(out.columns) == DERIVED_COLUMNS
    assert values(out)["2021-10"] == 62.5
    assert values(out)["2022-10"] == 21.6
    last = out.iloc[-1]
    assert last["series"] == "nbs/industrial_robot_output.CHN.M.growth.ytd~computed"
    assert (last["measure"], last["span"], last["unit_measure"], last["unit_mult"]) == ("growth", "ytd", "percent", 0)
    assert (last["basis"], last["confidence"]) == ("computed_from_levels", "derived")
    assert last["inputs"] == f"{ROBOTS}@2022-10 ; {ROBOTS}@2021-10"
    assert "one year earlier" in last["derivation"]
    assert last["vintage"] == "2022-10-28"
    assert last["period_start"] == pd.Timestamp("2022-01-01")


def test_growth_without_a_base_is_missing_and_says_why():
    out = derive.growth(rows(SOLAR, {"2015-02": 0, "2016-02": 800, "2018-02": 900}, unit="kW", mult=4))
    assert out["value"].isna().all()
    assert out["reason"].tolist() == ["no_base@2014-02", "zero_base@2015-02", "no_base@2017-02"]
    assert out["obs_status"].tolist() == ["M", "M", "M"]
    assert out["note"].iloc[0] == "no published figure for 2014-02 to compare with"
    assert derive.words("no_base@2014-02", "zh") == "缺少可比的2014-02公布数"


def test_the_gap_shows_both_rates_and_the_base_the_published_one_implies():
    out = derive.gap(ROBOT_GROWTH, ROBOT_LEVELS)
    assert tuple(out.columns[: len(DERIVED_COLUMNS)]) == DERIVED_COLUMNS
    assert out["published"].tolist() == ROBOT_GROWTH["published"].tolist()
    assert values(out, "published_growth") == {"2020-10": 21.0, "2021-10": 51.9, "2022-10": -3.2}
    assert values(out, "computed_growth")["2022-10"] == 21.6
    assert values(out, "gap")["2022-10"] == 24.8
    assert (out["value"].iloc[1:] == out["gap"].iloc[1:]).all()
    assert values(out, "implied_base", 0) == {"2020-10": 151609, "2021-10": 196246, "2022-10": 374554}
    assert values(out, "base", 0)["2022-10"] == 298098
    assert values(out, "implied_vs_published_base")["2021-10"] == 7.0
    assert values(out, "implied_vs_published_base")["2022-10"] == 25.6
    assert out["sign_flip"].tolist() == [False, False, True]
    assert set(out["unit_measure"]) == {"percentage_points"}
    assert set(out["level_unit_measure"]) == {"sets"}
    assert out["inputs"].iloc[2].split(" ; ") == [
        f"{growth_of(ROBOTS)}@2022-10", f"{ROBOTS}@2022-10", f"{ROBOTS}@2021-10",
    ]  # fmt: skip
    assert out["reason"].iloc[0] == "no_base@2019-10"


def test_published_growth_is_never_overwritten_by_computed_growth():
    before = ROBOT_GROWTH.copy(deep=True)
    derive.gap(ROBOT_GROWTH, ROBOT_LEVELS)
    derive.two_year_average(ROBOT_GROWTH)
    pd.testing.assert_frame_equal(ROBOT_GROWTH, before)
    assert set(derive.growth(ROBOT_LEVELS)["series"]).isdisjoint(ROBOT_GROWTH["series"])


@pytest.mark.parametrize(
    ("series", "levels", "period", "published", "computed"),
    [
        (SOLAR, {"2022-03": 5987.1, "2023-03": 10526.3}, "2023-03", 53.2, 75.8),
        (NEV, {"2020-11": 114.1, "2021-11": 319.3}, "2021-11", 155.0, 179.8),
        (CAAM, {"2022-11": 625.3, "2023-11": 842.6}, "2023-11", 34.5, 34.8),
    ],
)
def test_the_gap_belongs_to_the_series(series, levels, period, published, computed):
    out = derive.gap(rows(growth_of(series), {period: published}), rows(series, levels, unit="units", mult=4))
    assert values(out, "computed_growth") == {period: computed}
    assert out["level"].iloc[0] == pytest.approx(levels[period] * 10_000)


def test_the_gap_needs_a_published_rate_and_a_level():
    out = derive.gap(ROBOT_GROWTH, ROBOT_LEVELS[ROBOT_LEVELS["time_period"] != "2021-10"])
    assert out["time_period"].tolist() == ["2020-10", "2022-10"]
    assert out["computed_growth"].isna().all()
    assert round(out["implied_base"].iloc[1]) == 374554
    empty = derive.gap(ROBOT_GROWTH.iloc[:0], ROBOT_LEVELS)
    assert empty.empty
    assert "implied_base" in empty


def test_ten_thousand_and_million_are_converted_before_growth():
    both = pd.concat([
        rows(CAAM, {"2022-11": 6.253}, unit="vehicles", mult=6),
        rows(CAAM, {"2023-11": 842.6}, unit="vehicles", mult=4),
    ])  # fmt: skip
    assert values(derive.growth(both))["2023-11"] == 34.8


def test_different_units_and_two_vintages_are_refused():
    sets = rows(ROBOTS, {"2021-10": 298098})
    with pytest.raises(DeriveError, match="different units: (sets and units|units and sets)"):
        derive.growth(pd.concat([sets, rows(ROBOTS, {"2022-10": 362568}, unit="units")]))
    with pytest.raises(DeriveError, match=f"two figures for {ROBOTS}@2021-10"):
        derive.growth(pd.concat([sets, sets.assign(vintage="2022-01-17")]))


@pytest.mark.parametrize("measure", ["share", "growth", "rank"])
def test_growth_of_shares_ranks_and_growth_is_refused(measure):
    with pytest.raises(DeriveError, match="growth is not computed from figures that are"):
        derive.growth(rows(f"nbs/rd_gdp_share.CHN.A.{measure}.period", {"2022": 2.56, "2023": 2.58}))
    rate = rows("nbs/capacity_utilisation.CHN.Q.level.period", {"2022-Q1": 75.8}, unit="percent")
    with pytest.raises(DeriveError, match="percentage points"):
        derive.growth(rate)


def test_editions_are_never_joined():
    old = rows("pwt/tfp_national_prices_pwt1001.CHN.A.index.period", {"2018": 0.967129, "2019": 0.964573}, unit="index")
    new = rows("pwt/tfp_national_prices_pwt110.CHN.A.index.period", {"2020": 0.99, "2021": 1.0}, unit="index")
    out = derive.growth(pd.concat([old, new]))
    assert out.loc[out["time_period"] == "2020", "reason"].tolist() == ["no_base@2019"]


@pytest.fixture
def own_catalogue(tmp_path, monkeypatch):
    """A catalogue of one source whose `tea` changed its definition in February 2011."""
    for name in ("sectors", "areas"):
        shutil.copy(Path(catalogue.FOLDER) / f"{name}.toml", tmp_path)
    (tmp_path / "nbs.toml").write_text(
        """
        [source]
        id = "nbs"
        publisher = "p"
        publisher_native = "p"
        title = "t"
        title_native = "t"
        url = "https://stats.example"
        licence = "l"
        licence_native = "l"
        attribution = "a"
        redistributable = true
        cadence = "monthly"
        [[series]]
        indicator = "tea"
        sector = "industry"
        title = "t"
        title_native = "t"
        unit_measure = "tonnes"
        unit_mult = 4
        lines = ["M.level.ytd", "A.level.period"]
        counts = "c"
        counts_native = "c"
        excludes = "e"
        excludes_native = "e"
        breaks = [{period = "2011-02", reason = "threshold raised from CNY 5 to 20 million", reason_native = "r"}]
        """,
        encoding="utf-8",
    )
    monkeypatch.setenv("NQPF_CATALOGUE", str(tmp_path))


TEA = "nbs/tea.CHN.M.level.ytd"


def test_growth_is_missing_across_a_break_of_the_catalogue(own_catalogue):
    monthly = rows(TEA, {"2010-02": 10, "2010-12": 90, "2011-02": 9, "2011-12": 80, "2012-02": 12, "2012-12": 100})
    out = derive.growth(monthly.assign(unit_measure="tonnes"))
    assert out["reason"].tolist() == [
        "no_base@2009-02", "no_base@2009-12", "break@2011-02", "break@2011-02", "", "",
    ]  # fmt: skip
    assert values(out.iloc[4:]) == {"2012-02": 33.3, "2012-12": 25.0}
    annual = rows("nbs/tea.CHN.A.level.period", {"2010": 90, "2011": 80, "2012": 99}, unit="tonnes")
    assert derive.growth(annual)["reason"].tolist() == ["no_base@2009", "break@2011-02", ""]
    assert derive.index(annual, "2012")["reason"].tolist() == ["break@2011-02", "", ""]
    assert derive.cagr(annual, 2010, 2012)["reason"].tolist() == ["break@2011-02"]
    growth = rows("nbs/tea.CHN.M.growth.ytd", {"2010-12": 5, "2011-12": 7})
    assert derive.two_year_average(growth)["reason"].iloc[1] == "break@2011-02"


def test_a_row_flagged_as_a_break_starts_a_new_line():
    density = rows(
        "ifr/robot_density.CHN.A.level.period", {"2022": 402, "2023": 470, "2024": 166, "2025": 180},
        unit="robots_per_10k_employees", status={"2024": "B"},
    )  # fmt: skip
    out = derive.growth(density)
    assert out["reason"].tolist() == ["no_base@2021", "", "break@2024", ""]
    assert derive.cagr(density, 2022, 2025)["value"].isna().all()


def test_a_different_definition_is_not_compared():
    service = rows(
        "nbs/service_robot_output.CHN.A.level.period", {"2021": 9214000, "2022": 6458000}, status={"2021": "D"}
    )
    assert derive.growth(service)["reason"].tolist()[1] == "definition@2021"


def test_a_doubtful_figure_leaves_its_mark():
    solar = rows(
        SOLAR, {"2019-05": 4333.2, "2020-05": 8538.5, "2021-05": 7964.5}, unit="kW", mult=4, status={"2020-05": "U"}
    )
    out = derive.growth(solar)
    assert out["obs_status"].tolist() == ["M", "U", "U"]
    assert out["reason"].tolist() == ["no_base@2018-05", "doubtful", "doubtful"]
    assert out["value"].notna().tolist() == [False, True, True]


def test_the_worst_status_of_the_inputs_is_kept():
    out = derive.growth(rows(CAAM, {"2022": 1, "2023": 2, "2024": 3}, status={"2023": "P", "2024": "E"}))
    assert out["obs_status"].tolist() == ["M", "P", "E"]


def test_two_year_average_is_the_bureaus():
    added = rows("nbs/industrial_va_growth.CHN.M.growth.ytd", {"2020-02": -13.5, "2021-02": 35.1})
    out = derive.two_year_average(added)
    assert values(out)["2021-02"] == 8.1
    assert out["reason"].iloc[0] == "no_base@2019-02"
    assert out["series"].iloc[0].endswith("growth.ytd~two_year_average")
    assert set(out["basis"]) == {"published_comparable"}
    assert set(derive.two_year_average(added.assign(confidence="derived"))["basis"]) == {"computed_from_levels"}
    with pytest.raises(DeriveError):
        derive.two_year_average(ROBOT_LEVELS)


def test_a_fall_below_nothing_has_no_average():
    rates = {"2020": -120.0, "2021": -150.0, "2022": 10.0, "2023": 10.0}
    out = derive.two_year_average(rows("nbs/industrial_va_growth.CHN.A.growth.period", rates))
    assert out["reason"].tolist() == ["no_base@2019", "zero_base@2020", "zero_base@2021", ""]
    assert values(out)["2023"] == 10.0


def test_changes_of_a_share_are_percentage_points():
    out = derive.percentage_point_change(rows(RD_SHARE, {"2022": 2.56, "2023": 2.65}))
    assert values(out, digits=2)["2023"] == 0.09
    assert set(out["unit_measure"]) == {"percentage_points"}
    with pytest.raises(DeriveError, match="per cent"):
        derive.percentage_point_change(ROBOT_LEVELS)


def test_january_and_february_stay_one_figure():
    out = derive.discrete(rows(NEV, NEV_2023, unit="vehicles", mult=4))
    assert "2023-01" not in set(out["time_period"])
    february = out[out["time_period"] == "2023-02"].iloc[0]
    assert (february["value"], february["span"]) == (97.0, "ytd")
    assert february["period_start"] == pd.Timestamp("2023-01-01")
    march = out[out["time_period"] == "2023-03"].iloc[0]
    assert (march["value"], march["span"], march["period_start"]) == (65.9, "period", pd.Timestamp("2023-03-01"))
    assert set(out["series"]) == {"nbs/nev_output.CHN.M.level.period~difference"}
    assert not ((out["time_period"].str[-2:].isin(["01", "02"])) & (out["span"] == "period")).any()


def test_a_publisher_with_a_january_has_a_january():
    out = derive.discrete(
        rows("caam/nev_sales.CHN.M.level.ytd", {"2023-01": 407845, "2023-02": 932874}, unit="vehicles")
    )
    assert values(out) == {"2023-01": 407845, "2023-02": 525029}
    assert out["span"].tolist() == ["period", "period"]


def test_the_difference_says_when_it_is_not_the_published_month():
    out = derive.discrete(
        rows(NEV, NEV_2023, unit="vehicles", mult=4), rows(NEV_MONTH, NEV_2023_MONTHS, unit="vehicles", mult=4)
    )
    december = out[out["time_period"] == "2023-12"].iloc[0]
    assert (december["value"], december["published_month"], december["difference"]) == (139.4, 114.1, 25.3)
    assert bool(december["disagrees"])
    assert december["reason"] == "disagrees@114.1@+25.3"
    assert "114.1" in december["note"]
    assert "months were revised" in december["note"]
    june = out[out["time_period"] == "2023-06"].iloc[0]
    assert june["value"] == 76.5
    assert out.loc[out["time_period"] == "2023-02", "published_month"].isna().all()
    assert out.loc[out["disagrees"], "time_period"].tolist()[0] == "2023-03"


def test_published_months_in_another_unit_are_compared_as_quantities():
    out = derive.discrete(
        rows(CAAM, {"2023-10": 7.352, "2023-11": 8.426}, unit="vehicles", mult=6),
        rows(CAAM.replace("ytd", "period"), {"2023-11": 107.4}, unit="vehicles", mult=4),
    )
    november = out.iloc[1]
    assert (november["published_month"], bool(november["disagrees"])) == (1.074, False)


def test_a_missing_or_falling_month_gives_no_difference():
    out = derive.discrete(
        rows(NEV, {"2016-08": 39, "2016-09": 46.1, "2016-10": 34.7, "2016-12": 45.5}, unit="vehicles")
    )
    assert out["reason"].tolist() == ["no_earlier@2016-07", "", "falls@2016-09", "no_earlier@2016-11"]
    assert out["value"].round(1).tolist()[1] == 7.1
    assert out["value"].isna().tolist() == [True, False, True, True]


def test_rolling_sums_count_january_and_february_once():
    months = derive.discrete(rows(NEV, {**NEV_2023, "2024-02": 118.9, "2024-03": 207.6}, unit="vehicles", mult=4))
    out = derive.rolling(months)
    assert values(out)["2023-12"] == 944.3
    assert values(out)["2024-02"] == round(944.3 - 97 + 118.9, 1)
    assert values(out)["2024-03"] == round(944.3 - 162.9 + 207.6, 1)
    assert out["value"].notna().sum() == 3
    assert set(out["reason"]) == {"incomplete@12", ""}
    last = out.iloc[-1]
    assert last["series"] == "nbs/nev_output.CHN.M.level.period~difference~rolling=12"
    assert (last["period_start"], last["span"]) == (pd.Timestamp("2023-04-01"), "period")
    assert f"{NEV}@2024-02" in last["inputs"].split(" ; ")


def test_rolling_sums_of_published_months_use_februarys_cumulative_figure():
    published = pd.concat([
        rows(NEV, {p: v for p, v in NEV_2023.items() if p < "2023-08"}, unit="vehicles", mult=4),
        rows(NEV_MONTH, NEV_2023_MONTHS, unit="vehicles", mult=4),
    ])  # fmt: skip
    out = derive.rolling(published)
    assert values(out)["2023-12"] == round(97 + sum(NEV_2023_MONTHS.values()), 1) == 912.1
    lacking = derive.rolling(published[published["time_period"] != "2023-07"])
    assert lacking["value"].isna().all()


def test_a_window_never_begins_inside_a_combined_figure():
    months = derive.discrete(rows(NEV, NEV_2023, unit="vehicles", mult=4))
    out = derive.rolling(months, months=3)
    assert values(out)["2023-05"] == round(284.6 - 97, 1)
    by_period = dict(zip(out["time_period"], out["reason"], strict=True))
    assert by_period["2023-04"] == "incomplete@3"
    assert by_period["2023-03"] == ""
    assert values(out)["2023-03"] == 162.9


@pytest.mark.parametrize("months", [0, -1, 2.5, "12", None])
def test_a_window_is_a_number_of_months(months):
    with pytest.raises(DeriveError, match="write how many months"):
        derive.rolling(derive.discrete(rows(NEV, NEV_2023)), months)


def test_growth_of_rolling_sums_keeps_the_whole_lineage():
    both_years = {f"{y}-{m:02d}": (m * 10 + y - 2000) for y in (2022, 2023) for m in range(2, 13)}
    out = derive.growth(derive.rolling(derive.discrete(rows(NEV, both_years, unit="vehicles", mult=4))))
    last = out.iloc[-1]
    assert last["series"] == "nbs/nev_output.CHN.M.growth.period~difference~rolling=12~computed"
    assert last["value"] == pytest.approx((143 / 142 - 1) * 100)
    assert set(last["inputs"].split(" ; ")) == {f"{NEV}@{period}" for period in both_years}
    assert last["derivation"].count(";") == 2
    assert derive.order_of_operations(out) == [
        Step("published", "level.ytd"), Step("difference"), Step("rolling", "12"), Step("computed"),
    ]  # fmt: skip


def test_order_of_operations_names_what_both_lines_start_from():
    both = pd.concat([derive.published(ROBOT_GROWTH), derive.growth(ROBOT_LEVELS)])
    assert derive.order_of_operations(both) == [
        Step("published", "growth.ytd"), Step("published", "level.ytd"), Step("computed"),
    ]  # fmt: skip
    assert derive.order_of_operations(ROBOT_LEVELS) == [Step("published", "level.ytd")]


def test_order_of_operations_is_the_order_in_which_they_are_done():
    levels = derive.published(ROBOT_LEVELS)
    growth = derive.published(ROBOT_GROWTH)
    both = [derive.two_year_average(growth), derive.two_year_average(derive.growth(levels))]
    steps = [
        Step("published", "growth.ytd"),
        Step("published", "level.ytd"),
        Step("computed"),
        Step("two_year_average"),
    ]
    assert derive.order_of_operations(pd.concat(both)) == steps
    first = levels.head(1).assign(inputs="")
    named = derive.order_of_operations(pd.concat([first, levels.tail(1)]))
    assert named == [Step("published", "level.ytd")], "the first row need not be the one with inputs"


def test_index_to_an_event_starts_from_the_period_that_contains_it():
    month = rows(NEV_MONTH, {"2023-08": 80.0, "2023-09": 84.7, "2024-09": 130.8}, unit="vehicles", mult=4)
    out = derive.index(month, dt.date(2023, 9, 7))
    assert values(out) == {"2023-08": 94.5, "2023-09": 100.0, "2024-09": 154.4}
    assert out["series"].iloc[0] == "nbs/nev_output.CHN.M.index.period~index=2023-09-07"
    assert set(out["unit_measure"]) == {"index_100"}
    annual = rows("nbs/rd_expenditure.CHN.A.level.period", {"2022": 30782.9, "2023": 33357.1}, unit="CNY", mult=8)
    assert values(derive.index(annual, "2023-09-07"))["2023"] == 100.0
    assert values(derive.index(annual, "2022"))["2023"] == 108.4
    assert derive.index(annual, 2022).equals(derive.index(annual, "2022")), "a year may be a number, as for cagr"
    for wrong in ("2023-02-30", "", None, 20):
        with pytest.raises(DeriveError, match="neither a period nor a day"):
            derive.index(annual, wrong)


def test_index_to_january_starts_from_the_next_month_published():
    month = rows(NEV_MONTH, {"2023-12": 114.1, "2024-03": 88.4, "2024-04": 83.1}, unit="vehicles", mult=4)
    assert values(derive.index(month, "2024-01-31"))["2024-03"] == 100.0
    assert set(derive.index(month, "2025-06-01")["reason"]) == {"no_base@2025-06"}


def test_year_to_date_figures_have_no_index():
    assert set(derive.index(ROBOT_LEVELS, "2021-10")["reason"]) == {"restarts"}
    with pytest.raises(DeriveError, match="neither a period nor a day"):
        derive.index(ROBOT_LEVELS, "soon")


def test_share_of_another_series():
    part = rows(NEV, {"2023-12": 944.3, "2024-12": 1316.8}, unit="vehicles", mult=4)
    whole = rows("nbs/vehicle_output.CHN.M.level.ytd", {"2023-12": 30.1132}, unit="vehicles", mult=6)
    out = derive.share(part, whole)
    assert values(out)["2023-12"] == 31.4
    assert out["reason"].tolist() == ["", "no_level@2024-12"]
    assert out["series"].iloc[0] == "nbs/nev_output.CHN.M.share.ytd~share=nbs/vehicle_output"
    with pytest.raises(DeriveError, match="one unit"):
        derive.share(part, ROBOT_LEVELS)
    with pytest.raises(DeriveError, match="choose one"):
        derive.share(part, pd.concat([whole, whole.assign(series="nbs/other.CHN.M.level.ytd", indicator="other")]))


def test_convert_keeps_the_quantity_and_the_published_unit():
    cars = rows(NEV, {"2022-12": 721.9, "2023-12": 944.3}, unit="vehicles", mult=4)
    million = derive.convert(cars, 6)
    assert million["value"].tolist() == [7.219, 9.443]
    assert derive.convert(cars)["value"].tolist() == [7219000.0, 9443000.0]
    assert million["derivation"].iloc[0] == "published in 10^4"
    assert (million["basis"].iloc[0], million["series"].iloc[0]) == ("published_level", NEV)
    assert derive.convert(ROBOT_GROWTH, 4)["value"].tolist() == [21.0, 51.9, -3.2]
    with pytest.raises(DeriveError, match="furlong"):
        derive.convert(cars, "furlong")


def test_compound_growth_between_two_years():
    research = rows("nbs/rd_expenditure.CHN.A.level.period", {"2013": 11846.6, "2023": 33357.1}, unit="CNY", mult=8)
    out = derive.cagr(research, 2013, 2023)
    assert len(out) == 1
    assert values(out) == {"2023": 10.9}
    assert derive.cagr(research, 2012, 2023)["reason"].tolist() == ["no_base@2012"]
    below = derive.cagr(rows("nbs/rd_expenditure.CHN.A.level.period", {"2021": 5, "2022": 0, "2023": -5}), 2021, 2023)
    assert (below["obs_status"].tolist(), below["reason"].tolist()) == (["M"], ["zero_base@2023"])
    late = derive.cagr(research, 2013, 2024)
    assert (late["time_period"].tolist(), late["reason"].tolist()) == (["2024"], ["no_base@2024"])
    with pytest.raises(DeriveError, match="2023 is not before 2013"):
        derive.cagr(research, 2023, 2013)


def test_compound_growth_of_months_needs_the_same_month():
    assert values(derive.cagr(ROBOT_LEVELS, "2020-10", "2022-10")) == {"2022-10": 40.6}
    assert derive.cagr(rows(NEV, NEV_2023), "2023-02", "2023-12")["reason"].tolist() == ["other_season"]
    december = rows(NEV, {"2022-12": 721.9, "2023-12": 944.3}, unit="vehicles", mult=4)
    assert values(derive.cagr(december, 2022, 2023)) == {"2023-12": 30.8}


def test_alignment_counts_periods_from_the_event():
    out = derive.align(rows(NEV_MONTH, NEV_2023_MONTHS), "2023-09-07")
    assert out.loc[out["t"] == 0, "time_period"].tolist() == ["2023-09"]
    assert (out["t"].min(), out["t"].max()) == (-6, 3)
    annual = derive.align(rows(RD_SHARE, {"2022": 2.56, "2024": 2.69}), "2023-09-07")
    assert annual["t"].tolist() == [-1, 1]


def test_before_and_after_give_count_mean_and_range():
    growth = rows(growth_of(ROBOTS), {"2022-02": 29.6, "2022-03": 10.2, "2022-04": -1.4, "2022-05": -9.4, "2023-12": 1})
    out = derive.before_after(growth, "2022-04-30", months=12).set_index("side")
    assert out["n"].to_dict() == {"before": 2, "after": 1}
    assert out.loc["before", ["mean", "lowest", "highest"]].tolist() == [pytest.approx(19.9), 10.2, 29.6]
    assert out.loc["after", ["first_period", "last_period"]].tolist() == ["2022-05", "2022-05"]
    assert set(out["event_period"]) == {"2022-04"}
    early = derive.before_after(growth, "2010-01-01").set_index("side")
    assert early["n"].to_dict() == {"before": 0, "after": 0}
    assert early["mean"].isna().all()


def test_no_trend_is_drawn_through_fewer_than_eight_figures():
    steady = {str(year): 100 * 1.1 ** (year - 2010) for year in range(2010, 2024)}
    steady["2023"] *= 1.2
    out = derive.trend_deviation(rows("nbs/rd_expenditure.CHN.A.level.period", steady, unit="CNY"), "2023-09-07")
    last = out.iloc[-1]
    assert last["deviation"] == pytest.approx(20.0)
    assert last["n"] == 13
    assert last["trend_low"] <= last["trend"] <= last["trend_high"]
    assert out["trend"].isna().sum() == 13
    short = {year: value for year, value in steady.items() if year > "2015"}
    few = derive.trend_deviation(rows("nbs/rd_expenditure.CHN.A.level.period", short, unit="CNY"), "2023-09-07")
    assert few["trend"].isna().all()
    assert few["n"].iloc[-1] == 7


@pytest.mark.parametrize(
    "calculation",
    [
        derive.growth, derive.discrete, derive.rolling, derive.convert, derive.published,
        lambda empty: derive.gap(empty, empty), lambda empty: derive.share(empty, empty),
        lambda empty: derive.index(empty, "2023-09-07"), lambda empty: derive.cagr(empty, 2015, 2023),
        lambda empty: derive.before_after(empty, "2023-09-07"), lambda empty: derive.trend_deviation(empty, "2023"),
        derive.two_year_average, derive.percentage_point_change, lambda empty: derive.discrete(empty, empty),
    ],
)  # fmt: skip
def test_nothing_in_nothing_out(calculation):
    assert calculation(ROBOT_LEVELS.iloc[:0]).empty
