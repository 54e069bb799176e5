"""Every source meets every fault that can happen to it: one of the four errors in words, never a wrong number."""

import pytest

from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream import faults, shapes

LIMITS = Limits(connect=20, read=20, total=60, size=4 * 2**20, backoff=0, patience=1)  # a busy machine is no fault
HASTY = Limits(connect=20, read=20, total=1, size=4 * 2**20, backoff=0, patience=1)
SHAPES = shapes()
LENIENT = {"cut_inside", "added_field"}  # a page may lose its end or gain a column and still be read rightly
ERRORS = {"unavailable", "rejected", "unexpected", "inconsistent"}


def can_happen(fault: str, source: str) -> bool:
    shape = SHAPES[source]
    if fault in shape.exempt:
        assert shape.exempt[fault], "say why"
        return False
    return not (fault == "other_unit" and shape.unit is None or fault == "future_empty" and shape.future is None)


CASES = [(source, fault) for source in SHAPES for fault in sorted(faults.FAULTS) if can_happen(fault, source)]


@pytest.fixture(scope="module")
def known() -> dict[str, dict]:
    """What each source brings without a fault, asked once."""
    return {}


def brought(source: str, limits: Limits = LIMITS) -> tuple[dict[tuple[str, str], tuple[float, int, str]], list]:
    """The rows one source would store, and its failures."""
    (run,) = update([source], dry_run=True, every=True, limits=limits).runs
    rows = {(row.series, row.time_period): (row.value, row.unit_mult, row.obs_status) for _, row in run.rows()}
    return rows, run.failures


@pytest.mark.parametrize("source", SHAPES)
def test_without_a_fault_a_source_brings_figures(upstream, keys, source):
    rows, failures = brought(source)
    assert rows
    assert failures == []


@pytest.mark.parametrize(("source", "fault"), CASES)
def test_a_fault_is_an_error_in_words_and_never_a_wrong_number(
    upstream, keys, known, source, fault, monkeypatch, tmp_path
):
    if source not in known:
        known[source], _ = brought(source)
    sound, shape = known[source], SHAPES[source]
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path / "empty"))  # some services' answers are kept for days
    upstream.fault(fault, shape.host, shape.path, shape=shape)
    upstream.requests.clear()
    rows, failures = brought(source, HASTY if fault == "slow" else LIMITS)
    assert rows.items() <= sound.items()
    if fault in faults.HARMLESS and not failures:
        lost = len(upstream.requests) if fault == "no_figure" else 0  # at most one figure an answer
        assert len(rows) >= len(sound) - lost
        return
    if shape.page and fault in LENIENT and not failures:
        return
    assert rows == {}
    assert failures
    for failure in failures:
        assert failure.kind in ERRORS
        assert source in failure.message
        assert failure.address.startswith("https://")
        assert failure.address in failure.message
        assert "Error" not in failure.message.split(" (")[0], "a parser stumbled instead of saying what is wrong"


@pytest.mark.parametrize("source", ["worldbank", "owid", "dbnomics"])  # one question an indicator or more
def test_an_address_that_is_gone_costs_what_was_asked_there_only(upstream, source):
    shape = SHAPES[source]
    upstream.fault("not_found", shape.host, shape.path, times=1)
    rows, (failure,) = brought(source)
    assert rows
    assert (failure.kind, failure.series.count("/")) == ("rejected", 1)
    assert failure.series not in {series for series, _ in rows}


@pytest.mark.parametrize("source", SHAPES)
def test_a_certificate_nobody_vouches_for(upstream, strange_upstream, keys, monkeypatch, source):
    monkeypatch.setenv("NQPF_UPSTREAM", strange_upstream.url)
    rows, failures = brought(source)
    assert rows == {}
    assert {failure.kind for failure in failures} == {"unavailable"}
    assert "is not trusted" in failures[0].message
    assert strange_upstream.requests == []
