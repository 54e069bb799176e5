"""The Explore page in a real browser: click a point, read its card, take the rows away, go back and forth, reload."""

import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from data import export
from tests.browser.driving import address, axe, no_errors, open_page, overflow, settle

ROBOTS = "nbs/industrial_robot_output.CHN.M.growth.ytd"
VIEW = {"series": ROBOTS, "from": "2021", "to": "2022"}


def asked(page):
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def dialog(page):
    return page.get_by_role("dialog")


def close(page):
    page.keyboard.press("Escape")
    dialog(page).wait_for(state="detached")
    settle(page)


def click_point(page, number):
    """The middle of a mark of the first chart."""
    point = page.locator(".js-plotly-plot .scatterlayer .point").nth(number)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    dialog(page).wait_for()
    settle(page)


def click_cell(page, right, down):
    """A cell of the table of rows, by its place."""
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + right, box["y"] + down)


def downloaded(page, label):
    with page.expect_download() as started:
        page.get_by_text(label, exact=True).click()
    return started.value


def test_a_point_opens_its_card_which_closes_and_stays_closed(page, server):
    open_page(page, server, "explore", **VIEW)
    before = page.evaluate("history.length")
    assert asked(page) == {name: [value] for name, value in VIEW.items()}, "arriving leaves the link as it is"
    click_point(page, 5)
    first = asked(page)["point"]
    text = dialog(page).inner_text()
    assert "Where this number comes from" in text and "National Bureau of Statistics of China" in text
    assert "Implied comparable base" in text and "BibTeX" in text
    close(page)
    assert "point" not in asked(page)
    click_point(page, 5)
    assert asked(page)["point"] == first, "the same point can be clicked again"
    close(page)
    page.reload()
    settle(page)
    assert dialog(page).count() == 0
    assert page.evaluate("history.length") == before + 4
    no_errors(page)


def test_back_forward_and_reload_give_the_same_view(page, server):
    open_page(page, server, "explore", **VIEW)
    click_point(page, 3)
    with_card = page.url
    close(page)
    page.get_by_text("Chips month by month").click()
    page.get_by_text("Integrated circuit output · Single month or quarter").wait_for()
    settle(page)
    assert asked(page)["measure"] == ["month"]
    named = page.url
    page.go_back()
    page.get_by_text("Integrated circuit output · Single month").wait_for(state="detached")
    settle(page)
    assert asked(page) == {name: [value] for name, value in VIEW.items()} and dialog(page).count() == 0
    page.go_back()
    dialog(page).wait_for()
    settle(page)
    assert page.url == with_card
    page.reload()
    dialog(page).wait_for()
    settle(page)
    assert page.url == with_card
    page.go_forward()
    dialog(page).wait_for(state="detached")
    settle(page)
    page.go_forward()
    page.get_by_text("Integrated circuit output · Single month or quarter").wait_for()
    settle(page)
    assert page.url == named
    no_errors(page)


def test_going_to_another_page_and_back_keeps_the_view(page, server):
    open_page(page, server, "explore", **VIEW, scale="log", areas="CHN")
    here = asked(page)
    page.get_by_text("Evidence", exact=True).click()
    page.get_by_text("Revisions", exact=True).click()
    page.get_by_role("heading", name="Revisions", level=1).wait_for()
    settle(page)
    assert asked(page) == here
    page.go_back()
    page.get_by_role("heading", name="Explore", level=1).wait_for()
    settle(page)
    assert asked(page) == here and urlsplit(page.url).path == "/explore"
    no_errors(page)


def test_a_row_opens_its_card_by_mouse_and_by_keyboard(page, server):
    open_page(page, server, "explore", **VIEW)
    click_cell(page, 80, 54)
    dialog(page).wait_for()
    settle(page)
    assert asked(page)["point"] == [f"{ROBOTS}@2022-12"]
    close(page)
    click_cell(page, 300, 54)
    page.locator("td#glide-cell-3-0[aria-selected=true]:focus").wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    page.locator("td#glide-cell-3-1[aria-selected=true]:focus").wait_for(state="attached")
    page.keyboard.press("Shift+Space")
    dialog(page).wait_for()
    settle(page)
    assert asked(page)["point"] == [f"{ROBOTS}@2022-11"]
    no_errors(page)


