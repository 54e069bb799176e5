"""DBnomics: history of NBS to 2026-02, `"NA"`, identifiers, errors beside an answer, scale of units, last in order.

No recorded answer was at hand: the bodies follow the documented shape.
"""

import json

import pytest

from data import catalogue, select
from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream import Reply, recorded

HOST = "api.db.nomics.world"
LIMITS = Limits(connect=20, read=20, total=60, backoff=0, patience=1)
NEV = "nbs/nev_output.CHN.M"


def run(*sources, **options):
    return update(list(sources or ("dbnomics",)), **{"dry_run": True, "limits": LIMITS, **options}).runs


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def changed(upstream, change, head=None):
    """Answer for new energy vehicles with its fixture after `change(documents)`, for other datasets with none."""
    documents = json.loads(recorded("dbnomics", "M_A02092W.json"))
    change(documents)
    page = {"docs": documents, "limit": 1000, "num_found": 4, "offset": 0}
    full = json.dumps({"errors": None, "series": page, **(head or {})}).encode()
    none = b'{"errors": null, "series": {"docs": [], "limit": 1000, "num_found": 0, "offset": 0}}'
    upstream.add("GET", HOST, "/v22/series", lambda request: Reply(full if "A02092W" in str(request.query) else none))


def test_history_as_relayed_with_the_day_it_was_read(upstream):
    (done,) = run()
    found = rows(done)
    row = found[f"{NEV}.level.period", "2025-11"]
    assert (row.value, row.unit_mult, row.vintage, row.confidence) == (184.1, 4, "2026-03-20", "secondary")
    assert found["nbs/integrated_circuit_output.CHN.M.level.ytd", "2026-02"].value == 815
    assert found["nbs/industrial_va_growth.CHN.M.growth.ytd", "2026-02"].value == 6.3
    assert max(period for _, period in found) == "2026-02"
    assert (f"{NEV}.level.ytd", "2025-12") not in found, "NA is no figure"


def test_it_says_that_it_has_ended():
    source = catalogue.load().sources["dbnomics"]
    assert "ends with February 2026" in source.note
    assert "2026年2月" in source.note_native
    assert source.lag_days == {}, "no next release is expected"


def test_one_question_a_dataset_by_identifiers(upstream):
    run()
    asked = [request.one("series_ids") for request in upstream.requests]
    assert len(asked) == 9
    assert asked[0] == ",".join(f"NBS/M_A02092W/A02092W0{n}" for n in (1, 2, 3, 4))
    assert {(request.host, request.path) for request in upstream.requests} == {(HOST, "/v22/series")}
    assert {request.one("observations") for request in upstream.requests} == {"1"}


def test_later_months_are_not_asked_for(upstream):
    (done,) = run(since="2026-03")
    assert upstream.requests == []
    assert done.failures == []
    (done,) = run(since="2026-02")
    assert {period for _, period in rows(done)} == {"2026-02"}


def test_january_and_february_are_cumulative_only(upstream):
    changed(upstream, lambda documents: [one.update(value=[50.5, 50.5, 50.5, 50.5, 50.5]) for one in documents])
    early = {(series, period) for series, period in rows(run()[0]) if period >= "2026"}
    assert early == {(f"{NEV}.level.ytd", "2026-02"), (f"{NEV}.growth.ytd", "2026-02")}


def test_it_is_the_last_to_be_asked_and_replaces_nothing(upstream):
    ranks = {name: catalogue.load().sources[name].rank for name in ("nbs_communique", "nbs", "nbs_release", "dbnomics")}
    assert list(ranks) == sorted(ranks, key=ranks.__getitem__)
    assert len(set(ranks.values())) == 4
    done = run("nbs", "nbs_release", "dbnomics")[2]
    assert done.skipped == "earlier sources brought everything"
    assert HOST not in {request.host for request in upstream.requests}
    upstream.fault("server_error", "data.stats.gov.cn", "/dg/website/publicrelease/.*")
    upstream.fault("server_error", "www.stats.gov.cn")
    done = run("nbs", "nbs_release", "dbnomics")[2]
    assert (f"{NEV}.level.period", "2025-11") in rows(done)


def test_a_primary_figure_of_the_snapshot_stands(upstream):
    changed(upstream, lambda documents: documents[0]["value"].__setitem__(1, 184.9))
    (done,) = run(dry_run=False)
    (refused,) = done.rejected
    assert (refused.row.value, "the value 184.1 of the shipped snapshot stands" in refused.reason) == (184.9, True)
    assert select(series=f"{NEV}.level.period", start="2025-11", end="2025-11")["value"].tolist() == [184.1]


CASES = {
    "another scale": (lambda one: one.update(series_name="Output, Current Period(million units)"), "(million units)"),
    "no scale": (lambda one: one.update(series_name="Output, Current Period(units)"), "the unit is (units)"),
    "per cent": (lambda one: one.update(series_name="Output, Current Period(%)"), "the unit is (%)"),
    "another frequency": (lambda one: one.update({"@frequency": "quarterly"}), "not a monthly series of NBS"),
    "another provider": (lambda one: one.update(provider_code="OECD"), "not a monthly series of NBS"),
    "another dataset": (lambda one: one.update(dataset_code="M_A020923"), "not a monthly series of NBS"),
    "a period too many": (lambda one: one["period"].append("2026-03"), "no value for each period"),
    "a quarter": (lambda one: one["period"].__setitem__(0, "2025-Q4"), "the period is not a month"),
    "words": (lambda one: one["value"].__setitem__(0, "about 171"), "is not a number"),
    "another mark": (lambda one: one["value"].__setitem__(0, "无"), "is not a number"),
    "flags": (lambda one: one.update(observations_attributes=[["OBS_STATUS", ["E"]]]), "unknown field"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_reads_otherwise_is_unexpected(upstream, case):
    change, words = CASES[case]
    changed(upstream, lambda documents: change(documents[0]))
    (done,) = run()
    failure = next(one for one in done.failures if words in one.message)
    assert failure.kind == "unexpected"
    assert rows(done) == {}


def test_a_name_without_a_unit_is_taken_for_the_unit_of_the_table(upstream):
    changed(upstream, lambda documents: [one.update(series_name="Output") for one in documents])
    assert len(rows(run()[0])) == 9


def test_errors_beside_an_answer_are_a_refusal_and_a_short_answer_is_none(upstream):
    missing = {"errors": [{"message": "Series 'NBS/M_A02092W/A02092W01' not found"}]}
    changed(upstream, lambda documents: documents.pop(0), missing)
    (failure,) = run()[0].failures
    assert (failure.kind, "A02092W01' not found" in failure.value) == ("rejected", True)
    assert failure.address.startswith("https://api.db.nomics.world/v22/series?series_ids=")
    changed(upstream, lambda documents: documents.pop(0))
    assert "the answer is not whole" in run()[0].failures[0].message


def test_two_values_for_one_month_are_inconsistent(upstream):
    changed(upstream, lambda documents: documents.append({**documents[0], "value": [1, 2, 3, "NA", "NA"]}))
    failure = run()[0].failures[0]
    assert (failure.kind, failure.series) == ("inconsistent", f"{NEV}.level.period")
