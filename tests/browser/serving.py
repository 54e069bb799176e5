"""The real server in a process of its own: `streamlit run dashboard/server.py` on a free port of the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds until the server answers; it takes about three on an idle machine
NOBODY = "http://127.0.0.1:9"  # nothing answers here: a test that asks for figures by mistake stays on this machine


class Server:
    """A running dashboard: its address, its store, its process, and what it has written to its log."""

    process: subprocess.Popen[bytes]

    def __init__(self, url: str, store: Path, log: Path) -> None:
        self.url, self.store, self.log = url, store, log

    def said(self, since: int = 0) -> str:
        """The log from this place on."""
        return self.log.read_text(encoding="utf-8", errors="replace")[since:]


@contextmanager
def serving(
    folder: Path, upstream: str = NOBODY, script: str = "dashboard/server.py", **environment: str
) -> Iterator[Server]:
    """Serve the dashboard with an empty store in `folder`, and end it.

    `upstream` answers for every service; `environment` adds variables; `script` is what is run. Raises
    RuntimeError with the log where the server ends early or does not answer in time.
    """
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", folder / "store", folder / "server.log")
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command += ["--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"]
    places = {"NQPF_STORE": str(server.store), "NQPF_CACHE": str(folder / "cache"), "NQPF_UPSTREAM": upstream}
    places["STREAMLIT_LOGGER_ENABLE_RICH"] = "false"
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **places, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
        server.process = process
        try:
            _wait_for(server, process)
            yield server
        finally:
            _end(process)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"the server ended with status {process.returncode}:\n{server.said()}")
    raise RuntimeError(f"the server did not answer in {PATIENCE} seconds:\n{server.said()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
