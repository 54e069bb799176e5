"""A derived series rebuilt from its id is the one it was."""

import pandas as pd
import pytest

from data import derive, select

YTD = "nbs/nev_output.CHN.M.level.ytd"
SINGLE = "nbs/nev_output.CHN.M.level.period"
GROWTH = "nbs/nev_output.CHN.M.growth.ytd"


def months():
    """Single months by difference, beside those that are published."""
    return derive.discrete(select(series=YTD), select(series=SINGLE))


CASES = {
    "computed": lambda: derive.growth(select(series=YTD)),
    "difference": months,
    "months": lambda: derive.months(select(series=YTD), select(series=SINGLE)),
    "rolling": lambda: derive.rolling(select(series=[YTD, SINGLE])),
    "rolling_of_difference": lambda: derive.rolling(months(), 6),
    "growth_of_rolling": lambda: derive.growth(derive.rolling(months())),
    "index": lambda: derive.index(select(series=SINGLE), "2023-09-07"),
    "gap": lambda: derive.gap(select(series=GROWTH), select(series=YTD)),
    "two_year_average": lambda: derive.two_year_average(derive.growth(select(series=YTD))),
    "cagr": lambda: derive.cagr(select(series="nbs/rd_expenditure.CHN.A.level.period"), "2015", "2024"),
    "change": lambda: derive.percentage_point_change(select(series="nbs/rd_gdp_share.CHN.A.share.period")),
    "share": lambda: derive.share(select(series=YTD), select(series="nbs/vehicle_output.CHN.M.level.ytd")),
}


@pytest.mark.parametrize("name", CASES)
def test_rebuilt_from_its_id(name):
    rows = CASES[name]().loc[:, list(derive.DERIVED_COLUMNS)]
    assert rows["value"].notna().any()
    rebuilt = derive.again(rows["series"].iloc[0]).loc[:, list(derive.DERIVED_COLUMNS)]
    if name == "cagr":  # every later year has a row; the id does not say which end was asked for
        rebuilt = rebuilt[rebuilt["time_period"] == "2024"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rebuilt, rows)


def test_months_are_as_published_else_by_difference():
    rows = derive.again(SINGLE + "~months").set_index(["time_period", "span"])
    stated = select(series=SINGLE).set_index("time_period")["value"]
    assert (rows.loc["2023-12", "period"]["value"], stated["2023-12"]) == (114.1, 114.1), "the difference is 139.4"
    computed = rows[rows["basis"] == "computed_from_levels"]
    assert len(computed) and not set(computed.index.get_level_values(0)) & set(stated.index)
    whole = derive.again(SINGLE + "~months~rolling=12").dropna(subset="value")
    parts = [derive.again(SINGLE + way).dropna(subset="value") for way in ("~rolling=12", "~difference~rolling=12")]
    assert len(whole) > max(map(len, parts)) and whole["time_period"].max() == max(
        p["time_period"].max() for p in parts
    )


def test_as_known_on_a_day():
    then = derive.again("nbs/rd_gdp_share.CHN.A.share.period~change", as_of="2024-03-05")
    value = then.set_index("time_period")["value"]
    assert value["2023"] == pytest.approx(2.64 - 2.54) and "2024" not in value


@pytest.mark.parametrize(
    "series",
    [
        "nev", "nev~computed", "~", "a~~b", GROWTH + "~unknown", "a/b.c.d.e.f~computed", GROWTH + "~cagr=then",
        SINGLE + "~index=2023-13-01", SINGLE + "~rolling=x", SINGLE + "~rolling=99999999", SINGLE + "~rolling=1",
        YTD + "~share=x/y", "nbs/rd_gdp_share.CHN.A.growth.period~computed", SINGLE + "~computed" * 5000,
    ],
)  # fmt: skip
def test_an_id_that_says_nothing_sensible_is_refused(series):
    with pytest.raises(derive.DeriveError):
        derive.again(series)


def test_a_break_of_one_area_is_not_that_of_another():
    """The United Kingdom changed its method in 2014; the ratio of China did not."""
    of = {area: derive.percentage_point_change(select(indicator="rd_gdp_share", source="worldbank", ref_area=area))
          for area in ("CHN", "GBR")}  # fmt: skip
    at = {area: rows.set_index("time_period").loc["2014"] for area, rows in of.items()}
    assert at["GBR"]["reason"] == "break@2014"
    assert at["CHN"]["reason"] == "" and at["CHN"]["value"] == at["CHN"]["value"]
