"""Monthly output from the releases of China's National Bureau of Statistics (NBS): second choice behind its database.

List pages (https://www.stats.gov.cn/sj/zxfb/, titles such as `2026年8月份规模以上工业增加值增长5.2%`) lead to the
articles; an article holds the table 规模以上工业生产主要数据, since 2026 also as an XLSX file, which is preferred. A
monthly table has five columns: the month's output and growth, then the same from January. That of January–February
has three, cumulative only: there is no January and no February of its own. Growth is on a comparable basis and is
taken as printed, never computed.

Checked against a recorded answer: the three-column table of January–February 2026 (its markup, labels, `…`,
`-0.1(百分点)`, PubDate). Not checked: the list pages, the five-column table and the XLSX file, which follow their
documented shape. Without `since` only the newest three months are asked for; the lists are read about a year back.
Licence: free use with the source named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple
from urllib.parse import urljoin

from data import Observation, Release, Series, periods
from fetchers import _chinese, _nbs_page
from fetchers._errors import Rejected, Unexpected, located
from fetchers._http import Answer, Http
from fetchers._nbs_page import Grid, Link
from fetchers._read import html_document, xlsx_rows

TITLE = re.compile(r"(20\d\d)年(1[-—–~至])?(\d{1,2})月份?规模以上工业(?:增加值|生产)(?!.*(?:解读|答记者问))")
MONTH = re.compile(r"(1[-—–~至])?(\d{1,2})月份?")
NEWEST = 3  # releases asked for when no period is given
PAGES = 20  # list pages looked through: about a year


class Column(NamedTuple):
    """What a column of the table holds."""

    measure: str
    span: str


class Row(NamedTuple):
    """One row of the table: what is counted, its unit, the header's columns, the texts under them."""

    name: str
    unit: str
    columns: list[Column]
    cells: list[str]


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One release a month, newest first: those from `since` on, else the newest three; then Rejected for one that is
    listed and not there.
    """
    found, gone = False, []
    for link in _wanted(http, since):
        found = True
        if document := _document(http, link):
            yield document
        else:
            gone.append(link)
    if not found and not since:
        raise Unexpected("the list names no release of industrial output", address=_nbs_page.LIST)
    for link in gone:
        raise Rejected(f"{link.title} is listed and not there", period=_period(link.title), address=link.url)


def _document(http: Http, link: Link) -> Release | None:
    with located(address=link.url):
        page = http.get(link.url, accept="html", allow={404})
        if page.status == 404:
            return None
        return _nbs_page.article(_table_file(page, http) or page, link, "nbs_release", _period(link.title), page)


def _wanted(http: Http, since: str | None) -> Iterator[Link]:
    listed = _nbs_page.listed(http, TITLE, PAGES)
    if since is None:
        return islice(listed, NEWEST)
    first = periods.start(since)
    return takewhile(lambda link: periods.end(_period(link.title)) >= first, listed)


def _period(title: str) -> str:
    match = TITLE.match(title)
    if not match:
        raise Unexpected("the title names no month", value=title)
    return f"{match[1]}-{int(match[3]):02d}"


def _table_file(page: Answer, http: Http) -> Answer | None:
    """The table as a workbook, where the page links one and it is there."""
    links = html_document(page.body).xpath(
        "//a[contains(@href, '.xls')][contains(@title, '数据') or contains(., '数据')]/@href"
    )
    if not links:
        return None
    answer = http.get(urljoin(page.url, links[0]), accept="xlsx", allow={403, 404})
    return answer if answer.status == 200 else None


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """The wanted rows of the table; Unexpected when a column, a month or a unit is not the known one."""
    period = _period(release.title)
    rows: dict[str, list[Row]] = {}
    for grid in _tables(release):
        for row in _rows(grid, period):
            rows.setdefault(row.name, []).append(row)
    wanted = [(one, rows.get(_nbs_page.plain(one.locators["nbs_release"]["row"]), [])) for one in series]
    if not any(found for _, found in wanted):
        raise Unexpected("the document has none of the rows wanted", period=period, value="; ".join(rows)[:200])
    yield from _chinese.once(
        row for one, found in wanted for cells in found for row in _observation(one, period, cells, release)
    )


def _tables(release: Release) -> list[Grid]:
    """The tables of the document, a workbook or a page."""
    if not release.body.startswith(b"PK"):
        return _nbs_page.grids(html_document(release.body, release.title))
    rows = xlsx_rows(release.body, where=release.title)
    return [[[_nbs_page.plain("" if cell is None else str(cell)) for cell in row] for row in rows]]


def _rows(grid: Grid, period: str) -> Iterator[Row]:
    """The rows below a header that begins with 指标; nothing for a table of another kind."""
    start = next((n for n, row in enumerate(grid) if row and row[0] == "指标"), len(grid))
    if start + 1 < len(grid):
        columns = _columns(grid[start], grid[start + 1], period)
        for row in grid[start + 2 :]:
            yield Row(*_chinese.label(row[0] if row else ""), columns, row[1:])


def _columns(spans: list[str], measures: list[str], period: str) -> list[Column]:
    """What each column holds, from the two header rows; a merged cell of a workbook counts for those behind it."""
    columns = []
    span = ""
    for n in range(1, max(len(spans), len(measures))):
        span = (spans[n] if n < len(spans) else "") or span
        measure = measures[n] if n < len(measures) else ""
        if measure or (n < len(spans) and spans[n]):
            columns.append(Column(_measure(measure, period), _span(span, period)))
    if len(set(columns)) != len(columns) or not columns:
        raise Unexpected("the header has a column twice, or none", period=period, value=" | ".join(spans))
    return columns


def _measure(words: str, period: str) -> str:
    if words == "绝对量":
        return "level"
    if words in ("同比增长(%)", "同比增长%", "同比增速(%)"):
        return "growth"
    raise Unexpected("unknown column", period=period, value=words)


def _span(words: str, period: str) -> str:
    """The span of a column's header, 8月 or 1—8月; it must be of the release's month."""
    match = MONTH.fullmatch(words)
    if not match or int(match[2]) != int(period[-2:]):
        raise Unexpected("the header is not of the release's month", period=period, value=words)
    return "ytd" if match[1] else "period"


def _observation(one: Series, period: str, row: Row, release: Release) -> Iterator[Observation]:
    """The cell of one series, if it holds a figure. A January or February of its own is never taken."""
    if len(row.cells) < len(row.columns) or any(row.cells[len(row.columns) :]):
        what = f"{len(row.cells)} cells under {len(row.columns)} columns"
        raise Unexpected(what, series=one.id, period=period, value=" | ".join(row.cells))
    cell = dict(zip(row.columns, row.cells, strict=False)).get(Column(one.measure, one.span), "")
    value = _chinese.number(cell, one, period)
    if value is None or one.freq != "M" or _chinese.silent(period, one.span):
        return
    if one.measure != "growth":
        _chinese.insist_on_unit(row.unit, one, period)
    yield Observation(
        series=one.id,
        time_period=period,
        value=value,
        unit_mult=one.unit_mult,
        obs_status="A",
        vintage=release.published or release.retrieved,
        release=release.id,
    )
