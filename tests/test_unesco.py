"""UNESCO UIS: repeated parameters, hints, estimates, nil values, the day of each indicator's update.

No recorded answer of this service was at hand.
"""

import json

import pytest

from fetchers._run import update
from tests.upstream import Reply, recorded

HOST = "api.uis.unesco.org"
SHARE = "unesco/rd_gdp_share.{}.A.share.period"
RESEARCHERS = "unesco/researchers_per_million.{}.A.level.period"


def run(**options):
    (done,) = update(["unesco"], **options).runs
    return done


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def edited(upstream, change):
    """Answer with the fixture after `change(body)`, without the area nobody asks for."""
    body = json.loads(recorded("unesco", "indicators.json"))
    change(body)
    upstream.add("GET", HOST, r"/api/.+", Reply(json.dumps(body).encode()))


def test_values_qualifiers_and_the_day_of_each_update(upstream):
    found = rows(run(dry_run=True))
    china = found[SHARE.format("CHN"), "2022"]
    assert (china.value, china.obs_status, china.vintage) == (2.55, "A", "2026-09-17")
    assert found[RESEARCHERS.format("CHN"), "2022"].vintage == "2026-02-25"
    assert found[SHARE.format("WLD"), "2022"].obs_status == "E"
    assert found[SHARE.format("IND"), "2018"].obs_status == "E"
    assert (SHARE.format("GBR"), "2023") not in found, "null is no figure"


def test_nil_is_a_figure_and_what_does_not_apply_is_none(upstream):
    found = rows(run(dry_run=True))
    nil = found[RESEARCHERS.format("IND"), "2021"]
    assert (nil.value, nil.note) == (0, "nil or negligible")
    assert (RESEARCHERS.format("GBR"), "2021") not in found


def test_one_question_with_repeated_parameters(upstream):
    run(since="2022", dry_run=True)
    (asked,) = upstream.requests
    assert (asked.host, asked.path) == (HOST, "/api/public/data/indicators")
    assert asked.query == {
        "indicator": ["EXPGDP.TOT", "RESDEN.INHAB.TFTE"],
        "geoUnit": ["CHN", "SDG: World", "USA", "DEU", "GBR", "JPN", "KOR", "IND"],
        "start": ["2022"],
        "indicatorMetadata": ["true"],
    }


def test_an_indicator_without_records_is_an_error_with_the_hint_and_costs_nothing_else(upstream):
    def unknown(body):
        body["records"] = [r for r in body["records"] if r["indicatorId"] != "RESDEN.INHAB.TFTE"]
        body["hints"] = [{"code": "X", "message": "Unknown indicators: RESDEN.INHAB.TFTE"}]

    edited(upstream, unknown)
    done = run()
    assert done.failures[0].kind == "rejected"
    assert "no record of RESDEN.INHAB.TFTE" in done.failures[0].message
    assert "Unknown indicators" in done.failures[0].value
    assert (SHARE.format("CHN"), "2022") in rows(done)


def test_nothing_newer_is_no_error(upstream):
    assert run(since="2026", dry_run=True).failures == []


@pytest.mark.parametrize("written", ["2026-09-17", "2026-09-17T00:00:00Z", "09/17/2026"])
def test_notations_of_the_day_of_the_update(upstream, written):
    edited(upstream, lambda body: body["indicatorMetadata"][0].update(lastDataUpdate=written))
    assert rows(run(dry_run=True))[SHARE.format("CHN"), "2022"].vintage == "2026-09-17"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda body: body["records"][0].update(qualifier="GUESS"), "the qualifier is unknown"),
        (lambda body: body["records"][0].update(magnitude="HUGE"), "the magnitude is unknown"),
        (lambda body: body["records"][0].update(indicatorId="CR.1"), "was not asked for"),
        (lambda body: body["records"][0].pop("value"), "has no value"),
        (lambda body: body.update(next="/page/2"), "unknown field 'next'"),
        (lambda body: body.update(records=None), "no records"),
        (lambda body: body["indicatorMetadata"][0].update(lastDataUpdate="soon"), "no known date"),
        (lambda body: body["indicatorMetadata"][0].update(name="GERD in PPP$"), "the unit is not percentage of GDP"),
    ],
)
def test_what_is_not_of_the_known_shape_is_not_stored(upstream, change, words):
    edited(upstream, change)
    done = run()
    assert words in done.failures[0].message
    assert done.failures[0].kind == "unexpected"
    assert rows(done) == {}
