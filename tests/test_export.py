"""What leaves the product: complete rows, files that read back, safe cells, citations, bulk without what may not go."""

import csv
import datetime as dt
import io
import re
import zipfile

import nbformat
import openpyxl
import pandas as pd
import pytest

from data import catalogue, derive, events, export, select, tables
from data.codes import OBS_STATUS, UNITS
from data.export.csv_file import CHUNK

ROBOTS = "nbs/industrial_robot_output.CHN.M.level.ytd"
STATED = "nbs/industrial_robot_output.CHN.M.growth.ytd"
RATIO = "nbs/rd_gdp_share.CHN.A.share.period"
APPENDIX_C = [
    "series", "series_zh", "sector", "geo", "freq", "period", "period_start", "period_end", "measure", "basis", "stage",
    "value", "unit_published", "value_std", "unit_std", "obs_status", "confidence", "publisher", "document",
    "published", "url", "vintage", "revision_no", "derivation", "break_before", "note", "data_version",
]  # fmt: skip
EVENT_FILE = [
    "event_id", "title", "title_zh", "kind", "issuer", "announced", "in_force", "end", "precision", "sectors",
    "summary", "url", "confidence",
]  # fmt: skip
HOSTILE = [
    "=1+1", "+1", "-2", "-2+3+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'quoted", "''=1", "＝1", "＠x",
    'a "b", c\r\nd\re\nf', "NA", "null", "nan", "", " ", "1e5", "新能源汽车", "\ufeffx", "\x00y", "x\x07", "😀",
]  # fmt: skip


@pytest.fixture(scope="module")
def everything():
    return export.rows(select(vintages="all"))


@pytest.fixture(scope="module")
def growth():
    return export.rows(derive.growth(select(series=ROBOTS, start=2019)))


@pytest.fixture
def hostile():
    table = export.rows(select(series=RATIO).iloc[[0] * len(HOSTILE)])
    words = [name for name in export.COLUMNS if export.DTYPES[name] == "str"]
    for shift, name in enumerate(words):
        table[name] = pd.array([*HOSTILE[shift:], *HOSTILE[:shift]][: len(table)], dtype="str")
    return table.assign(value=-3.2, value_std=[0.1 + 0.2, 1e300, -0.0, *[float("nan")] * (len(table) - 3)])


