"""NBS communiqués on R&D: sentences and tables, the footnote's revision, units, order before the database.

The parser was also run by hand on the recorded pages of 2018, 2019 and 2020: all 288 figures are the shipped ones.
"""

import msgspec
import pytest

from data import Release, catalogue, select
from fetchers import nbs_communique
from fetchers._errors import Inconsistent, Unexpected
from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream import Reply, recorded

HOST = "www.stats.gov.cn"
NEWEST, OLDER = "t20250929_1961401.html", "t20230918_1942920.html"
LIMITS = Limits(connect=20, read=20, total=60, backoff=0, patience=1)
SHARE = "nbs/rd_gdp_share.CHN.A.share.period"


def run(sources=("nbs_communique",), **options):
    return update(list(sources), **{"dry_run": True, "limits": LIMITS, **options}).runs


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def parsed(name=NEWEST, *changes, year=2024):
    """The figures of one fixture page after replacing texts."""
    text = recorded("nbs_communique", name).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    release = Release(
        id="r",
        source="nbs",
        title=f"{year}年全国科技经费投入统计公报",
        url="https://x.cn",
        retrieved="2026-11-24",
        published="2025-09-29",
        body=text.encode(),
    )
    found = nbs_communique.parse(release, catalogue.load().of_fetcher("nbs_communique"))
    return {(row.series, row.time_period): row.value for row in found}


def test_the_nation_and_its_provinces(upstream):
    (done,) = run()
    found = rows(done)
    assert found["nbs/rd_expenditure.CHN.A.level.period", "2024"].value == 36326.8
    assert found["nbs/rd_expenditure.CHN.A.level.period", "2024"].unit_mult == 8
    assert found["nbs/rd_expenditure.CHN.A.growth.period", "2024"].value == 8.9
    assert found[SHARE, "2024"].value == 2.69
    assert found["nbs/basic_research_expenditure.CHN.A.level.period", "2024"].value == 2500.9
    assert found["nbs/basic_research_share.CHN.A.share.period", "2024"].value == 6.88
    assert found["nbs/experimental_development_expenditure.CHN.A.growth.period", "2024"].value == 7.6
    provinces = {series.split(".")[1] for series, _ in found if ".CN-" in series}
    assert len(provinces) == 31
    shipped = select(series="nbs/rd_gdp_share.CN-BJ.A.share.period", start=2024, end=2024)["value"].tolist()
    assert [found["nbs/rd_gdp_share.CN-BJ.A.share.period", "2024"].value] == shipped
    assert {row.vintage for row in found.values()} == {"2025-09-29"}


def test_everything_is_as_shipped(upstream):
    (done,) = run(dry_run=False)
    assert (len(done.new), len(done.revised), len(done.rejected), len(done.unchanged)) == (0, 0, 0, 84)


def test_the_footnote_restates_the_share_of_the_year_before():
    assert parsed()[SHARE, "2023"] == 2.58
    assert parsed(OLDER, year=2022)[SHARE, "2021"] == 2.43
    assert (SHARE, "2023") not in parsed(NEWEST, ("已修订为", "另见"))


def test_branches_of_industry_where_the_communique_has_them():
    found = parsed(OLDER, year=2022)
    assert found["nbs/rd_expenditure_pharma_C27.CHN.A.level.period", "2022"] == 1048.9
    assert found["nbs/rd_intensity_pharma_C27.CHN.A.share.period", "2022"] == 3.57
    assert found["nbs/basic_research_share.CHN.A.share.period", "2022"] == 6.57
    with pytest.raises(Unexpected, match="the table has no row 医药制造业"):
        parsed(OLDER, ("医药制造业", "药品制造业"), year=2022)


def test_sentences_a_communique_leaves_out_cost_no_others():
    page = """<html><p>2024年，全国共投入研究与试验发展（R&amp;D）经费36326.8亿元，经费投入强度为2.69%。</p>
        <p>全国基础研究经费2500.9亿元，占全部经费的6.88%；投入强度为3.14%的有北京。</p>
        <table><tr><td>地区</td><td>R&amp;D经费（亿元）</td><td>R&amp;D经费投入强度（%）</td></tr>
        <tr><td>北 京</td><td>2947.1</td><td>6.73</td></tr></table></html>"""
    release = Release(id="r", source="nbs", title="2024年全国科技经费投入统计公报", url="u", retrieved="2026-11-24")
    release = msgspec.structs.replace(release, body=page.encode())
    found = nbs_communique.parse(release, catalogue.load().of_fetcher("nbs_communique"))
    assert {row.series: row.value for row in found} == {
        "nbs/rd_expenditure.CHN.A.level.period": 36326.8,
        SHARE: 2.69,
        "nbs/basic_research_expenditure.CHN.A.level.period": 2500.9,
        "nbs/rd_expenditure.CN-BJ.A.level.period": 2947.1,
        "nbs/rd_gdp_share.CN-BJ.A.share.period": 6.73,
    }


