"""Figures: what is joined, how figures are marked, where flags stand; on the published numbers."""

import datetime as dt

import pandas as pd
import pytest

import data
from dashboard import figures, rows
from dashboard.figures.flags import FLAG, NARROW, placed
from data import concepts, derive, events

ROBOTS = "nbs/industrial_robot_output.CHN.M.level.ytd"
GROWTH = "nbs/industrial_robot_output.CHN.M.growth.ytd"
SHARE = "nbs/rd_gdp_share.CHN.A.share.period"
VEHICLES = "nbs/vehicle_output.CHN.M.growth.ytd"
YEARS = ("2015-01-01", "2026-12-31")


def spec(figure):
    return figure.to_dict()


def traces(figure, kind, name=""):
    """The traces of a kind; of those with points, the ones whose first point's name holds `name`."""
    found = [one for one in spec(figure)["data"] if one["type"] == kind]
    return [one for one in found if name in one.get("customdata", [[""]])[0][0]] if name else found


def decembers(series, *more):
    """The year-to-date figures of December, and others by period."""
    frame = data.select(series=series, start=2015)
    return frame[frame["time_period"].str.endswith("-12") | frame["time_period"].isin(more)].reset_index(drop=True)


def robots(*more):
    """Levels, published and computed growth of robots, one a year."""
    levels = data.select(series=ROBOTS, start=2015)
    computed = derive.growth(levels)
    shown = decembers(ROBOTS, *more)
    return shown, decembers(GROWTH, *more), computed[computed["time_period"].isin(shown["time_period"])]


def test_every_point_names_its_figure_and_computed_ones_say_so():
    figure = figures.bars_and_growth(*robots(), "en", False, yearly=True)
    (bars,) = traces(figure, "bar")
    assert bars["customdata"][bars["x"].index("2022-07-01")] == [f"{ROBOTS}@2022-12"]
    assert traces(figure, "scatter", f"{GROWTH}~computed@")
    assert traces(figure, "scatter", f"{GROWTH}@")


def test_published_growth_is_filled_computed_a_ring_and_a_stem_joins_them_where_they_are_apart():
    figure = figures.bars_and_growth(*robots(), "en", False, yearly=True)
    (published,) = [one for one in traces(figure, "scatter", GROWTH) if "~" not in one["customdata"][0][0]]
    (computed,) = traces(figure, "scatter", "~computed")
    at = published["x"].index("2022-07-01")
    assert published["y"][at] == -4.8
    assert computed["y"][computed["x"].index("2022-07-01")] == pytest.approx(21.04, abs=0.01)
    assert not any("open" in one for one in published["marker"]["symbol"])
    assert all("open" in one for one in computed["marker"]["symbol"])
    stems = next(one for one in traces(figure, "scatter") if one["mode"] == "lines")
    joined = {stems["x"][n]: stems["y"][n : n + 2] for n in range(0, len(stems["x"]), 3)}
    assert joined["2022-07-01"] == [published["y"][at], computed["y"][computed["x"].index("2022-07-01")]]
    assert "2023-07-01" not in joined, "−2.2 published, −3.1 computed: less than a point"


def test_unfinished_is_what_covers_part_of_a_year_wherever_it_stands():
    levels = decembers(ROBOTS, "2020-05")
    levels = levels[levels["time_period"] != "2020-12"]
    (bars,) = traces(figures.bars_and_growth(levels, levels[:0], levels[:0], "en", False, yearly=True), "bar")
    hatched = [day for day, shape in zip(bars["x"], bars["marker"]["pattern"]["shape"], strict=True) if shape]
    assert hatched == ["2020-07-01"], "in the middle, and not the last one, which is a December"
    assert bars["x"][-1] != "2020-07-01"


def test_gaps_stay_gaps():
    frame = data.select(series=GROWTH, start="2020-02", end="2020-12")
    whole = figures.lines(frame, "en", False)
    cut = figures.lines(frame[frame["time_period"] != "2020-07"], "en", False)
    joined = {tuple(one["x"][n : n + 2]) for one in traces(cut, "scatter") for n in range(0, len(one["x"]), 3)}
    assert ("2020-06-16", "2020-08-16") not in joined
    segments = [len(one["x"]) for figure in (whole, cut) for one in traces(figure, "scatter") if one["mode"] == "lines"]
    assert segments[0] - segments[1] == 6, "both segments at the missing month are gone"


def test_growth_of_february_follows_december_and_levels_restart():
    growth = figures.lines(data.select(series=GROWTH, start="2020-12", end="2021-02"), "en", False)
    level = figures.lines(data.select(series=ROBOTS, start="2020-12", end="2021-02"), "en", False)
    assert [one["mode"] for one in traces(growth, "scatter")] == ["lines", "markers"]
    assert [one["mode"] for one in traces(level, "scatter")] == ["markers"]


