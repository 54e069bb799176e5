"""An update in the real server: two browsers see one run, every page has its figures, a kill leaves all sound."""

import os
import re
import subprocess
import sys

import pytest

from tests.browser.driving import PATIENCE, no_errors, open_page, overflow, settle
from tests.browser.narrow import hold, narrowed
from tests.browser.serving import ROOT, serving

EUROSTAT, OECD = "ec.europa.eu", "sdmx.oecd.org"
CARD = "eurostat/rd_expenditure.EU27.A.level.period@2024"


@pytest.fixture(scope="module")
def narrow(hasty_catalogue, tmp_path_factory):
    """The catalogue in which Eurostat and OECD are all that is asked."""
    return narrowed(hasty_catalogue, tmp_path_factory.mktemp("narrow") / "catalogue", {"eurostat", "oecd"})


@pytest.fixture
def upstream(upstream_server):
    """The services, without faults and without a log."""
    upstream_server.reset()
    return upstream_server


@pytest.fixture
def server(tmp_path, upstream, narrow):
    """A dashboard of its own for each test, with an empty store."""
    with serving(tmp_path, upstream.url, NQPF_CATALOGUE=str(narrow)) as running:
        yield running


@pytest.fixture
def held(upstream):
    """OECD answers when the event is set: what a test sees before is an update in its middle."""
    go = hold(upstream, OECD)
    yield go
    go.set()


def button(page, name="Update now"):
    return page.get_by_role("button", name=name, exact=True)


def steps(page):
    return page.locator("ul.steps li")


def in_its_middle(page):
    """Eurostat has answered, OECD has not."""
    steps(page).filter(has_text=re.compile("Eurostat|欧盟统计局")).filter(has_text="✓").wait_for(timeout=PATIENCE)


def data_version(page):
    """The version of the data in the foot of the page."""
    return re.findall(r"\d{4}-\d\d-\d\d\.[0-9a-f]{8}", page.get_by_test_id("stCaptionContainer").last.inner_text())[0]


def report(page):
    """What the page says at the end."""
    said = page.get_by_test_id("stAlert").filter(has_text=re.compile("ended after|更新已结束"))
    said.wait_for(timeout=PATIENCE)
    settle(page)
    return said.inner_text()


def test_two_browsers_see_one_run_and_every_page_its_figures(new_page, server, upstream, held):
    one, other, reader = new_page(), new_page("dark", 390), new_page()
    open_page(one, server, "sources")
    open_page(other, server, "sources", lang="zh")
    open_page(reader, server, "explore", series=CARD.partition("@")[0])
    before = data_version(reader)

    button(one).click()
    in_its_middle(one)
    in_its_middle(other)
    assert button(one, "Update running").is_disabled()
    assert button(other, "正在更新").is_disabled()
    assert overflow(other) == []

    open_page(other, server, "", lang="zh")
    open_page(other, server, "sources", lang="zh")
    in_its_middle(other)

    held.set()
    assert "2 revised" in report(one)
    assert "修订2条" in report(other)
    assert [request.host for request in upstream.requests].count(OECD) == 1

    assert data_version(reader) == before
    reader.get_by_text("中文", exact=True).click()
    reader.get_by_text("数据截至").wait_for(timeout=PATIENCE)
    settle(reader)
    assert data_version(reader) == data_version(other) != before
    open_page(reader, server, "explore", point=CARD)
    card = reader.get_by_role("dialog").inner_text()
    assert "12 November 2026" in card
    assert "4 December 2025" in card
    for page in (one, other, reader):
        no_errors(page)


def test_a_failure_never_blanks_a_chart(new_page, server, upstream):
    upstream.fault("server_error", host=EUROSTAT)
    upstream.fault("firewall", host=OECD)
    page = new_page()
    open_page(page, server, "sources", lang="zh")
    button(page, "立即更新").click()
    assert "所请求的2个服务中有2个出错" in report(page)
    assert page.get_by_text("暂时无法访问").count() >= 2
    assert page.get_by_text("a firewall page came in place of the data").count() >= 1
    no_errors(page)
    open_page(page, server, "explore", point=CARD)
    assert "4 December 2025" in page.get_by_role("dialog").inner_text()
    assert page.get_by_test_id("stPlotlyChart").count() >= 1


def test_a_run_from_the_command_line_makes_the_button_wait(page, server, upstream, narrow, held):
    open_page(page, server, "sources")
    places = {"NQPF_STORE": str(server.store), "NQPF_CACHE": str(server.store.parent / "cache")}
    environment = {**os.environ, **places, "NQPF_UPSTREAM": upstream.url, "NQPF_CATALOGUE": str(narrow)}
    command = [sys.executable, "-m", "fetchers", "update", "--source", "oecd"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        page.get_by_text("An update started on the command line").wait_for(timeout=PATIENCE)
        assert button(page, "Somebody else is updating this store now").is_disabled()
        held.set()
        assert run.wait(60) == 0
    button(page).wait_for(timeout=PATIENCE)
    settle(page)
    assert button(page).is_enabled()
    no_errors(page)


def test_a_server_killed_in_the_middle_leaves_all_sound(new_page, server, upstream, narrow, held):
    page = new_page()
    open_page(page, server, "sources")
    button(page).click()
    in_its_middle(page)
    server.process.kill()
    server.process.wait()
    page.close()
    held.set()

    with serving(server.store.parent, upstream.url, NQPF_CATALOGUE=str(narrow)) as again:
        page = new_page()
        open_page(page, again, "sources", point=CARD)
        assert "12 November 2026" in page.get_by_role("dialog").inner_text()
        page.keyboard.press("Escape")
        settle(page)
        button(page).click()
        assert "1 revised" in report(page)
        no_errors(page)
        assert "Traceback" not in again.said()
    assert not list(server.store.rglob("*.tmp"))
