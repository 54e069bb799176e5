"""The data API: routes through Starlette's client, and the real server for what only a real server shows."""

import datetime as dt
import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request

import openpyxl
import pandas as pd
import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboard.api import PATH, answers, data_link, routes
from dashboard.api.page import EXAMPLES
from dashboard.api.query import FORMATS, MOST_COMPUTED, PARAMETERS, TABLES, parse
from dashboard.server import SECURITY, SecurityHeaders
from data import catalogue, codes, derive, events, export, select, tables
from tests.browser.serving import serving

RATIO = "nbs/rd_gdp_share.CHN.A.share.period"
YTD = "nbs/nev_output.CHN.M.level.ytd"
ORDER = list(export.COLUMNS)


@pytest.fixture(scope="module")
def client():
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    with TestClient(app) as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("api"), script="dashboard/server.py") as running:
        yield running


def get(client, address, **headers):
    return client.get(f"{PATH}/{address}", headers=headers)


def table(client, address):
    answer = get(client, address)
    assert answer.status_code == 200, answer.text
    return export.read_csv(answer.content)


def refused(client, address, field):
    answer = get(client, address)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert said["field"] == field and field in said["error"]
    return said


def test_rows_are_the_exported_rows_of_the_same_question(client):
    found = table(client, "observations.csv?indicator=rd_gdp_share&source=nbs&ref_area=CHN&from=2022&vintages=all")
    asked = select(indicator="rd_gdp_share", source="nbs", ref_area="CHN", start=2022, vintages="all")
    assert len(found) and list(found.columns) == ORDER
    pd.testing.assert_frame_equal(found, export.rows(asked))


@pytest.mark.parametrize(
    ("parameter", "argument"),
    [
        ("indicator=nev_output", {"indicator": "nev_output"}),
        ("source=nbs&sector=robots", {"source": "nbs", "sector": "robots"}),
        ("source=nbs&ref_area=CN-BJ,CN-SH", {"source": "nbs", "ref_area": ["CN-BJ", "CN-SH"]}),
        ("source=nbs&ref_area=CN-BJ&ref_area=CN-SH", {"source": "nbs", "ref_area": ["CN-BJ", "CN-SH"]}),
        ("source=nbs&freq=A", {"source": "nbs", "freq": "A"}),
        ("source=nbs&measure=growth&span=ytd", {"source": "nbs", "measure": "growth", "span": "ytd"}),
        ("source=nbs&confidence=secondary", {"source": "nbs", "confidence": "secondary"}),
        ("source=nbs&obs_status=P,U", {"source": "nbs", "obs_status": ["P", "U"]}),
        ("source=nbs&from=2023-06&to=2023", {"source": "nbs", "start": "2023-06", "end": "2023"}),
        ("source=nbs&as_of=2024-03-05", {"source": "nbs", "as_of": "2024-03-05"}),
    ],
)
def test_each_filter_is_that_of_select(client, parameter, argument):
    found = table(client, f"observations.csv?{parameter}")
    assert len(found)
    pd.testing.assert_frame_equal(found, export.rows(select(**argument)))


def test_the_three_formats_hold_the_same_rows(client):
    question = f"series={RATIO},{YTD}&from=2019"
    plain = table(client, f"observations.csv?{question}")
    parquet = pd.read_parquet(io.BytesIO(get(client, f"observations.parquet?{question}").content))
    pd.testing.assert_frame_equal(parquet, plain)
    records = get(client, f"observations.json?{question}").json()
    assert [list(one) for one in records] == [ORDER] * len(plain)
    assert [one["value"] for one in records] == plain["value"].tolist()
    assert records[0]["period_start"] == str(plain["period_start"][0].date())


def test_json_of_a_missing_value_is_null(client):
    records = get(client, "observations.json?series=nbs/nev_output.CHN.M.growth.ytd~computed").json()
    gone = [one for one in records if one["value"] is None]
    assert gone and all(one["obs_status"] == "M" and one["note"] for one in gone)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_table_in_every_format(client, name, form):
    answer = get(client, f"{name}.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == answers.MEDIA[form]
    read = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}[form](io.BytesIO(answer.content))
    assert tuple(read.columns) == (export.COLUMNS if name == "observations" else export.LISTS[name])
    assert len(read) == int(answer.headers["x-rows"]) > 0
    assert f".{form}" in answer.headers["content-disposition"]
    assert tables.data_version() in answer.headers["content-disposition"]


