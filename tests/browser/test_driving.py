"""What the browser tests look for is found: made-up pages with one thing wrong."""

import pytest

from tests.browser.driving import axe, chart_names, no_errors, overflow

MAIN = '<html lang="en"><title>t</title><main data-testid="stMain" style="overflow: auto"><h1>t</h1>{}</main>'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<div style="width: 2000px">wide</div>', True),
        ('<div style="overflow-x: auto"><table style="width: 2000px"></table></div>', False),
        ('<details><summary>closed</summary><div style="width: 2000px">wide</div></details>', False),
        ("<p>narrow</p>", False),
    ],
)
def test_what_is_wider_than_the_window(page, body, found):
    page.set_content(MAIN.format(body))
    assert bool(overflow(page)) == found


def test_what_reaches_out_of_the_window_though_nothing_scrolls(page):
    body = '<div style="width: 2000px; margin-right: -2000px">cut off</div>'
    page.set_content(MAIN.format(body).replace("overflow: auto", "overflow: hidden"))
    assert "cut off" in overflow(page)[-1]


def test_a_chart_without_a_name(page):
    chart = '<div data-testid="stPlotlyChart"{}><svg></svg></div>'
    page.set_content(MAIN.format(chart.format(' role="img" aria-label="Robots"') + chart.format("")))
    assert chart_names(page) == ["Robots", ""]


def test_what_axe_calls_serious(page):
    page.set_content(MAIN.format('<p style="color: #aaa">pale</p>'))
    assert [one.split()[0] for one in axe(page)] == ["color-contrast"]
    page.set_content(MAIN.format("<p>plain</p>"))
    assert axe(page) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<div data-testid="stException">ValueError: x</div>', "ValueError: x"),
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<script>nothing()</script>", "nothing is not defined"),
        ('<img alt="" src="https://example.org/x.png">', "left this machine: https://example.org/x.png"),
    ],
)
def test_an_error_is_noticed(page, body, words):
    page.set_content(MAIN.format(body), wait_until="load")
    with pytest.raises(AssertionError, match=words):
        no_errors(page)


def test_an_answer_that_is_missing_is_noticed(page, server):
    page.goto(f"{server.url}/api/v1/nothing.csv")
    with pytest.raises(AssertionError, match=r"status 404: .*/api/v1/nothing.csv"):
        no_errors(page)
