"""The pages of evidence through AppTest: what they say with the published numbers, and with what was known on a day."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import peers, takeaway
from dashboard.figures import evidence
from data import revisions

APP = Path(__file__).parent.parent / "dashboard" / "app.py"


def page(name: str, **link) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    for parameter, value in link.items():
        at.query_params[parameter] = value if isinstance(value, list) else str(value)
    at.switch_page(f"views/{name}.py").run()
    assert not at.exception
    return at


def words_of(at: AppTest) -> str:
    return "\n".join(str(one.value) for kind in ("markdown", "caption", "info") for one in at.get(kind))


def test_the_rd_ratio_of_2023_was_revised_twice():
    at = page("revisions")
    table = at.dataframe[0].value
    steps = table[table["period"] == "2023"]
    assert list(zip(steps["old"], steps["new"], strict=True)) == [("2.65%", "2.58%"), ("2.64%", "2.65%")]
    assert list(steps["change"]) == ["−0.07 percentage points", "+0.01 percentage points"]


def test_revisions_published_later_are_not_known_yet():
    at = page("revisions", as_of="2024-12-01")
    steps = at.dataframe[0].value
    assert list(steps[steps["period"] == "2023"]["new"]) == ["2.65%"]


def test_every_vintage_is_a_point_and_the_standing_one_is_filled():
    history = revisions.history("nbs/rd_gdp_share.CHN.A.share.period")
    figure = evidence.revisions(history, "en", False)
    first, _, last = figure.data[1:4]
    at_2023 = [trace["y"][list(trace["x"]).index("2023")] for trace in (first, last)]
    assert at_2023 == [2.64, 2.58]
    assert sum(len(trace["x"]) for trace in figure.data[1:4]) == len(history)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_robots_of_2021_side_by_side(lang):
    at = page("reconcile", concept="industrial_robots", lang=lang)
    spread = at.dataframe[0].value
    row = spread[spread.iloc[:, 0] == "2021"].iloc[0]
    assert ("268,195 units" if lang == "en" else "26.82万台") in row.iloc[2]
    assert row.iloc[4] == "36.5%"
    assert "ISO 8373" in words_of(at)


def test_a_year_without_figures_says_so_and_offers_the_way_out():
    at = page("reconcile", concept="industrial_robots", **{"from": 2000, "to": 2001})
    assert "2000" in at.info[0].value
    next(one for one in at.button if one.label == "Reset all").click().run()
    assert not at.info


def test_ranks_count_countries_only_and_say_who_moved():
    table = peers.figures("worldbank/rd_gdp_share.share", (), 2010, 2023, "")
    ranked = peers.ranks(table, "2022", "2012").set_index("ref_area")
    assert not {"WLD", "EU27"} & set(ranked.index)
    assert ranked.loc["CHN", "rank"] == int((ranked["value"] > ranked.loc["CHN", "value"]).sum()) + 1
    both = ranked[ranked["earlier"].notna()]
    assert both["rank_change"].sum() == 0


@pytest.mark.parametrize("layout", ["lines", "each", "event"])
def test_peers_in_every_layout(layout):
    at = page("compare", compared="worldbank/rd_gdp_share.share", layout=layout, areas=["CHN", "USA", "KOR"])
    expected = 3 if layout == "each" else 1
    assert len(at.get("plotly_chart")) == expected


def test_an_area_this_indicator_does_not_have_is_said():
    at = page("compare", areas=["CN-BJ", "USA"])
    assert "CN-BJ" in at.warning[0].value and "USA" in at.warning[0].value
    assert at.query_params["areas"] == "USA"


def test_peers_aligned_at_a_day_that_is_no_event():
    at = page("compare", layout="event", base="2020-01-15")
    assert not at.exception and at.get("plotly_chart")


def test_provinces_of_a_year_and_the_scale_of_all_years():
    at = page("provinces", year=2023)
    table = at.dataframe[0].value
    assert len(table) == 31
    assert table.iloc[0].tolist()[1] == "Beijing"
    frame = peers.of_provinces("share")
    figure = evidence.tiles(frame[frame["time_period"] == "2023"], "en", False, top=float(frame["value"].max()))
    assert len(figure.layout["shapes"]) == 31


def test_provinces_that_were_not_published_by_a_day():
    at = page("provinces", year=2024, as_of="2020-01-01")
    assert any("for 2024" in one.value for one in at.info)
    assert not at.get("plotly_chart")


def test_targets_with_distance_and_state():
    table = page("plans").dataframe[0].value.set_index("target")
    row = table.loc["R&D expenditure as a share of GDP, 13th five-year plan"]
    assert (row["goal"], row["newest"], row["state"]) == ("2.5%", "2.41% (2020)", "not reached")
    assert row["distance"] == "−0.09 percentage points", "2.41 against 2.5: a tenth would be more than it is"
    assert row["url"].startswith("http")


def test_every_figure_of_the_plans_has_its_source_and_a_rate_says_that_it_is_one():
    at = page("plans")
    charts = at.get("plotly_chart")
    assert len([one for one in at.caption if one.value.startswith("Source: ")]) == len(charts) > 3
    assert "R&D expenditure · growth as published" in charts[0].proto.spec.encode().decode("unicode_escape")


def test_the_figures_drawn_beside_the_targets_are_in_the_file(monkeypatch):
    taken = []
    monkeypatch.setattr(takeaway, "buttons", lambda frame, *_, **__: taken.append(frame))
    drawn = {chart.proto.id for chart in page("plans").get("plotly_chart")}
    share = taken[0][taken[0]["series"] == "nbs/rd_gdp_share.CHN.A.share.period"]
    assert len(drawn) > 3 and len(share) > 20 and share["time_period"].is_unique


def test_a_target_set_later_is_not_known_yet():
    assert len(page("plans", as_of="2015-01-01").dataframe[0].value) < 10
    assert any("No target" in one.value for one in page("plans", as_of="2000-01-01").info)


def test_signals_have_a_note_each_and_no_score():
    at = page("signals")
    assert len(at.get("plotly_chart")) >= 8
    assert "no score" in words_of(at)


def test_the_method_page_counts_from_the_tables():
    said = words_of(page("method"))
    assert "by more than five" in said
    assert "Above-scale enterprises" in said


def test_a_term_that_is_not_there_is_said():
    at = page("method")
    at.text_input(key="term").set_value("xyzzy").run()
    assert "xyzzy" in at.info[0].value


def test_the_foot_names_the_day_the_data_are_known_on():
    assert any(one.value.startswith("Data as of 30 June 2019") for one in page("method", as_of="2019-06-30").caption)


def test_nothing_is_fetched_when_the_sources_page_opens(upstream):
    at = page("sources")
    assert upstream.requests == []
    assert len(at.dataframe[0].value) > 30


def test_years_stay_when_the_page_is_switched():
    at = page("reconcile", **{"from": 2018, "to": 2024})
    at.switch_page("views/signals.py").run()
    assert [one.value for one in at.number_input] == [2018, 2024]
