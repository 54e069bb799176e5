"""The link holds the view: what it says is what is shown, and what is shown is what it says."""

from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import link, parameters, rows
from dashboard.parameters import PARAMETERS

APP = "dashboard/app.py"
NEV, ROBOTS = "nbs/nev_output.CHN.M.level.ytd", "nbs/industrial_robot_output.CHN.M.level.ytd"
EVENT = rows.event_ids()[3]
# For every parameter a value that is not its default, as a link gives it.
OTHERS = {
    "lang": ["zh"], "as_of": ["2024-03-05"], "series": [NEV, ROBOTS], "sector": ["ic", "ai"], "from": ["2018"],
    "to": ["2024"], "measure": ["growth"], "publisher": ["nbs", "caam"], "quality": ["final"], "events": ["plan"],
    "significance": ["2"], "base": [EVENT], "point": [f"{NEV}@2022-10"], "whole": ["nbs/vehicle_output"],
    "since": ["2016"], "until": ["2023-12"], "scale": ["log"], "axis": ["own"], "areas": ["CHN"], "layout": ["each"],
}  # fmt: skip


def visit(page="explore", **given):
    """A first visit to a page with a link."""
    at = AppTest.from_file(f"../{APP}", default_timeout=60)
    at.switch_page(f"views/{page}.py")
    for name, value in given.items():
        at.query_params[name.rstrip("_")] = value
    return at.run()


