"""NBS database: one POST a table, lines by name, closed ranges, the older address, January, units, answers that say no.

No recorded answer of the database was at hand: the bodies follow the shape that working clients of 2026 read.
"""

import datetime as dt
import json

import pytest

from data import select
from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream import Reply, recorded

HOST = "data.stats.gov.cn"
API = "/dg/website/publicrelease/web/external"
STREAM, OLDER, LINES = f"{API}/stream/esData", f"{API}/getEsDataByCidAndDt", f"{API}/new/queryIndicatorsByCid"
NEV = "nbs/nev_output.CHN.M"
PRODUCTS = {
    "8dedd34d41004a03ae790313a34cb27f", "508bcbda312b4b1d9a6aba48f6c5c7eb", "b26bbe4fca814e9197de24852d2011d5",
    "06fe9ca508d546c6800cc111112fa375", "0adf87f575ac47c8ba0c779252f136b3", "decec4300f1249e89e409a64ac403ad8",
    "976552bf20304e9c9e39770e1cdbafba", "b4ee019fccbe45c4b3e42870d5fda9de", "3f2e14f0542348ed9fe02476eca3450b",
}  # fmt: skip
NAMES = {"d198efc7": "rd_overview", "bfa3a26b": "rd_by_activity", "02776c40": "rd_by_funds"}
LIMITS = Limits(connect=20, read=20, total=60, backoff=0, patience=1)


def run(**options):
    (done,) = update(["nbs"], **{"dry_run": True, "every": True, "limits": LIMITS, **options}).runs
    return done


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def posts(upstream):
    return [request for request in upstream.requests if request.method == "POST"]


def changed(upstream, change):
    """Answer for new energy vehicles with the fixture after `change(answer)`, at both addresses."""
    answer = json.loads(recorded("nbs", "nev_output.json"))
    plain = json.dumps(change(answer) or answer, ensure_ascii=False).encode()

    def reply(request):
        mine = request.json()["cid"].startswith("8dedd34d")
        return Reply(plain if mine else b'{"success":true,"state":20000,"data":[]}')

    for path in (STREAM, OLDER):
        upstream.add("POST", HOST, path, reply)


def failure(done, about="nev_output"):
    (found,) = [one for one in done.failures if about in one.series + one.message + one.address]
    return found


def test_all_four_measures_with_their_units(upstream):
    found = rows(run())
    values = {line: found[f"{NEV}.{line}", "2026-08"] for line in ("level.period", "level.ytd", "growth.period")}
    assert {line: (row.value, row.unit_mult) for line, row in values.items()} == {
        "level.period": (164.7, 4),
        "level.ytd": (1059.1, 4),
        "growth.period": (21.9, 0),
    }
    assert found["nbs/solar_cell_output.CHN.M.level.ytd", "2026-08"].value == 50590
    assert found["nbs/industrial_robot_output.CHN.M.level.period", "2026-08"].unit_mult == 0
    assert found["nbs/integrated_circuit_output.CHN.M.level.period", "2026-08"].unit_mult == 8
    assert found["nbs/industrial_va_growth.CHN.M.growth.ytd", "2026-08"].value == 5.3
    assert {row.vintage for row in found.values()} == {dt.datetime.now(dt.UTC).date().isoformat()}


def test_january_and_february_are_one_cumulative_figure(upstream):
    def alone(answer):
        for period in answer["data"]:
            if period["code"] in ("202601MM", "202602MM"):
                period["values"] = [{**value, "value": "80.2"} for value in answer["data"][0]["values"]]

    changed(upstream, alone)
    early = {series for series, period in rows(run()) if period in ("2026-01", "2026-02")}
    assert early == {f"{NEV}.level.ytd", f"{NEV}.growth.ytd"}


def test_the_shipped_figures_are_known_and_nothing_is_stored_again(upstream):
    done = run(dry_run=False)
    assert {row.series.split(".")[0] for row in done.new} == {"nbs/lithium_battery_output"}
    assert done.revised == []
    assert len(done.unchanged) == 98
    assert select(indicator="lithium_battery_output", source="nbs", start=2026)["fetcher"].unique().tolist() == ["nbs"]


