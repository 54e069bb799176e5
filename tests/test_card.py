"""What is known about one number."""

import pytest

from dashboard import card, number, texts
from data import derive

ROBOTS = "nbs/industrial_robot_output.CHN.M.growth.ytd"
SHARE = "nbs/rd_gdp_share.CHN.A.share.period"


def test_a_published_number_with_the_growth_beside_it():
    found = number.of(f"{ROBOTS}@2022-10")
    assert (found.row.value, found.derived, found.missing) == (-3.2, False, "")
    assert found.pair.computed_growth == pytest.approx(21.6, abs=0.05)
    assert found.pair.implied_base == pytest.approx(374554, abs=1)
    assert found.pair.implied_vs_published_base == pytest.approx(25.6, abs=0.1)
    assert found.pair.sign_flip


def test_the_level_has_the_same_pair():
    level = number.of("nbs/industrial_robot_output.CHN.M.level.ytd@2022-10")
    assert level.row.value == 362568
    assert level.pair.published_growth == -3.2


def test_earlier_vintages_as_known_on_a_day():
    found = number.of(f"{SHARE}@2023")
    assert found.vintages["value"].tolist()[:2] == [2.64, 2.65]
    assert found.row.value == found.vintages["value"].iloc[-1]
    then = number.of(f"{SHARE}@2023", as_of="2024-03-05")
    assert then.row.value == 2.64 and len(then.vintages) == 1


def test_a_derived_number_leads_to_its_inputs():
    found = number.of(f"{ROBOTS}~computed@2022-10")
    assert found.derived and found.row.derivation
    inputs = {point: row.value for point, row in number.inputs(found)}
    assert inputs == {
        "nbs/industrial_robot_output.CHN.M.level.ytd@2022-10": 362568,
        "nbs/industrial_robot_output.CHN.M.level.ytd@2021-10": 298098,
    }
    assert all(number.of(point) is not None for point in inputs)


def test_every_input_of_a_sum_of_differences_is_named_once():
    found = number.of("nbs/industrial_robot_output.CHN.M.level.period~months~rolling=12@2022-10")
    points = [point for point, _ in number.inputs(found)]
    assert len(points) == len(set(points)) < len(found.row.inputs.split(" ; "))
    level = {point.partition("@")[2]: row.value for point, row in number.inputs(found) if ".ytd@" in point}
    assert level["2022-10"] > level["2022-09"] and level["2021-11"] > level["2021-10"]


def test_the_formula_is_in_the_readers_language():
    series = "nbs/nev_output.CHN.M.share.ytd~share=nbs/vehicle_output"
    assert number.formula(series, "en") == "figure ÷ Motor vehicle output of the same period"
    assert number.formula(series, "zh") == "本期 ÷ 同期汽车产量" and "nbs/" not in number.done(series, "zh")
    assert number.formula(f"{ROBOTS}~computed", "zh") == "本期 ÷ 上年同期 − 1"
    assert number.formula(ROBOTS, "en") == ""


def test_a_derived_number_without_a_value_says_why():
    found = number.of("nbs/nev_output.CHN.M.growth.ytd~computed@2026-08")
    assert found.row.value != found.row.value
    assert derive.words(found.row.reason, "zh")


def test_a_correction_is_shown_with_reason_and_source():
    found = number.of("caam/nev_production.CHN.A.level.period@2012")
    assert found.row.obs_status == "U"
    assert found.correction.reason and found.correction.source


@pytest.mark.parametrize("point", ["x@2022", "nbs/nev_output.CHN.M.level.ytd~bad@2022-10", "~@", "a~b~c@2022", "@2022"])
def test_what_does_not_exist_is_no_number(point):
    assert number.of(point) is None


def test_a_period_without_a_figure_has_a_reason():
    found = number.of("nbs/nev_output.CHN.M.level.ytd@2030-02")
    assert found.row is None and found.missing == "not_yet_published"


@pytest.mark.parametrize("lang", texts.LANGUAGES)
def test_the_table_says_the_rows_in_words(lang):
    frame = derive.published(number.whole(ROBOTS))
    table = card.said(frame, lang)
    assert len(table) == len(frame)
    assert table[texts.of(lang)("table.value")].tolist() == frame["value"].tolist()
    assert card.points(frame)[0] == f"{ROBOTS}@{frame['time_period'].iloc[0]}"
    assert list(table) == [texts.of(lang)(f"table.{name}") for name in card.COLUMNS]


def test_a_row_without_a_value_says_why_in_the_table():
    frame = number.whole("nbs/nev_output.CHN.M.growth.ytd~computed")
    table = card.said(frame[frame["value"].isna()], "en")
    assert table["Status"].str.contains("no published figure for").any()
