"""NBS release pages: lists, the workbook before the page, three and five columns, doubled tables, units, dates.

The parser was also run by hand on the recorded table of January and February 2026: all its products, as shipped.
"""

import pytest

from data import Release, catalogue, select
from fetchers import nbs_release
from fetchers._errors import Inconsistent, Unexpected
from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream import Reply, recorded

HOST = "www.stats.gov.cn"
AUGUST, JULY, FEBRUARY = "t20260915_1965308.html", "t20260817_1965055.html", "t20260316_1962782.html"
WORKBOOK = "P020260915000000000001.xlsx"
LIMITS = Limits(connect=20, read=20, total=60, backoff=0, patience=1)


def run(sources=("nbs_release",), **options):
    report = update(list(sources), **{"dry_run": True, "limits": LIMITS, **options})
    return report.runs[-1]


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def parsed(name, change=lambda text: text, title="2026年7月份规模以上工业增加值增长4.5%"):
    """The rows of one fixture page after `change(text)`."""
    body = change(recorded("nbs_release", name).decode()).encode()
    release = Release(
        id="r", source="nbs", title=title, url="https://x.cn", retrieved="2026-11-24", published="2026-08-17", body=body
    )
    found = list(nbs_release.parse(release, catalogue.load().of_fetcher("nbs_release")))
    return {(row.series, row.time_period): row.value for row in found}


def test_the_newest_months_with_the_day_of_each_page(upstream):
    found = rows(run())
    days = {row.time_period: row.vintage for row in found.values()}
    assert days == {"2026-08": "2026-09-15", "2026-07": "2026-08-17", "2026-02": "2026-03-16"}
    nev = {
        line: found[f"nbs/nev_output.CHN.M.{line}", "2026-08"]
        for line in ("level.period", "level.ytd", "growth.period", "growth.ytd")
    }
    assert [(row.value, row.unit_mult) for row in nev.values()] == [(164.7, 4), (1059.1, 4), (21.9, 0), (11.3, 0)]
    assert found["nbs/solar_cell_output.CHN.M.level.period", "2026-07"].value == 6579
    assert found["nbs/hightech_va_growth.CHN.M.growth.ytd", "2026-08"].value == 14.2
    assert ("nbs/auto_manufacturing_va_growth.CHN.M.growth.period", "2026-08") not in found, "… is no figure"


def test_january_and_february_are_cumulative_only(upstream):
    found = {series: row.value for (series, period), row in rows(run()).items() if period == "2026-02"}
    assert found["nbs/nev_output.CHN.M.level.ytd"] == 160.4
    assert found["nbs/nev_output.CHN.M.growth.ytd"] == -13.7
    assert not [series for series in found if series.endswith("period")]


def test_the_workbook_is_read_and_the_page_where_it_is_gone(upstream):
    run()
    asked = [request.path.rsplit("/", 1)[-1] for request in upstream.requests]
    assert asked == ["", AUGUST, WORKBOOK, "index_1.html", JULY, "P020260817000000000001.xlsx", FEBRUARY]
    assert {request.host for request in upstream.requests} == {HOST}
    article = next(request.path for request in upstream.requests if request.path.endswith(AUGUST))
    assert article == f"/zwfwck/sjfb/202609/{AUGUST}", "the first of the folders the document stands in"


def test_the_workbook_says_what_the_page_says(upstream):
    with_workbook = rows(run())
    upstream.add("GET", HOST, f".*/{WORKBOOK}", Reply(b"gone", "text/html", 404))
    with_page = rows(run())
    assert {key: row.value for key, row in with_page.items()} == {key: row.value for key, row in with_workbook.items()}


def test_a_page_that_says_otherwise_replaces_no_shipped_figure(upstream):
    upstream.add(
        "GET", HOST, "/sj/zxfb/", Reply(recorded("nbs_release", "list_0.html").replace(b"1965308", b"1"), "text/html")
    )
    page = recorded("nbs_release", AUGUST).replace(b"10:00", b"09:30").replace(b"2026/09/15", b"2026/09/16")
    upstream.add("GET", HOST, ".*/t20260915_1.html", Reply(page.replace(b"164.7", b"164.9"), "text/html"))
    upstream.add("GET", HOST, f".*/{WORKBOOK}", Reply(b"gone", "text/html", 404))
    done = run(dry_run=False)
    assert done.revised == []
    history = select(series="nbs/nev_output.CHN.M.level.period", start="2026-08", end="2026-08", vintages="all")
    assert history["value"].tolist() == [164.7]
    refused = {refusal.row.value: refusal.reason for refusal in done.rejected}
    assert "stands" in refused[164.9], "a primary figure of the snapshot is not replaced by a later source"


def test_since_reads_the_months_it_needs(upstream):
    found = rows(run(since="2026-08"))
    assert {period for _, period in found} == {"2026-08"}
    assert not [request for request in upstream.requests if request.path.endswith(JULY)]


