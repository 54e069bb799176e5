"""What a filter change on the overview costs the server: python benchmarks/overview.py [repetitions, default 30]

A real server in a process of its own and one reader who changes the first year, the sectors, the measure, the weight of
the events. Time runs from the message that carries the change to the server's word that the script has finished; the
browser's work is not in it. Aim: under 40 ms (median) with the shipped snapshot. In the same run, for comparison on
any machine under any load: a bare page with as many elements, each a line of text.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parent.parent
WARM = 6


class Reader:
    """One session: its connection, the widgets the server has shown, and what they are set to."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.widgets: dict[str, Any] = {}
        self.states: dict[str, WidgetState] = {}
        self.elements = 0

    def run(self) -> float:
        """Send the present state; the seconds until the script has finished."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.widget_states.widgets.extend(self.states.values())
        self.elements = 0
        started = time.perf_counter()
        self.connection.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(bytes(self.connection.recv()))
            self._remember(answer)
            if answer.WhichOneof("type") == "script_finished":
                return time.perf_counter() - started

    def _remember(self, answer: ForwardMsg) -> None:
        self.elements += answer.WhichOneof("type") == "delta"
        if answer.WhichOneof("type") == "delta" and answer.delta.WhichOneof("type") == "new_element":
            element = answer.delta.new_element
            content = getattr(element, element.WhichOneof("type"))
            if name := getattr(content, "id", ""):
                self.widgets[name] = content

    def change(self, key: str, field: str, value: Any) -> None:
        """Set the widget of a parameter; `field` is the kind of value it holds."""
        name = next(one for one in self.widgets if one.endswith(f"-{key}"))
        state = WidgetState(id=name)
        if isinstance(value, list):
            getattr(state, field).data.extend(value)
        else:
            setattr(state, field, value)
        self.states[name] = state


def _labels(reader: Reader, key: str) -> list[str]:
    """The choices of a row of buttons, as the server names them."""
    content = next(one for name, one in reader.widgets.items() if name.endswith(f"-{key}"))
    return [option.content for option in content.options]


def _year(reader: Reader, at: int) -> None:
    reader.change("from", "double_value", 2011 + at % 5)


def _sector(reader: Reader, at: int) -> None:
    names = _labels(reader, "sector")
    reader.change("sector", "string_array_value", names[: 2 + at % 3])


def _measure(reader: Reader, at: int) -> None:
    names = _labels(reader, "measure")
    reader.change("measure", "string_array_value", [names[at % 2]])


def _weight(reader: Reader, at: int) -> None:
    names = _labels(reader, "significance")
    reader.change("significance", "string_array_value", [names[at % 3]])


Change: TypeAlias = Callable[[Reader, int], None]
CHANGES: dict[str, Change] = {
    "first year": _year,
    "sectors (2 to 4)": _sector,
    "level, year to date": _measure,
    "weight of events": _weight,
}


BARE = (
    "import streamlit as st\nst.number_input('year', key='from', value=2015)\nfor n in range({}): st.caption(str(n))\n"
)


def main() -> None:
    """Measure and print a line a change."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        elements, year = _served("dashboard/app.py", folder, CHANGES, repetitions)
        page = Path(folder) / "bare.py"
        page.write_text(BARE.format(elements), encoding="utf-8")
        print(f"a bare page of {elements} lines:")
        _, bare = _served(str(page), folder, {"first year": _year}, repetitions)
    print(f"a change of the first year costs {year / bare:.1f} times the bare page")


def _served(script: str, store: str, changes: dict[str, Change], repetitions: int) -> tuple[int, float]:
    """Serve a script and measure the changes; how many elements it has, and the median of the first change."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.fileWatcherType", "none", "--server.headless", "true"]
    quiet, env = subprocess.DEVNULL, os.environ | {"NQPF_STORE": store}
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=quiet, stderr=quiet)
    try:
        _ready(port)
        with connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None) as connection:
            return _report(Reader(connection), changes, repetitions, server.pid)
    finally:
        server.terminate()
        server.wait()


def _ready(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health").read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _report(reader: Reader, changes: dict[str, Change], repetitions: int, process: int) -> tuple[int, float]:
    print(f"  first page of a fresh server {reader.run() * 1000:7.0f} ms")
    print(f"  the same again               {reader.run() * 1000:7.0f} ms")
    medians = []
    for name, change in changes.items():
        times, before = [], 0.0
        for at in range(-WARM, repetitions):
            if at == 0:
                before = _processor(process)
            change(reader, at)
            times.append(reader.run() * 1000)
        kept, used = times[WARM:], (_processor(process) - before) * 1000 / repetitions
        medians.append(statistics.median(kept))
        print(f"  {name:28} {medians[-1]:7.1f} ms median, {min(kept):.1f} least; {used:.1f} ms of the processor")
    return reader.elements, medians[0]


def _processor(process: int) -> float:
    """The seconds of processor time a process has used (Linux; elsewhere not a number)."""
    file = Path(f"/proc/{process}/stat")
    if not file.exists():
        return float("nan")
    ticks = file.read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
