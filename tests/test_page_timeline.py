"""The timeline page: all events, its filters, the list by year, one event to read, the file."""

import csv
import io
import json

from streamlit.testing.v1 import AppTest

from dashboard import figures, policy, rows
from data import events, export


def visit(**given):
    at = AppTest.from_file("../dashboard/app.py", default_timeout=60)
    at.switch_page("views/timeline.py")
    for name, value in given.items():
        at.query_params[name.rstrip("_")] = value
    at.run()
    assert not at.exception
    return at


def listed(at):
    """The heads of the events listed, by year from the newest."""
    return [one.split("</h3>")[0] for one in html(at).split("<h3>")[1:]]


def html(at):
    return " ".join(one.proto.body for one in at.get("html"))


def count(at):
    return next(one.value for one in at.caption if "of 120 events" in one.value)


def test_all_events_without_a_choice_but_years():
    at = visit(from_="2009")
    assert count(at) == "120 of 120 events"
    assert len(listed(at)) == len(events.load()) == 120


def test_an_event_known_to_the_year_is_known_by_its_end():
    fund = "2019-ic-fund-2"
    for as_of, known in (("2019-12-30", False), ("2019-12-31", True), ("", True)):
        steps = rows.steps(("ic",), events.KINDS, 1, 2019, 2019, as_of)
        assert (fund in {one.id for one in steps.each}) is known


def test_a_button_shows_all_of_them_whatever_was_filtered():
    at = visit(weight="3", subject="solar", from_="2020")
    assert not count(at).startswith("120")
    next(one for one in at.button if one.label == "Show all 120 events").click().run()
    assert count(at) == "120 of 120 events"


def test_filters_by_subject_kind_weight_and_year():
    table = events.load()
    quantum = table[table["sectors"].str.split(";").map(lambda codes: bool({"quantum", "all"} & set(codes)))]
    assert len(listed(visit(subject="quantum", from_="2009"))) == len(quantum)
    laws = table[(table["kind"] == "law_or_regulation") & (table["significance"] == 3)]
    assert len(listed(visit(events="law_or_regulation", weight="3", from_="2009"))) == len(laws)
    of_2024 = table[table["day"].dt.year == 2024]
    at = visit(from_="2024", to="2024")
    assert len(listed(at)) == len(of_2024)
    assert [one.value for one in at.markdown if one.value.startswith("## ")] == ["## 2024"]


def test_nothing_left_says_so():
    at = visit(subject="mining", events="statistics", from_="2009", to="2010")
    assert "No events" in at.info[0].value
    assert not at.get("plotly_chart")


def test_two_dates_stage_and_document_stand_with_an_event():
    text = html(visit(from_="2017", to="2017"))
    entry = text.split("Dual-credit rules")[1].split("</article>")[0]
    assert "28 September 2017" in entry
    assert "in force 1 April 2018" in entry
    assert "before the term" in entry
    known = events.load().set_index("id")["url"]["2018-05-31-531-notice"]
    assert not known or known in html(visit(from_="2018", to="2018")).replace("&amp;", "&")


def test_the_strip_shows_what_has_room_and_says_what_has_not():
    at = visit(from_="2009")
    spec = json.loads(at.get("plotly_chart")[0].proto.spec)
    flags = [name[0] for one in spec["data"] if one["mode"] == "markers+text" for name in one["customdata"]]
    assert len(flags) == len(set(flags))
    every = rows.steps(policy.subjects(), events.KINDS, 1, 2009, 2026).each
    left = len(every) - figures.strip_count(every, ("2009-01-01", spec["layout"]["xaxis"]["range"][1]))
    assert len(flags) == 120 - left
    assert any(f"in the list only: {left}." in one.value for one in at.caption)


def test_the_file_holds_the_events_shown():
    table = rows.steps(("solar",), events.KINDS, 3, 2009, 2026).table
    file = export.csv_bytes(export.event_list(table), bom=True).decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(file)))
    assert [one["event_id"] for one in read] == table["id"].tolist()
    assert {"announced", "in_force", "issuer", "url"} <= set(read[0])
    at = visit(subject="solar", weight="3", from_="2009")
    assert len(listed(at)) == len(read)
    (button,) = at.get("download_button")
    assert button.proto.label == "Download these events (CSV)"


def test_reading_one_by_the_list():
    at = visit(from_="2023", to="2023")
    at.selectbox(key="event").set_value("2023-09-07-first-use").run()
    assert not at.exception
    assert at.query_params["event"] == "2023-09-07-first-use"
    assert at.table[0].value.index.tolist() == [
        "New energy vehicle output", "Solar cell output", "Industrial robot output", "Service robot output",
        "R&D expenditure", "Basic research expenditure",
    ]  # fmt: skip


def test_in_chinese():
    at = visit(lang="zh", from_="2024", to="2024")
    assert "政策时间线" in html(at)
    assert "二十届三中全会" in html(at)