def test_other_tables_take_filters(client):
    lines = pd.read_csv(io.BytesIO(get(client, "series.csv?sector=nev&source=nbs&freq=M").content))
    assert set(lines["sector"]) == {"nev"} and set(lines["source"]) == {"nbs"} and set(lines["freq"]) == {"M"}
    steps = pd.read_csv(io.BytesIO(get(client, "events.csv?sector=robots&from=2023&to=2024").content))
    assert len(steps) and steps["announced"].str[:4].isin(["2023", "2024"]).all()
    assert steps["sectors"].str.split(";").map(lambda of: bool({"robots", "all"} & set(of))).all()
    known = pd.read_csv(io.BytesIO(get(client, "events.csv?as_of=2015-12-31").content))
    assert 0 < len(known) < len(events.load()) and known["announced"].astype(str).str[:4].max() <= "2015"
    cited = pd.read_csv(io.BytesIO(get(client, "releases.csv?indicator=rd_gdp_share&source=nbs&ref_area=CHN").content))
    assert set(cited["release"]) == set(
        select(indicator="rd_gdp_share", source="nbs", ref_area="CHN", vintages="all")["release"]
    )
    publishers = pd.read_csv(io.BytesIO(get(client, "sources.csv?indicator=industrial_robot_installations").content))
    assert list(publishers["source"]) == ["ifr"] and not publishers["redistributable"].any()


def test_computed_series_are_given_by_their_id(client):
    series = "nbs/nev_output.CHN.M.growth.ytd~computed"
    found = table(client, f"observations.csv?series={series}&from=2022&to=2023")
    whole = export.rows(derive.growth(select(series=YTD)))
    pd.testing.assert_frame_equal(found, whole[whole["period"].str[:4].isin(["2022", "2023"])].reset_index(drop=True))
    both = table(client, f"observations.csv?series={YTD},{series}&as_of=2024-03-05&measure=growth")
    assert set(both["series"]) == {series} and both["vintage"].max() <= "2024-03-05"


def test_a_view_has_its_data_link(client):
    levels, then = select(series=YTD, start=2020, end="2023-10", as_of="2024-03-05"), "2024-03-05"
    frame = pd.concat([derive.published(levels), derive.again(f"{YTD[:-9]}growth.ytd~computed", then)])
    frame = frame.loc[:, list(derive.DERIVED_COLUMNS)]
    view = export.rows(frame[(frame["period_end"] >= "2020") & (frame["period_end"] < "2023-11")])
    link = data_link(view, "http://localhost:8501", then)
    assert link.startswith(f"http://localhost:8501{PATH}/observations.csv?series=nbs/nev_output")
    found = table(client, link.removeprefix(f"http://localhost:8501{PATH}/"))
    pd.testing.assert_frame_equal(found, view.reset_index(drop=True))
    final = data_link(view, "", then, obs_status=[code for code in codes.OBS_STATUS if code != "P"])
    assert final.endswith("&as_of=2024-03-05&obs_status=A,B,D,E,F,L,M,U")
    kept = view[view["obs_status"] != "P"].reset_index(drop=True)
    pd.testing.assert_frame_equal(table(client, final.removeprefix(f"{PATH}/")), kept)
    assert data_link(view[:0]) == f"{PATH}/observations.csv"


def test_bulk_answers_leave_out_what_may_not_be_passed_on(client):
    held = export.withheld_sources()
    for question in ("", "?sector=robots", "?freq=A&from=2015"):
        answer = get(client, f"observations.csv{question}")
        found = export.read_csv(answer.content)
        assert len(found) and not set(found["series"].str.partition("/")[0]) & held
        assert int(answer.headers["x-withheld-rows"]) > 0
        assert set(answer.headers["x-withheld-sources"].split(", ")) <= held
    named = get(client, "health").json()["withheld_in_bulk"]
    answer = get(client, "observations.csv")
    assert sum(named.values()) == int(answer.headers["x-withheld-rows"])
    assert int(answer.headers["x-rows"]) + sum(named.values()) == len(select())


@pytest.mark.parametrize("question", ["source=ifr", "indicator=industrial_robot_installations"])
def test_a_question_that_names_who_is_answered_with_the_terms(client, question):
    answer = get(client, f"observations.csv?{question}")
    found = export.read_csv(answer.content)
    of_ifr = found[found["series"].str.startswith("ifr/")]
    assert len(of_ifr) and of_ifr["note"].str.contains(catalogue.load().sources["ifr"].licence, regex=False).all()
    assert "x-withheld-rows" not in answer.headers
    assert answer.headers["link"] == f'<{PATH}/sources.csv>; rel="license"'


