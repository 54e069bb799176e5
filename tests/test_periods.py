"""Periods as SDMX writes them."""

import datetime as dt

import pytest

from data import periods


@pytest.mark.parametrize(
    "text", ["2023-13", "2023-00", "23", "2023-Q5", "2023-1", "2023-Q0", "", "2023-12-01", "２０２３", "1899"]
)
def test_what_is_not_a_period_is_refused(text):
    with pytest.raises(ValueError, match="is not a period"):
        periods.split(text)


@pytest.mark.parametrize(
    ("period", "by", "there"),
    [("2023-12", 1, "2024-01"), ("2024-01", -1, "2023-12"), ("2023-Q1", -1, "2022-Q4"), ("2023", -3, "2020")],
)
def test_shift_crosses_years(period, by, there):
    assert periods.shift(period, by) == there
    assert periods.shift(there, -by) == period


def test_a_cumulative_figure_starts_in_january():
    assert (periods.start("2026-02", "ytd"), periods.end("2026-02")) == (dt.date(2026, 1, 1), dt.date(2026, 2, 28))
    assert periods.start("2026-02") == dt.date(2026, 2, 1)
    assert (periods.start("2024-Q4"), periods.end("2024-Q4")) == (dt.date(2024, 10, 1), dt.date(2024, 12, 31))


def test_the_year_before_and_the_period_of_a_day():
    assert [periods.year_before(p) for p in ("2024-02", "2024-Q3", "2024")] == ["2023-02", "2023-Q3", "2023"]
    day = dt.date(2023, 9, 7)
    assert [periods.containing(day, f) for f in "AQM"] == ["2023", "2023-Q3", "2023-09"]