def test_one_question_a_table_in_the_exact_form_and_nothing_else(upstream):
    done = run()
    bodies = [request.json() for request in posts(upstream)]
    assert {body["cid"] for body in bodies[:9]} == PRODUCTS, "tables whose lines are known by name come last"
    assert len(bodies) == 12
    nev = next(body for body in bodies if body["cid"].startswith("8dedd34d"))
    assert nev == {
        "cid": "8dedd34d41004a03ae790313a34cb27f",
        "indicatorIds": [
            "69dea360563d42f39881a070de56dbee",
            "bf1176ebc395416f895e6b2e67129452",
            "bbb7c09f8de148b0a7887aea97ec9a34",
            "aa28390d65e34e44b9ed3943c80cf047",
        ],
        "daCatalogId": "",
        "das": [{"text": "全国", "value": "000000000000"}],
        "showType": "1",
        "dts": [f"201001MM-{dt.date.today().year}12MM"],
        "rootId": "fc982599aa684be7969d7b90b1bd0e84",
    }
    assert {body["dts"][0] for body in bodies[9:]} == {f"1990YY-{dt.date.today().year}YY"}
    others = [(request.method, request.path) for request in upstream.requests if request.method != "POST"]
    assert others == [("GET", "/dg/website/page.html"), *[("GET", LINES)] * 3]
    assert {request.host for request in upstream.requests} == {HOST}
    assert len(upstream.requests) <= 20, "as many as a session may ask without alarming the firewall"
    assert done.failures == []


def test_the_cookie_of_the_first_page_and_the_headers_of_a_page_go_with_every_question(upstream):
    run()
    for request in posts(upstream):
        assert request.cookies == {"wzws_sessionid": "abc"}
        assert request.headers["Referer"] == "https://data.stats.gov.cn/dg/website/page.html"
        assert request.headers["Origin"] == "https://data.stats.gov.cn"
        assert request.headers["Content-Type"] == "application/json;charset=UTF-8"
        assert "NQPF" in request.headers["User-Agent"]


def test_lines_are_known_by_other_ways_of_writing_their_names(upstream):
    whole = rows(run())
    written = {
        "研究与试验发展经费支出": "研究与试验发展（R&D）经费支出",
        "研究与试验发展经费支出相当于": "R&D经费支出与",
        "规上工业": "规模以上工业",
    }

    def otherwise(name):
        text = recorded("nbs", name).decode()
        for old, new in sorted(written.items(), reverse=True):
            text = text.replace(old, new)
        return Reply(text.encode(), validator=False)

    def figures(request):
        name = {"d198efc7": "rd_overview", "3f2e14f0": "industrial_va_growth"}.get(request.json()["cid"][:8])
        return otherwise(f"{name}.json") if name else Reply(b"", status=404)

    upstream.add("POST", HOST, STREAM, figures)
    upstream.add("GET", HOST, LINES, lambda request: otherwise(f"{NAMES[request.one('cid')[:8]]}.list.json"))
    done = run()
    assert done.failures == []
    assert {key: row.value for key, row in rows(done).items()} == {key: row.value for key, row in whole.items()}


def test_years_to_come_are_not_asked_for(upstream):
    done = run(since=str(dt.date.today().year + 1))
    assert (done.failures, upstream.requests) == ([], [])


def test_since_narrows_the_range(upstream):
    found = rows(run(since="2026-03"))
    assert min(period for _, period in found) == "2026-03"
    year = dt.date.today().year
    assert {body["dts"][0] for body in (r.json() for r in posts(upstream))} == {
        f"202603MM-{year}12MM",
        f"2026YY-{year}YY",
    }


@pytest.mark.parametrize("status", [403, 404, 500])
def test_the_older_address_is_asked_when_the_newer_is_closed(upstream, status):
    upstream.add("POST", HOST, STREAM, Reply(b"closed", "text/html", status, {"reason": "UrlACL"}))
    assert len(rows(run())) == 108
    assert [request.path for request in posts(upstream)][:2] == [STREAM, OLDER]


def test_a_closed_address_a_firewall_and_a_refusal_are_told_apart(upstream):
    upstream.fault("url_acl", HOST, f"{API}/.*")
    assert "UrlACL" in run().failures[0].message
    upstream.faults.clear()
    upstream.fault("firewall", HOST, f"{API}/.*")
    (stopped,) = run().failures
    assert (stopped.kind, "firewall" in stopped.message) == ("unavailable", True)
    assert len(upstream.requests) < 8, "a firewall is not asked again and again"
    upstream.faults.clear()
    changed(upstream, lambda answer: {"success": False, "state": 50000, "message": "系统异常", "data": None})
    refused = failure(run(), "系统异常")
    assert (refused.kind, refused.value) == ("rejected", "state 50000")


def test_the_lines_of_a_yearly_table_are_asked_for_once_a_month(upstream):
    run()
    asked = len([request for request in upstream.requests if request.path == LINES])
    run()
    assert len([request for request in upstream.requests if request.path == LINES]) == asked == 3


