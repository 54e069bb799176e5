"""UN Comtrade: codes and their years, sums, totals and parts, one period a request, the key."""

import datetime as dt
import json

import pytest

from data import Release, catalogue
from fetchers import comtrade
from fetchers._errors import Inconsistent, Rejected, Unexpected
from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream.comtrade import KEY, rows

KEYLESS = Limits(connect=20, read=20, total=60, backoff=0, patience=1)


def brought(since: str | None = None) -> dict[str, dict[str, tuple[float, str]]]:
    (run,) = update(["comtrade"], since, dry_run=True, limits=KEYLESS).runs
    assert run.failures == []
    found: dict[str, dict[str, tuple[float, str]]] = {}
    for _, row in run.rows():
        found.setdefault(row.series.removeprefix("comtrade/"), {})[row.time_period] = (row.value, row.confidence)
    return found


def parsed(*changed: dict, **envelope: object) -> dict[tuple[str, str], float]:
    body = {"elapsedTime": "0.05 secs", "count": len(changed), "data": list(changed), "error": "", **envelope}
    url = f"{comtrade.PREVIEW}/A/HS?period=2024"
    release = Release(
        id="r", source="comtrade", title="t", url=url, retrieved="2026-11-01", body=json.dumps(body).encode()
    )
    found = comtrade.parse(release, catalogue.load().of_fetcher("comtrade"))
    return {(row.series, row.time_period): row.value for row in found}


def row(code: str, **changes: object) -> dict:
    found = next(one for one in rows() if (one["cmdCode"], one["period"]) == (code, "2024"))
    return {**found, **changes}


def test_each_code_in_its_years_and_sums_say_what_they_are(upstream):
    found = brought("2021")
    assert found["exports_electric_cars.CHN.A.level.period"] == {
        "2021": (1e10, "primary"),
        "2023": (3.4e10, "primary"),
        "2024": (3.3e10, "primary"),
    }
    assert found["exports_solar_cells.CHN.A.level.period"] == {
        "2023": (46000000000.75, "derived"),
        "2024": (3.4e10, "derived"),
    }
    assert found["exports_solar_cells_and_diodes.CHN.A.level.period"] == {"2021": (3e10, "primary")}
    assert found["exports_plug_in_hybrids.CHN.A.level.period"] == {
        "2023": (7e9, "primary"),
        "2024": (15001000000.0, "derived"),
    }
    assert found["exports_electric_cars.CHN.M.level.period"] == {
        "2025-05": (3.2e9, "primary"),
        "2025-06": (3.3e9, "primary"),
    }
    assert "2025-06" not in found["exports_solar_cells.CHN.M.level.period"]


def test_without_a_key_one_period_a_request_and_totals_only(upstream):
    brought("2024")
    this_year = dt.date.today().year
    years = [request.one("period") for request in upstream.requests if "/A/" in request.path]
    assert years == [str(year) for year in range(this_year - 1, 2023, -1)]
    for request in upstream.requests:
        assert request.path.startswith("/public/v1/preview/C/")
        assert "," not in request.one("period")
        totals = ("flowCode", "partnerCode", "partner2Code", "customsCode", "motCode")
        assert [request.one(name) for name in totals] == ["X", "0", "0", "C00", "0"]
        assert "Ocp-Apim-Subscription-Key" not in request.headers


def test_without_a_key_and_a_period_the_newest_months_and_all_years(upstream):
    brought()
    periods = [request.one("period") for request in upstream.requests]
    assert sum(len(period) == 6 for period in periods) == comtrade.NEWEST
    assert min(period for period in periods if len(period) == 4) == "2007"
    first = next(request for request in upstream.requests if request.one("period") == "2007")
    assert first.one("cmdCode") == "847950,854140"


