"""R&D spending from the yearly communiqués of China's National Bureau of Statistics (NBS): first choice for it.

List pages (https://www.stats.gov.cn/sj/zxfb/) lead to `2024年全国科技经费投入统计公报`, a page of autumn: sentences
with the national total, its growth, its share of GDP, kinds of research and performers, and tables of provinces and of
branches of industry with spending and intensity. A footnote restates the share of the year before on revised GDP: that
is the year's newest vintage, as of the day of the page. `locator` gives, by line, the patterns of the sentences (`{}`
is the figure with its unit, for growth `增长` or `下降` before it), and the `column` and `row` of the tables.

Checked against the pages of 2018, 2019 and 2020: every figure read is the shipped one. Not checked: the list pages and
later communiqués, whose wording (2022, 2024) was known from quotations. A sentence that says its figure in other words
is an error, and so is the lack of one that the locator marks as `needed`; the others a communiqué may leave out.
Licence: free use with the source named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from data import Observation, Release, Series, catalogue, periods
from fetchers import _chinese, _nbs_page
from fetchers._errors import Unexpected, located
from fetchers._http import Http
from fetchers._nbs_page import Grid, Link
from fetchers._read import html_document

TITLE = re.compile(r"(20\d\d)年全国科技经费投入统计公报$")
PAGES = 20  # list pages looked through: about a year, so that one communiqué is among them
FIGURE = r"(?P<value>\d[\d.]*)(?P<unit>[^\d，。；、和(]+)"
CHANGE = rf"(?P<way>增长|下降){FIGURE}"
IN_OTHER_WORDS = r"，[^；。，为占]*%"  # how else a change may be said; a share is said with 为 or 占
HEADS = ("地区", "行业")
COLUMNS = {"R&D经费", "R&D经费投入强度"}


class Cell(NamedTuple):
    """The text of a table's cell and the unit its column's header states."""

    text: str
    unit: str


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """The newest communiqué; with `since`, those of the years from there on that the lists still name."""
    listed = _nbs_page.listed(http, TITLE, PAGES)
    newest = next(listed, None)
    if newest is None:
        raise Unexpected("the list names no communiqué on R&D spending", address=_nbs_page.LIST)
    yield _document(http, newest)
    if since and _year(newest.title) > str(periods.year(since)):
        for link in takewhile(lambda link: _year(link.title) >= str(periods.year(since)), listed):
            yield _document(http, link)


def _document(http: Http, link: Link) -> Release:
    with located(address=link.url):
        return _nbs_page.article(http.get(link.url, accept="html"), link, "nbs_communique", _year(link.title))


def _year(title: str) -> str:
    match = TITLE.match(title)
    if not match:
        raise Unexpected("the title is not that of a communiqué", value=title)
    return match[1]


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The figures of sentences and tables; Unexpected when one is missing or in another unit."""
    tree = html_document(release.body, release.title)
    text = "\n".join(_nbs_page.paragraphs(tree))
    tables = {head: _cells(_nbs_page.grids(tree), head) for head in HEADS}
    _insist_on_areas(tables["地区"], _year(release.title))
    yield from _chinese.once(
        row for one in series for row in (*_in_words(one, text, release), *_in_tables(one, tables, release))
    )


def _in_words(one: Series, text: str, release: Release) -> Iterator[Observation]:
    """The figures of a national line in the running text: the first pattern's may be missing, a footnote is not."""
    growth = one.measure == "growth"
    patterns = one.locators["nbs_communique"].get(one.line, []) if one.ref_area == "CHN" else []
    for n, pattern in enumerate(patterns):
        match = re.search(pattern.replace("{}", CHANGE if growth else FIGURE), text)
        if match:
            parts = match.groupdict()
            sign = "-" if parts.get("way") == "下降" else ""
            cell = Cell(sign + parts["value"], parts["unit"])
            yield from _observation(one, parts.get("year") or _year(release.title), cell, release)
        elif n == 0 and (_needed(one) or _speaks_of(one, pattern, text)):
            what = "the communiqué has no such sentence"
            raise Unexpected(what, series=one.id, period=_year(release.title), value=pattern)


def _needed(one: Series) -> bool:
    return one.measure != "growth" and bool(one.locators["nbs_communique"].get("needed"))


def _speaks_of(one: Series, pattern: str, text: str) -> bool:
    """Whether the text begins such a sentence, whatever words the figure then comes in."""
    begins = one.locators["nbs_communique"].get("begins", pattern)
    return bool(re.search(begins.replace("{}", IN_OTHER_WORDS if one.measure == "growth" else ""), text))


def _in_tables(one: Series, tables: dict[str, dict[tuple[str, str], Cell]], release: Release) -> Iterator[Observation]:
    """The cell of a line that stands in a table; communiqués before 2019 have none of branches."""
    locator = one.locators["nbs_communique"]
    if "column" not in locator or one.measure == "growth":
        return
    cells = tables["行业" if "row" in locator else "地区"]
    name = locator.get("row") or _area(one.ref_area)
    cell = cells.get((name, locator["column"]))
    if cell:
        yield from _observation(one, _year(release.title), cell, release)
    elif cells and "row" in locator:
        raise Unexpected(f"the table has no row {name}", series=one.id, period=_year(release.title))


def _area(area: str) -> str:
    return "全国" if area == "CHN" else catalogue.load().areas[area].title_native


def _insist_on_areas(cells: Mapping[tuple[str, str], Cell], period: str) -> None:
    """Unexpected unless there is a table of areas with both columns, and every row with figures is of a known area."""
    if {column for _, column in cells} != COLUMNS:
        raise Unexpected("the communiqué has no table of areas with both columns", period=period)
    known = {_area(area) for area in catalogue.load().areas}
    for (name, _), cell in cells.items():
        if name not in known and cell.text[:1].isdigit():
            raise Unexpected("the table has a row of an unknown area", period=period, value=name)


def _cells(grids: Sequence[Grid], head: str) -> dict[tuple[str, str], Cell]:
    """The cells by row and column of the tables whose header begins with this word."""
    found = {}
    for grid in grids:
        header, rows = _nbs_page.section(grid, lambda row: row[:1] == [head])
        columns = [_chinese.label(words) for words in header[0][1:]] if header else []
        if unknown := [name for name, _ in columns if name not in COLUMNS]:
            raise Unexpected("unknown column", value=unknown[0])
        for row in rows:
            if len(row) != len(columns) + 1:
                raise Unexpected(f"{len(row)} cells under {len(columns) + 1} columns", value=" | ".join(row))
            for (column, unit), text in zip(columns, row[1:], strict=True):
                found[row[0], column] = Cell(text, unit)
    return found


def _observation(one: Series, period: str, cell: Cell, release: Release) -> Iterator[Observation]:
    value = _chinese.number(cell.text, one, period)
    if value is None:
        return
    _chinese.insist_on_unit(cell.unit, one, period)
    yield Observation(
        series=one.id,
        time_period=period,
        value=value,
        unit_mult=one.unit_mult,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
    )
