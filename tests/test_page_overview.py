"""The overview: the sentence, what the panels hold, filters, the timeline, what to know before quoting, the table."""

import datetime as dt
import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import measured, panels, policy, quoting, rows, texts, words
from dashboard.parameters import View
from data import catalogue, derive, events

FOUNDING = ("nev", "solar", "robots", "rd")
NEV, ROBOTS = "nbs/nev_output.CHN", "nbs/industrial_robot_output.CHN"


def view(**changes):
    """What a reader asks for who has changed this and nothing else."""
    plain = dict.fromkeys(View._fields, "") | {
        "lang": "en", "sector": FOUNDING, "start": 2015, "end": 2026, "measure": "level", "publisher": (),
        "quality": (),
        "events": events.KINDS, "significance": 3, "base": rows.coined(), "subject": (), "weight": 1,
    }  # fmt: skip
    return View(**(plain | changes))


def visit(**given):
    at = AppTest.from_file("../dashboard/app.py", default_timeout=60)
    for name, value in given.items():
        at.query_params[name.rstrip("_")] = value
    at.run()
    assert not at.exception
    return at


def figures(at):
    return [json.loads(one.proto.spec) for one in at.get("plotly_chart")]


def points(figure):
    """The names of all points of a figure."""
    return {one[0] for trace in figure["data"] for one in trace.get("customdata", []) if one[0]}


def html(at):
    return " ".join(one.proto.body for one in at.get("html"))


def said(at):
    return " ".join(one.value for one in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error)) + html(at)


def value(frame, series, period):
    row = frame[(frame["series"] == series) & (frame["time_period"] == period)]
    return float(row["value"].iloc[-1])


def test_the_sentence_has_the_newest_figure_its_growth_and_its_release():
    at = visit()
    newest = rows.of([f"{NEV}.M.level.ytd"]).iloc[-1]
    growth = value(rows.of([f"{NEV}.M.growth.ytd"]), f"{NEV}.M.growth.ytd", newest["time_period"])
    lead = html(at).split('class="lead">')[1].split("</p>")[0]
    assert words.quantity(newest["value"], newest["unit_measure"], newest["unit_mult"], "en") in lead
    assert words.period(newest["time_period"], "ytd", "en") in lead
    assert f"{words.change(growth, 'en')} as published" in lead
    assert words.day(newest["published"], "en") in lead
    counts = rows.fresh_count()
    assert f"{counts['fresh']} of {counts['all']} sources fresh" in html(at)
    assert f"data as of {words.day(rows.data_date(), 'en')}" in html(at)


def test_four_panels_on_one_time_axis_and_the_timeline():
    drawn = figures(visit())
    assert len(drawn) == 5
    assert {tuple(one["layout"]["xaxis"]["range"]) for one in drawn} == {("2015-01-01", "2026-12-31")}


def test_every_plotted_point_is_a_row_of_the_table_and_the_other_way_round():
    for measure in ("level", "ytd", "index"):
        shown = [panels.of(sector, view(measure=measure)) for sector in FOUNDING]
        frame = panels.together(shown)
        plotted = {
            name
            for one in shown
            for block in one.blocks
            for part in (block.levels, block.published, block.computed, block.other, block.earlier)
            for row in part
            for name in row.names
        }
        plotted |= {goal.point for one in shown for block in one.blocks for goal in block.goals}
        assert set(frame["series"] + "@" + frame["time_period"]) == plotted


def test_the_figure_of_a_year_is_that_of_december_and_the_running_year_is_what_there_is():
    robots = panels.of("robots", view()).frame
    assert value(robots, f"{ROBOTS}.M.level.ytd", "2022-12") == 443055
    assert value(robots, f"{ROBOTS}.M.growth.ytd", "2022-12") == -4.8
    assert value(robots, f"{ROBOTS}.M.growth.ytd~computed", "2022-12") == pytest.approx(21.04, abs=0.01)
    newest = rows.of([f"{ROBOTS}.M.level.ytd"]).iloc[-1]["time_period"]
    levels = robots[robots["series"] == f"{ROBOTS}.M.level.ytd"]["time_period"]
    assert [one for one in levels if not one.endswith("-12")] == [newest]
    nev = panels.of("nev", view()).frame
    assert value(nev, f"{NEV}.A.level.period", "2025") == 1652.4, "December 2025 was not read, the year was"


def test_another_official_figure_and_earlier_vintages_are_drawn_beside():
    industrial = panels.of("robots", view()).blocks[0]
    other = {name for one in industrial.other for name in one.names}
    assert f"{ROBOTS}.A.level.period@2020" in other, "212,000 sets beside 237,068"
    share = panels.of("rd", view()).frame
    of_2023 = share[(share["time_period"] == "2023") & (share["measure"] == "share")]
    assert sorted(of_2023["value"]) == [2.58, 2.64, 2.65]
    amount = "nbs/basic_research_expenditure.CHN.A.level.period"
    basic = share[(share["series"] == amount) & (share["time_period"] == "2023")]
    assert sorted(basic["value"].round(1)) == [2212.0, 2259.1], "in 100 million yuan"


