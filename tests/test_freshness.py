"""Freshness on the shipped snapshot: ages and expected days by the publisher's rhythm, as seen on a given day."""

import datetime as dt

import pytest

from data import catalogue, freshness, select


@pytest.fixture(autouse=True)
def nothing_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))


def of(series: str, day: str, as_of: str | None = None) -> dict[str, object]:
    table = freshness.of_series(dt.date.fromisoformat(day), as_of).set_index("series")
    return table.loc[series].to_dict()


def test_a_month_is_stale_when_its_usual_day_and_the_grace_have_passed():
    output = "nbs/nev_output.CHN.M.level.ytd"
    row = of(output, "2024-03-20", "2024-03-20")
    assert (row["newest_period"], row["next_period"], row["next_release"]) == ("2024-02", "2024-03", "2024-04-17")
    assert row["state"] == "fresh"
    assert of(output, "2024-05-07", "2024-03-20")["state"] == "fresh"
    assert of(output, "2024-05-08", "2024-03-20")["state"] == "stale"


def test_after_december_the_bureau_publishes_february():
    row = of("nbs/nev_output.CHN.M.level.ytd", "2024-02-01", "2024-02-01")
    assert (row["newest_period"], row["next_period"], row["next_release"]) == ("2023-12", "2024-02", "2024-03-17")


def test_age_is_that_of_the_day_the_reader_looks_from():
    seen = freshness.of_series(as_of="2024-02-20").set_index("series").loc["nbs/rd_gdp_share.CHN.A.share.period"]
    vintage = select(series="nbs/rd_gdp_share.CHN.A.share.period", as_of="2024-02-20").iloc[-1]["vintage"]
    assert seen["age_days"] == (dt.date(2024, 2, 20) - dt.date.fromisoformat(vintage)).days


def test_what_only_the_communique_has_is_due_in_autumn():
    """The ratio of the country comes in February, those of the provinces with the communiqué."""
    country, province = (of(f"nbs/rd_gdp_share.{area}.A.share.period", "2026-03-15") for area in ("CHN", "CN-BJ"))
    assert country["next_release"] == "2027-03-01"
    assert (province["next_period"], province["next_release"], province["state"]) == ("2025", "2026-10-02", "fresh")


def test_a_forecast_is_not_the_newest_figure():
    table = select(source="ifr")
    assert (table["obs_status"] == "F").any()
    sources = freshness.of_sources(dt.date(2026, 11, 24)).set_index("source")
    observed = table[table["obs_status"] != "F"]["time_period"].max()
    assert sources.loc["ifr", "newest_period"] == observed
    assert of("ifr/industrial_robot_installations_forecast.WLD.A.level.period", "2026-11-24")["next_release"] == ""


def test_nothing_is_expected_of_a_line_that_has_ended():
    ended = [one.id for one in catalogue.load().series.values() if one.missing]
    table = freshness.of_series().set_index("series")
    known = [one for one in ended if one in table.index]
    assert known
    assert set(table.loc[known, "next_release"]) == {""}
