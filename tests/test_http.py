"""One session a source: hosts, tries, limits, cache, keys; each over real HTTP against the local upstream."""

import datetime as dt
import gzip
import json
import logging
import socket
import sqlite3
import time
import zlib
from urllib.parse import quote, quote_plus

import msgspec
import pytest

from data import Source
from fetchers import _cache, _http, _keys
from fetchers._errors import FetchError, Rejected, Unavailable, Unexpected
from fetchers._http import Http
from fetchers._pace import Pace
from fetchers._transport import Limits
from tests.upstream import Reply

HOST = "data.example"
URL = f"https://{HOST}/figures"
BODY = b'{"a": 1}'
SECRET = "k3y-of-the-user-0123456789"
LIMITS = Limits(connect=20, read=4, total=60, size=10 * 2**20, backoff=0, patience=1)
HASTY = msgspec.structs.replace(LIMITS, total=1)


def a_source(**changes: object) -> Source:
    names = ("id", "publisher", "publisher_native", "title", "title_native", "url", "licence", "licence_native")
    fields = {name: name for name in (*names, "attribution", "cadence")}
    source = Source(**fields, redistributable=True, hosts=[HOST, "cdn.example"], pause=0)
    return msgspec.structs.replace(source, **changes)


@pytest.fixture
def http(upstream):
    upstream.add("GET", HOST, "/figures", Reply(BODY))
    made = Http(a_source(), limits=LIMITS)
    yield made
    made.close()


def test_an_answer_is_whole_and_named(upstream, http):
    answer = http.get(URL, params={"geo": ["CN", "US"], "page": 2})
    assert (answer.url, answer.body, answer.status) == (f"{URL}?geo=CN&geo=US&page=2", BODY, 200)
    assert answer.retrieved == dt.datetime.now(dt.UTC).date().isoformat()
    asked = upstream.requests[0]
    assert asked.query == {"geo": ["CN", "US"], "page": ["2"]}
    assert "NQPF-dashboard" in asked.headers["User-Agent"]


def test_a_release_is_named_by_fetcher_document_day_and_content(http):
    answer = http.get(URL)
    release = answer.release(
        source="nbs", fetcher="nbs_release", name="2026-10", title="October", published="2026-11-16"
    )
    assert release.id == f"nbs_release-2026-10-2026-11-16-{release.sha256[:8]}"
    assert (release.url, release.body, release.source) == (URL, BODY, "nbs")
    undated = answer.release(source="iea", fetcher="iea", name="EV sales: cars", title="EV sales")
    assert undated.id.startswith(f"iea-EV_sales_cars-{answer.retrieved}-")


def test_post_sends_json_and_is_answered(upstream, http):
    upstream.add("POST", HOST, "/query", lambda request: Reply(request.body))
    answer = http.post(f"https://{HOST}/query", json={"dts": ["201001MM-202612MM"]})
    assert answer.body == b'{"dts": ["201001MM-202612MM"]}'


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/x", f"https://{HOST}:8443/x", f"https://user@{HOST}/x", f"ftp://{HOST}/x"]
)
def test_only_hosts_of_the_catalogue_are_asked(upstream, http, url):
    with pytest.raises(FetchError) as caught:
        http.get(url)
    assert caught.value.source == "id"
    assert upstream.requests == []


def test_http_becomes_https(upstream, http):
    assert http.get(URL.replace("https", "http")).url == URL


def test_redirects_are_followed_to_named_hosts_only(upstream, http):
    upstream.add("GET", HOST, "/moved", Reply(status=302, headers={"Location": "http://cdn.example/file"}))
    upstream.add("GET", "cdn.example", "/file", Reply(b"[1]"))
    assert http.get(f"https://{HOST}/moved").body == b"[1]"
    upstream.fault("elsewhere", HOST, "/figures")
    with pytest.raises(Unexpected, match=r"elsewhere\.example is not a host the catalogue names"):
        http.get(URL)
    assert {request.host for request in upstream.requests} == {HOST, "cdn.example"}


