"""Every page in both languages, both colour schemes, at a desk and on a phone."""

import pytest

from dashboard import frame
from tests.browser.driving import axe, chart_names, no_errors, open_page, overflow, settle

PAGES = [name for names in frame.SECTIONS.values() for name in names if (frame.VIEWS / f"{name}.py").exists()]
DESK, PHONE = 1400, 390
WIDTHS = {"en": (DESK, PHONE), "zh": (PHONE, DESK)}  # opened at the first, then turned into the other


def path(name):
    return "" if name == "overview" else name


def test_no_page_is_left_out():
    """What navigation does not name, a reader cannot reach and these tests do not see."""
    assert set(PAGES) == {file.stem for file in frame.VIEWS.glob("*.py")}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page(new_page, server, name, lang, scheme):
    first, second = WIDTHS[lang]
    page = new_page(scheme, first)
    open_page(page, server, path(name), lang=lang)
    no_errors(page)
    assert overflow(page) == []
    assert "" not in chart_names(page)
    found = axe(page)
    assert found == [], "\n".join(found)
    page.set_viewport_size({"width": second, "height": 900})
    settle(page)
    assert overflow(page) == []
    no_errors(page)


@pytest.mark.parametrize(
    ("place", "view"),
    [
        ("explore", {"series": ["nbs/nev_output.CHN.M.level.ytd", "caam/nev_sales.CHN.M.level.ytd"]}),
        ("timeline", {"subject": ["nev", "robots"]}),
    ],
)  # fmt: skip
def test_what_is_chosen_can_be_read_in_the_dark(new_page, server, place, view):
    page = new_page("dark")
    open_page(page, server, place, **view)
    assert page.get_by_test_id("stMultiSelectTagsContainer").locator("[title]").count() >= 2
    found = axe(page)
    assert found == [], "\n".join(found)
