"""Pages of www.stats.gov.cn: the lists of releases, the articles, and the tables in them.

Checked against the pages of the R&D communiqués of 2018–2020 and the table of the release of January–February 2026.
A table out of a word processor splits one word over many elements, so that all white space is taken out before anything
is compared. The page may carry each table twice, once for telephones. The day of publication stands in
`<meta name="PubDate">`, on older pages after 发布时间; the address of a page moved to another folder is no date.
The list pages (45 links each, about three weeks; the newest at `/sj/zxfb/`, then `index_1.html` …) are as documented.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

import msgspec
from lxml.html import HtmlElement

from data import Release
from fetchers._errors import Unexpected, located
from fetchers._http import Answer, Http
from fetchers._read import html_document, squeeze, table_rows

LIST = "https://www.stats.gov.cn/sj/zxfb/"
PUBLISHED = re.compile(
    rb"(?:PubDate\D{1,40}|\xe5\x8f\x91\xe5\xb8\x83\xe6\x97\xb6\xe9\x97\xb4\D{1,20})(20\d\d)\D(\d\d?)\D(\d\d?)"
)
SHOWN = re.compile(rb"\b(20\d\d)/(\d\d)/(\d\d)\s+\d\d:\d\d")
DATED = re.compile(r"20\d\d年")
DASH = re.compile(r"[-—–~至]+")
NARROW = str.maketrans("（）％：．－−﹣０１２３４５６７８９", "()%:.---0123456789")
Grid = list[list[str]]


class Link(NamedTuple):
    """A link of a list page: the title it carries and the address it leads to."""

    title: str
    url: str

    @property
    def name(self) -> str:
        """The file name: the same document stands under several folders with one file name."""
        return self.url.rsplit("/", 1)[-1]


def listed(http: Http, title: re.Pattern[str], pages: int) -> Iterator[Link]:
    """The links of the newest list pages whose title matches, newest first, each document once.

    Unexpected when a list page has no links with titles at all.
    """
    seen = set()
    for number in range(pages):
        answer = http.get(urljoin(LIST, f"index_{number}.html" if number else ""), accept="html", allow={404})
        if answer.status == 404 and number:
            return
        with located(address=answer.url):
            links = list(_links(html_document(answer.body, "the list of releases"), answer.url))
        if not links or answer.status == 404:
            raise Unexpected(
                "the list of releases has no links with titles", address=answer.url, value=answer.body[:120]
            )
        for link in links:
            if title.match(link.title) and link.name not in seen:
                seen.add(link.name)
                yield link


def _links(tree: HtmlElement, address: str) -> Iterator[Link]:
    for element in tree.xpath("//a[@href]"):
        title = plain(element.get("title") or element.text_content())
        if len(title) > 8:  # navigation has shorter words
            yield Link(title, urljoin(address, element.get("href")))


def article(answer: Answer, link: Link, fetcher: str, name: str, page: Answer | None = None) -> Release:
    """The release an article is; `page` is the article's page where `answer` is a file it links.

    The record keeps the address of the page. Unexpected when the page bears another title than the list said, or has
    no end: of a page that was cut off the parser would read the tables as far as they go.
    """
    page = page or answer
    if not _is_whole(page.body.lower()):
        raise Unexpected("the page has no end", address=page.url, value=page.body[-120:])
    tree = html_document(page.body, "the article")
    stated = plain("".join([*tree.xpath("//meta[@name='ArticleTitle']/@content"), *tree.xpath("//title/text()")][:1]))
    if DATED.match(stated) and DASH.sub("-", stated)[:8] != DASH.sub("-", link.title)[:8]:
        raise Unexpected(f"the article is not {link.title}", address=page.url, value=stated)
    release = answer.release(source="nbs", fetcher=fetcher, name=name, title=link.title, published=published(page.body))
    return msgspec.structs.replace(release, url=page.url)


def _is_whole(body: bytes) -> bool:
    """Whether a page has its end, or at least that of every table it begins."""
    return b"</html>" in body or 0 < body.count(b"<table") == body.count(b"</table>")


def published(body: bytes) -> str:
    """The day of publication, YYYY-MM-DD, as the page states it; empty where it does not."""
    found = PUBLISHED.search(body) or SHOWN.search(body)
    return "{}-{:0>2}-{:0>2}".format(*(part.decode() for part in found.groups())) if found else ""


def plain(words: str) -> str:
    """Without any white space; brackets, digits, colon and signs in their narrow form."""
    return squeeze(words).translate(NARROW)


def paragraphs(tree: HtmlElement) -> list[str]:
    """The running text, one paragraph at a time, tables left out."""
    return [text for element in tree.xpath("//p[not(ancestor::table)]") if (text := plain(element.text_content()))]


def grids(tree: HtmlElement) -> list[Grid]:
    """Every table that holds no other table, as rows of cell texts, spans repeated; each distinct table once."""
    found: list[Grid] = []
    for table in tree.xpath("//table[not(.//table)]"):
        rows = [[cell.translate(NARROW) for cell in row] for row in table_rows(table)]
        if rows not in found:
            found.append(rows)
    return found


def section(grid: Grid, is_header: Callable[[list[str]], bool]) -> tuple[Grid, Grid]:
    """A table cut at its header: the header's first row and all below it; two empty lists when there is none."""
    for n, row in enumerate(grid):
        if is_header(row):
            return grid[n : n + 1], grid[n + 1 :]
    return [], []
