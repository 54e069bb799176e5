"""Targets against the published figures."""

import pytest

from data import targets

BY_ID = {one.id: one for one in targets.targets()}


def test_a_rate_of_every_year_is_its_own_path():
    table = targets.distance(BY_ID["rd_growth_plan_14"])
    assert list(table["time_period"]) == ["2021", "2022", "2023", "2024", "2025"]
    assert set(table["path"]) == {7.0}
    assert (table["off_path"] == table["distance"]).all()
    assert targets.state(BY_ID["rd_growth_plan_14"], table) == "reached"


def test_a_share_is_measured_against_the_straight_path_from_the_year_before():
    table = targets.distance(BY_ID["rd_share_plan_13"]).set_index("time_period")
    assert table.loc["2020", "path"] == table.loc["2020", "target"] == 2.5
    before = targets.tables.select(series=BY_ID["rd_share_plan_13"].of, start="2015", end="2015")["value"].iloc[0]
    assert table.loc["2016", "path"] == pytest.approx(before + (2.5 - before) / 5)
    assert targets.state(BY_ID["rd_share_plan_13"], table.reset_index()) == "missed"


def test_a_multiple_is_of_the_first_year():
    table = targets.distance(BY_ID["robot_density_2025"]).set_index("time_period")
    assert table.loc["2020", "distance"] == pytest.approx(-1)
    assert table.loc["2020", "off_path"] == pytest.approx(0)


def test_an_unmeasured_or_later_set_target_is_open():
    assert targets.state(BY_ID["wind_solar_2035"], targets.distance(BY_ID["wind_solar_2035"])) == "open"
    assert targets.distance(BY_ID["rd_growth_plan_15"], as_of="2024-01-01").empty
