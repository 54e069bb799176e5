"""Bytes to records: what is not of the known shape is Unexpected, and says what was seen."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from fetchers import _read
from fetchers._errors import Inconsistent, Unexpected, located
from fetchers._read import csv_records, html_document, json_body, leftover, number, squeeze, table_rows, xlsx_rows


def test_json_with_and_without_a_mark():
    assert json_body(b'\xef\xbb\xbf[{"value": 2.5}]') == [{"value": 2.5}]


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": NaN}', b"<html>", '{"a": "中"}'.encode("gb18030"), b"[" * 100_000])
def test_what_is_not_json_is_unexpected(body):
    with pytest.raises(Unexpected, match="the indicator"):
        json_body(body, "the indicator")


def test_csv_is_read_by_name():
    rows = csv_records(b'\xef\xbb\xbfEntity,Code,"Value, total"\r\nChina,CHN,1.5\r\n"a\nb",,\r\n', required={"Code"})
    assert rows == [
        {"Entity": "China", "Code": "CHN", "Value, total": "1.5"},
        {"Entity": "a\nb", "Code": "", "Value, total": ""},
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no column"),
        (b"a,c\n1,2\n", "no column b"),
        (b"a,b\n1\n", "line 2: 1 fields under 2 columns"),
        (b"a,b\n1,2,3\n", "3 fields"),
        (b"a,b,b\n1,2,3\n", "column 'b' twice"),
        (b'a,b\n"1,2\n', "line 2"),
        ("a,b\n中,2\n".encode("gb18030"), "not UTF-8"),
    ],
)
def test_what_is_not_the_known_csv_is_unexpected(body, words):
    with pytest.raises(Unexpected, match=words):
        csv_records(body, required=["a", "b"])


def a_workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    book.active.title = "Data"
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_xlsx_rows_are_typed():
    body = a_workbook(("countrycode", "year", "ctfp"), ("CHN", 2019, 0.41), ("CHN", 2020, None))
    assert list(xlsx_rows(body, "Data")) == [("countrycode", "year", "ctfp"), ("CHN", 2019, 0.41), ("CHN", 2020, None)]
    assert list(xlsx_rows(body)) == list(xlsx_rows(body, "Data"))


def test_what_is_not_a_workbook_is_unexpected(monkeypatch):
    whole = a_workbook(("a",), (1,))
    with pytest.raises(Unexpected, match="no sheet 'Other'"):
        list(xlsx_rows(whole, "Other"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.txt", "hello")
    for body in (b"", b"PK\x03\x04nothing", whole[:-200], packed.getvalue(), whole.replace(b"sheet", b"shoot")):
        with pytest.raises(Unexpected):
            list(xlsx_rows(body))
    monkeypatch.setattr(_read, "UNPACKED_LIMIT", 100)
    with pytest.raises(Unexpected, match="unpacks to"):
        list(xlsx_rows(whole))


PAGE = """<html><head><meta charset="{}"></head><body>
<table><tr><td rowspan="2"><p>指　标</p></td><td colspan="2">10月</td></tr>
<tr><td>绝对量</td><td>同比增长<span>（</span><span>%）</span></td></tr>
<tr><td>工业<span>机器人</span>（套）</td><td>&nbsp;57,858 </td><td>17.9</td></tr></table></body></html>"""
ROWS = [["指标", "10月", "10月"], ["指标", "绝对量", "同比增长（%）"], ["工业机器人（套）", "57,858", "17.9"]]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_a_table_joins_split_texts_and_repeats_spans(encoding):
    body = PAGE.format(encoding).encode("gb18030" if encoding == "gb2312" else encoding)
    (table,) = html_document(body).iter("table")
    assert table_rows(table) == ROWS


def test_a_page_in_another_encoding_than_it_says_is_unexpected():
    with pytest.raises(Unexpected, match="not readable HTML in utf-8"):
        html_document(PAGE.format("utf-8").encode("gb18030"))
    with pytest.raises(Unexpected):
        html_document(b"")


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        ("101.0", 101.0),
        ("1,234,567.5", 1234567.5),
        (" -0.1 ", -0.1),
        ("2.3E-05", 2.3e-05),
        (7, 7.0),
        (None, None),
        ("无", None),
        ("", None),
    ],
)
def test_numbers(value, figure):
    assert number(value, missing=("", "无")) == figure


@pytest.mark.parametrize(
    "value", ["无", "1,23", "12 3", "-0.1(百分点)", "NaN", "1e999", float("nan"), float("inf"), True, [], "１２"]
)
def test_what_is_not_a_number_is_never_guessed(value):
    with pytest.raises(Unexpected, match="October is not a number"):
        number(value, "October")


def test_every_field_is_accounted_for():
    leftover({}, "a record")
    leftover({"decimal": 0}, "a record", known={"decimal"})
    with pytest.raises(Unexpected, match="a record has the unknown field 'surprise'") as caught:
        leftover({"decimal": 0, "surprise": 1}, "a record", known={"decimal"})
    assert caught.value.value == "surprise=1"


def test_squeeze_takes_out_every_white_space():
    assert squeeze(" 其中：\u3000新能源\xa0汽车\n(万辆)\u200b") == "其中：新能源汽车(万辆)"


def test_located_fills_in_what_an_error_does_not_say():
    with (
        pytest.raises(Inconsistent) as caught,
        located(source="nbs", series="s", period="2026-10", address="https://a/b"),
    ):
        raise Inconsistent("too high", period="2026-09", value=3)
    error = caught.value
    assert (error.source, error.series, error.period, error.value, error.address) == (
        "nbs",
        "s",
        "2026-09",
        "3",
        "https://a/b",
    )
    assert str(error) == "nbs: too high (series s, period 2026-09, value 3, address https://a/b)"
    assert error.kind == "inconsistent"
