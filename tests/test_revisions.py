"""Revisions on the published numbers."""

import pytest

from data import revisions

RD = {"indicator": "rd_gdp_share", "source": "nbs", "ref_area": "CHN"}


def test_every_step_of_the_rd_ratio_of_2023():
    table = revisions.steps(**RD)
    steps = table[table["time_period"] == "2023"].sort_values("step")
    assert list(zip(steps["old"], steps["new"], steps["change"], strict=True)) == [
        (2.64, 2.65, 0.01),
        (2.65, 2.58, -0.07),
    ]
    assert set(steps["change_unit"]) == {"percentage_points"}
    assert steps["relative"].isna().all()
    assert list(steps["old_status"]) == ["P", "A"]


def test_first_against_last():
    table = revisions.first_and_last(**RD).set_index("time_period")
    assert table.loc["2023", ["old", "new", "steps"]].tolist() == [2.64, 2.58, 2]
    assert table.loc["2018", ["old", "new", "steps"]].tolist() == [2.19, 2.14, 1]


def test_what_was_not_known_yet_is_no_revision():
    known = revisions.first_and_last(as_of="2024-12-01", **RD).set_index("time_period")
    assert known.loc["2023", ["old", "new", "steps"]].tolist() == [2.64, 2.65, 1]
    assert "2023" not in set(revisions.steps(as_of="2024-03-01", **RD)["time_period"])


def test_amounts_have_a_relative_change_in_one_unit():
    table = revisions.first_and_last(indicator="rd_expenditure", source="nbs", measure="level")
    row = table[table["time_period"] == "2023"].iloc[0]
    assert row["change_unit"] == "CNY"
    assert row["relative"] == pytest.approx((row["new"] / row["old"] - 1) * 100)
    assert 0 < row["relative"] < 1