def test_a_change_of_definition_cuts_the_line_and_says_why():
    figure = figures.lines(data.select(series=VEHICLES, start="2010-10", end="2011-05"), "en", False)
    (mark,) = [one for one in spec(figure)["layout"]["annotations"] if one["text"] == "//"]
    assert mark["x"] == "2011-01-01", "January and February together are the first figure"
    assert "CNY 20 million" in mark["hovertext"]
    lines = next(one for one in traces(figure, "scatter") if one["mode"] == "lines")
    pairs = [lines["x"][n : n + 2] for n in range(0, len(lines["x"]), 3)]
    assert pairs, "the line goes on on both sides"
    assert not any(before < "2011-01-01" <= after for before, after in pairs)


def test_preliminary_is_hollow_and_doubtful_carries_a_question_mark():
    share = figures.lines(data.select(series=SHARE, start=2020), "en", False)
    markers = traces(share, "scatter", SHARE)[-1]
    assert markers["marker"]["symbol"][markers["customdata"].index([f"{SHARE}@2025"])].endswith("-open")
    assert not markers["marker"]["symbol"][0].endswith("-open")
    doubtful = traces(figures.lines(data.select(series=ROBOTS, start="2025-02"), "en", False), "scatter", ROBOTS)[-1]
    assert doubtful["text"][doubtful["customdata"].index([f"{ROBOTS}@2025-08"])] == "?"
    assert doubtful["text"][0] == ""


def test_one_unit_a_panel():
    both = data.select(series=[ROBOTS, GROWTH], start=2024)
    with pytest.raises(ValueError, match="one panel, one unit"):
        figures.lines(both, "en", False)


def test_the_unit_suits_the_language():
    levels, published, computed = robots()
    for lang, unit, top in (("en", "sets", 773074), ("zh", "万套", 77.3074)):
        figure = figures.bars_and_growth(levels, published, computed, lang, False, yearly=True, title="T")
        assert unit in spec(figure)["layout"]["annotations"][0]["text"]
        assert max(traces(figure, "bar")[0]["y"]) == pytest.approx(top)


def test_a_log_axis_shows_every_figure():
    frame = data.select(series="nbs/rd_expenditure.CHN.A.level.period")
    axis = spec(figures.lines(frame, "en", False, log=True))["layout"]["yaxis"]
    low, high = (10.0**one for one in axis["range"])
    values = [y for one in traces(figures.lines(frame, "en", False), "scatter") for y in one["y"] if y]
    assert axis["type"] == "log"
    assert low < min(values) < max(values) < high


def test_nothing_on_a_figure_traps_the_scrolling_of_a_phone():
    for figure in (figures.bars_and_growth(*robots(), "en", True), figures.lines(robots()[1], "en", True)):
        layout = spec(figure)["layout"]
        assert layout["dragmode"] is False
        assert all(layout[name]["fixedrange"] for name in layout if name.startswith(("xaxis", "yaxis")))


def all_events(**more):
    sectors = ("nev", "robots", "solar", "rd")
    return rows.steps(sectors, events.KINDS, more.get("significance", 3), 2015, 2026).each


def test_two_events_on_one_day_are_both_there():
    found = [one for one, _ in placed(all_events(), *YEARS)]
    assert {"2024-03-05-gwr-2024", "2024-03-05-jiangsu-2024"} <= {one.id for one in found}


@pytest.mark.parametrize("significance", [1, 3])
def test_no_two_flags_touch_on_a_phone(significance):
    first, last = (dt.date.fromisoformat(day) for day in YEARS)
    by_track = {}
    for one, track in placed(all_events(significance=significance), *YEARS):
        by_track.setdefault(track, []).append((one.day.date() - first).days * NARROW / (last - first).days)
    for places in by_track.values():
        ordered = sorted(places)
        assert all(b - a >= FLAG - 0.2 for a, b in zip(ordered, ordered[1:], strict=False))


def test_the_weightier_events_have_room_first():
    every = all_events(significance=1)
    shown = [one for one, _ in placed(every, *YEARS)]
    weights = {one.id: one.significance for one in every}
    left = set(weights) - {one.id for one in shown}
    assert left, "not all of them have room"
    assert max(weights[one] for one in left) <= 3
    assert sum(one.significance == 3 for one in shown) > sum(weights[one] == 3 for one in left)


def test_flags_make_room_above_the_figure():
    levels, published, computed = robots()
    bare = spec(figures.bars_and_growth(levels, published, computed, "en", False, yearly=True, reach=YEARS))
    flagged = figures.bars_and_growth(
        levels, published, computed, "en", False, yearly=True, reach=YEARS, events=all_events()
    )
    layout = spec(flagged)["layout"]
    assert layout["height"] > bare["layout"]["height"]
    assert layout["yaxis"]["domain"][1] <= layout["yaxis99"]["domain"][0]
    flags = spec(flagged)["data"][-1]
    assert flags["customdata"][0][0].startswith("event:")
    assert flags["text"] == sorted(flags["text"], key=int)


