"""Fixtures shared by all tests: the local upstream in place of the network, a store of its own for each test."""

import pytest

from tests.upstream.server import serve


@pytest.fixture(scope="session")
def upstream_server():
    with serve() as upstream:
        yield upstream


@pytest.fixture
def upstream(upstream_server, tmp_path, monkeypatch):
    """The local upstream without faults, with an empty log; NQPF_UPSTREAM, NQPF_STORE and NQPF_CACHE point to it."""
    upstream_server.reset()
    monkeypatch.setenv("NQPF_UPSTREAM", upstream_server.url)
    monkeypatch.setenv("NQPF_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("NQPF_CACHE", str(tmp_path / "cache"))
    return upstream_server
