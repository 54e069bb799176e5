"""The Explore page: any series in any measure, filters with a way out, events, rows, what is missing."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import number, parameters, presets, selection, texts
from data import events

NEV = "nbs/nev_output.CHN.M.level.ytd"
ROBOTS = "nbs/industrial_robot_output.CHN.M.growth.ytd"
SHARE = "nbs/rd_gdp_share.CHN.A.share.period"
COMPUTED = "computed from published figures"


def visit(**given):
    at = AppTest.from_file("../dashboard/app.py", default_timeout=60)
    at.switch_page("views/explore.py")
    for name, value in given.items():
        at.query_params[name.rstrip("_")] = value
    at.run()
    assert not at.exception
    return at


def charts(at):
    return at.get("plotly_chart")


def table(at):
    """The table of the rows, the last one of the page."""
    return at.dataframe[-1].value


def button(at, label):
    return next(one for one in at.button if one.label == label)


def said(at):
    return " ".join(one.value for one in (*at.warning, *at.info, *at.error, *at.caption))


def test_without_a_choice_the_headlines_of_the_founding_sectors():
    at = visit()
    assert len(charts(at)) == 4, "four units, four panels"
    assert set(table(at)["Series"]) == {
        "New energy vehicle output", "Solar cell output", "Industrial robot output",
        "R&D expenditure as a share of GDP",
    }  # fmt: skip


@pytest.mark.parametrize("lang", texts.LANGUAGES)
@pytest.mark.parametrize("measure", parameters.MEASURES)
def test_every_measure_in_both_languages(measure, lang):
    given = {"since": "2019-12", "until": "2023-12", "whole": "nbs/vehicle_output"}
    series = {"change": [SHARE], "cagr": [NEV, "nbs/rd_expenditure.CHN.A.level.period"]}.get(measure, [NEV])
    at = visit(measure=measure, lang=lang, series=series, **given)
    assert charts(at)
    say = texts.of(lang)
    assert len(table(at)) > 0 and list(table(at))[0] == say("table.period")
    assert any(text.value.startswith(say("chart.order").partition("{")[0]) or say("chart.order").partition("{")[0] in
               text.value for text in at.caption), "the order of operations stands under the chart"  # fmt: skip


def test_published_and_computed_growth_with_the_gap_and_the_implied_base():
    at = visit(preset="robots_two_truths")
    assert len(charts(at)) == 2, "growth in per cent and the gap in percentage points are panels of their own"
    rows = table(at)
    october = rows[rows["Period"] == "Jan–Oct 2022"]
    assert sorted(october["Value"].round(1)) == [-3.2, 21.6, 24.8]
    assert set(october["Unit"]) == {"%", "percentage points"}
    gaps = next(one.value for one in at.dataframe if "Implied comparable base" in one.value)
    row = gaps[gaps["Period"] == "Jan–Oct 2022"].iloc[0]
    assert (row["Implied comparable base"], row["Base as published"]) == ("374,554 sets", "298,098 sets")


@pytest.mark.parametrize("until", ["2023-01", "2050", "2099-12"])
def test_an_end_without_a_figure_is_said(until):
    at = visit(series=NEV, measure="cagr", until=until)
    assert not charts(at) and "ompound growth" in said(at)
    assert button(at, "Show the series as published")


def test_a_line_that_cannot_be_indexed_is_named_beside_those_that_can():
    at = visit(series=[NEV, "nbs/rd_expenditure.CHN.A.level.period"], measure="index", base="2009-ten-cities-pilot")
    assert charts(at) and "no published figure for 2009-01 to compare with" in said(at)


def test_nothing_known_by_a_day_offers_the_figures_of_today():
    at = visit(series=NEV, as_of="2005-01-01")
    assert not charts(at)
    button(at, "Clear: As known on").click().run()
    assert not at.exception and charts(at)


def test_years_that_leave_nothing_give_way_to_those_of_the_figures():
    at = visit(series="nbs/rd_expenditure.CHN.A.level.period", as_of="2012-12-31")
    button(at, "Clear: Years").click().run()
    assert not at.exception and charts(at), "the years shown at first would leave nothing again"


def test_a_single_month_says_where_the_difference_disagrees():
    rows = table(visit(series=NEV, measure="month", from_="2023", to="2023"))
    december = rows[(rows["Period"] == "Dec 2023")].set_index("Basis")["Value"]
    assert december["as published"] == 114.1 and round(december[COMPUTED], 1) == 139.4
    assert rows["Status"].str.contains("the difference of the year-to-date figures departs by").any()
    assert not rows["Period"].str.startswith("Jan 2023").any()


def test_as_known_on_a_day_reaches_chart_and_rows():
    then = table(visit(series=SHARE, as_of="2024-03-05")).set_index("Period")["Value"]
    now = table(visit(series=SHARE)).set_index("Period")["Value"]
    assert (then["2023"], now["2023"]) == (2.64, 2.58)
    assert "2024" not in then


def test_years_and_quality_cut_the_rows():
    at = visit(series=SHARE, from_="2018", to="2020")
    assert table(at)["Period"].tolist() == ["2020", "2019", "2018"]
    final = table(visit(series=SHARE, quality="final"))
    assert "preliminary" not in set(final["Status"])


def test_the_data_link_leaves_out_what_the_filter_leaves_out():
    at = visit(series=SHARE, quality="final")
    at.session_state["explore_cite"] = True
    at.run()
    (link,) = [one.value for one in at.get("code") if one.value.startswith("/api/v1/observations.csv?")]
    assert link.endswith("&obs_status=A,B,D,L,M,U")


def test_the_whole_of_a_share_has_its_title_in_the_order_of_operations():
    at = visit(series=NEV, measure="share", whole="nbs/vehicle_output")
    (order,) = [one.value for one in at.caption if "Order of operations" in one.value]
    assert "published level year to date → share of Motor vehicle output" in order


def test_a_filter_that_empties_the_view_is_named_and_cleared():
    at = visit(series=NEV, areas="DEU")
    assert not charts(at) and "These filters take them: Area" in said(at)
    button(at, "Clear: Area").click().run()
    assert len(charts(at)) == 1 and at.session_state["areas"] == []
    first = str(parameters.span()[0])
    early = visit(series=NEV, from_=first, to=first)
    assert "These filters take them: Years" in said(early)
    button(early, "Clear: Years").click().run()
    assert len(charts(early)) == 1


def test_a_series_left_out_is_named_and_let_through():
    at = visit(series=[NEV, ROBOTS], sector=["nev"])
    assert set(table(at)["Series"]) == {"New energy vehicle output"}
    assert "Left out by the filter on Sector" in said(at)
    button(at, "Let them through").click().run()
    assert "Industrial robot output" in set(table(at)["Series"])


def test_what_cannot_be_computed_is_refused_in_words():
    at = visit(series=SHARE, measure="computed", lang="zh")
    assert "未公布可用于计算的绝对量" in said(at) and not charts(at)
    button(at, "按公布值显示").click().run()
    assert len(charts(at)) == 1
    utilisation = visit(series="nbs/capacity_utilisation_industry.CHN.Q.level.period", measure="computed")
    assert "Use the change in percentage points" in said(utilisation)


@pytest.mark.parametrize("text", ["NEV", "电动车", "新能源汽车", "ev"])
def test_search_adds_a_series_and_its_sector(text):
    at = visit(sector=["rd"])
    at.text_input(key="find").set_value(text).run()
    found = [one for one in at.button if str(one.key).startswith("add_")]
    assert found and all(
        "新能源" in one.key or "nev" in one.key or "ev" in one.key or "vehicle" in one.key for one in found
    )
    at.button(key=f"add_{NEV}").click().run()
    assert at.session_state["series"] == [NEV] and at.session_state["sector"] == ["rd", "nev"]
    assert at.session_state["find"] == "" and len(charts(at)) == 1


def test_a_search_without_result_says_what_to_try():
    at = visit()
    at.text_input(key="find").set_value("zzzz `x`").run()
    assert "Nothing is called `zzzz 'x'`" in said(at)
    button(at, "Clear the search").click().run()
    assert at.session_state["find"] == ""


def test_browsing_leads_to_the_lines_of_an_indicator():
    at = visit(sector=["rd"])
    at.selectbox(key="browse_sector").set_value("innovation").run()
    at.selectbox(key="browse_indicator").set_value("wipo/gii_rank").run()
    at.multiselect(key="browse_lines").set_value(["wipo/gii_rank.CHN.A.rank.period"]).run()
    button(at, "Show these as well").click().run()
    assert at.session_state["series"] == ["wipo/gii_rank.CHN.A.rank.period"]
    assert len(charts(at)) == 1


def test_a_log_scale_has_a_reason_and_is_refused_for_growth():
    assert "equal distances are equal rates of growth" in said(visit(series=NEV, scale="log"))
    assert "No log scale here" in said(visit(series=NEV, scale="log", measure="growth"))


def test_small_multiples_with_the_same_or_their_own_scale():
    assert len(charts(visit(preset="growth_of_four"))) == 4
    assert len(charts(visit(preset="growth_of_four", axis="own"))) == 4


def test_events_are_scoped_to_the_sectors_and_two_of_one_day_are_both_there():
    at = visit(series=NEV, significance="1")
    offered = at.selectbox(key="event").options
    table_ = events.for_sectors(events.load(), ["nev"])
    inside = table_[table_["day"].dt.year.between(2015, at.session_state["to"])]
    assert len(offered) == len(inside) + 1
    days = inside["date"].value_counts()
    twice = days[days > 1].index[0]
    assert sum(twice in one for one in offered) == days[twice]
    none = visit(series=NEV, events="")
    assert not any(one.key == "event" for one in none.selectbox)


def test_an_event_is_read():
    at = visit(series=NEV)
    chosen = at.selectbox(key="event").options[1]
    at.selectbox(key="event").select_index(1).run()
    assert not at.exception and at.session_state["event"] and chosen
    assert (
        at.query_params["event"] == [at.session_state["event"]] or at.query_params["event"] == at.session_state["event"]
    )


def test_what_is_missing_has_a_reason():
    at = visit(series=NEV, from_="2010")
    missing = next(one.value for one in at.dataframe if "Reason" in one.value)
    assert {"out of scope", "January and February are published as one figure"} <= set(missing["Reason"])
    ended = visit(series="ifr/robot_density.CHN.A.level.period")
    reasons = next(one.value for one in ended.dataframe if "Reason" in one.value)["Reason"]
    assert "discontinued" in set(reasons)


@pytest.mark.parametrize("name", presets.views())
def test_every_named_view_is_drawn(name):
    at = visit(preset=name)
    assert charts(at) and "asks for" not in said(at)


def test_a_card_opens_from_the_link_and_leads_to_its_inputs():
    at = visit(series=ROBOTS, measure="both", point=f"{ROBOTS}~computed@2022-10")
    inputs = [one for one in at.button if str(one.key).startswith("input_")]
    assert [one.label.rpartition(": ")[2] for one in inputs] == ["362,568 sets", "298,098 sets"]
    inputs[0].click().run()
    assert not at.exception
    assert at.session_state["point"] == "nbs/industrial_robot_output.CHN.M.level.ytd@2022-10"
    assert number.of(at.session_state["point"]).row.value == 362568


def test_an_index_starts_from_an_event_or_a_day():
    at = visit(series="nbs/rd_expenditure.CHN.A.level.period", measure="index", base="2019-06-30")
    rows = table(at).set_index("Period")["Value"]
    assert rows["2019"] == 100
    event = at.selectbox(key="base").options
    assert any("2023-09-07" in one for one in event)
    at.date_input(key="base_day").set_value("2021-05-05").run()
    assert at.session_state["base"] == "2021-05-05" and table(at).set_index("Period")["Value"]["2021"] == 100


def test_a_publisher_filter_picks_the_headline_of_that_publisher():
    at = visit(sector="nev", publisher="caam")
    assert selection.sectors_of(["caam/nev_production.CHN.M.level.ytd"]) == ["nev"]
    assert set(table(at)["Publisher"]) == {"China Association of Automobile Manufacturers (CAAM)"}