def test_a_goal_is_drawn_over_its_years_in_its_own_unit():
    goal = figures.Goal("2021-01-01", "2025-12-31", 7.0, "percent", 0, "plan", False, "npc/x@2025")
    frame = data.select(series="nbs/rd_expenditure.CHN.A.growth.period")
    layout = spec(figures.lines(frame, "en", False, targets=[goal]))["layout"]
    (dash,) = [one for one in layout["shapes"] if one["line"].get("dash") == "dash"]
    assert (dash["x0"], dash["x1"], dash["y0"]) == ("2021-01-01", "2025-12-31", 7.0)
    assert any("7%" in one["text"] for one in layout["annotations"])
    money = data.select(series="nbs/rd_expenditure.CHN.A.level.period")
    assert not any(
        one["line"].get("dash") == "dash"
        for one in spec(figures.lines(money, "en", False, targets=[goal]))["layout"]["shapes"]
    )
    assert goal.within(2026, 2030) is None


def test_the_strip_has_a_lane_a_kind_and_the_plans_without_overlap():
    bands = [figures.Band("2016-01-01", "2020-12-31", "13th five-year plan", "13th"),
             figures.Band("2021-01-01", "2025-12-31", "14th five-year plan", "14th")]  # fmt: skip
    steps = all_events()
    figure = spec(figures.strip(steps, bands, "en", False, YEARS))
    lanes = [one for one in figure["data"] if one["mode"] == "markers+text"]
    assert sum(len(one["x"]) for one in lanes) == figures.strip_count(steps, YEARS)
    boxes = [one for one in figure["layout"]["shapes"] if one["type"] == "rect"]
    assert len({one["y0"] for one in boxes}) == 1, "one after the other in one row"
    tails = [day for one in figure["data"] if one["mode"] == "lines" for day in one["x"]]
    assert "2018-04-01" in tails, "dual credits: announced in 2017, in force in April 2018"


def test_a_figure_is_as_good_as_any_plotly_figure():
    figure = figures.lines(robots()[1], "en", False)
    plain = figure.to_dict()
    assert figure.data[0].type == "scatter"
    assert figure.layout.height == plain["layout"]["height"]
    with pytest.raises(AttributeError):
        _ = figure.nothing


def test_hover_is_in_the_readers_language():
    for lang, words in (("en", "Jan–Oct 2022"), ("zh", "2022年1—10月")):
        figure = figures.lines(data.select(series=GROWTH, start="2022-10", end="2022-10"), lang, False)
        assert words in traces(figure, "scatter", GROWTH)[-1]["hovertext"][0]


@pytest.mark.parametrize(("lang", "month"), [("en", "%b %Y"), ("zh", "%Y年%-m月")])
def test_one_figure_alone_stands_in_a_year_and_months_are_in_the_readers_language(lang, month):
    shown = spec(figures.lines(data.select(series=GROWTH, start="2022-10", end="2022-10"), lang, False))
    low, high = shown["layout"]["xaxis"]["range"]
    assert low.startswith("2022-0") and high.startswith("2023-0"), "an axis around one day would show hours"
    assert [one["value"] for one in shown["layout"]["xaxis"]["tickformatstops"]] == ["%Y", month]
    assert spec(figures.lines(data.select(series=GROWTH), lang, False))["layout"]["xaxis"]["range"] is None


def test_a_long_legend_leaves_the_figure_its_room():
    many = concepts.yearly(next(one for one in concepts.concepts() if one.id == "nev"))
    one = many[many["series"] == many["series"].iloc[0]]
    tall, low = (spec(figures.lines(frame, "en", False))["layout"]["height"] for frame in (many, one))
    assert low == 320 and tall >= low + 20 * (many["series"].nunique() - 3)


@pytest.mark.parametrize(("lang", "room"), [("en", 52), ("zh", 24)])
def test_no_line_of_a_legend_is_longer_than_a_phone_has_room_for(lang, room):
    robots = concepts.yearly(next(one for one in concepts.concepts() if one.id == "industrial_robots"))
    frame = robots.assign(unit_measure="units")
    called = set(figures.names(frame, lang).values())
    shown = {one["name"] for one in traces(figures.lines(frame, lang, False), "scatter")}
    assert {name.replace("<br>", " ") for name in shown} == called
    assert max(map(len, called)) > room >= max(len(line) for name in shown for line in name.split("<br>"))


def test_figures_of_one_year_stand_in_one_place():
    installed = data.select(series="ifr/industrial_robot_installations.CHN.A.level.period", start="2022", end="2022")
    made = data.select(series=ROBOTS, start="2022-12", end="2022-12")
    year = pd.concat([installed, made], ignore_index=True).assign(unit_measure="units")
    drawn = traces(figures.lines(year, "en", False, yearly=True), "scatter")
    assert {day for trace in drawn for day in trace["x"]} == {"2022-07-01"}


def test_names_tell_apart_what_differs_and_nothing_else():
    two = pd.concat([derive.published(robots()[1]), robots()[2]], ignore_index=True)
    assert set(figures.names(two, "en").values()) == {"growth as published", "computed from published figures"}
    months = derive.discrete(data.select(series="nbs/nev_output.CHN.M.level.ytd", start="2023-02", end="2023-04"))
    beside = pd.concat([months, derive.published(data.select(series="nbs/nev_output.CHN.M.level.period"))])
    assert months["span"].iloc[0] == "ytd", "January and February are one figure"
    assert set(figures.names(beside, "en").values()) == {"computed from published figures", "as published"}