def asked(at):
    """The link as it stands, every value in a list."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in at.query_params.items()}


def said(at):
    return " ".join(one.value for one in (*at.warning, *at.info, *at.error))


def state(at):
    return {name: at.session_state[name] for name in PARAMETERS}


@pytest.mark.parametrize("name", OTHERS)
def test_a_link_gives_the_view_and_the_view_the_link(name):
    at = visit(**{name: OTHERS[name]})
    assert not at.exception
    value = at.session_state[name]
    found = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    assert found == OTHERS[name]
    assert asked(at).get(name) == OTHERS[name], "the link stays as it was given"
    again = visit(**asked(at))
    assert state(again) == state(at)


def test_everything_at_once_and_rerun():
    given = OTHERS | {"series": [NEV, ROBOTS], "sector": ["nev", "robots"]}
    at = visit(**given)
    first = state(at)
    at.run()
    assert not at.exception and state(at) == first
    assert {name: asked(at)[name] for name in given} == given


@pytest.mark.parametrize(
    "value", ["<b>x</b>", "9" * 5000, "'; drop table", "![x](http://x.example/x.png)", "\x00", "../.."]
)
def test_a_value_that_is_none_falls_back_by_name(value):
    at = visit("overview", **{name: [value] for name in PARAMETERS})
    assert not at.exception
    assert state(at) == {name: one.default() for name, one in PARAMETERS.items()}
    warned = [one.value for one in at.warning]
    assert all(any(f" {name} = `" in text for text in warned) for name in PARAMETERS)
    assert all(len(text) < 1000 and (value in "".join(text.split("`")[1::2]) or value not in text) for text in warned)


def test_a_good_value_beside_a_wrong_one_is_kept():
    at = visit(sector=["nev", "nowhere", "nev"])
    assert at.session_state["sector"] == ["nev"]
    assert "`nowhere`" in said(at)


def test_an_unknown_series_is_named():
    at = visit(series=["nbs/nothing.CHN.M.level.ytd", NEV])
    assert at.session_state["series"] == [NEV]
    assert "`nbs/nothing.CHN.M.level.ytd`" in said(at)


def test_years_the_wrong_way_round_can_be_swapped():
    at = visit(from_="2022", to="2018")
    assert at.error and not at.exception
    button = next(one for one in at.button if one.label == "Swap the years")
    button.click().run()
    assert (at.session_state["from"], at.session_state["to"]) == (2018, 2022)
    assert asked(at)["from"] == ["2018"] and asked(at)["to"] == ["2022"]


def test_no_sector_says_so_and_offers_the_way_out():
    at = visit(sector="")
    assert at.session_state["sector"] == [] and "No sector is chosen" in said(at)
    assert asked(at)["sector"] == [""]
    next(one for one in at.button if one.label == "Show the four founding sectors").click().run()
    assert at.session_state["sector"] == parameters.founding()


def test_a_series_brings_its_sector():
    at = visit(series="wipo/gii_rank.CHN.A.rank.period")
    assert at.session_state["sector"] == ["innovation"]
    assert "sector" not in asked(at)
    explicit = visit(series="wipo/gii_rank.CHN.A.rank.period", sector=parameters.founding())
    assert explicit.session_state["sector"] == parameters.founding()
    assert asked(explicit)["sector"] == parameters.founding()


def test_a_view_changed_by_a_control_changes_the_link():
    at = visit(sector=["nev"], nonsense="1", from_="no year")
    assert "from" in said(at)
    at.number_input(key="to").set_value(2023).run()
    assert asked(at) == {"sector": ["nev"], "to": ["2023"]}
    assert "no year" not in said(at)


def test_widgets_that_a_page_does_not_draw_keep_their_parameter():
    at = visit(areas=["CHN"], scale="log", series=[NEV], since="2016")
    at.switch_page("views/overview.py").run()
    assert not at.exception
    at.switch_page("views/explore.py").run()
    assert [at.session_state[name] for name in ("areas", "scale", "since")] == [["CHN"], "log", "2016"]
    assert asked(at)["areas"] == ["CHN"] and asked(at)["scale"] == ["log"]


def test_a_measure_another_page_does_not_have_gives_way_with_a_notice():
    at = visit("overview", measure="rolling")
    assert at.session_state["measure"] == "level" and "`rolling`" in said(at)
    assert "measure" not in asked(at)


def test_a_link_made_with_other_data_says_so():
    assert "2020-01-01.0000" in said(visit(data="2020-01-01.0000"))
    assert "data version" not in said(visit(data=rows.version()))


@pytest.mark.parametrize("point", ["x@2022", "nbs/nev_output.CHN.M.level.ytd", f"{NEV}@20222", "@", f"{NEV}@2022-10\n"])
def test_a_point_that_is_none_is_named(point):
    at = visit(point=point)
    assert not at.exception and at.session_state["point"] == "" and "point" in said(at)


@pytest.mark.parametrize("point", [f"{NEV}~nonsense@2022-10", f"{NEV}@2031-02", f"{NEV}~index=x@2022-10"])
def test_a_card_of_a_number_that_does_not_exist_says_so(point):
    at = visit(point=point)
    assert not at.exception and at.session_state["point"] == point


def test_a_named_view_is_spelled_out_in_the_link():
    at = visit(preset="robots_two_truths", lang="zh")
    assert asked(at) == {"lang": ["zh"], "series": ["nbs/industrial_robot_output.CHN.M.growth.ytd"], "from": ["2021"],
                         "to": ["2022"], "measure": ["both"]}  # fmt: skip
    wrong = visit(preset="nothing")
    assert "`nothing`" in said(wrong) and asked(wrong) == {}


def test_the_address_to_copy_names_the_version_of_the_data():
    at = visit(series=[NEV], from_="2020", point=f"{NEV}@2022-10")
    address = next(one.value for one in at.code if "data=" in one.value and " " not in one.value)
    copied = parse_qs(urlsplit(address).query)
    assert copied["series"] == [NEV] and copied["from"] == ["2020"] and copied["data"] == [rows.version()]
    again = visit(**copied)
    assert state(again) == state(at)


def test_text_from_outside_is_shown_as_code():
    assert link.quoted("a`b") == "`a'b`"
    assert link.quoted("x" * 500) == f"`{'x' * link.LONGEST}…`"
    assert link.quoted("\n\n# big") == "`# big`"