@pytest.mark.parametrize(
    "location",
    [
        f"http://{HOST}/figures",
        f"https://{HOST}:443/figures",
        f"http://{HOST}:80/figures",
        "HTTPS://Data.EXAMPLE/figures",
        f"https://{HOST}/elsewhere/../figures#top",
        f"https://{HOST}/%2e%2e/figures",
        "{upstream}/data.example/figures",
    ],
)
def test_the_same_host_however_it_is_written_is_followed(upstream, http, location):
    moved = Reply(status=302, headers={"Location": location.format(upstream=upstream.url)})
    upstream.add("GET", HOST, "/moved", moved)
    answer = http.get(f"https://{HOST}/moved")
    assert (answer.url.partition("#")[0], answer.body) == (URL, BODY)
    assert [request.path for request in upstream.requests] == ["/moved", "/figures"]


def test_a_mirror_that_redirects_to_another_host_is_not_followed(upstream, http):
    upstream.add("GET", HOST, "/moved", Reply(status=302, headers={"Location": f"{upstream.url}/elsewhere.example/x"}))
    with pytest.raises(Unexpected, match=r"elsewhere\.example is not a host"):
        http.get(f"https://{HOST}/moved")
    assert {request.host for request in upstream.requests} == {HOST}


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (f"https://{HOST}@elsewhere.example/x", "is not a host the catalogue names"),
        (f"https://elsewhere.example#@{HOST}/", "elsewhere.example is not a host"),
        (f"https://{HOST}\\\\@elsewhere.example/x", "is not a host"),
        ("//elsewhere.example/x", "elsewhere.example is not a host"),
        (f"https://{HOST}.elsewhere.example/x", "is not a host"),
        (f"https://{HOST}:8443/x", "is not a host"),
        ("http://127.0.0.1/x", "127.0.0.1 is not a host"),
        ("https://[::1]/x", "is not a host"),
        ("file:///etc/hosts", "cannot be followed"),
        ("https://[/x", "cannot be followed"),
        ("", "answers 302 and nothing with it"),
    ],
)
def test_a_redirect_to_anything_else_is_refused(upstream, http, location, words):
    upstream.add("GET", HOST, "/moved", Reply(status=302, headers={"Location": location}))
    with pytest.raises(Unexpected, match=words) as caught:
        http.get(f"https://{HOST}/moved")
    assert caught.value.source == "id"
    assert caught.value.address
    assert [(request.host, request.path) for request in upstream.requests] == [(HOST, "/moved")]


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(BODY, "text/html"), Unexpected, "of type text/html, not JSON"),
        (Reply(BODY, "application/pdf"), Unexpected, "of type application/pdf"),
        (Reply(BODY, status=302), Unavailable, "answers 302"),
        (Reply(status=304), Unexpected, "answers 304 and nothing with it"),
        (Reply(status=204), Unavailable, "answers 204"),
        (Reply(BODY, status=206), Unavailable, "answers 206"),
        (Reply(BODY[:4], headers={"Content-Length": "8"}), Unavailable, "cut off after 4 bytes|stopped for"),
    ],
)
def test_an_answer_of_another_kind_or_status_is_no_answer(upstream, http, reply, error, words):
    upstream.add("GET", HOST, "/figures", lambda _: reply)
    with pytest.raises(error, match=words):
        http.get(URL)


PACKED = gzip.compress(BODY * 200, mtime=0)


