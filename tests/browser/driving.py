"""What a test does with a page: open it, wait until it is drawn, look for errors, check its accessibility.

open_page(page, server, "explore", sector="nev", lang="zh")
page.get_by_role("button", name="…").click()
settle(page)
no_errors(page)
assert axe(page) == []
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.browser.serving import Server

PATIENCE = 60_000  # milliseconds
QUIET = 300  # milliseconds without a run of the script, so that one that is about to begin is not overlooked
DRAWN = """
quiet => {
    const app = document.querySelector('[data-testid="stApp"]');
    const busy = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"]';
    const charts = [...document.querySelectorAll('[data-testid="stPlotlyChart"]')];
    const drawn = app && app.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED' && !app.querySelector(busy)
        && charts.every(chart => chart.querySelector('.main-svg'));
    if (!drawn) { window.quietSince = null; return false; }
    window.quietSince ??= performance.now();
    return performance.now() - window.quietSince >= quiet;
}
"""
# Opened below the root, Streamlit looks for its own server under the page's path first and then finds it at the root.
PROBE = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WRONG: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Note what goes wrong on this page, a request that would leave this machine among it.

    The browser of these tests finds no other host. Routes would keep requests in too, but switch its cache off.
    """
    wrong = _WRONG.setdefault(page, [])

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBE.search(message.location.get("url", "")):
            wrong.append(f"console: {message.text} ({message.location.get('url')})")

    def answered(response: Response) -> None:
        if response.status >= 400 and not PROBE.search(response.url):
            wrong.append(f"status {response.status}: {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            wrong.append(f"{request.failure}: {request.url}")

    def asked(request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https") and place.hostname != "127.0.0.1":
            wrong.append(f"left this machine: {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("response", answered)
    page.on("requestfailed", failed)
    page.on("request", asked)


def address(server: Server, path: str = "", **params: Any) -> str:
    """The address of a page with a view; a list gives its parameter several times."""
    return f"{server.url}/{path.strip('/')}" + (f"?{urlencode(params, doseq=True)}" if params else "")


def open_page(page: Page, server: Server, path: str = "", **params: Any) -> None:
    """Go to a page with a view and wait until it is drawn."""
    page.goto(address(server, path, **params), wait_until="domcontentloaded")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the script has run and everything it drew is there."""
    page.evaluate("window.quietSince = null")
    page.wait_for_function(DRAWN, arg=QUIET, timeout=PATIENCE, polling=50)


def no_errors(page: Page) -> None:
    """The page shows no exception and its browser noticed no error since it was opened."""
    wrong = [*page.get_by_test_id("stException").all_inner_texts(), *_WRONG.get(page, [])]
    assert wrong == [], "\n".join(wrong)


def axe(page: Page, within: str | None = None) -> list[str]:
    """Serious and critical findings of axe, one line each: rule, what it wants, and up to three places."""
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": STANDARDS}}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + json.dumps([node["html"][:200] for node in one["nodes"][:3]], ensure_ascii=False)
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def overflow(page: Page) -> list[str]:
    """Empty, or what is wider than the window: the parts of the page that scroll sideways, what reaches out of it.

    Streamlit scrolls within the page, so the document itself never does. A table may scroll within itself.
    """
    return list(
        page.evaluate("""() => {
            const frames = '[data-testid="stApp"], [data-testid="stAppViewContainer"], [data-testid="stMain"]';
            const wide = [document.scrollingElement, ...document.querySelectorAll(frames)]
                .filter(part => part.scrollWidth > part.clientWidth + 1)
                .map(part => `${part.dataset.testid ?? 'page'}: ${part.scrollWidth} > ${part.clientWidth}`);
            const within = element => {
                const around = element.parentElement;
                if (!around || around.dataset.testid === 'stMain') return false;
                return getComputedStyle(around).overflowX !== 'visible' || within(around);
            };
            const out = [...document.querySelectorAll('[data-testid="stMain"] *')].filter(element => {
                const box = element.getBoundingClientRect();
                const shown = box.width > 0 && element.checkVisibility({visibilityProperty: true});
                return shown && box.right > window.innerWidth + 1 && !within(element);
            });
            return [...wide, ...out.slice(0, 5).map(element => element.outerHTML.slice(0, 160))];
        }""")
    )


def chart_names(page: Page) -> list[str]:
    """The accessible name of every chart on the page, in order; empty where it has none."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].map(chart => {
            const named = [chart, ...chart.querySelectorAll('[role="img"], [role="group"]')];
            return named.map(element => element.getAttribute('aria-label')).find(Boolean) ?? '';
        })""")
    )