def test_a_fall_is_negative():
    change = ('增长</span><span lang="EN-US">8.9%', '下降</span><span lang="EN-US">8.9%')
    assert parsed(NEWEST, change)["nbs/rd_expenditure.CHN.A.growth.period", "2024"] == -8.9


CASES = {
    "a unit of a sentence": (
        ('36326.8</span><span style="font-family:宋体">亿元', "36326.8</span><span>万元"),
        "expected 亿元",
    ),
    "a unit of a table": (("（亿元）", "（万元）"), "expected 亿元"),
    "a column": (("经费投入强度（</span>", "经费投入密度（</span>"), "unknown column"),
    "a province": (("北　京", "京　城"), "a row of an unknown area"),
    "the table of areas": (("地　区", "省　区"), "no table of areas"),
    "a share of kinds in other words": (("所占比重分别为", "所占比重各为"), "no such sentence"),
    "a change in other words": (("亿元，增长", "亿元，提高"), "no such sentence"),
    "a sentence": (("全国基础研究", "全国基本研究"), "no such sentence"),
    "a figure": ((">2.69%", ">2.6.9%"), "is not a number"),
    "a cell": ((">10.7%", ">10.7‰"), "the unit is ‰"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_reads_otherwise_is_unexpected(case):
    change, words = CASES[case]
    with pytest.raises(Unexpected, match=words):
        parsed(NEWEST, change)


def test_sentence_and_table_must_agree():
    with pytest.raises(Inconsistent, match="36326.8 and 36326.9") as caught:
        parsed(NEWEST, ('<td><p><span lang="EN-US">36326.8', '<td><p><span lang="EN-US">36326.9'))
    assert caught.value.series == "nbs/rd_expenditure.CHN.A.level.period"


def test_only_lists_and_the_newest_communique_are_asked_for(upstream):
    run()
    assert [request.path for request in upstream.requests] == [
        "/sj/zxfb/",
        "/sj/zxfb/index_1.html",
        f"/sj/zxfb/202509/{NEWEST}",
    ]
    assert {request.host for request in upstream.requests} == {HOST}


def test_since_asks_for_older_ones_too(upstream):
    (done,) = run(since="2022")
    assert {period for _, period in rows(done)} == {"2022", "2023", "2024"}
    (done,) = run(since="2024")
    assert {period for _, period in rows(done)} == {"2024"}
    asked = [request.path.rsplit("/", 1)[-1] for request in upstream.requests if request.path.endswith("0.html")]
    assert asked.count(OLDER) == 1


def test_the_database_is_asked_only_for_what_the_communique_did_not_bring(upstream):
    communique, database = run(("nbs_communique", "nbs"))
    assert (SHARE, "2024") in rows(communique)
    yearly = {series.split(".")[0] for series, period in rows(database) if len(period) == 4}
    assert yearly == {f"nbs/rd_funds_{kind}" for kind in ("enterprise", "government", "abroad", "other")}
    upstream.fault("server_error", HOST, ".*/t20250929_1961401.html")
    communique, database = run(("nbs_communique", "nbs"))
    assert communique.failures[0].kind == "unavailable"
    assert rows(database)[SHARE, "2024"].value == 2.69


def test_a_later_source_replaces_no_figure_of_the_communique(upstream):
    # a value of the shipped day of publication would contradict the shipped one
    body = recorded("nbs_communique", NEWEST).replace(b"36326.8", b"36326.5").replace(b"2025/09/29", b"2025/10/09")
    upstream.add("GET", HOST, f".*/{NEWEST}", Reply(body, "text/html"))
    (done,) = run(dry_run=False)
    assert [(one.old.value, one.new.value) for one in done.revised if "rd_expenditure.CHN" in one.new.series] == [
        (36326.8, 36326.5)
    ]
    database = run(("nbs",), dry_run=False)[0]
    refused = [refusal.reason for refusal in database.rejected if refusal.row.value == 36326.8]
    assert refused == ["the value 36326.5 of nbs_communique stands"]


@pytest.mark.parametrize("fault", ["firewall", "html_for_data", "not_found", "wrong_encoding"])
def test_a_broken_list_is_an_error_in_words(upstream, fault):
    upstream.fault(fault, HOST, "/sj/zxfb/")
    (done,) = run()
    (failure,) = done.failures
    assert failure.address == "https://www.stats.gov.cn/sj/zxfb/"
    assert "nbs_communique" in failure.message


def test_lists_without_a_communique_are_not_taken_for_silence(upstream):
    body = recorded("nbs_release", "list_1.html").replace("统计公报".encode(), "统计".encode())
    upstream.add("GET", HOST, "/sj/zxfb/index_1.html", Reply(body, "text/html"))
    (done,) = run()
    assert "names no communiqué" in done.failures[0].message