def test_service_robots_stand_beside_industrial_ones_on_a_scale_of_their_own():
    blocks = panels.of("robots", view()).blocks
    assert [one.title for one in blocks] == ["Industrial robot output", "Service robot output"]
    figure = figures(visit(sector="robots"))[0]
    heads = [one["text"] for one in figure["layout"]["annotations"] if "<b>" in one["text"]]
    assert "million sets" in heads[1]
    assert "million" not in heads[0]


def test_the_plan_line_of_research_comes_from_the_targets():
    goals = panels.of("rd", view()).blocks[0].goals
    (plan,) = [one for one in goals if one.start == "2021-01-01" and not one.at_end]
    assert (plan.value, plan.end) == (7.0, "2025-12-31")
    assert panels.of("rd", view(as_of="2020-12-31")).blocks[0].goals != goals, "not set yet in 2020"


def test_as_known_on_reaches_panel_sentence_and_table():
    then = view(as_of="2024-03-31")
    share = panels.of("rd", then)
    assert value(share.frame, "nbs/rd_gdp_share.CHN.A.share.period", "2023") == 2.64
    assert share.frame["vintage"].max() <= "2024-03-31"
    assert share.figures[0].time_period == "2023"
    at = visit(as_of="2024-03-31")
    assert "2.64%" in html(at)
    assert all(one["layout"]["xaxis"]["range"][1] == "2026-12-31" for one in figures(at))
    flags = {name for one in figures(at) for name in points(one) if name.startswith("event:")}
    assert "event:2024-03-05-gwr-2024" in flags
    assert not any(name > "event:2024-04" for name in flags)


def test_comparable_only_leaves_published_growth_and_no_levels_of_a_changing_population():
    nev = panels.of("nev", view(quality=("comparable",)))
    assert set(nev.frame["measure"]) == {"growth"}
    assert set(nev.frame["basis"]) == {"published_comparable"}
    assert "share" in set(panels.of("rd", view(quality=("comparable",))).frame["measure"])


def test_final_only_leaves_preliminary_figures_and_vintages_out():
    share = panels.of("rd", view(quality=("final",))).frame
    assert not set(share[share["basis"] != "computed_from_levels"]["obs_status"]) & set(measured.NOT_FINAL)
    assert "2025" not in set(share[share["measure"] == "share"]["time_period"])


def test_primary_only_reads_nothing_quoted():
    for sector in FOUNDING:
        frame = panels.of(sector, view(quality=("primary",))).frame
        own = frame[(frame["basis"] != "computed_from_levels") & (frame["source"] != "npc")]
        assert set(own["confidence"]) <= {"primary"}


def test_a_publisher_replaces_the_headline_by_the_next():
    assert panels.of("nev", view(publisher=("caam",))).indicator == "caam/nev_production"
    assert panels.of("robots", view(publisher=("ifr",))).indicator == "ifr/industrial_robot_installations"
    assert panels.of("solar", view(publisher=("caam",))).indicator == ""


def test_an_emptied_panel_says_which_filters_and_offers_the_way_out():
    at = visit(publisher="caam", sector="solar")
    assert "Solar power" in at.info[0].value
    assert "caam" in at.info[0].value
    at.button(key="clear_solar").click().run()
    assert not at.info
    assert len(figures(at)) == 2


def test_years_the_wrong_way_round_and_no_sector_are_said_not_drawn():
    at = visit(from_="2024", to="2016")
    assert "2024" in at.error[0].value
    assert not figures(at)
    assert "No sector" in visit(sector="").info[0].value


def test_index_to_an_event_is_a_hundred_at_it_and_names_it():
    nev = panels.of("nev", view(measure="index"))
    at_event = nev.frame[nev.frame["time_period"] == "2023-09"]
    assert at_event["value"].tolist() == [100.0]
    assert set(nev.frame["measure"]) == {"index"}
    at = visit(measure="index", base="2024-07-15-third-plenum")
    assert "Third Plenum" in said(at)
    assert panels.of("innovation", view(measure="index")).indicator == "", "a rank has no index"


def test_year_to_date_has_one_figure_for_january_and_february():
    frame = panels.of("nev", view(measure="ytd")).frame
    assert not any(one.endswith("-01") for one in frame["time_period"])
    assert any(one.endswith("-02") for one in frame["time_period"])
    assert panels.of("rd", view(measure="ytd")).measure == "level"
    assert "no year-to-date figures" in said(visit(measure="ytd", sector="rd"))


def test_a_year_that_is_not_finished_is_said_in_words():
    newest = rows.of([f"{NEV}.M.level.ytd"]).iloc[-1]["time_period"]
    day = min(dt.date.today().isoformat(), f"{newest[:4]}-12-31")
    assert f"{words.period(newest, 'ytd', 'en')} is the newest figure; the year is not finished" in said(
        visit(as_of=day)
    )


