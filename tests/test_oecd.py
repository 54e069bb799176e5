"""OECD: one question for everything, flags and multipliers, what is not of the known shape, an answer kept for a week.

No recorded answer of this service was at hand.
"""

import csv
import io

import pytest

from data import catalogue
from fetchers._run import update
from tests.upstream import Reply, recorded

HOST = "sdmx.oecd.org"
SHARE = "oecd/rd_gdp_share.{}.A.share.period"


def run(**options):
    (done,) = update(["oecd"], **options).runs
    return done


def rows(done):
    return {(row.series, row.time_period): row for _, row in done.rows()}


def instead(upstream, change):
    """Answer with the fixture after replacing text in it."""
    body = recorded("oecd", "msti.csv").decode()
    kept = "\r\n".join(line for line in body.splitlines() if ",B,Business" not in line or ",USD_PPP," not in line)
    upstream.add("GET", HOST, r"/public/rest/data/.+", Reply(change(kept).encode(), "text/csv", validator=False))


def test_values_flags_and_powers_of_ten(upstream):
    found = rows(run(dry_run=True))
    assert found[SHARE.format("CHN"), "2022"].value == 2.55
    assert found[SHARE.format("EU27"), "2023"].obs_status == "P"
    germany, usa = found[SHARE.format("DEU"), "2022"], found[SHARE.format("USA"), "2023"]
    assert (germany.obs_status, germany.note) == ("E", "also flagged B")
    assert (usa.obs_status, usa.note) == ("D", "also flagged P")
    assert (SHARE.format("GBR"), "2023") not in found, "an empty value is no figure"
    spending = found["oecd/gerd_ppp_current.CHN.A.level.period", "2022"]
    assert (spending.value, spending.unit_mult) == (800000.5, 6), "at current prices, in millions"
    assert found["oecd/researchers.CHN.A.level.period", "2022"].obs_status == "B"
    assert found["oecd/pct_patent_applications.CHN.A.level.period", "2020"].value == 65000.5


def test_one_question_for_all_areas_and_measures_and_none_for_a_week(upstream):
    run()
    (asked,) = upstream.requests
    flow, key = asked.path.rsplit("/", 1)
    assert (asked.host, flow) == (HOST, "/public/rest/data/OECD.STI.STP,DSD_MSTI@DF_MSTI,")
    areas, freq, measures, units, prices, transformation = key.split(".")
    assert areas.split("+") == ["CHN", "USA", "EU27_2020", "DEU", "GBR", "JPN", "KOR", "OECD"]
    assert set(measures.split("+")) == {"G", "T_RS", "B", "H", "GV", "P_TRIAD", "P_PCT"}
    assert set(units.split("+")) == {"PT_B1GQ", "USD_PPP", "10P3EMP", "PATN"}
    assert (freq, prices, transformation) == ("A", "", "")
    again = run()
    assert len(upstream.requests) == 1
    assert again.totals()["unchanged"] == len(rows(again)) > 30


def test_the_pause_is_what_sixty_downloads_an_hour_ask_for():
    assert catalogue.load(catalogue.FOLDER).sources["oecd"].pause >= 60


def test_nothing_for_the_key_is_an_error_unless_only_new_years_were_asked_for(upstream):
    assert run(since="2025", dry_run=True).failures == []
    assert upstream.requests[0].one("startPeriod") == "2025"
    upstream.add("GET", HOST, r"/public/rest/data/.+", Reply(b"NoRecordsFound", "text/plain", 404))
    (failure,) = run(dry_run=True).failures
    assert failure.kind == "rejected"
    assert "NoRecordsFound" in failure.message


def test_columns_are_found_by_identifier_with_or_without_their_names(upstream):
    whole = rows(run(dry_run=True))

    def columns(text, wanted):
        lines = list(csv.reader(io.StringIO(text)))
        out = io.StringIO()
        csv.writer(out).writerows([line[n] for n in wanted(lines[0])] for line in lines)
        return out.getvalue()

    def backwards(text):
        return columns(text, lambda header: range(len(header) - 1, -1, -1))

    def without_names(text):
        return columns(text, lambda header: [n for n, name in enumerate(header) if name.isupper()])

    shapes = (without_names, backwards, lambda text: without_names(text).replace("STRUCTURE_ID", "DATAFLOW"))
    for year, shape in enumerate(shapes, 1991):  # an answer is kept for a week: each is another question
        instead(upstream, shape)
        found = rows(run(since=str(year), dry_run=True))
        assert {key: row.value for key, row in found.items()} == {key: row.value for key, row in whole.items()}


def test_nan_is_no_figure(upstream):
    whole = rows(run(dry_run=True))
    instead(upstream, lambda text: text.replace(",2.55,", ",NaN,", 1))
    done = run(since="1991", dry_run=True)
    assert done.failures == []
    assert len(rows(done)) == len(whole) - 1


def test_a_country_more_than_asked_for_is_left_out(upstream):
    whole = rows(run(dry_run=True))
    instead(upstream, lambda text: text.replace(",KOR,Korea", ",FRA,France"))
    done = run(since="1991", dry_run=True)
    assert done.failures == []
    assert rows(done).keys() == {key for key in whole if ".KOR." not in key[0]}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("DSD_MSTI@DF_MSTI(", "DSD_RDS@DF_GERD(", "of another data set"),
        (",EU27_2020,", ",EU27_2028,", "was not asked for"),
        (",G,Gross", ",G_FA,Gross", "was not asked for"),
        (",A,Annual", ",Q,Quarterly", "FREQ is unknown"),
        (",I,CHN", ",D,CHN", "ACTION is unknown"),
        (",E,Estimated", ",Z,Estimated", "the status is unknown"),
        (",6,Millions", ",3,Thousands", "the power of ten is not 6"),
        ("DECIMALS", "PRECISION", "unknown field 'PRECISION'"),
        (",2.55,", ",ca. 2.55,", "is not a number"),
    ],
)
def test_what_is_not_of_the_known_shape_is_not_stored(upstream, old, new, words):
    instead(upstream, lambda text: text.replace(old, new))
    done = run()
    assert words in done.failures[0].message
    assert done.failures[0].kind == "unexpected"
    assert rows(done) == {}
