"""What a full update costs: python benchmarks/fetchers.py [milliseconds an answer takes, default 100]

Against the local upstream, with the pauses of the catalogue. Two figures: the time of a full update over the time that
the pauses of the most careful host alone force (aim: at most 1.3), and the bytes a second update transfers over those
of the first (aim: under 5 %). Also the bytes when every source is asked by name, which takes nothing from the cache
without asking: what a service without ETag or Last-Modified costs each time.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from data import catalogue
from fetchers._report import RunReport
from fetchers._run import update
from tests.upstream.server import Upstream, serve


def forced(upstream: Upstream) -> tuple[float, str]:
    """The seconds the pauses force at the host where they force most, and that host."""
    pause: dict[str, float] = {}
    for source in catalogue.load().sources.values():
        for host in source.hosts:
            pause[host] = max(pause.get(host, 0.0), source.pause)
    asked = Counter(request.host for request in upstream.requests)
    return max(((number - 1) * pause[host], host) for host, number in asked.items())


def timed(upstream: Upstream, sources: list[str] | None = None) -> tuple[float, int, RunReport]:
    """One update: seconds, bytes of bodies sent, and its report."""
    upstream.requests.clear()
    upstream.sent, started = 0, time.monotonic()
    report = update(sources)
    return time.monotonic() - started, upstream.sent, report


def main() -> None:
    """Run twice and print both figures."""
    with serve() as upstream, tempfile.TemporaryDirectory() as folder:
        upstream.delay = float(sys.argv[1] if len(sys.argv) > 1 else 100) / 1000
        os.environ |= {"NQPF_UPSTREAM": upstream.url, "NQPF_STORE": f"{folder}/store", "NQPF_CACHE": f"{folder}/cache"}
        seconds, first, report = timed(upstream)
        least, host = forced(upstream)
        print(f"first update   {seconds:7.1f} s {first:10,} bytes {len(upstream.requests):5} requests")
        print(f"pauses force   {least:7.1f} s at {host}: {seconds / max(least, 0.001):.2f} times")
        for run in sorted(report.runs, key=lambda run: -run.seconds):
            print(f"  {run.source:<16} {run.seconds:7.1f} s {run.received:10,} bytes {run.state}")
        again, second, _ = timed(upstream)
        print(f"second update  {again:7.1f} s {second:10,} bytes {len(upstream.requests):5} requests")
        print(f"bytes again    {second / max(first, 1):7.1%}")
        names = [run.source for run in report.runs if run.state == "ok"]
        by_name, third, _ = timed(upstream, names)
        print(f"by name        {by_name:7.1f} s {third:10,} bytes {third / max(first, 1):7.1%}")


if __name__ == "__main__":
    main()