def test_wrong_codes_are_refused_with_what_is_allowed(client):
    assert refused(client, "observations.csv?freq=W", "freq")["allowed"] == list(codes.FREQ)
    assert refused(client, "observations.csv?freq=A,W", "freq")["value"] == "W"
    assert refused(client, "observations.csv?measure=yoy", "measure")["allowed"] == list(codes.MEASURE)
    assert refused(client, "observations.csv?span=month", "span")["allowed"] == list(codes.SPAN)
    assert refused(client, "observations.csv?confidence=sure", "confidence")["allowed"] == list(codes.CONFIDENCE)
    assert "nbs" in refused(client, "series.json?source=nsb", "source")["allowed"]
    assert "nev_output" in refused(client, "observations.parquet?indicator=nev", "indicator")["allowed"]
    assert "robots" in refused(client, "events.csv?sector=robot", "sector")["allowed"]
    assert "CHN" in refused(client, "observations.csv?ref_area=China", "ref_area")["allowed"]
    assert refused(client, "observations.csv?vintages=first", "vintages")["allowed"] == ["latest", "all"]
    assert refused(client, "observations.csv?bom=yes", "bom")["allowed"] == ["0", "1"]
    assert refused(client, "observations.xlsx", "format")["allowed"] == list(FORMATS)
    assert refused(client, "observations", "format")["value"] == ""


def test_unknown_parameters_are_refused_with_those_there_are(client):
    said = refused(client, "observations.csv?indicater=nev_output", "indicater")
    assert set(said["allowed"]) == {*TABLES["observations"], "bom"}
    assert refused(client, "events.csv?freq=A", "freq")["allowed"] == [*TABLES["events"], "bom"]
    refused(client, "observations.json?bom=1", "bom")


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("from=2024&to=2020", "from"), ("from=2024-03&to=2024-02", "from"), ("from=20240", "from"),
        ("from=abc", "from"), ("to=2024-13", "to"), ("to=1850", "to"), ("as_of=2024-02-30", "as_of"),
        ("as_of=20240305", "as_of"), ("as_of=2024-03-05T00:00", "as_of"), ("as_of=today", "as_of"),
        ("as_of=٢٠٢٤-٠٣-٠٥", "as_of"), ("from=２０２４", "from"), ("indicator=", "indicator"),
        ("indicator=,,", "indicator"), ("from=", "from"), ("from=2020&from=2021", "from"),
        ("series=nbs/nev_output", "series"), (f"series={YTD}~nothing", "series"),
        (f"series={YTD}~rolling=1e9", "series"),
        (f"series={','.join(f'{YTD}~rolling={n}' for n in range(2, MOST_COMPUTED + 3))}", "series"),
    ],
)  # fmt: skip
def test_times_and_ids_that_make_no_sense_are_refused(client, question, field):
    assert refused(client, f"observations.csv?{question}", field)["allowed"]


