"""A user's key, right or wrong, goes to its service and stands nowhere afterwards: store, cache, status, output."""

import logging

import pytest

from data import catalogue
from fetchers._console import main
from tests.upstream import Reply

KEYED = [source for source in catalogue.load().sources.values() if source.key_env]
RIGHT, WRONG = "key-for-the-tests-only", "a/wrong+key=of the user"


@pytest.mark.parametrize("source", KEYED, ids=lambda source: source.id)
@pytest.mark.parametrize("key", [RIGHT, WRONG])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_key_stands_nowhere_after_an_update(upstream, monkeypatch, tmp_path, capfd, caplog, source, key, options):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(source.key_env, key)
    assert main(["update", "--source", source.id, "--since", "2023", *options]) == (0 if key == RIGHT else 1)
    main(["list", "--source", source.id])
    assert any(key in [*sum(r.query.values(), []), *r.headers.values()] for r in upstream.requests)
    files = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert {file.suffix for file in files} >= {".sqlite"}
    printed = capfd.readouterr()
    seen = [caplog.text, printed.out, printed.err, *(body.decode("latin-1") for body in files.values())]
    assert printed.out
    assert not [words for words in seen for form in (key, "a%2Fwrong", "a/wrong") if form in words]


@pytest.mark.parametrize("source", KEYED, ids=lambda source: source.id)
def test_a_service_that_repeats_the_key_in_its_answer_gets_it_into_no_message(upstream, monkeypatch, capfd, source):
    monkeypatch.setenv(source.key_env, WRONG)
    for host in source.hosts:
        upstream.add("GET", host, r"/.*", lambda r: Reply(f"no permission for {WRONG}".encode(), "text/plain", 403))
    assert main(["update", "--source", source.id]) == 1
    printed = capfd.readouterr()
    assert "no permission for REDACTED" in printed.out
    assert "a/wrong" not in printed.out + printed.err