def test_events_are_scoped_to_the_sector_of_the_panel():
    drawn = dict(zip(FOUNDING, figures(visit()), strict=False))
    solar = "event:2018-05-31-531-notice"
    assert solar in points(drawn["solar"])
    assert all(solar not in points(drawn[one]) for one in ("nev", "robots", "rd"))
    both = {"event:2024-03-05-gwr-2024", "event:2024-03-05-jiangsu-2024"}
    assert all(both <= points(drawn[one]) for one in FOUNDING)


def test_numbers_on_panels_are_those_of_the_timeline():
    drawn = figures(visit())
    numbers = [
        {name[0]: text for name, text in zip(one["customdata"], one["text"], strict=True)}
        for figure in drawn
        for one in figure["data"]
        if one.get("mode") == "markers+text" and one["customdata"][0][0].startswith("event:")
    ]
    strip = {name: text for lane in numbers[4:] for name, text in lane.items()}
    for panel in numbers[:4]:
        assert panel.items() <= strip.items()


def test_bands_of_plans_and_of_the_subsidy_come_from_the_tables():
    bands = {one.name: (one.start, one.end) for one in policy.bands("en", ["nev"])}
    assert bands["14th five-year plan"] == ("2021-01-01", "2025-12-31")
    assert {"13th five-year plan", "15th five-year plan"} <= set(bands)
    assert bands["NEV purchase subsidy"] == ("2009-01-01", "2022-12-31")
    assert "NEV purchase subsidy" not in {one.name for one in policy.bands("en", ["solar"])}
    assert "15th five-year plan" not in {one.name for one in policy.bands("en", ["nev"], "2024-01-01")}
    then = {one.name: one.end for one in policy.bands("en", ["nev"], "2019-06-30")}
    assert then["NEV purchase subsidy"] == "2019-06-30", "that it would end was not known"


def test_the_day_of_the_term_is_marked_once_it_is_known():
    for as_of, known in (("2023-09-07", True), ("2023-09-06", False)):
        at = visit(as_of=as_of)
        assert ("the term was first used" in html(at)) is known
        uprights = [one for one in figures(at)[0]["layout"]["shapes"] if one.get("x0") == one.get("x1") == "2023-09-07"]
        assert bool(uprights) is known


def test_an_event_is_read_with_its_dates_and_growth_on_both_sides():
    at = visit(event="2017-09-28-dual-credit")
    assert "28 September 2017" in html(at)
    assert "1 April 2018" in html(at)
    sides = policy.around(["nbs/nev_output"], "2023-09-07")
    series = sides["series"].unique()
    assert len(series) == 1
    growth = rows.of(series)
    expected = derive.before_after(growth, "2023-09-07")
    assert sides["n"].tolist() == expected["n"].tolist()
    assert (sides["n"] > 0).all()
    shown = at.table[0].value
    assert "n = " in shown.iloc[0, -1]
    assert "timing, not cause" in said(at)


def test_an_event_of_the_link_that_is_none_falls_back_with_a_notice():
    at = visit(event="2024-13-nothing")
    assert "event" in at.warning[0].value


def test_what_to_know_before_quoting_is_five_lines_and_the_other_official_figures():
    for sector in FOUNDING:
        for block in panels.of(sector, view()).blocks:
            found = quoting.of(block.levels[-1].series, "en")
            assert len(found.lines) == 5
    nev = quoting.of(f"{NEV}.M.level.ytd", "en")
    assert nev.concept == "nev"
    assert "other official figures" in nev.others
    assert "%" in nev.others
    at = visit()
    assert html(at).count("<b>Does not count:</b>") == 6


def test_the_table_holds_the_plotted_rows():
    at = visit(sector="robots")
    frame = panels.of("robots", view(sector=("robots",))).frame
    assert len(at.dataframe[-1].value) == len(frame)


def test_everything_is_said_in_chinese():
    at = visit(lang="zh")
    assert "最新：" in html(at)
    assert "万辆" in html(at)
    assert "引用前须知" in said(at)
    english = texts.strings("en")
    left = [key for key, text in english.items() if key.startswith("overview.") and len(text) > 20 and text in said(at)]
    assert not left


def test_the_sectors_beyond_the_four_stand_below_a_line_of_their_own():
    others = [one.id for one in catalogue.load().sectors.values() if not one.theme and not one.founding]
    at = visit(sector=["nev", *others])
    assert "## Further sectors" in [one.value for one in at.markdown]
    assert len(figures(at)) == 2 + len(others)
    assert all(panels.of(one, view()).indicator for one in others), "each sector has a headline"


def test_a_table_of_panels_keeps_their_order_and_needs_no_panel():
    shown = [panels.of(one, view()) for one in ("rd", "nev")]
    assert panels.together(shown)["sector"].drop_duplicates().tolist() == ["rd", "nev"]
    assert panels.together([panels.of("solar", view(publisher=("caam",)))]).empty
    assert isinstance(panels.together(shown), pd.DataFrame)
