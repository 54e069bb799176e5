"""The last step of every request: only known hosts, in turn, over TLS, a bounded number of tries, a bounded answer.

`NQPF_UPSTREAM` names a mirror or proxy: `https://host/path` is then asked at `{base}/host/path`, while everything
above (redirects, cookies, cache, error messages) goes on speaking of the real address.
"""

from __future__ import annotations

import os
import ssl
import time
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec
import requests
import truststore
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, ReadTimeoutError
from urllib3.util import Url, parse_url

from data import Source
from fetchers import _keys, _verdict
from fetchers._errors import Unavailable, Unexpected, located
from fetchers._pace import Pace
from fetchers._unpack import unpacked
from fetchers._verdict import Ask, Passing

CHUNK = 64 * 1024
USUAL_PORTS = {"http": 80, "https": 443}
RECONNECT = 0.3  # seconds until a host that refused a connection at once is tried again


class Limits(msgspec.Struct, frozen=True):
    """How long and how much: seconds, bytes after unpacking, tries of what can pass.

    `patience` is the longest `Retry-After` that is waited for; a service that asks for more is left alone.
    """

    connect: float = 10
    read: float = 60
    total: float = 180
    size: int = 64 * 2**20
    tries: int = 3
    backoff: float = 1.0
    patience: float = 60