def raw(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def at(table, period, **fields):
    kept = table["period"] == period
    for name, value in fields.items():
        kept &= table[name] == value
    return table[kept]


def test_columns_are_those_of_the_minimum_row_in_its_order(everything, growth):
    assert list(everything.columns) == APPENDIX_C == list(growth.columns)
    assert {name: str(kind) for name, kind in everything.dtypes.items()} == export.DTYPES
    assert "seen_at" not in APPENDIX_C


def test_every_row_can_be_quoted(everything):
    for name in ("series", "series_zh", "sector", "geo", "unit_published", "publisher", "document", "vintage"):
        assert (everything[name] != "").all(), name
    assert set(everything["basis"]) == {"published_level", "published_comparable", "computed_from_levels"}
    computed = everything[everything["basis"] == "computed_from_levels"]
    assert set(computed["confidence"]) == {"derived"} and (computed["note"] != "").all()
    assert set(everything["stage"]) == {"preliminary", "final", "revised"}
    assert set(everything["obs_status"]) <= set(OBS_STATUS) and set(everything["unit_std"]) <= set(UNITS)
    assert (everything["data_version"] == tables.data_version()).all()
    assert len(everything) == len(select(vintages="all"))


def test_published_and_computed_growth_leave_side_by_side(growth):
    stated = export.rows(select(series=STATED))
    published = at(stated, "2022-10").iloc[0]
    computed = at(growth, "2022-10").iloc[0]
    assert (published["basis"], computed["basis"]) == ("published_comparable", "computed_from_levels")
    assert published["value"] < 0 < computed["value"]
    assert round(computed["value"], 1) == 21.6
    assert published["unit_std"] == computed["unit_std"] == "percent"
    assert computed["confidence"] == "derived" and computed["series"] == STATED + "~computed"
    formula, _, inputs = computed["derivation"].partition(" | ")
    assert formula == "figure / figure one year earlier - 1"
    assert inputs == f"{ROBOTS}@2022-10 ; {ROBOTS}@2021-10"
    assert published["derivation"] == ""


def test_a_missing_figure_stays_a_row_and_says_why(growth):
    gone = growth[growth["value"].isna()]
    assert len(gone) and (gone["obs_status"] == "M").all() and (gone["stage"] == "").all()
    assert (gone["note"] != "").all()


def test_january_and_february_stay_one_figure(everything):
    bureau = everything[everything["series"].str.startswith("nbs/") & (everything["freq"] == "M")]
    output = bureau[bureau["series"].str.contains("_output")]
    assert not output["period"].str.endswith("-01").any()
    both = output[output["period"].str.endswith("-02")]
    assert len(both) and both["measure"].str.endswith("_ytd").all()
    assert (both["period_start"].dt.month == 1).all() and (both["period_end"].dt.month == 2).all()


def test_stages_of_a_revised_ratio():
    table = at(export.rows(select(series=RATIO, vintages="all")), "2023")
    assert list(zip(table["value"], table["stage"], table["revision_no"], strict=True)) == [
        (2.64, "preliminary", 1), (2.65, "final", 2), (2.58, "revised", 3),
    ]  # fmt: skip
    newest = at(export.rows(select(series=RATIO)), "2023")
    assert list(newest["stage"]) == ["revised"]
    then = at(export.rows(select(series=RATIO, as_of="2024-03-05")), "2023")
    assert list(zip(then["value"], then["stage"], strict=True)) == [(2.64, "preliminary")]


def test_value_in_the_published_and_in_the_base_unit():
    row = at(export.rows(select(series="nbs/nev_output.CHN.M.level.ytd")), "2022-12").iloc[0]
    assert row["unit_published"] == "10,000 vehicles (万辆)" and row["unit_std"] == "vehicles"
    assert row["value_std"] == round(row["value"] * 10_000)
    assert (row["period_start"], row["period_end"]) == (pd.Timestamp("2022-01-01"), pd.Timestamp("2022-12-31"))


def test_a_break_is_named_where_it_lies_and_nowhere_else():
    table = export.rows(select(indicator="rd_gdp_share", source="worldbank", ref_area=["CHN", "GBR"]))
    broken = table[table["break_before"] != ""]
    assert set(broken["geo"]) == {"GBR"} and list(broken["period"]) == ["2014", "2018"]
    later = export.rows(select(indicator="rd_gdp_share", source="worldbank", ref_area="GBR", start=2015, end=2017))
    assert (later["break_before"] == "").all()
    across = export.rows(select(indicator="rd_gdp_share", source="worldbank", ref_area="GBR", start=2013))
    assert at(across, "2014")["break_before"].str.startswith("2014: ").all()


def test_percentage_points_are_not_per_cent():
    table = export.rows(derive.percentage_point_change(select(series=RATIO)))
    assert set(table["unit_std"]) == {"percentage_points"}
    assert "%" not in set(table["unit_published"]).pop()


def test_quoted_figures_carry_their_terms():
    table = export.rows(select(indicator="industrial_robot_installations", source="ifr"))
    licence = catalogue.load().sources["ifr"].licence
    assert len(table) and table["note"].str.contains(licence, regex=False).all()


@pytest.mark.parametrize("bom", [False, True])
def test_everything_reads_back_identical(everything, bom):
    content = export.csv_bytes(everything, bom)
    assert content.startswith(b"\xef\xbb\xbf") is bom
    pd.testing.assert_frame_equal(export.read_csv(content), everything)


def test_derived_empty_and_hostile_tables_read_back_identical(growth, hostile, tmp_path):
    for number, table in enumerate((growth, growth.head(0), hostile)):
        file = tmp_path / f"{number}.csv"
        file.write_bytes(export.csv_bytes(table))
        pd.testing.assert_frame_equal(export.read_csv(file), table)
        pd.testing.assert_frame_equal(export.read_csv(io.BytesIO(file.read_bytes())), table)


def test_no_text_cell_begins_a_formula(hostile):
    words = {name for name in export.COLUMNS if export.DTYPES[name] == "str"}
    for line in raw(export.csv_bytes(hostile, bom=True)):
        for name in words:
            assert not re.match("[=+\\-@\t\r\n＝＋－＠]", line[name]), (name, line[name])
        assert line["value"] == "-3.2"


def test_chunks_are_the_file(everything):
    pieces = list(export.csv_chunks(everything))
    assert len(pieces) == 1 + -(-len(everything) // CHUNK)
    assert "".join(pieces).encode() == export.csv_bytes(everything)


def test_plain_pandas_reads_the_file(everything):
    table = pd.read_csv(io.BytesIO(export.csv_bytes(everything, bom=True)), encoding="utf-8-sig")
    assert list(table.columns) == APPENDIX_C and len(table) == len(everything)
    assert table["value"].dtype == "float64" and table["value"].sum() == pytest.approx(everything["value"].sum())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 0"),
        (b"a,b\r\n1,2\r\n", "the columns are a, b"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (",".join(APPENDIX_C).encode() + b"\r\n1,2\r\n", "row 2: 2 fields instead of 27"),
        (",".join(APPENDIX_C).encode() + b'\r\n"x', "line"),
    ],
)
def test_what_is_not_an_export_is_refused_with_its_place(content, says):
    with pytest.raises(export.ExportError, match=says):
        export.read_csv(content)


def test_a_damaged_cell_is_named(growth):
    content = export.csv_bytes(growth.head(3)).replace(b"2019-03-31", b"yesterday")
    with pytest.raises(export.ExportError, match="row 3, period_end: 'yesterday' cannot be read"):
        export.read_csv(content)


def test_file_names_say_what_is_inside(growth):
    version = tables.data_version()
    one = export.file_name(export.rows(select(series=ROBOTS, start=2020, end="2022-10")), "csv")
    assert (
        one == f"nqpf_nbs-industrial_robot_output.CHN.M.level.ytd_2020-02..2022-10_published-level_data-{version}.csv"
    )
    assert "computed-from-levels" in export.file_name(growth, "xlsx")
    assert "_as-known-2024-03-05_" in export.file_name(growth, "csv", as_of="2024-03-05")
    many = export.file_name(export.rows(select(sector="nev")), "csv")
    assert re.search(r"_\d+-series_", many) and many.isascii() and len(many) < 200
    wild = export.file_name(growth.assign(series='../../x y"z\r\n', basis="新"), "csv")
    assert re.fullmatch(r"[A-Za-z0-9._+-]+", wild) and "/" not in wild
    assert export.file_name(growth.head(0), "csv") == "nqpf_no-rows.csv"


def test_workbook_is_typed_and_runs_nothing(hostile):
    table = export.rows(select(series=RATIO))
    table = pd.concat([table, hostile.assign(basis="published_level")], ignore_index=True)
    book = openpyxl.load_workbook(io.BytesIO(export.xlsx_bytes(table, link="http://localhost:8501/explore?x=1")))
    sheet = book["data"]
    head, first = ([cell.value for cell in row] for row in (sheet[1], sheet[2]))
    assert head == APPENDIX_C and sheet.max_row == len(table) + 1
    row = dict(zip(head, first, strict=True))
    assert isinstance(row["period_start"], dt.datetime) and isinstance(row["value"], float)
    assert row["revision_no"] == 1 and row["value"] == table["value"].iloc[0]
    assert not [cell.coordinate for line in sheet for cell in line if cell.data_type == "f"]
    assert "=1+1" in {cell.value for line in sheet for cell in line}
    assert isinstance(sheet.cell(sheet.max_row, head.index("value") + 1).value, float)


def test_notes_of_a_workbook_are_in_the_readers_language():
    table = export.rows(select(series=RATIO))
    meanings = export.dictionary()["observations"]
    for lang, names in (("en", ["data", "events", "notes"]), ("zh", ["数据", "事件", "说明"])):
        book = openpyxl.load_workbook(io.BytesIO(export.xlsx_bytes(table, lang, "http://x/", export.event_list())))
        assert book.sheetnames == names
        notes = [(line[0].value, line[1].value) for line in book[names[-1]]]
        assert ("value", meanings["value"][lang]) in notes
        assert export.cite_table(table, lang, "http://x/").full in {text for _, text in notes}
        assert tables.data_version() in {text for _, text in notes}
        assert [cell.value for cell in book[names[1]][1]] == EVENT_FILE
        assert book[names[1]].max_row == len(events.load()) + 1


def test_every_exported_column_is_explained_in_both_languages():
    meanings = export.dictionary()
    assert {file: tuple(its) for file, its in meanings.items()} == {"observations": export.COLUMNS, **export.LISTS}
    for columns in meanings.values():
        for meaning in columns.values():
            assert meaning["en"] and re.search("[一-鿿]", meaning["zh"])
    lists = {"series": export.series_list(), "events": export.event_list(), "releases": export.release_list(),
             "sources": export.source_list()}  # fmt: skip
    assert {name: tuple(table.columns) for name, table in lists.items()} == export.LISTS
    assert list(export.LISTS["events"]) == EVENT_FILE


def test_two_events_of_one_day_are_both_exported():
    dates = events.load()["date"]
    day = dates[dates.str.len().eq(10) & dates.duplicated()].iloc[0]
    assert (export.event_list()["announced"] == day).sum() == (dates == day).sum() > 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_in_one_file_leaves_out_what_may_not_be_passed_on(lang, everything):
    archive = zipfile.ZipFile(io.BytesIO(export.everything_zip(lang)))
    assert archive.namelist() == [
        "README.md", "observations.csv", "series.csv", "events.csv", "releases.csv", "sources.csv", "columns.csv",
        "citations.txt", "citations.bib",
    ]  # fmt: skip
    table = export.read_csv(archive.read("observations.csv"))
    held = export.withheld_sources()
    out = everything["series"].str.partition("/")[0].isin(held)
    assert held and out.any()
    pd.testing.assert_frame_equal(table, everything[~out].reset_index(drop=True))
    readme = archive.read("README.md").decode()
    assert tables.data_version() in readme
    for source, n in everything["series"].str.partition("/")[0][out].value_counts().items():
        assert re.search(rf"[(（]{source}[)）][:：] ?{n}", readme), source
    head = archive.read("columns.csv").decode().partition("\r\n")[0]
    assert head == ("file,column,meaning_zh,meaning_en" if lang == "zh" else "file,column,meaning_en,meaning_zh")
    assert len(raw(archive.read("events.csv"))) == len(events.load())
    for name in archive.namelist():
        assert b"seen_at" not in archive.read(name)


def test_the_same_data_give_the_same_file():
    assert export.everything_zip() == export.everything_zip()
    assert tables.data_version() in export.everything_name()


def test_citation_of_a_number():
    row = at(export.rows(select(series=RATIO, vintages="all")), "2023").iloc[1]
    link = "http://localhost:8501/explore?sector=rd"
    for said in (export.cite_number(row, "en", link), export.cite_number(row.to_dict(), "en", link)):
        assert "National Bureau of Statistics of China" in said.short and row["published"] in said.short
        for part in (row["document"], row["url"], "2.65", "R&D expenditure", "China", row["data_version"], link):
            assert part in said.full
        assert said.bibtex.startswith("@misc{nbs-rd-gdp-share-CHN-A-share-period-2023-")
        assert r"R\&D" in said.bibtex and row["url"] in said.bibtex
    chinese = export.cite_number(row, "zh", link).full
    assert "国家统计局" in chinese and "2.65" in chinese and "数据版本" in chinese


def test_citations_say_basis_and_status(growth):
    computed = export.cite_number(at(growth, "2022-10").iloc[0]).full
    assert "computed from published figures" in computed and "2022-01 to 2022-10" in computed
    preliminary = export.cite_number(at(export.rows(select(series=RATIO, as_of="2024-03-05")), "2023").iloc[0])
    assert "preliminary" in preliminary.full


def test_citation_of_a_chart_names_every_publisher():
    table = export.rows(select(indicator=["industrial_robot_output", "industrial_robot_installations"], ref_area="CHN"))
    said = export.cite_table(table, "en", "http://localhost:8501/reconcile")
    for source in table["series"].str.partition("/")[0].unique():
        assert catalogue.load().sources[source].publisher in said.full
    assert tables.data_version() in said.short and "http://localhost:8501/reconcile" in said.full
    assert export.cite_table(table.head(0)).full == ""


def test_bibtex_is_well_formed_whatever_the_words():
    row = at(export.rows(select(series=RATIO)), "2020").iloc[0]
    entry = export.cite_number(
        row.to_dict() | {"document": r"a {b} \c & 5 % $d_e# ~^", "url": r"http://x/{y}\z"}
    ).bibtex
    plain = re.sub(r"\\[&%$#_{}]", "", entry)
    assert plain.count("{") == plain.count("}")
    assert r"\textbackslash{}" in entry and "%7By%7D%5Cz" in entry


def test_snippet_rebuilds_the_slice(growth, tmp_path):
    file = tmp_path / "view.csv"
    file.write_bytes(export.csv_bytes(growth, bom=True))
    space: dict[str, pd.DataFrame] = {}
    exec(export.snippet(str(file)), space)  # the code a reader would paste
    pd.testing.assert_series_equal(space["rows"]["value"], growth["value"])
    assert space["wide"].loc["2022-10", STATED + "~computed"] == at(growth, "2022-10")["value_std"].iloc[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notebook_of_a_view_is_valid_and_quotes_nothing_dangerous(growth, lang):
    address = 'http://localhost:8501/api/v1/observations.csv?x="); import os #'
    book = nbformat.reads(export.notebook_bytes(growth, address, lang).decode(), as_version=4)
    nbformat.validate(book)
    space: dict[str, object] = {}
    exec(book.cells[1].source.partition("rows =")[0], space)
    assert space["path"] == address and "os" not in space
    assert export.cite_table(growth, lang).full in book.cells[-1].source
