"""What a service's answer means: the data asked for, a refusal, a bad moment, or something else in its place."""

from __future__ import annotations

import re
from typing import Literal

import msgspec
import requests
from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from fetchers import _keys
from fetchers._errors import FetchError, Rejected, Unavailable, Unexpected
from fetchers._keys import Key

Accept = Literal["json", "csv", "html", "xlsx", "xml", "parquet"]
PASSING = frozenset({408, 429, 500, 502, 503, 504})  # what may be otherwise in a moment; retrying 4xx lengthens bans
ANY_FILE = ("application/octet-stream", "binary/octet-stream", "application/x-download", "application/zip")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: dict[str, tuple[str, ...]] = {
    "json": ("application/json", "text/json", "text/plain", "text/javascript"),
    "csv": ("text/csv", "application/csv", "text/plain", "application/vnd.ms-excel", *ANY_FILE),
    "html": ("text/html", "application/xhtml+xml"),
    "xlsx": (WORKBOOK, "application/vnd.ms-excel", *ANY_FILE),
    "xml": ("application/xml", "text/xml"),
    "parquet": ("application/vnd.apache.parquet", "application/x-parquet", *ANY_FILE),
}
SUFFIXES = {"json": "+json", "csv": "+csv", "xml": "+xml"}
ASKED = {
    "json": "application/json, text/plain, */*",
    "csv": "text/csv, text/plain, */*",
    "html": "text/html,application/xhtml+xml,*/*;q=0.8",
    "xlsx": f"{WORKBOOK}, */*",
    "xml": "application/xml, text/xml, */*",
    "parquet": "*/*",
}
MAGIC = {"xlsx": b"PK\x03\x04", "parquet": b"PAR1"}
TRY_AGAIN = re.compile(rb"[Tt]ry again in (\d{1,6}) seconds?")
BLANK = b"\xef\xbb\xbf \t\r\n"
# Wangsu's WZWS stands before *.gov.cn (script `wzwsquestion`, cookie wzws_sessionid), JSL before the customs; the
# others are the usual words of content networks.
FIREWALL = re.compile(
    rb"wzws|WZWS|__jsl_clearance|X-Via-JSL|cf-chl|/cdn-cgi/challenge|captcha|CAPTCHA|_Incapsula_|Request Rejected"
    rb"|Access Denied|UrlACL|Web Application Firewall|Pardon Our Interruption|"
    + "访问被拦截|安全验证|网站防火墙|请求存在异常".encode()
)
# SDMX services answer 200 with a SOAP fault, or with word that a large answer is being prepared.
FAULT = re.compile(rb"<(?:\w+:)?faultstring[^>]*>(.*?)</", re.DOTALL)
PREPARED = re.compile(rb"<(?:\w+:)?queued\b|<\w+:Message code=.413.", re.IGNORECASE)


class Ask(msgspec.Struct, frozen=True):
    """What the caller of a request expects: the kind of answer, statuses it reads itself, where its key goes, and
    what the service calls the kind of answer beside its usual names.
    """

    accept: Accept
    allow: frozenset[int] = frozenset()
    key: Key | None = None
    called: str = ""


class Passing(Exception):
    """A failure that may pass: the error it becomes if it does not, and the seconds to wait before trying again.

    `unreachable` is the place that is then not tried any more, where no connection could be made at all.
    """

    def __init__(self, error: FetchError, after: float = 0, unreachable: str = "") -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after
        self.unreachable = unreachable


def judge(response: requests.Response, ask: Ask) -> None:
    """Return for an answer that can be read (and for a redirect), raise Passing or a FetchError for any other."""
    status, body = response.status_code, response.content
    if status in ask.allow or status == 304 or response.is_redirect:
        return
    if status == 200:
        error = _content(body, response.headers.get("Content-Type", ""), ask)
        if error:
            raise error
        return
    words = f"HTTP {status} {start(body)}".strip()
    after = _retry_after(response)
    if status in PASSING or (status == 403 and after):
        asks = f", asks to wait {after:.0f} s" if after else ""
        raise Passing(Unavailable(f"the service answers {status}{asks}", value=words), after)
    if response.headers.get("reason") == "UrlACL":  # data.stats.gov.cn since 2026-03, for addresses it has closed
        raise Rejected("the service has closed this address (UrlACL)", value=words)
    if status == 412 or is_firewall_page(body):
        raise Unavailable(f"a firewall answers {status} in place of the service", value=words)
    if 400 <= status < 500:
        raise Rejected(f"the service says no: {words}", value=words)
    raise Unavailable(f"the service answers {status}", value=words)


def _retry_after(response: requests.Response) -> float:
    """Seconds to wait: of the header, else of the sentence Azure's gateways write (UN Comtrade); 0 where none stand."""
    said = TRY_AGAIN.search(response.content[:500]) if response.status_code in (403, 429) else None
    try:
        return Retry().parse_retry_after(response.headers["Retry-After"])
    except (InvalidHeader, KeyError, ValueError, OverflowError):  # the last two for days no calendar has
        return float(said[1]) if said else 0


def is_firewall_page(body: bytes) -> bool:
    """Whether the body is a page a firewall sends instead of the answer; data pages are longer than 20 kB."""
    return len(body) < 20_000 and bool(FIREWALL.search(body))


def _content(body: bytes, content_type: str, ask: Ask) -> FetchError | None:
    """The error of an answer with status 200 that is not what was asked for, else None."""
    accept = ask.accept
    head = body[:512].lstrip(BLANK).lower()
    markup = head.startswith(b"<")
    if not head:
        return Unexpected("the answer is empty")
    if head.startswith((b"<!doctype html", b"<html", b"<script")) and is_firewall_page(body):
        return Unavailable("a firewall page came in place of the data", value=start(body))
    if markup and accept in ("json", "csv", "xlsx", "parquet"):
        if PREPARED.search(body):
            return Unavailable("the service prepares the answer for later", value=start(body))
        if fault := FAULT.search(body):
            return Rejected(f"the service says no: {start(fault[1])}", value=start(body))
        return Unexpected(f"markup came where {accept.upper()} is due", value=start(body))
    media = content_type.split(";")[0].strip().lower()
    if media and media not in (*MEDIA_TYPES[accept], ask.called) and not media.endswith(SUFFIXES.get(accept, "\0")):
        return Unexpected(f"the answer is of type {media}, not {accept.upper()}", value=start(body))
    if not body.startswith(MAGIC.get(accept, b"")):
        return Unexpected(f"the file is not {accept.upper()}", value=start(body))
    return None


def start(body: bytes) -> str:
    """The first words of a body, for an error message."""
    return _keys.hide(" ".join(body[:300].decode("utf-8", "replace").split())[:160])
