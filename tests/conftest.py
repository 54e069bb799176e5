"""Fixtures shared by all tests: the local upstream in place of the network, a store of its own for each test."""

import re
import shutil
import ssl

import pytest

from data import catalogue
from tests.upstream.server import serve


@pytest.fixture(scope="session")
def upstream_server():
    with serve() as upstream:
        yield upstream


@pytest.fixture(scope="session")
def hasty_catalogue(tmp_path_factory):
    """The catalogue without the pauses that spare the real services."""
    where = tmp_path_factory.mktemp("hasty") / "catalogue"
    shutil.copytree(catalogue.FOLDER, where)
    for file in where.glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"^pause = .*$", "pause = 0", text, flags=re.MULTILINE), encoding="utf-8")
    return where


@pytest.fixture
def upstream(upstream_server, hasty_catalogue, tmp_path, monkeypatch):
    """The local upstream without faults, with an empty log.

    NQPF_UPSTREAM, NQPF_STORE and NQPF_CACHE point to it and to empty folders; NQPF_CATALOGUE to one without pauses.
    """
    upstream_server.reset()
    monkeypatch.setenv("NQPF_UPSTREAM", upstream_server.url)
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NQPF_CATALOGUE", str(hasty_catalogue))
    return upstream_server


@pytest.fixture
def keys(monkeypatch):
    """A key for every source that takes one."""
    for source in catalogue.load().sources.values():
        if source.key_env:
            monkeypatch.setenv(source.key_env, "key-for-the-tests-only")


@pytest.fixture(scope="session")
def strange_upstream():
    """The same over TLS, with a certificate nobody vouches for."""
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serve(context) as upstream:
        yield upstream