def test_pages_are_asked_only_for_what_the_database_did_not_bring(upstream):
    names = ["nbs", "nbs_release"]
    report = update(names, dry_run=True, limits=LIMITS)
    asked = {request.host for request in upstream.requests}
    relayed = rows(report.runs[1])
    assert asked == {"data.stats.gov.cn", HOST}
    assert {series.split("/")[1].split(".")[0] for series, _ in relayed} == {
        "manufacturing_va_growth",
        "hightech_va_growth",
        "auto_manufacturing_va_growth",
        "electrical_machinery_va_growth",
    }
    upstream.fault("firewall", "data.stats.gov.cn", "/dg/website/publicrelease/.*")
    report = update(names, dry_run=True, limits=LIMITS, since="2026")
    assert report.runs[0].state == "failed"
    assert ("nbs/nev_output.CHN.M.level.period", "2026-08") in rows(report.runs[1])


def test_doubled_tables_count_once_and_must_agree():
    assert parsed(JULY)["nbs/vehicle_output.CHN.M.level.period", "2026-07"] == 252.9
    with pytest.raises(Inconsistent, match="252.7 and 252.9"):
        parsed(JULY, lambda text: text.replace("252.9", "252.7", 1))


CASES = {
    "another unit": (("万", "千"), "expected 万辆"),
    "no unit": (
        ('<span style="font-family:宋体">　汽车（万辆）</span>', "<span>汽车</span>"),
        "the unit is not stated",
    ),
    "an unknown column": (("绝对量", "绝对数"), "unknown column"),
    "another month": ((">7<", ">6<"), "not of the release's month"),
    "words for a number": (("252.9", "约253"), "is not a number"),
    "no rows": (("指　标", "项　目"), "none of the rows wanted"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_table_of_another_kind_is_unexpected(case):
    (old, new), words = CASES[case]
    with pytest.raises(Unexpected, match=words) as caught:
        parsed(JULY, lambda text: text.replace(f"{old}</span>", f"{new}</span>").replace(old, new))
    assert caught.value.period == "2026-07"


def test_a_figure_in_percentage_points_is_no_growth_in_per_cent():
    with pytest.raises(Unexpected, match="is not a number"):
        parsed(FEBRUARY, lambda text: text.replace("-13.7", "-13.7(百分点)"), "2026年1—2月份规模以上工业增加值增长6.3%")


def test_a_page_of_another_month_or_without_its_end_is_refused(upstream):
    for change, words in ((("2026年7月份", "2025年7月份"), "the article is not"), (("</table>", ""), "has no end")):
        page = recorded("nbs_release", JULY).decode().replace(*change).replace("</html>", "")
        upstream.add("GET", HOST, f".*/{JULY}", Reply(page.encode(), "text/html"))
        done = run()
        (failure,) = done.failures
        assert (failure.kind, words in failure.message) == ("unexpected", True)
        assert failure.address.endswith(JULY)
        assert "nbs_release" in failure.message
        assert {period for _, period in rows(done)} == {"2026-08"}


@pytest.mark.parametrize(
    "fault", ["firewall", "html_for_data", "server_error", "wrong_encoding", "challenge_412", "cut"]
)
def test_a_broken_list_is_an_error_in_words(upstream, fault):
    upstream.fault(fault, HOST, "/sj/zxfb/")
    done = run()
    (failure,) = done.failures
    assert failure.address == "https://www.stats.gov.cn/sj/zxfb/"
    assert "nbs_release" in failure.message
    assert rows(done) == {}


def test_a_month_that_is_listed_and_gone_costs_no_other_month(upstream):
    upstream.add("GET", HOST, f".*/{JULY}", Reply(b"<html>gone</html>", "text/html", 404))
    done = run()
    assert {period for _, period in rows(done)} == {"2026-08", "2026-02"}
    (failure,) = done.failures
    assert (failure.kind, failure.period) == ("rejected", "2026-07")
    assert failure.address.endswith(JULY)


def test_the_dash_of_a_title_may_be_another_one(upstream):
    page = recorded("nbs_release", FEBRUARY).replace('content="2026年1—2月'.encode(), 'content="2026年1-2月'.encode())
    upstream.add("GET", HOST, f".*/{FEBRUARY}", Reply(page, "text/html"))
    done = run()
    assert (done.failures, "2026-02" in {period for _, period in rows(done)}) == ([], True)


def test_a_page_without_an_end_is_taken_with_whole_tables(upstream):
    whole = rows(run())
    page = recorded("nbs_release", JULY).replace(b"</html>", b"")
    upstream.add("GET", HOST, f".*/{JULY}", Reply(page, "text/html"))
    done = run()
    assert done.failures == []
    assert rows(done).keys() == whole.keys()


def test_lists_without_a_release_are_not_taken_for_silence(upstream):
    for path, name in (("/sj/zxfb/", "list_0"), ("/sj/zxfb/index_1.html", "list_1")):
        body = recorded("nbs_release", f"{name}.html").replace("规模以上工业".encode(), "工业".encode())
        upstream.add("GET", HOST, path, Reply(body, "text/html"))
    assert "names no release" in run().failures[0].message