class Transport(HTTPAdapter):
    """One source's way to its hosts. `received` counts the bytes of the bodies as they came over the wire."""

    def __init__(self, source: Source, pace: Pace, limits: Limits) -> None:
        self.source = source
        self.pace = pace
        self.limits = limits
        self.received = 0
        self.upstream = os.environ.get("NQPF_UPSTREAM", "").rstrip("/")
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Trust what the operating system trusts: IRENA's chain ends at a root certifi does not carry yet."""
        super().init_poolmanager(*args, **options, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """The answer, read to its end; a FetchError for everything else. Sessions call this once for every hop."""
        ask: Ask = options.pop("ask")
        with located(source=self.source.id, address=_keys.hide(request.url or "")):
            request.url = self._real(request.url or "")
            host = urlsplit(request.url).netloc
            if reason := self.pace.unreachable(urlsplit(self.upstream).netloc or host):
                raise Unavailable(reason)
            for tries_left in reversed(range(self.limits.tries)):
                try:
                    with self.pace.turn(host):
                        return self._once(request, ask)
                except Passing as passing:
                    if passing.unreachable:
                        self.pace.not_reached(host)
                    if not tries_left or passing.after > self.limits.patience:
                        if passing.unreachable:
                            self.pace.give_up(passing.unreachable, passing.error.message)
                        raise passing.error from None
                    time.sleep(passing.after or self.limits.backoff * 2 ** (self.limits.tries - 1 - tries_left))
        raise AssertionError("unreachable: the last try returns or raises")

    def _real(self, address: str) -> str:
        """The address as it is meant: https, host in small letters without the usual port, no steps back in the path.

        Unexpected when the catalogue does not name the host for this source.
        """
        place = parse_url(address)
        port = USUAL_PORTS.get(place.scheme or "")
        if not port or place.auth or place.port not in (None, port) or place.host not in self.source.hosts:
            raise Unexpected(f"{place.netloc or address} is not a host the catalogue names for this source")
        return Url("https", host=place.host, path=place.path, query=place.query).url

    def _once(self, request: requests.PreparedRequest, ask: Ask) -> requests.Response:
        physical = self._physical(request, ask)
        place = urlsplit(physical.url or "").netloc
        deadline = time.monotonic() + self.limits.total
        response = self._answer(physical, place)
        with response:
            encoding = response.headers.get("Content-Encoding", "").strip().lower()
            response._content = _keys.hide_bytes(self._body(response.raw, encoding, deadline))
        response._content_consumed = True  # type: ignore[attr-defined]
        self._lead_back(response)
        response.url, response.request = request.url or "", request
        response.reason = _keys.hide(response.reason or "")
        _keys.hide_in(response.headers)
        _keys.hide_in(response.raw.headers)
        response.cookies.clear()  # the session takes them from the raw answer; the cache need not have them
        _verdict.judge(response, ask)
        return response

    def _physical(self, request: requests.PreparedRequest, ask: Ask) -> requests.PreparedRequest:
        """The request as it goes out: https, through the upstream, with the key."""
        place = urlsplit(request.url or "")
        query = place.query
        physical = request.copy()
        physical.headers.pop("Cache-Control", None)  # directives to our own cache
        if ask.key and ask.key.host == place.netloc:
            if ask.key.query:
                kept = [part for part in query.split("&") if part and part.partition("=")[0] != ask.key.query]
                query = "&".join([*kept, urlencode({ask.key.query: ask.key.value})])
            else:
                physical.headers[ask.key.header] = ask.key.value
        target = urlunsplit((place.scheme, place.netloc, place.path, query, ""))
        physical.url = f"{self.upstream}/{target.removeprefix('https://')}" if self.upstream else target
        return physical

    def _lead_back(self, response: requests.Response) -> None:
        """A mirror may redirect to itself: what it means is the real address."""
        location = response.headers.get("Location", "")
        if self.upstream and location.startswith(f"{self.upstream}/"):
            response.headers["Location"] = f"https://{location.removeprefix(self.upstream).lstrip('/')}"

    def _answer(self, physical: requests.PreparedRequest, place: str) -> requests.Response:
        """Status and headers; Unavailable when none come, remembered where the host cannot be reached at all."""
        started = time.monotonic()
        timeout = (self.limits.connect, self.limits.read)
        proxies = get_environ_proxies(physical.url or "")
        try:
            return super().send(physical, stream=True, timeout=timeout, verify=True, proxies=proxies)
        except requests.exceptions.SSLError as error:
            reason = f"the certificate of {place} is not trusted: {_keys.hide(str(error.args[0]))[-160:]}"
            self.pace.give_up(place, reason)
            raise Unavailable(reason) from None
        except requests.ConnectionError as error:
            if reason := _no_connection(error, place):
                wait = RECONNECT if time.monotonic() - started < 1 else float("inf")
                raise Passing(Unavailable(reason), wait, unreachable=place) from None
            raise Passing(Unavailable("the connection broke before an answer came")) from None
        except requests.Timeout:
            raise Unavailable(f"no answer within {time.monotonic() - started:.0f} s") from None
        except requests.RequestException as error:
            raise Unavailable(f"no answer: {type(error).__name__}") from None

    def _body(self, raw: BaseHTTPResponse, encoding: str, deadline: float) -> bytes:
        """The unpacked body, read in steps so that neither a slow nor an endless nor a swelling one holds us."""
        parts, size = [], 0
        try:
            packed = iter(lambda: raw.read1(CHUNK, decode_content=False), b"")
            for part in unpacked(packed, encoding):
                parts.append(part)
                size += len(part)
                if size > self.limits.size:
                    raise Unexpected(f"the answer is larger than {self.limits.size} bytes")
                if time.monotonic() > deadline:
                    raise Unavailable(f"the answer was not complete after {self.limits.total:.0f} s")
        except ReadTimeoutError:
            raise Unavailable(f"the answer stopped for {self.limits.read:.0f} s") from None
        except (HTTPError, OSError) as error:
            raise Passing(Unavailable(f"the answer was cut off after {size} bytes ({type(error).__name__})")) from None
        finally:
            self.received += raw.tell()
        return b"".join(parts)


def _no_connection(error: requests.ConnectionError, place: str) -> str:
    """Why the host cannot be reached, in words; empty when a connection was made and broke later."""
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(cause, NameResolutionError):
        return f"the name {place} cannot be resolved: no network?"
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return f"no connection to {place}: {type(error).__name__}"
    if isinstance(cause, NewConnectionError):
        return f"no connection to {place}: {str(cause).rsplit(': ', 1)[-1]}"
    return ""