def test_yearly_lines_are_found_by_name(upstream):
    found = rows(run())
    assert found["nbs/rd_expenditure.CHN.A.level.period", "2024"].value == 36326.8
    assert found["nbs/rd_gdp_share.CHN.A.share.period", "2023"].value == 2.58
    assert found["nbs/experimental_development_expenditure.CHN.A.level.period", "2023"].value == 27436.5
    assert found["nbs/rd_funds_abroad.CHN.A.level.period", "2023"].value == 111.0


def test_a_line_that_is_not_there_costs_its_own_indicator_only(upstream):
    body = recorded("nbs", "rd_by_activity.list.json").replace("试验发展试验发展".encode(), "试验发展全部".encode())

    def lines(request):
        name = NAMES[request.one("cid")[:8]]
        return Reply(body if name == "rd_by_activity" else recorded("nbs", f"{name}.list.json"))

    upstream.add("GET", HOST, LINES, lines)
    done = run()
    (missing,) = done.failures
    assert (missing.kind, missing.series) == (
        "unexpected",
        "nbs/experimental_development_expenditure.CHN.A.level.period",
    )
    assert "研究与试验发展应用研究经费支出" in missing.value
    assert ("nbs/applied_research_expenditure.CHN.A.level.period", "2024") in rows(done)


def test_tables_that_could_not_be_read_are_not_asked_for_again_with_every_name_that_is_missing(upstream):
    upstream.add("POST", HOST, STREAM, Reply(b'{"success":true,"state":20000,"data":[]}', validator=False))
    upstream.add("GET", HOST, LINES, Reply(b'{"success":true,"state":20000,"data":{"list":[]}}', validator=False))
    done = run(dry_run=False)
    assert len([one for one in done.failures if "neither table nor line" in one.message]) == len(PRODUCTS)
    missing = [one.series for one in done.failures if "has no line" in one.message]
    assert len(missing) == len(set(missing)) > 3
    assert (len(posts(upstream)), len(upstream.requests)) == (len(PRODUCTS), len(PRODUCTS) + 4)
    upstream.requests.clear()
    upstream.add(
        "GET", HOST, LINES, lambda request: Reply(recorded("nbs", f"{NAMES[request.one('cid')[:8]]}.list.json"))
    )
    run()
    assert len([request for request in upstream.requests if request.path == LINES]) == 3, "what failed is not kept"


def test_the_firewall_before_the_names_leaves_the_products(upstream):
    upstream.fault("firewall", HOST, LINES)
    done = run()
    assert [one.kind for one in done.failures] == ["unavailable"]
    assert {series.split(".")[2] for series, _ in rows(done)} == {"M"}


CASES = {
    "another unit": (lambda value: value.update(du_name="辆"), "the unit is 辆, expected 万辆"),
    "no unit at all": (
        lambda value: value.update(du_name="", i_showname="新能源汽车产量当期值"),
        "the unit is not stated",
    ),
    "another product": (lambda value: value.update(i_showname="轿车产量当期值 (万辆)"), "the line is not 新能源汽车"),
    "another measure": (lambda value: value.update(i_showname="新能源汽车产量累计值 (万辆)"), "the line is not"),
    "another area": (lambda value: value.update(da="110000000000"), "the value is not national"),
    "words for a number": (lambda value: value.update(value="约165"), "is not a number"),
    "a new field": (lambda value: value.update(flag="p"), "unknown field 'flag'"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_value_of_another_kind_is_unexpected_and_stores_nothing(upstream, case):
    change, words = CASES[case]
    changed(upstream, lambda answer: change(answer["data"][0]["values"][0]))
    done = run()
    found = failure(done, words)
    assert found.kind == "unexpected"
    assert "2026" in found.message
    assert not [series for series, _ in rows(done) if "nev_output" in series]


def test_two_values_for_one_month_are_inconsistent(upstream):
    def twice(answer):
        answer["data"].append(json.loads(json.dumps(answer["data"][0])))
        answer["data"][-1]["values"][0]["value"] = "170.1"

    changed(upstream, twice)
    found = failure(run(), "164.7 and 170.1")
    assert (found.kind, found.series, found.period) == ("inconsistent", f"{NEV}.level.period", "2026-08")


def test_no_periods_mean_that_the_identifiers_have_changed(upstream):
    changed(upstream, lambda answer: {"success": True, "state": 20000, "message": "", "data": []})
    done = run()
    assert done.failures
    assert {one.kind for one in done.failures} == {"rejected"}
    assert "have the identifiers changed?" in done.failures[0].message
