"""The server: finds the sources' handlers by module name, answers on loopback, keeps a log, applies faults."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import importlib
import pkgutil
import re
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, unquote, urlsplit

from tests.upstream import faults
from tests.upstream.messages import Reply, Request, Route, Shape

OWN = {"messages", "server", "faults"}


def modules() -> dict[str, ModuleType]:
    """The sources' handler modules by name."""
    found = [
        m.name
        for m in pkgutil.iter_modules([str(Path(__file__).parent)])
        if m.name not in OWN and not m.name.startswith("_")
    ]
    return {name: importlib.import_module(f"tests.upstream.{name}") for name in found}


def shapes() -> dict[str, Shape]:
    """Where each source's data answers can be broken."""
    return {name: module.SHAPE for name, module in modules().items() if hasattr(module, "SHAPE")}


@dataclass
class Fault:
    """A fault switched on for the answers of a host and path; `times` counts down (None: always)."""

    name: str
    host: str
    path: str
    times: int | None
    shape: Shape | None

    def due(self, request: Request) -> bool:
        """Whether this answer is to be broken; counts it."""
        if (
            request.host != self.host
            and self.host != "*"
            or not re.fullmatch(self.path, request.path)
            or self.times == 0
        ):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Upstream:
    """The running server: `url` for NQPF_UPSTREAM, `requests` the log, `fault()` to break answers.

    `delay` is how long every answer takes, `sent` how many bytes of bodies went out.
    """

    server: ThreadingHTTPServer
    routes: list[Route]
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    delay: float = 0.0
    sent: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The base address."""
        scheme = "https" if isinstance(self.server.socket, ssl.SSLSocket) else "http"
        return f"{scheme}://127.0.0.1:{self.server.server_address[1]}"

    def fault(
        self, name: str, host: str = "*", path: str = r"/.*", times: int | None = None, shape: Shape | None = None
    ) -> None:
        """Break the answers of a host and path from now on; see `faults.FAULTS` for the names."""
        assert name in faults.FAULTS, name
        self.faults.append(Fault(name, host, path, times, shape))

    def add(self, method: str, host: str, path: str, answer: object) -> None:
        """One more route, before the others: `answer` is a Reply or a function of the request."""
        handler = answer if callable(answer) else lambda request: answer
        self.routes.insert(0, Route(method, host, path, handler))

    def reset(self) -> None:
        """As after the start: no log, no faults, the sources' routes only."""
        self.requests.clear()
        self.faults.clear()
        self.routes[:] = source_routes()
        self.delay, self.sent = 0.0, 0

    def answer(self, request: Request) -> Reply:
        """What the service at this address says."""
        for route in self.routes:
            if (route.method, route.host) == (request.method, request.host) and re.fullmatch(route.path, request.path):
                return route.answer(request)
        return Reply(f"no route for {request.method} {request.host}{request.path}".encode(), "text/plain", 404)


def source_routes() -> list[Route]:
    """The routes of all sources."""
    return [route for module in modules().values() for route in module.routes()]


@contextlib.contextmanager
def serve(context: ssl.SSLContext | None = None) -> Iterator[Upstream]:
    """Run the upstream on a free loopback port, with TLS if a context is given."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    upstream = server.upstream = Upstream(server, source_routes())  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield upstream
    finally:
        upstream.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """The log is `Upstream.requests`."""

    def _handle(self) -> None:
        upstream: Upstream = self.server.upstream  # type: ignore[attr-defined]
        request = self._request()
        upstream.requests.append(request)
        if upstream.delay:
            time.sleep(upstream.delay)
        fault = next((fault for fault in upstream.faults if fault.due(request)), None)
        reply = upstream.answer(request)
        with contextlib.suppress(ConnectionError):
            if fault and fault.name in faults.CONNECTION:
                faults.CONNECTION[fault.name](self, reply, upstream.closing)
            else:
                self.send(faults.ANSWER[fault.name](request, reply, fault.shape) if fault else reply, request)

    do_GET = do_POST = _handle

    def _request(self) -> Request:
        length = int(self.headers.get("Content-Length") or 0)
        place = urlsplit(self.path)
        host, _, path = place.path.lstrip("/").partition("/")
        cookies = {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()}
        query = parse_qs(place.query, keep_blank_values=True)
        body = self.rfile.read(length)
        return Request(self.command, host, "/" + unquote(path), query, self.headers, cookies, body)

    def send(self, reply: Reply, request: Request) -> None:
        """A whole, honest answer: packed if the client can unpack it, 304 if it has it already."""
        body, headers = reply.body, {"Content-Type": reply.type, **reply.headers}
        if reply.status == 200 and reply.validator and request.method == "GET":
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers.setdefault("ETag", etag)
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return self.write(304, {"ETag": headers["ETag"]}, b"")
        if (
            "gzip" in request.headers.get("Accept-Encoding", "")
            and len(body) > 500
            and "Content-Encoding" not in headers
        ):
            body, headers = gzip.compress(body, mtime=0), {**headers, "Content-Encoding": "gzip"}
        return self.write(reply.status, headers, body)

    def write(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Status, headers and body as they are; Content-Length is added unless given."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.upstream.sent += len(body)  # type: ignore[attr-defined]