@pytest.mark.parametrize(
    ("packing", "body", "error", "words"),
    [
        ("gzip", gzip.compress(b" " * 100 * 2**20, mtime=0), Unexpected, "larger than 10485760 bytes"),
        ("gzip", PACKED[:-1], Unavailable, "cut off inside its packing"),
        ("gzip", PACKED[: len(PACKED) // 2], Unavailable, "cut off inside its packing"),
        ("gzip", BODY, Unexpected, "cannot be unpacked"),
        ("gzip", PACKED + b"more", Unexpected, "cannot be unpacked"),
        ("gzip, gzip", gzip.compress(PACKED, mtime=0), Unexpected, "packed as gzip, gzip, which was not asked for"),
        ("deflate", zlib.compress(BODY), Unexpected, "packed as deflate"),
        ("br", BODY, Unexpected, "packed as br"),
    ],
)
def test_a_packing_that_swells_breaks_or_was_not_asked_for(upstream, http, packing, body, error, words):
    upstream.add("GET", HOST, "/figures", Reply(body, headers={"Content-Encoding": packing}))
    with pytest.raises(error, match=words):
        http.get(URL)


def test_a_packed_answer_is_unpacked_whole(upstream, http):
    large = json.dumps({"rows": [str(number) for number in range(300_000)]}).encode()
    halves = gzip.compress(large[:1_000_000], mtime=0) + gzip.compress(large[1_000_000:], mtime=0)
    for packed in (gzip.compress(large, mtime=0), halves):
        upstream.add("GET", HOST, "/figures", Reply(packed, headers={"Content-Encoding": "gzip"}))
        received = http.received
        assert http.get(URL).body == large
    assert http.received - received in (0, len(halves))
    assert {request.headers["Accept-Encoding"] for request in upstream.requests} == {"gzip"}


def test_a_circle_of_redirects_ends(upstream, http):
    upstream.fault("in_a_circle")
    with pytest.raises(Unavailable, match="in a circle"):
        http.get(URL)


@pytest.mark.parametrize(
    ("fault", "error", "words", "requests"),
    [
        ("firewall", Unavailable, "firewall page", 1),
        ("html_for_data", Unexpected, "markup came where JSON is due", 1),
        ("url_acl", Rejected, "UrlACL", 1),
        ("challenge_412", Unavailable, "firewall answers 412", 1),
        ("too_many", Unavailable, "answers 429", 3),
        ("too_many_wait", Unavailable, "asks to wait 3600 s", 1),
        ("server_error", Unavailable, "answers 500", 3),
        ("not_found", Rejected, "NoRecordsFound", 1),
        ("empty", Unexpected, "answer is empty", 1),
        ("wrong_type", Unexpected, "image/gif", 1),
        ("cut", Unavailable, "cut off after 4 bytes", 3),
        ("dropped", Unavailable, "connection broke", 3),
        ("oversize", Unexpected, "larger than 10485760 bytes", 1),
        ("bomb", Unexpected, "larger than 10485760 bytes", 1),
    ],
)
def test_every_fault_is_one_of_the_errors_and_only_what_can_pass_is_tried_again(
    upstream, http, fault, error, words, requests
):
    upstream.fault(fault)
    with pytest.raises(error, match=words) as caught:
        http.get(URL)
    assert (caught.value.source, caught.value.address) == ("id", URL)
    assert len(upstream.requests) == requests


def test_an_endless_slow_body_ends_with_the_time_allowed(upstream):
    upstream.fault("slow")
    with pytest.raises(Unavailable, match="not complete after 1 s"):
        Http(a_source(), limits=HASTY).get(URL)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("fault", ["too_many", "server_error", "cut", "dropped"])
def test_what_passes_is_not_a_failure(upstream, http, fault):
    upstream.fault(fault, times=2)
    assert http.get(URL).body == BODY


def test_retry_after_is_waited_for(upstream, http):
    started = time.monotonic()
    calls = []
    upstream.add(
        "GET",
        HOST,
        "/busy",
        lambda _: calls.append(1) or Reply(BODY, status=200 if len(calls) > 1 else 503, headers={"Retry-After": "1"}),
    )
    assert http.get(f"https://{HOST}/busy").body == BODY
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("written", ["soon", "-1", "Fri, 31 Dec 99999 23:59:59 GMT", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_retry_after_that_says_nothing_is_as_good_as_none(upstream, http, written):
    replies = [Reply(BODY, status=429, headers={"Retry-After": written}), Reply(BODY)]
    upstream.add("GET", HOST, "/busy", lambda _: replies.pop(0))
    assert http.get(f"https://{HOST}/busy").body == BODY


@pytest.mark.parametrize("status", [429, 403])
def test_try_again_in_so_many_seconds_is_waited_for_too(upstream, http, status):
    words = b'{"statusCode": 429, "message": "Rate limit is exceeded. Try again in %d seconds."}'
    calls = []
    upstream.add(
        "GET",
        HOST,
        "/busy",
        lambda _: calls.append(1) or (Reply(BODY) if len(calls) > 1 else Reply(words % 1, status=status)),
    )
    started = time.monotonic()
    assert http.get(f"https://{HOST}/busy").body == BODY
    assert time.monotonic() - started >= 1
    upstream.add("GET", HOST, "/busy", Reply(words % 600, status=status))
    with pytest.raises(Unavailable, match="asks to wait 600 s"):
        http.get(f"https://{HOST}/busy")
    assert len(upstream.requests) == 3


def test_statuses_the_caller_reads_are_answers(upstream, http):
    upstream.fault("not_found")
    answer = http.get(URL, allow={404})
    assert (answer.status, answer.body) == (404, b"NoRecordsFound")


def test_a_byte_order_mark_and_a_csv_typed_as_text_are_fine(upstream, http):
    upstream.fault("mark", times=1)
    assert http.get(URL).body == b"\xef\xbb\xbf" + BODY
    upstream.add("GET", HOST, "/rows", Reply(b"a,b\n1,2\n", "text/plain; charset=utf-8"))
    assert http.get(f"https://{HOST}/rows", accept="csv").body == b"a,b\n1,2\n"


def test_nothing_is_sent_again_when_nothing_has_changed(upstream, http):
    first = http.get(URL)
    received = http.received
    again = http.get(URL)
    assert (again.body, again.from_cache, again.retrieved) == (BODY, True, first.retrieved)
    assert len(upstream.requests) == 2
    assert http.received == received
    upstream.add("GET", HOST, "/figures", Reply(b'{"a": 2}'))
    assert http.get(URL).body == b'{"a": 2}'


def test_an_answer_without_validator_is_kept_for_an_hour_unless_a_refresh_is_asked_for(upstream, http, monkeypatch):
    upstream.add("POST", HOST, "/query", Reply(BODY, validator=False))
    ask = f"https://{HOST}/query"
    http.post(ask, json={"a": 1})
    assert http.post(ask, json={"a": 1}).from_cache
    assert len(upstream.requests) == 1
    http.post(ask, json={"a": 2})
    assert len(upstream.requests) == 2
    http.refresh = True
    assert not http.post(ask, json={"a": 1}).from_cache
    http.refresh = False
    monkeypatch.setattr(_http, "REUSE", dt.timedelta(0))
    assert not http.post(ask, json={"a": 1}).from_cache
    assert len(upstream.requests) == 4


def test_max_age_spares_the_service(upstream, http):
    http.get(URL)
    assert http.get(URL, max_age=dt.timedelta(days=7)).from_cache
    assert len(upstream.requests) == 1


def test_what_a_failed_run_has_kept_is_asked_for_again(upstream, http):
    http.get(URL, max_age=dt.timedelta(days=7))
    doubting = Http(a_source(), limits=LIMITS, doubt=True)
    upstream.add("GET", HOST, "/figures", Reply(b"[2]"))
    assert http.get(URL, max_age=dt.timedelta(days=7)).body == BODY
    assert doubting.get(URL, max_age=dt.timedelta(days=7)).body == b"[2]"
    doubting.close()


def test_failures_are_not_kept(upstream, http):
    upstream.fault("html_for_data", times=1)
    with pytest.raises(Unexpected):
        http.get(URL)
    assert http.get(URL).body == BODY


def test_the_cache_outlives_the_session_and_a_damaged_one_starts_anew(upstream, http):
    http.get(URL)
    second = Http(a_source(), limits=LIMITS)
    assert second.get(URL).from_cache
    second.close()
    (file,) = _http.cache_folder().glob("*.sqlite")
    file.write_bytes(b"not a database" * 1000)
    third = Http(a_source(), limits=LIMITS)
    assert not third.get(URL).from_cache
    third.close()


def test_a_cache_another_process_holds_is_left_alone(upstream, http, monkeypatch):
    http.get(URL)
    http.close()
    (file,) = _http.cache_folder().glob("*.sqlite")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(_cache, "PATIENCE", 0)
    second = Http(a_source(), limits=LIMITS)
    answer = second.get(URL)
    second.close()
    other.execute("ROLLBACK")
    other.close()
    assert (answer.body, answer.from_cache) == (BODY, False)
    third = Http(a_source(), limits=LIMITS)
    assert third.get(URL).from_cache, "what was kept is still there"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert third.get(URL, {"page": 2}).body == BODY, "held after it was opened"
    other.close()
    third.close()


def in_sql(statement):
    def damage(file):
        connection = sqlite3.connect(file)
        connection.execute(statement)
        connection.commit()
        connection.close()

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-5000]),
        lambda file: file.write_bytes(file.read_bytes()[:4096] + bytes(range(256)) * 80),
        lambda file: file.unlink() or file.mkdir(),
        in_sql("ALTER TABLE responses RENAME COLUMN value TO other"),
        in_sql("DROP TABLE responses"),
        in_sql("UPDATE responses SET value = '{}'"),
        in_sql("UPDATE responses SET value = x'ff00ff'"),
        in_sql("UPDATE responses SET value = replace(value, '4711', '4771')"),
    ],
)
def test_a_damaged_kept_answer_is_never_taken_for_what_the_service_said(upstream, damage):
    upstream.add("GET", HOST, "/long", Reply(b'{"output": 4711, "more": "%s"}' % (b"x" * 9000)))
    for step in ("kept", "damaged", "sound again"):
        asking = Http(a_source(), limits=LIMITS)
        assert json.loads(asking.get(f"https://{HOST}/long").body)["output"] == 4711, step
        asking.close()
        if step == "kept":
            damage(next(_http.cache_folder().glob("*.sqlite")))


