"""python -m tests.upstream: the local upstream by itself, to point NQPF_UPSTREAM at. Ends with Ctrl-C."""

import contextlib
import threading

from tests.upstream.server import serve

with serve() as upstream, contextlib.suppress(KeyboardInterrupt):
    print(f"NQPF_UPSTREAM={upstream.url}", flush=True)  # noqa: T201
    threading.Event().wait()