@pytest.mark.parametrize(
    "value",
    [
        "' OR 1=1 --", "nev_output'); DROP TABLE observation; --", "<script>alert(1)</script>", "\x00", "../../x",
        "%s%n", "新能源", "😀" * 500, "a" * 20000, "=1+1", "\r\nX-Evil: 1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["indicator", "from", "as_of", "series", "unheard"])
def test_hostile_words_are_quoted_back_short_and_harmless(client, field, value):
    answer = client.get(f"{PATH}/observations.csv", params={field: value})
    assert answer.status_code == 400 and answer.json()["field"] == field
    assert (
        answer.headers["content-type"] == "application/json" and answer.headers["x-content-type-options"] == "nosniff"
    )
    assert len(answer.json()["value"]) <= 200 and "x-evil" not in answer.headers
    assert "Traceback" not in answer.text
    assert get(client, "observations.csv?series=" + RATIO).status_code == 200


def test_nothing_else_is_there(client):
    for path in ("nothing.csv", "nothing", "observations.csv/x", "../v2/observations.csv"):
        answer = get(client, path)
        assert answer.status_code == 404 and answer.json()["allowed"]
    assert client.get("/api").json()["field"] == "path"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, f"{PATH}/observations.csv")
        assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_answer_the_reader_has_is_not_sent_again(client):
    question = f"observations.csv?series={RATIO}"
    first = get(client, question)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=300"
    for header in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = get(client, question, **{"If-None-Match": header})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    assert get(client, question, **{"If-None-Match": '"other"'}).status_code == 200
    other = {get(client, address).headers["etag"] for address in (f"{question}&from=2020", f"{question}&bom=1",
             f"observations.json?series={RATIO}", "events.csv", "series.csv")}  # fmt: skip
    assert len(other | {tag}) == 6
    one, two = (get(client, f"observations.csv?{q}").headers["etag"] for q in
                ("freq=A,M&source=nbs", "source=nbs&freq=M&freq=A"))  # fmt: skip
    assert one == two


def test_the_tag_changes_with_the_data(client, tmp_path, monkeypatch):
    query = parse("observations.csv", [("series", RATIO)])
    before = answers.etag(query)
    monkeypatch.setattr(events, "FILE", tmp_path / "events.csv")
    events.FILE.write_text("other", encoding="utf-8")
    assert answers.etag(query) != before
    monkeypatch.undo()
    assert answers.etag(query) == before
    monkeypatch.setattr(tables, "data_version", lambda: "2030-01-01.00000000")
    assert answers.etag(query) != before


def test_head_has_the_headers_of_get_and_no_body(client):
    question = f"{PATH}/observations.csv?sector=robots"
    got, head = client.get(question), client.head(question)
    assert head.status_code == 200 and head.content == b""
    for name in ("etag", "x-rows", "x-withheld-rows", "content-type", "content-disposition", "cache-control"):
        assert head.headers[name] == got.headers[name]


def test_any_web_page_may_read(client):
    for path in (
        "observations.csv?series=" + RATIO,
        "health",
        "openapi.json",
        "",
        "observations.csv?freq=W",
        "nothing",
    ):
        assert get(client, path, Origin="https://example.org").headers["access-control-allow-origin"] == "*"
        asked = client.options(f"{PATH}/{path}", headers={"Origin": "https://example.org",
                               "Access-Control-Request-Method": "GET"})  # fmt: skip
        assert asked.status_code in (204, 404)
        assert asked.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "ETag" in get(client, "events.csv").headers["access-control-expose-headers"]


def test_security_headers_everywhere(client):
    for path in ("observations.csv?series=" + RATIO, "", "nothing.csv", "observations.csv?freq=W"):
        headers = get(client, path).headers
        assert {name: headers[name] for name in SECURITY} == SECURITY


def test_large_answers_come_in_pieces():
    query = parse("observations.csv", [])
    found = answers.answer(query).table
    for form in FORMATS:
        pieces = list(answers.stream(found, query._replace(form=form)))
        assert len(pieces) > 3 and max(len(piece) for piece in pieces) < sum(len(piece) for piece in pieces) / 2


def test_health_says_version_and_counts(client):
    answer = get(client, "health")
    said = answer.json()
    assert said["status"] == "ok" and said["left_out"] == []
    assert said["data_version"] == tables.data_version() and said["data_date"] == tables.data_date()
    assert said["observations"] == len(select()) and said["series"] == len(catalogue.load().series)
    assert answer.headers["cache-control"] == "no-store"


def test_health_names_what_cannot_be_read(client, tmp_path, monkeypatch):
    (tmp_path / "nbs").mkdir()
    (tmp_path / "nbs" / "torn.parquet").write_bytes(b"PAR1 torn")
    monkeypatch.setenv("NQPF_STORE", str(tmp_path))
    said = get(client, "health").json()
    assert said["status"] == "damaged" and "torn.parquet" in said["left_out"][0]
    assert get(client, "observations.csv?series=" + RATIO).status_code == 200


def test_a_broken_catalogue_is_said_in_words(client, hasty_catalogue, tmp_path, monkeypatch):
    for file in hasty_catalogue.glob("*.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "nbs.toml").write_text("[source\n", encoding="utf-8")
    monkeypatch.setenv("NQPF_CATALOGUE", str(tmp_path))
    for path in ("observations.csv", "health", "openapi.json", ""):
        answer = get(client, path)
        assert answer.status_code == 503 and "nbs.toml" in answer.json()["error"]


def test_openapi_is_valid_and_complete(client):
    said = get(client, "openapi.json").json()
    validate(said)
    assert said["openapi"].startswith("3.1")
    assert set(said["paths"]) == {f"/{name}.{form}" for name in TABLES for form in FORMATS} | {"/health"}
    assert set(said["components"]["parameters"]) == set(PARAMETERS)
    assert list(said["components"]["schemas"]["Observation"]["properties"]) == ORDER
    of = said["paths"]["/observations.csv"]["get"]
    assert [one["$ref"].rpartition("/")[2] for one in of["parameters"]] == [*TABLES["observations"], "bom"]
    assert said["components"]["parameters"]["freq"]["schema"]["items"]["enum"] == list(codes.FREQ)
    assert {"200", "304", "400"} <= set(of["responses"])
    schemas = {name: one["schema"] for name, one in said["components"]["parameters"].items()}
    for name, sound, unsound in (("from", "2023-Q4", "2023-Q5"), ("as_of", "2024-03-05", "2024-3-5")):
        assert re.search(schemas[name]["pattern"], sound) and not re.search(schemas[name]["pattern"], unsound)
    every = [*catalogue.load().series, f"{YTD}~index=2023-09-07"]
    assert all(re.search(schemas["series"]["items"]["pattern"], one) for one in every)


def test_the_error_is_the_one_that_is_described(client):
    schema = get(client, "openapi.json").json()["components"]["schemas"]["Error"]
    assert set(refused(client, "observations.csv?freq=W", "freq")) == set(schema["properties"])


@pytest.mark.parametrize(("lang", "words"), [("en", "Wrong parameters"), ("zh", "只读接口")])
def test_documentation_for_people(client, lang, words):
    answer = get(client, f"?lang={lang}")
    assert answer.headers["content-type"].startswith("text/html") and f'<html lang="{lang}">' in answer.text
    assert words in answer.text and tables.data_version() in answer.text
    for name in (*TABLES, *PARAMETERS, *ORDER, *export.withheld_sources() & set(select()["source"])):
        assert f"<code>{name}</code>" in answer.text, name
    assert "<script" not in answer.text and "default-src 'none'" in answer.headers["content-security-policy"]


def test_documentation_is_found_without_the_slash_and_refuses_other_languages(client):
    assert client.get(PATH, follow_redirects=False).headers["location"] == f"{PATH}/"
    assert refused(client, "?lang=fr", "lang")["allowed"] == ["en", "zh"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_documentation_work(client, example):
    answer = get(client, example)
    assert answer.status_code == 200 and int(answer.headers["x-rows"]) > 0


def open_(server, address, **headers):
    return urllib.request.urlopen(urllib.request.Request(server.url + address, headers=headers), timeout=60)


def test_pandas_reads_the_address_of_the_real_server(server):
    question = "indicator=industrial_robot_output&measure=growth"
    found = pd.read_csv(f"{server.url}{PATH}/observations.csv?{question}")
    assert list(found.columns) == ORDER
    assert found["value"].tolist() == select(indicator="industrial_robot_output", measure="growth")["value"].tolist()
    parquet = pd.read_parquet(io.BytesIO(open_(server, f"{PATH}/observations.parquet?{question}").read()))
    assert parquet["value"].tolist() == found["value"].tolist()


def test_the_real_server_streams_compresses_and_remembers(server):
    with open_(server, f"{PATH}/observations.csv") as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked" and "Content-Length" not in answer.headers
        assert answer.read(10) == b"series,ser"
        tag = answer.headers["ETag"]
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    with open_(server, f"{PATH}/events.csv", **{"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip" and answer.read(2) == b"\x1f\x8b"
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        open_(server, f"{PATH}/observations.csv", **{"If-None-Match": tag})
    assert unchanged.value.code == 304


def test_the_real_server_serves_the_pages_beside_the_api(server):
    with open_(server, "/") as answer:
        assert "text/html" in answer.headers["Content-Type"]
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY
        assert "Access-Control-Allow-Origin" not in answer.headers
    with pytest.raises(urllib.error.HTTPError) as wrong:
        open_(server, f"{PATH}/observations.csv?freq=" + urllib.parse.quote("周"))
    assert wrong.value.code == 400 and json.load(wrong.value)["value"] == "周"
    assert "Traceback" not in server.said()


def test_snippet_and_notebook_of_a_view_run_against_the_real_server(server):
    from nbclient import NotebookClient
    from nbformat import reads

    view = export.rows(select(series=RATIO, start=2015))
    link = data_link(view, server.url)
    space: dict[str, pd.DataFrame] = {}
    exec(export.snippet(link), space)
    assert space["rows"]["value"].tolist() == view["value"].tolist()
    book = reads(export.notebook_bytes(view, link).decode(), as_version=4)
    NotebookClient(book, timeout=120).execute()
    outputs = [out.get("data", {}) for cell in book.cells for out in cell.get("outputs", [])]
    figure = next(
        data["application/vnd.plotly.v1+json"] for data in outputs if "application/vnd.plotly.v1+json" in data
    )
    assert len(figure["data"][0]["x"]) == len(view)


def test_a_workbook_and_a_link_of_one_view_agree(client):
    view = export.rows(select(series=RATIO))
    book = openpyxl.load_workbook(io.BytesIO(export.xlsx_bytes(view)))["data"]
    column = ORDER.index("value")
    found = table(client, data_link(view).removeprefix(f"{PATH}/"))
    assert [row[column].value for row in book.iter_rows(min_row=2)] == found["value"].tolist()
    assert isinstance(book.cell(2, ORDER.index("period_end") + 1).value, dt.datetime)