def test_with_a_key_twelve_periods_a_request(upstream, keys):
    assert brought()["exports_electric_cars.CHN.M.level.period"].keys() == {"2025-05", "2025-06"}
    asked = [request.one("period").split(",") for request in upstream.requests]
    assert max(len(periods) for periods in asked) == comtrade.AT_A_TIME
    assert "201701" in asked[-1]
    assert all(request.headers["Ocp-Apim-Subscription-Key"] == KEY for request in upstream.requests)
    assert all(KEY not in str(request.query) for request in upstream.requests)


def test_a_wrong_key_is_refused_without_being_shown(upstream, monkeypatch):
    monkeypatch.setenv("COMTRADE_API_KEY", "a-wrong-key-of-the-user")
    (run,) = update(["comtrade"], dry_run=True, limits=KEYLESS).runs
    assert "invalid subscription key" in run.failures[0].message
    assert run.failures[0].kind == "rejected"
    assert "a-wrong-key" not in repr(run)


@pytest.mark.parametrize("fault", ["html_for_data", "too_many", "renamed_column", "added_field", "no_figure"])
def test_the_preview_meets_faults_too(upstream, fault):
    from tests.upstream.comtrade import SHAPE

    upstream.fault(fault, shape=SHAPE)
    (run,) = update(["comtrade"], "2023", dry_run=True, limits=KEYLESS).runs
    assert list(run.rows()) == []
    assert {failure.kind for failure in run.failures} <= {"unexpected", "unavailable"}
    assert run.failures


def test_rows_repeated_word_for_word_count_once_and_parts_are_left_out():
    one = row("870380")
    part = row("870380", motCode=2100, motDesc="Sea", primaryValue=5.0, fobvalue=5.0)
    second = row("870380", partner2Code=344, primaryValue=6.0, fobvalue=6.0)
    assert parsed(one, one, part, second) == {("comtrade/exports_electric_cars.CHN.A.level.period", "2024"): 3.3e10}


def test_a_reporter_is_known_by_its_number_where_no_names_come():
    assert parsed(row("870380", reporterISO=None, reporterDesc=None)) == parsed(row("870380")) != {}


def test_an_empty_answer_is_a_period_not_reported_yet():
    assert parsed() == {}


def test_no_total_is_made_where_one_of_its_codes_is_missing():
    assert parsed(row("854143"), row("870380")) == parsed(row("870380")) != {}


def test_a_value_that_is_not_reported_is_no_figure():
    assert parsed(row("870380", primaryValue=None, fobvalue=None)) == {}


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ([row("870380"), row("870380", primaryValue=1.0, fobvalue=1.0)], Inconsistent, "two totals"),
        ([row("870380", motCode=2100)], Unexpected, "parts only"),
        ([row("870380", flowCode="M")], Unexpected, "flowCode is not X"),
        ([row("870380", partnerCode=842)], Unexpected, "partnerCode is not 0"),
        ([row("870380", classificationCode="S4")], Unexpected, "not the HS"),
        ([row("870380", fobvalue=2.0)], Unexpected, "not free on board"),
        ([row("870380", cmdCode="870390")], Unexpected, "not asked for"),
        ([row("870380", reporterCode=999)], Unexpected, "the reporter was not asked for"),
        ([row("870380", period="2024-Q1")], Unexpected, "period"),
        ([row("870380", tariff=1)], Unexpected, "unknown field 'tariff'"),
        ([row("870380")] * comtrade.MOST_ROWS, Unexpected, "cut off at 500"),
    ],
)
def test_what_is_not_the_known_shape_stops_the_document(changed, error, words):
    with pytest.raises(error, match=words):
        parsed(*changed)


def test_an_envelope_that_says_no_or_less_than_it_holds():
    with pytest.raises(Rejected, match="quota"):
        parsed(error="Out of call volume quota")
    with pytest.raises(Unexpected, match="fewer rows"):
        parsed(row("870380"), count=2)
    with pytest.raises(Unexpected, match="unknown field 'next'"):
        parsed(next="page 2")
