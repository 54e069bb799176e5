"""Pictures of a chart, made by the page itself: what is burnt in, and that PNG and SVG open."""

import struct
import xml.etree.ElementTree as ElementTree

import pytest

from dashboard import rows
from tests.browser.driving import open_page, settle

PANEL = "panel_robots"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def taken(page, server, tmp_path):
    """Take a picture of the robots panel by keyboard: the file, once it is whole."""
    open_page(page, server, sector="robots")

    def take(kind):
        button = page.locator(f".st-key-{PANEL}_picture").get_by_role("button", name=kind.upper())
        button.focus()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == f"robots-level-2015-2026-{rows.version()}.{kind}"
        download.value.save_as(tmp_path / f"picture.{kind}")
        return tmp_path / f"picture.{kind}"

    return take


def test_the_svg_says_title_unit_basis_source_date_version_and_link(taken, page, server):
    tree = ElementTree.fromstring(taken("svg").read_text(encoding="utf-8"))
    words = " ".join("".join(one.itertext()) for one in tree.iter(f"{SVG}text"))
    joined = " ".join(words.split())
    for part in (
        "Robots", "Industrial robot output", "million sets", "computed from published levels",
        "Source: National Bureau of Statistics of China", "Data to", rows.version(), page.url, "Order of operations",
        "2024 Government Work Report",
    ):  # fmt: skip
        assert part in joined, part
    assert tree.find(f"{SVG}title").text == "Robots"
    assert not list(tree.iter(f"{SVG}image")), "drawn, not photographed"
    assert "url(http" not in ElementTree.tostring(tree, encoding="unicode"), "no reference to the page"


def test_the_svg_opens_by_itself_with_all_bars(taken, new_page):
    file = taken("svg")
    alone = new_page()
    alone.goto(file.as_uri())
    bars = alone.locator(".barlayer .point path")
    assert bars.count() > 10, "eleven years of industrial and some of service robots"
    assert alone.locator("text").filter(has_text="Robots").first.is_visible()


def test_the_png_is_twice_the_size_and_not_blank(taken, page):
    content = taken("png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    box = page.locator(f"[class*=st-key-{PANEL}_] .js-plotly-plot").first.bounding_box()
    assert width >= 2 * int(box["width"])
    assert height > 2 * int(box["height"]), "room for the words"
    assert len(content) > 50_000


def test_a_picture_of_the_dark_page_is_dark(new_page, server, tmp_path):
    dark = new_page("dark")
    open_page(dark, server, sector="robots")
    settle(dark)
    with dark.expect_download() as download:
        dark.locator(f".st-key-{PANEL}_picture").get_by_role("button", name="SVG").click()
    download.value.save_as(tmp_path / "dark.svg")
    tree = ElementTree.fromstring((tmp_path / "dark.svg").read_text(encoding="utf-8"))
    assert tree.find(f"{SVG}rect").get("fill") == "#14181F"


@pytest.mark.parametrize(
    ("place", "view"),
    [
        ("explore", {"series": "iea/ev_car_sales.USA.A.level.period"}), ("compare", {"layout": "each"}), ("plans", {}),
        ("signals", {}), ("reconcile", {"concept": "rd_share"}), ("provinces", {}), ("revisions", {}), ("timeline", {}),
    ],
)  # fmt: skip
def test_every_page_gives_its_pictures(page, server, place, view):
    """The name of a series stands in the key of a chart, with a full stop and a stroke."""
    open_page(page, server, place, **view)
    buttons = page.get_by_role("button", name="Picture (SVG)")
    for at in sorted({0, buttons.count() - 1}):
        with page.expect_download() as download:
            buttons.nth(at).click()
        assert download.value.suggested_filename.endswith(f"{rows.version()}.svg")