@pytest.mark.parametrize("place", ["a file", "/proc/nowhere"])
def test_where_no_cache_can_be_written_answers_live_in_memory(upstream, monkeypatch, tmp_path, place):
    (tmp_path / "a file").touch()
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path / place))
    upstream.add("GET", HOST, "/figures", Reply(BODY, validator=False))
    asking = Http(a_source(), limits=LIMITS)
    assert [asking.get(URL).from_cache for _ in range(2)] == [False, True]
    asking.close()


def test_pages_give_cookies_before_the_first_question(upstream, http):
    upstream.add(
        "GET", HOST, "/page", Reply(b"<html></html>", "text/html", headers={"Set-Cookie": "session=abc; Path=/"})
    )
    http.warm_up(f"https://{HOST}/page")
    http.get(URL)
    http.get(URL)
    assert [request.path for request in upstream.requests] == ["/page", "/figures", "/figures"]
    assert upstream.requests[1].cookies == {"session": "abc"}


@pytest.mark.parametrize("place", [{"key_query": "api_key"}, {"key_header": "Ocp-Apim-Subscription-Key"}])
def test_a_key_reaches_the_service_and_nothing_else(upstream, monkeypatch, caplog, tmp_path, place):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("NQPF_TEST_KEY", SECRET)
    upstream.add(
        "GET", HOST, "/keyed", lambda request: Reply(f'{{"you sent": "{request.query} {request.headers}"}}'.encode())
    )
    upstream.add("GET", HOST, "/refused", lambda request: Reply(f"bad key {SECRET}".encode(), "text/plain", 403))
    upstream.add("GET", HOST, "/moved", lambda r: Reply(status=302, headers={"Location": f"/keyed?api_key={SECRET}"}))
    upstream.add("GET", HOST, "/away", Reply(status=302, headers={"Location": "https://cdn.example/keyed"}))
    upstream.add("GET", "cdn.example", "/keyed", Reply(BODY))
    http = Http(a_source(key_env="NQPF_TEST_KEY"), limits=LIMITS)
    assert http.has_key
    answers = [http.get(f"https://{HOST}/{path}", **place) for path in ("keyed", "moved", "away")]
    sent = [str(request.query) + str(request.headers) for request in upstream.requests]
    assert [SECRET in words for words in sent] == [True, True, True, True, False]
    with pytest.raises(Rejected) as caught:
        http.get(f"https://{HOST}/refused", **place)
    upstream.fault("dropped")
    with pytest.raises(Unavailable) as broken:
        http.get(f"https://{HOST}/keyed", params={"page": 2}, **place)
    http.close()
    release = answers[0].release(source="id", fetcher="id", name="a", title="b")
    seen = [repr(answers), repr(release), str(caught.value), repr(vars(caught.value)), str(broken.value), caplog.text]
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not any(SECRET in words for words in seen)
    assert not any(SECRET.encode() in body for body in files)


