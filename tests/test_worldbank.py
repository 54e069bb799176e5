"""World Bank: pages, the error that comes with status 200, empty answers, units in names, vintages.

The parser was also run on recorded answers of 2021 (indicator values of one and of two countries, invalid value).
"""

import json

import pytest

from data import select
from fetchers._run import update
from tests.upstream import Reply, recorded

HOST = "api.worldbank.org"
SHARE = "GB.XPD.RSDV.GD.ZS"
CHINA = "worldbank/rd_gdp_share.CHN.A.share.period"


def run(**options):
    (done,) = update(["worldbank"], **options).runs
    return done


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def changed(upstream, code, change):
    """Answer for one indicator with its fixture after `change(head, rows)`."""
    head, records = json.loads(recorded("worldbank", f"{code}.json"))
    body = json.dumps(change(head, records)).encode()
    upstream.add("GET", HOST, rf"/v2/country/.+/indicator/{code}", Reply(body))


def test_values_of_all_pages_with_the_day_of_the_database(upstream):
    found = rows(run(dry_run=True))
    china = found[CHINA, "2022"]
    assert (china.value, china.unit_mult, china.vintage, china.obs_status) == (2.5552, 0, "2026-10-07", "A")
    assert found["worldbank/rd_gdp_share.WLD.A.share.period", "2022"].value == 2.6699
    assert found["worldbank/rd_gdp_share.EU27.A.share.period", "2020"].value == 2.2974
    assert found["worldbank/patent_applications_residents.CHN.A.level.period", "2019"].value == 1243568
    assert found["worldbank/hightech_exports_value.CHN.A.level.period", "2022"].value == 769733123456.25
    assert (CHINA, "2023") not in found, "null is no figure"
    asked = [request.one("page") for request in upstream.requests if request.path.endswith(SHARE)]
    assert asked == ["1", "2", "3"]


def test_one_question_an_indicator_for_the_areas_of_the_catalogue_and_nothing_else(upstream):
    run(dry_run=True)
    paths = {request.path for request in upstream.requests}
    assert {request.host for request in upstream.requests} == {HOST}
    assert len(paths) == 10
    assert "/v2/country/CHN;WLD;USA;EUU;DEU;JPN;KOR;IND;GBR/indicator/GB.XPD.RSDV.GD.ZS" in paths
    assert {request.one("format") for request in upstream.requests} == {"json"}


def test_since_asks_for_later_years_only(upstream):
    found = rows(run(since="2022", dry_run=True))
    assert min(period for _, period in found) == "2022"
    assert {request.one("date").split(":")[0] for request in upstream.requests} == {"2022"}


def test_an_error_with_status_200_costs_one_indicator(upstream):
    message = {"message": [{"id": "175", "key": "Invalid format", "value": "The indicator was not found."}]}
    changed(upstream, SHARE, lambda head, records: [message])
    done = run()
    (failure,) = done.failures
    assert failure.kind == "rejected"
    assert "The indicator was not found." in failure.message
    assert failure.series.startswith("worldbank/rd_gdp_share.")
    assert failure.address.startswith(f"https://{HOST}/v2/country/")
    assert len(done.brought) > 30


def test_a_refusal_by_status_costs_one_indicator_too(upstream):
    upstream.add("GET", HOST, rf"/v2/country/[^/]+/indicator/{SHARE}", Reply(b"{}", status=404))
    done = run()
    (failure,) = done.failures
    assert (failure.kind, failure.series) == ("rejected", "worldbank/rd_gdp_share.CHN.A.share.period")
    assert len(done.brought) > 30


def test_an_area_without_its_code_of_three_letters_is_known_by_the_other(upstream):
    whole = rows(run(dry_run=True))

    def bare(head, records):
        return [head, [{**r, "countryiso3code": "", "country": {"id": r["countryiso3code"]}} for r in records]]

    changed(upstream, SHARE, bare)
    done = run(since="1990", dry_run=True)
    assert done.failures == []
    assert rows(done).keys() == whole.keys()


@pytest.mark.parametrize(("since", "failures"), [(None, 1), ("2024", 0)])
def test_no_rows_is_an_error_unless_only_new_ones_were_asked_for(upstream, since, failures):
    changed(upstream, SHARE, lambda head, records: [{**head, "pages": 0, "total": 0}, None])
    done = run(since=since, dry_run=True)
    assert len(done.failures) == failures
    assert all("no figure of" in failure.message for failure in done.failures)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda head, records: [head, records[:-3]], "of 63 rows"),
        (lambda head, records: [{**head, "sourceid": "57", "sourcename": "WDI Archives"}, records], "another database"),
        (lambda head, records: [{**head, "lastupdated": "October"}, records], "no date"),
        (lambda head, records: [{**head, "surprise": 1}, records], "unknown field 'surprise'"),
        (lambda head, records: [{**head, "pages": None}, records], "the head has no pages"),
        (lambda head, records: [{**head, "page": 7}, records], "another page came than page 1"),
        (lambda head, records: [{"message": "Invalid value"}], "the service says no: Invalid value"),
        (lambda head, records: [head, [{**r, "obs_status": "X"} for r in records]], "the status is unknown"),
        (lambda head, records: [head, [{**r, "date": f"{r['date']}Q1"} for r in records]], "not a year"),
        (
            lambda head, records: [
                head,
                [{**r, "indicator": {"id": SHARE, "value": "R&D expenditure (% of GNI)"}} for r in records],
            ],
            "the unit is not % of GDP",
        ),
        (
            lambda head, records: [head, [{**r, "indicator": {"id": "X.Y", "value": ""}} for r in records]],
            "not asked for",
        ),
    ],
)
def test_what_is_not_of_the_known_shape_is_not_stored(upstream, change, words):
    changed(upstream, SHARE, change)
    done = run()
    assert words in done.failures[0].message
    assert not [row for series, row in rows(done) if series == CHINA]


def test_an_estimate_keeps_its_status_and_a_revision_its_date(upstream):
    def later(head, records):
        china = [r for r in records if r["countryiso3code"] == "CHN" and r["date"] == "2022"]
        return [
            {**head, "total": 1, "lastupdated": "2026-11-02"},
            [{**r, "value": 2.61, "obs_status": "E"} for r in china],
        ]

    run()
    changed(upstream, SHARE, later)
    (revision,) = run().revised
    assert (revision.old.value, revision.new.value, revision.new.obs_status) == (2.5552, 2.61, "E")
    history = select(series=[CHINA], vintages="all")
    assert list(history[history["time_period"] == "2022"]["vintage"].astype(str))[-1] == "2026-11-02"