def test_a_computed_number_leads_to_the_figures_it_is_computed_from(page, server):
    open_page(page, server, "explore", point=f"{ROBOTS}~computed@2022-10")
    card = dialog(page)
    assert "+21.6%" in card.inner_text() and "+24.8 percentage points" in card.inner_text()
    assert axe(page) == []
    card.get_by_text("Jan–Oct 2021: 298,098 sets").click()
    card.get_by_text("Jan–Oct 2021", exact=False).first.wait_for()
    page.wait_for_url("**point=nbs%2Findustrial_robot_output.CHN.M.level.ytd%402021-10*")
    settle(page)
    assert "298,098 (sets)" in card.inner_text() or "298,098 sets" in card.inner_text()
    no_errors(page)


@pytest.mark.parametrize("preset", ["robots_two_truths", "chips_by_month", "solar_since_term", "rd_as_known_then"])
def test_the_csv_is_what_is_seen_and_what_the_data_link_gives(page, server, preset):
    open_page(page, server, "explore", preset=preset)
    taken = export.read_csv(Path(downloaded(page, "Download what I see (CSV)").path()))
    names = page.locator(".js-plotly-plot").evaluate_all(
        """charts => charts.flatMap(c => c.data.flatMap(t => (t.customdata || []).map((d, i) => [d[0], t.y[i]])))
                  .filter(([name, y]) => name && !name.startsWith('event:') && y !== null && y !== undefined)
                  .map(([name]) => name)"""
    )
    valued = taken[taken["value"].notna()]
    assert sorted(set(names)) == sorted(set(valued["series"] + "@" + valued["period"]))
    page.get_by_text("Citation, link and code").click()
    page.get_by_role("tab", name="Data link").click()
    code = page.locator('[data-testid="stCode"]:visible').filter(has_text="/api/v1/").first
    code.wait_for()
    answer = page.request.get(code.inner_text().strip())
    given = export.read_csv(answer.body())
    order = ["series", "period", "vintage"]
    pd.testing.assert_frame_equal(
        given.sort_values(order, ignore_index=True), taken.sort_values(order, ignore_index=True)
    )
    no_errors(page)


def test_the_copied_link_gives_the_same_rows(page, new_page, server):
    open_page(page, server, "explore", preset="robots_two_truths")
    page.get_by_text("Citation, link and code").click()
    page.get_by_role("tab", name="Link", exact=True).click()
    code = page.locator('[data-testid="stCode"]:visible').filter(has_text="data=").first
    code.wait_for()
    link = code.inner_text().strip()
    assert link.startswith(address(server, "explore"))
    first = Path(downloaded(page, "Download what I see (CSV)").path()).read_bytes()
    other = new_page()
    other.goto(link)
    settle(other)
    assert other.get_by_text("made with data version").count() == 0
    assert Path(downloaded(other, "Download what I see (CSV)").path()).read_bytes() == first
    no_errors(other)


def test_embed_passes_through(page, server):
    open_page(page, server, "explore", embed="true", embed_options="light_theme", sector="nev")
    page.get_by_role("button", name="Solar", exact=True).click()
    page.wait_for_url("**sector=solar*")
    settle(page)
    assert asked(page) == {"embed": ["true"], "embed_options": ["light_theme"], "sector": ["nev", "solar"]}


def test_a_phone_shows_panels_and_card_without_sideways_scrolling(new_page, server):
    page = new_page(width=390)
    open_page(page, server, "explore", preset="growth_of_four", lang="zh")
    assert overflow(page) == []
    open_page(page, server, "explore", point=f"{ROBOTS}~computed@2022-10")
    assert overflow(page) == []
    assert page.get_by_role("dialog").bounding_box()["width"] <= 390


def test_the_events_of_a_view_are_a_file_of_their_own(page, server):
    open_page(page, server, "explore", series=ROBOTS, significance="1")
    file = downloaded(page, "Events (CSV)")
    table = pd.read_csv(io.BytesIO(Path(file.path()).read_bytes()), encoding="utf-8-sig")
    page.get_by_text("events drawn, numbered as on the charts").click()
    assert page.locator("ol.events li").count() == len(table)
