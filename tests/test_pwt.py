"""Penn World Table: the sheet, editions kept apart, base years, ratios, empty cells, size.

No recorded workbook was at hand; the names of the columns are those of edition 11.0.
"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from data import Release, catalogue, select
from fetchers import Inconsistent, Unexpected, pwt
from fetchers._run import update
from fetchers._transport import Limits
from tests.upstream.pwt import workbook

TFP = "pwt/tfp_national_prices_pwt110.{}.A.index.period"
HOUR = "pwt/labour_productivity_per_hour_pwt110.{}.A.level.period"
WORKER = "pwt/labour_productivity_per_worker_pwt110.{}.A.level.period"


def changed(change: Callable[[Any], object]) -> bytes:
    """The workbook with its sheet `Data` changed."""
    book = load_workbook(io.BytesIO(workbook()))
    change(book["Data"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(body: bytes, file: str = "554105") -> dict[tuple[str, str], Any]:
    address = f"https://dataverse.nl/api/access/datafile/{file}"
    release = Release(id="made", source="pwt", title="made", url=address, retrieved="2026-11-24", body=body)
    return {(row.series, row.time_period): row for row in pwt.parse(release, catalogue.load().of_fetcher("pwt"))}


def column(sheet: Any, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


def put(name: str, row: int, value: object) -> Callable[[Any], object]:
    """Write a cell of `Data`; row 7 is China 2021, row 11 the United States 2021."""
    return lambda sheet: sheet.cell(row, column(sheet, name), value)


def test_variables_and_ratios_by_country_and_year():
    found = rows(workbook())
    assert found[TFP.format("CHN"), "2021"].value == 1
    assert found[WORKER.format("CHN"), "2023"].value == 41342
    assert found[HOUR.format("CHN"), "2023"].value == pytest.approx(17.76, abs=1e-6)
    assert found["pwt/labour_share_pwt110.CHN.A.share.period", "2023"].value == 0.5862
    assert found["pwt/tfp_level_ppp_pwt110.USA.A.index.period", "2022"].value == 1
    assert found[HOUR.format("CHN"), "2023"].confidence == "derived"
    assert found[HOUR.format("CHN"), "2023"].note == "rgdpna / emp / avh"
    assert found[TFP.format("CHN"), "2021"].confidence == "primary"


def test_an_empty_cell_is_no_figure_and_no_zero():
    found = rows(workbook())
    assert not {period for _, period in found} & {"1950"}
    assert (TFP.format("DEU"), "2023") in found
    assert (WORKER.format("DEU"), "2023") not in found


def test_edition_10_01_is_neither_asked_for_nor_joined(upstream):
    assert {one.indicator for one in catalogue.load().of_fetcher("pwt")} == {
        one.indicator for one in catalogue.load().series.values() if one.source == "pwt" and "pwt110" in one.indicator
    }
    (run,) = update(["pwt"]).runs
    assert run.failures == []
    assert [request.path for request in upstream.requests] == ["/api/access/datafile/554105"]
    assert all("pwt110" in row.series for _, row in run.rows())
    old = select(series="pwt/tfp_national_prices_pwt1001.CHN.A.index.period", vintages="all")
    assert set(old["fetcher"]) == {""}
    with pytest.raises(Unexpected, match=r"no series is of this edition.*354095"):
        rows(workbook(), file="354095")


def test_figures_the_snapshot_has_are_unchanged(upstream):
    (run,) = update(["pwt"]).runs
    same = {(row.series, row.time_period) for row in run.unchanged}
    assert {(HOUR.format("CHN"), "2023"), (WORKER.format("IND"), "2022")} <= same
    assert not [change for change in run.revised if change.new.series.startswith("pwt/labour_productivity")]


def test_an_edition_is_not_asked_for_again_soon(upstream):
    update(["pwt"])
    asked = len(upstream.requests)
    update(["pwt"])
    assert len(upstream.requests) == asked == 1


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (put("rtfpna", 7, 0.97), Unexpected, r"the base is not that of the catalogue.*tfp_.*2021.*0\.97"),
        (put("ctfp", 12, 1.2), Unexpected, r"the base is not that of the catalogue"),
        (put("emp", 7, 0), Unexpected, "a divisor is zero"),
        (put("avh", 7, "n/a"), Unexpected, "avh of CHN 2021 is not a number"),
        (put("year", 7, "2021 est."), Unexpected, "is not a number"),
        (put("year", 7, ""), Unexpected, "has no year"),
        (put("rtfpna", 1, "rtfpna_new"), Unexpected, r"other columns.*rtfpna, rtfpna_new"),
        (put("pl_k", 1, "rtfpna"), Unexpected, "other columns"),
        (lambda sheet: sheet.append([*[c.value for c in sheet[7]][:-1], 3.0]), Inconsistent, "in the sheet twice"),
    ],
)
def test_a_sheet_of_another_shape_or_base_is_refused(change, error, words):
    with pytest.raises(error, match=words):
        rows(changed(change))


def test_rows_given_twice_count_once():
    twice = changed(lambda sheet: [sheet.append(list(row)) for row in list(sheet.values)[1:]])
    assert rows(twice).keys() == rows(workbook()).keys()


def test_a_workbook_without_the_sheet_and_a_damaged_one():
    book = load_workbook(io.BytesIO(workbook()))
    del book["Data"]
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unexpected, match=r"no sheet 'Data'.*Info, Legend"):
        rows(out.getvalue())
    with pytest.raises(Unexpected, match="not a whole XLSX file"):
        rows(workbook()[:4000])


def test_a_file_over_the_limit_is_refused(upstream):
    (run,) = update(["pwt"], dry_run=True, limits=Limits(size=1000)).runs
    assert [failure.kind for failure in run.failures] == ["unexpected"]
    assert "larger than 1000 bytes" in run.failures[0].message