@pytest.mark.parametrize("place", [{"key_query": "api_key"}, {"key_header": "X-Key"}])
def test_a_key_is_taken_out_however_the_service_writes_it(upstream, monkeypatch, caplog, tmp_path, place):
    caplog.set_level(logging.DEBUG)
    secret = "k3y+of/the=user 0123&x%y"
    monkeypatch.setenv("NQPF_TEST_KEY", secret)
    forms = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), secret.replace("/", "\\/")}
    headers = {
        "X-Asked": secret,
        "X-Address": f"/k?{quote_plus(secret)}",
        "Set-Cookie": f"last={quote(secret, safe='')}",
    }
    upstream.add("GET", HOST, "/keyed", Reply(json.dumps(sorted(forms)).encode(), headers=headers))
    http = Http(a_source(key_env="NQPF_TEST_KEY"), limits=LIMITS)
    answers = [http.get(f"https://{HOST}/keyed", **place) for _ in range(2)]
    http.close()
    asked = upstream.requests[0]
    assert secret in (asked.one("api_key"), asked.headers.get("X-Key"))
    seen = [repr(answers), caplog.text, *(f.read_bytes().decode("latin-1") for f in tmp_path.rglob("*") if f.is_file())]
    assert len(seen) > 2
    assert not [form for form in forms for words in seen if form in words]


