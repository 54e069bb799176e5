"""One session a source: `get` and `post`, a disk cache with revalidation, and Release records from answers.

An answer with a validator (ETag, Last-Modified) is kept and asked for again with it, so that nothing is sent when
nothing has changed. One without is taken from the cache for an hour (`REUSE`), or for as long as the service asks its
users to (`max_age`). Nothing but whole, checked answers with status 200 is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import requests
from requests_cache import CachedSession

from data import Release, Source, storage
from fetchers import _cache, _keys
from fetchers._errors import Rejected, Unavailable, Unexpected
from fetchers._keys import Key
from fetchers._pace import Pace
from fetchers._transport import Limits, Transport
from fetchers._verdict import ASKED, Accept, Ask

USER_AGENT = "Mozilla/5.0 (compatible; NQPF-dashboard/1.0; reads published statistics)"
REUSE = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=90)
SENDABLE = re.compile(r"[ -~]*")  # characters an HTTP header can carry


class Answer(msgspec.Struct, frozen=True):
    """What a service sent: `url` is the real address without any key, `retrieved` the day the body came."""

    url: str
    body: bytes
    status: int
    headers: dict[str, str]
    from_cache: bool
    retrieved: str

    def release(self, *, source: str, fetcher: str, name: str, title: str, published: str = "") -> Release:
        """The document this answer is. `name` tells a fetcher's documents apart (`nev_output`, `2026-10`).

        `source` is who publishes the figures, `fetcher` the module; `published` is a day, a month, a year or empty.
        """
        digest = hashlib.sha256(self.body).hexdigest()
        words = re.sub(r"[^\w.-]+", "_", f"{name}-{published or self.retrieved}", flags=re.ASCII)
        return Release(
            id=f"{fetcher}-{words}-{digest[:8]}",
            source=source,
            fetcher=fetcher,
            title=title,
            url=self.url,
            retrieved=self.retrieved,
            published=published,
            sha256=digest,
            body=self.body,
        )


class Http:
    """What a fetcher asks with. Every method raises a FetchError with source and address when no sound answer comes.

    `refresh` asks anew what has no validator, however young the kept answer is, `doubt` also what `max_age` would
    spare. Answers that came after `settled`, once it is set, are not asked for again. `received` counts bytes, `asked`
    is the last address.
    """

    def __init__(
        self,
        source: Source,
        *,
        pace: Pace | None = None,
        limits: Limits | None = None,
        refresh: bool = False,
        doubt: bool = False,
    ) -> None:
        self.source = source
        self.refresh = refresh or doubt
        self.doubt = doubt
        self.settled: dt.datetime | None = None
        self.asked = ""
        self._key = _keys.read(source.key_env) if source.key_env else ""
        if not SENDABLE.fullmatch(self._key):
            raise Rejected(f"the key in {source.key_env} holds characters that no key has", source=source.id)
        self._transport = Transport(source, pace or Pace([source]), limits or Limits())
        self._session = _session(cache_folder() / f"{source.id}.sqlite")
        self._session.mount("https://", self._transport)
        self._session.mount("http://", self._transport)
        self._warm_up: str | None = None  # empty: visited

    @property
    def has_key(self) -> bool:
        """Whether the user gave a key for this source."""
        return bool(self._key)

    @property
    def received(self) -> int:
        """Bytes of the bodies that came over the wire."""
        return self._transport.received

    def get(self, url: str, params: Mapping[str, Any] | None = None, **options: Any) -> Answer:
        """Ask with GET; the options are those of `request`."""
        return self.request("GET", url, params=params, **options)

    def post(self, url: str, json: Any = None, **options: Any) -> Answer:
        """Ask with POST and a JSON body; the options are those of `request`."""
        return self.request("POST", url, json=json, **options)

    def warm_up(self, url: str) -> None:
        """Visit this page once, for its cookies, before the first question that really goes to the service."""
        self._warm_up = url if self._warm_up is None else self._warm_up

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Accept = "json",
        json: Any = None,
        data: Mapping[str, str] | None = None,
        max_age: dt.timedelta | None = None,
        allow: Collection[int] = (),
        called: str = "",
        key_query: str = "",
        key_header: str = "",
    ) -> Answer:
        """Ask `url` (always over https) and return the whole answer.

        `params` may hold lists for repeated names. `accept` is the kind of body that is due; anything else is an error.
        `max_age` reuses a kept answer of that age without asking. `allow` are statuses the caller reads itself.
        `called` is a media type the service may give for such a body beside the usual ones.
        `key_query` or `key_header` name the parameter or header that carries the user's key, if there is one.
        """
        url = re.sub(r"^http://", "https://", url)
        sent = {"User-Agent": USER_AGENT, "Accept": ASKED[accept], "Accept-Encoding": "gzip", **(headers or {})}
        query = urlencode(params or {}, doseq=True, quote_via=quote, safe=":,/~")  # as services write their examples
        asked = requests.Request(method, url, headers=sent, params=query, data=data, json=json)
        key = (
            Key(url.split("/")[2], self._key, key_query, key_header)
            if self._key and (key_query or key_header)
            else None
        )
        prepared = self._session.prepare_request(asked)
        return self._answer(prepared, Ask(accept, frozenset(allow), key, called), max_age)

    def _answer(self, prepared: requests.PreparedRequest, ask: Ask, max_age: dt.timedelta | None) -> Answer:
        self.asked = prepared.url or ""
        kept = self._kept(prepared, max_age)
        response = kept or self._ask(prepared, ask)
        from_cache = bool(getattr(response, "from_cache", False))
        came = getattr(response, "created_at", None) if from_cache else None
        return Answer(
            url=_keys.hide(response.url),
            body=response.content,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            from_cache=from_cache,
            retrieved=(came or dt.datetime.now(dt.UTC)).date().isoformat(),
        )

    def _kept(self, prepared: requests.PreparedRequest, max_age: dt.timedelta | None) -> requests.Response | None:
        """The kept answer if it may be used without asking."""
        kept = self._session.cache.get_response(self._session.cache.create_key(prepared))
        if kept is None or kept.expires is None:
            return None
        validated = "ETag" in kept.headers or "Last-Modified" in kept.headers
        age = dt.timedelta() if validated or self.refresh else REUSE
        born = kept.expires - KEPT  # the day of the last revalidation
        if self.settled and born >= self.settled:
            return kept
        longest = age if self.doubt else max_age or age
        return kept if dt.datetime.now(dt.UTC) - born < longest else None

    def _ask(self, prepared: requests.PreparedRequest, ask: Ask) -> requests.Response:
        if self._warm_up:
            page, self._warm_up = self._warm_up, ""
            self.get(page, accept="html", headers={"Cache-Control": "no-store"}, allow=range(200, 600))
            prepared.prepare_cookies(self._session.cookies)
        prepared.headers.setdefault("Cache-Control", f"min-fresh={KEPT.total_seconds():.0f}")  # always ask
        try:
            response: requests.Response = self._session.send(prepared, allow_redirects=True, ask=ask)
        except requests.TooManyRedirects:
            raise Unavailable(
                "the service redirects in a circle", source=self.source.id, address=prepared.url or ""
            ) from None
        except (requests.RequestException, ValueError) as error:  # a redirect to what is no address
            what = f"the answer cannot be followed: {type(error).__name__}"
            raise Unexpected(what, source=self.source.id, address=prepared.url or "") from None
        if response.status_code != 200 and response.status_code not in ask.allow:  # 302 to nowhere, 304 to no question
            what = f"the service answers {response.status_code} and nothing with it"
            raise Unexpected(what, source=self.source.id, address=prepared.url or "")
        return response

    def close(self) -> None:
        """Give connections and the cache file back."""
        self._session.close()


def cache_folder() -> Path:
    """Where answers are kept: `NQPF_CACHE`, else `cache` beside the store."""
    return Path(os.environ.get("NQPF_CACHE") or storage.folder().parent / "cache")


def _session(file: Path) -> CachedSession:
    session = CachedSession(
        backend=_cache.opened(file),
        expire_after=KEPT,
        always_revalidate=True,
        allowable_methods=("GET", "POST"),
        allowable_codes=(200,),
        match_headers=("Accept",),
    )
    session.trust_env = False  # no .netrc; proxies are read in the transport, for the address really asked
    session.max_redirects = 10
    return session
