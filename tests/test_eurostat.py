"""Eurostat: sparse cells, flags, what comes in place of a data set, categories that are not there.

The note that an answer is being prepared was also tried with a recorded one. No data set of this shape was at hand.
"""

import json

import pytest

from fetchers._run import update
from tests.upstream import Reply, recorded
from tests.upstream.eurostat import rearranged

HOST = "ec.europa.eu"
DATA = r"/eurostat/api/.+"
SHARE = "eurostat/rd_gdp_share.{}.A.share.period"
QUEUED = b"<?xml version='1.0'?><queued xmlns='urn:async'><id>b1</id><status>SUBMITTED</status></queued>"


def run(**options):
    (done,) = update(["eurostat"], **options).runs
    return done


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def test_sparse_cells_find_their_series_and_period(upstream):
    found = rows(run(dry_run=True))
    assert {p: found[SHARE.format("DEU"), p].value for p in ("2021", "2022", "2023", "2024")} == {
        "2021": 3.13,
        "2022": 3.13,
        "2023": 3.11,
        "2024": 3.1,
    }
    spending = found["eurostat/rd_expenditure.EU27.A.level.period", "2023"]
    assert (spending.value, spending.unit_mult, spending.vintage) == (389200.0, 6, "2026-11-12")
    assert ("eurostat/berd_gdp_share.DEU.A.share.period", "2024") not in found, "there is no such cell"


def test_flags_become_letters_and_further_ones_a_note(upstream):
    found = rows(run(dry_run=True))
    assert found[SHARE.format("EU27"), "2024"].obs_status == "P"
    assert found[SHARE.format("DEU"), "2022"].obs_status == "B"
    assert found["eurostat/berd_gdp_share.EU27.A.share.period", "2022"].obs_status == "E", "estimate of Eurostat"
    both = found["eurostat/rd_expenditure.EU27.A.level.period", "2024"]
    assert (both.obs_status, both.note) == ("P", "also flagged B")


def test_the_shipped_figures_are_not_stored_again(upstream):
    done = run()
    assert (SHARE.format("EU27"), "2024") in {(row.series, row.time_period) for row in done.unchanged}
    again = run()
    assert again.totals()["unchanged"] == len(rows(done))
    assert again.received == 0


def test_one_question_a_data_set_with_the_codes_of_the_catalogue(upstream):
    run(since="2023", dry_run=True)
    (asked,) = upstream.requests
    assert (asked.host, asked.path) == (HOST, "/eurostat/api/dissemination/statistics/1.0/data/rd_e_gerdtot")
    assert {name: sorted(values) for name, values in asked.query.items()} == {
        "format": ["JSON"],
        "lang": ["EN"],
        "freq": ["A"],
        "sectperf": ["BES", "TOTAL"],
        "unit": ["MIO_EUR", "PC_GDP"],
        "geo": ["DE", "EU27_2020"],
        "sinceTimePeriod": ["2023"],
    }


def test_no_results_are_an_error_unless_only_new_years_were_asked_for(upstream):
    assert run(since="2026", dry_run=True).failures == []
    error = {"error": [{"status": 400, "id": 100, "label": "No results found"}]}
    upstream.add("GET", HOST, DATA, Reply(json.dumps(error).encode(), status=400))
    failure = run(dry_run=True).failures[0]
    assert failure.kind == "rejected"
    assert "100 No results found" in failure.message
    fault = b"<S:Fault><faultcode>100</faultcode><faultstring>NO_RESULTS</faultstring></S:Fault>"
    upstream.add("GET", HOST, DATA, Reply(fault, "application/xml", 404))
    assert run(since="2026", dry_run=True).failures == []
    assert "NO_RESULTS" in run(dry_run=True).failures[0].message


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply(recorded("eurostat", "fault.xml"), "application/xml"), "rejected", "EXTRACTION_TOO_BIG"),
        (Reply(recorded("eurostat", "fault.xml"), "application/xml", 413), "rejected", "EXTRACTION_TOO_BIG"),
        (Reply(QUEUED, "application/xml"), "unavailable", "prepares the answer"),
        (
            Reply(b'{"warning":{"status":413,"label":"ASYNCHRONOUS_RESPONSE. Try again later."}}'),
            "unavailable",
            "prepares the answer",
        ),
        (
            Reply(b'{"error":[{"status":413,"id":413,"label":"EXTRACTION_TOO_BIG"}]}', status=413),
            "rejected",
            "EXTRACTION_TOO_BIG",
        ),
    ],
)
def test_what_comes_in_place_of_a_data_set_is_said_in_words(upstream, reply, kind, words):
    upstream.add("GET", HOST, DATA, reply)
    failure = run().failures[0]
    assert failure.kind == kind
    assert words in failure.message
    assert failure.address.startswith(f"https://{HOST}/eurostat/api/")


def edited(change):
    body = json.loads(recorded("eurostat", "rd_e_gerdtot.json"))
    change(body)
    return Reply(json.dumps(body).encode())


def without_germany(body):
    index = body["dimension"]["geo"]["category"]["index"]
    index["DE_TOT"] = index.pop("DE")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_germany, "no geo DE"),
        (lambda body: body["status"].update({next(iter(body["value"])): "q"}), "a flag is unknown"),
        (lambda body: body["value"].update({"999": 1.0}), "outside its 108"),
        (lambda body: body["size"].__setitem__(4, 5), "other sizes than categories"),
        (lambda body: body.update({"class": "collection"}), "no JSON-stat 2.0 data set"),
        (lambda body: body.update({"updated": None}), "no date"),
    ],
)
def test_what_is_not_of_the_known_shape_is_not_stored(upstream, change, words):
    upstream.add("GET", HOST, DATA, edited(change))
    done = run()
    assert words in done.failures[0].message
    assert done.failures[0].kind == "unexpected"
    assert rows(done) == {}


def test_an_area_the_service_does_not_have_costs_no_other(upstream):
    def without(body):
        kept = {name: list(dimension["category"]["index"]) for name, dimension in body["dimension"].items()}
        body |= rearranged(body, {**kept, "geo": [geo for geo in kept["geo"] if geo != "DE"]})

    upstream.add("GET", HOST, DATA, edited(without))
    done = run()
    assert (SHARE.format("EU27"), "2024") in rows(done)
    assert {(failure.kind, failure.series.split(".")[1]) for failure in done.failures} == {("rejected", "DEU")}
    assert "has no geo DE" in done.failures[0].message


def test_a_further_dimension_needs_a_category_in_the_catalogue(upstream):
    def more(body):
        body["id"].insert(1, "fundp")
        body["size"].insert(1, 2)
        body["dimension"]["fundp"] = {"category": {"index": {"A": 0, "B": 1}}}

    upstream.add("GET", HOST, DATA, edited(more))
    (failure,) = run().failures
    assert "the catalogue names no fundp" in failure.message