@pytest.mark.parametrize("key", ["a\nkey-of-two-lines", "钥匙-0123456789"])
def test_a_key_no_header_can_carry_is_refused_without_being_shown(monkeypatch, tmp_path, key):
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path))
    monkeypatch.setenv("NQPF_TEST_KEY", key)
    with pytest.raises(Rejected, match="the key in NQPF_TEST_KEY holds characters") as caught:
        Http(a_source(key_env="NQPF_TEST_KEY"), limits=LIMITS)
    assert key[-6:] not in repr(vars(caught.value))


def test_keys_come_from_streamlits_secrets_too(monkeypatch, tmp_path):
    monkeypatch.setattr(_keys, "SECRETS", tmp_path / "secrets.toml")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _keys.read("NQPF_TEST_KEY") == ""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('NQPF_TEST_KEY = "from-the-users-file"\n')
    assert _keys.read("NQPF_TEST_KEY") == "from-the-users-file"
    (tmp_path / "secrets.toml").write_text('NQPF_TEST_KEY = "from-a-file"\n')
    assert _keys.read("NQPF_TEST_KEY") == "from-a-file"
    monkeypatch.setenv("NQPF_TEST_KEY", "from-the-environment")
    assert _keys.read("NQPF_TEST_KEY") == "from-the-environment"
    (tmp_path / "secrets.toml").write_text("not toml")
    (tmp_path / ".streamlit" / "secrets.toml").write_text("NQPF_TEST_KEY = 5")
    monkeypatch.delenv("NQPF_TEST_KEY")
    assert _keys.read("NQPF_TEST_KEY") == ""


def test_a_certificate_nobody_vouches_for_is_refused(upstream, strange_upstream, monkeypatch):
    monkeypatch.setenv("NQPF_UPSTREAM", strange_upstream.url)
    with pytest.raises(Unavailable, match="certificate .* is not trusted"):
        Http(a_source(), limits=LIMITS).get(URL)
    assert strange_upstream.requests == []


def test_a_host_that_cannot_be_reached_is_asked_once(monkeypatch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("NQPF_UPSTREAM", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path))
    http = Http(a_source(), limits=LIMITS)
    for _ in range(50):
        with pytest.raises(Unavailable, match="no connection to 127.0.0.1"):
            http.get(URL)
    monkeypatch.setenv("NQPF_UPSTREAM", "http://no-such-host.invalid")
    with pytest.raises(Unavailable, match="cannot be resolved"):
        Http(a_source(), limits=LIMITS).get(URL)


def test_no_pause_is_owed_to_a_host_that_was_not_reached(monkeypatch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("NQPF_UPSTREAM", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path))
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    with pytest.raises(Unavailable, match="no connection to 127.0.0.1"):
        Http(a_source(pause=60), limits=LIMITS).get(URL)
    assert max(slept) < 1


def test_a_host_has_its_pause_whoever_asks(upstream):
    upstream.add("GET", HOST, "/figures", Reply(BODY))
    one, other = a_source(pause=0.2), a_source(id="other", pause=0.1)
    pace = Pace([one, other])
    asked = [Http(source, pace=pace, limits=LIMITS) for source in (one, other)]
    started = time.monotonic()
    for http in (*asked, *asked):
        http.get(URL)
    assert 0.6 <= time.monotonic() - started < 1.0
