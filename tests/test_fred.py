"""FRED: the edition of the Penn World Table is asked for first, and only the one the catalogue names is read."""

import json
from typing import Any

import pytest

from data import Release, catalogue
from fetchers import fred
from fetchers._errors import Unexpected
from fetchers._run import update
from tests.upstream import Reply
from tests.upstream.fred import HOST, KEY, REAL_TIME, answer

CODE = "RTFPNACNA632NRUG"
BODY = {
    **REAL_TIME,
    "units": "lin",
    "observations": [
        {**REAL_TIME, "date": "2007-01-01", "value": "0.700974345207214"},
        {**REAL_TIME, "date": "2022-01-01", "value": "."},
    ],
}


def parsed(**changes: Any) -> dict[tuple[str, str], tuple[float, str]]:
    count = len(changes.get("observations") or BODY["observations"])
    body = json.dumps({**BODY, "count": count, **changes}).encode()
    release = Release(
        id="r",
        source="pwt",
        title=f"{CODE}: x",
        url=fred.API,
        retrieved="2026-11-01",
        published="2026-02-04",
        body=body,
    )
    found = fred.parse(release, catalogue.load().of_fetcher("fred"))
    return {(row.series, row.time_period): (row.value, row.vintage) for row in found}


def test_all_digits_and_the_day_of_update_and_nothing_for_a_point():
    series = "pwt/tfp_national_prices_pwt110.CHN.A.index.period"
    assert parsed() == {(series, "2007"): (0.700974345207214, "2026-02-04")}


def test_a_value_of_the_snapshot_with_fewer_digits_is_not_revised(upstream, keys):
    (run,) = update(["fred"], dry_run=True, every=True).runs
    assert run.failures == []
    known = {(row.series, row.time_period) for row in run.unchanged}
    assert ("pwt/tfp_national_prices_pwt110.CHN.A.index.period", "2008") in known
    assert {row.series.split("/")[0] for _, row in run.rows()} == {"pwt"}


def test_three_questions_a_series_with_the_key_in_no_report(upstream, keys):
    (run,) = update(["fred"], "2008", dry_run=True, every=True).runs
    asked = [(r.path, r.one("observation_start")) for r in upstream.requests if r.one("series_id") == CODE]
    assert asked == [
        ("/fred/series/release", ""),
        ("/fred/series", ""),
        ("/fred/series/observations", "2008-01-01"),
    ]
    assert all(r.one("api_key") == KEY and r.one("file_type") == "json" for r in upstream.requests)
    assert KEY not in repr(run)
    assert min(row.time_period for _, row in run.rows()) == "2008"


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("/fred/series/release", "Penn World Table 11.0", "Penn World Table 12.0", "of Penn World Table 12.0, not of"),
        ("/fred/series", "Index 2021=1", "Index 2017=1", "units is not Index 2021=1"),
        ("/fred/series", '"frequency_short": "A"', '"frequency_short": "Q"', "frequency_short is not A"),
        ("/fred/series", "2026-02-04", "lately", "no day of update"),
        ("/fred/series/release", '"releases": [', '"releases": [{}, ', "is not one record"),
    ],
)
def test_another_edition_or_unit_is_never_joined(upstream, keys, path, old, new, words):
    upstream.add("GET", HOST, path, lambda r: Reply(answer(r).body.replace(old.encode(), new.encode())))
    (run,) = update(["fred"], dry_run=True, every=True).runs
    failure = next(f for f in run.failures if "tfp_national" in f.series)
    assert words in failure.message
    assert failure.kind == "unexpected"
    assert not [row for _, row in run.rows() if "tfp_national" in row.series]


def test_an_id_fred_does_not_know_costs_its_indicator_only(upstream, keys):
    body = b'{"error_code":400,"error_message":"Bad Request. The series does not exist."}'
    gone = lambda r: Reply(body, status=400) if r.one("series_id") == CODE else answer(r)  # noqa: E731
    upstream.add("GET", HOST, "/fred/series/release", gone)
    (run,) = update(["fred"], dry_run=True, every=True).runs
    assert [failure.kind for failure in run.failures] == ["rejected"]
    assert "does not exist" in run.failures[0].message
    assert {row.series.split(".")[0] for _, row in run.rows()} >= {"pwt/labour_share_pwt110"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"units": "pch"}, "not as published"),
        ({"count": 3}, "2 observations of 3"),
        ({"observations": [{"date": "2007-04-01", "value": "1"}]}, "no year"),
        ({"observations": [{"date": "2007-01-01"}]}, "no value"),
        ({"observations": [{"date": "2007-01-01", "value": "NA"}]}, "not a number"),
        ({"observations": [{"date": "2007-01-01", "value": "1", "flag": "e"}]}, "unknown field 'flag'"),
        ({"observations": None}, "no list"),
        ({"page": 1}, "unknown field 'page'"),
    ],
)
def test_what_is_not_the_known_shape_stops_the_document(changes, words):
    with pytest.raises(Unexpected, match=words):
        parsed(**changes)
