"""Fixtures of the browser tests: one server and one browser a run, pages that are watched, pictures of what failed."""

import re

import pytest
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.browser.driving import watch
from tests.browser.serving import ROOT, serving

RESULTS = ROOT / "test-results"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The dashboard with the shipped snapshot, an empty store, and no services to ask."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a run."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def contexts(browser):
    """Browser contexts by colour scheme, kept so that the dashboard's scripts are loaded once."""
    made = {}
    for scheme in ("light", "dark"):
        made[scheme] = browser.new_context(
            viewport={"width": 1400, "height": 900}, color_scheme=scheme, reduced_motion="reduce", locale="en-GB",
            accept_downloads=True,
        )  # fmt: skip
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def new_page(contexts, request, server):
    """Opens watched pages: `new_page("dark")`. On failure each is photographed into test-results/."""
    pages, start = [], len(server.said())

    def opened(scheme="light", width=1400):
        page = contexts[scheme].new_page()
        page.set_viewport_size({"width": width, "height": 900})
        watch(page)
        pages.append(page)
        return page

    yield opened
    failed = any(report.failed for report in getattr(request.node, "reports", []))
    for number, page in enumerate(pages):
        if failed:
            name = re.sub(r"[^\w-]+", "_", request.node.name)
            page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
        page.close()
    said = server.said(start)
    if failed or "Traceback" in said:
        request.node.add_report_section("teardown", "server log", said[-5000:])
    if "Traceback" in said:
        pytest.fail("the server's log has a traceback", pytrace=False)


@pytest.fixture
def page(new_page):
    """A watched page, light, 1400 wide."""
    return new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.reports = [*getattr(item, "reports", []), report]
    return report
