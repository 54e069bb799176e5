"""The user's keys for the services that want one: read from the environment or Streamlit's secrets, shown nowhere.

A key is added to a request in the transport, below the cache, and taken out of whatever comes back up: answers,
addresses, error messages, log lines.
"""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import MutableMapping
from pathlib import Path
from urllib.parse import quote, quote_plus

import msgspec

HIDDEN = "REDACTED"
SHORT = 4  # characters; nothing that short is a key, and taking it out of every text would wreck the text
SECRETS = Path(__file__).parent.parent / ".streamlit" / "secrets.toml"
_known: set[str] = set()


class Key(msgspec.Struct, frozen=True):
    """A key and where the service wants it: the name of a query parameter, or of a header."""

    host: str
    value: str
    query: str = ""
    header: str = ""


def read(name: str) -> str:
    """The key called `name` in the environment, else in Streamlit's secrets of the project or the user; or empty."""
    value = os.environ.get(name, "").strip() or _secret(name)
    if len(value) > SHORT:  # as it is, and as it stands in an address or in JSON
        _known.update((value, quote(value), quote(value, safe=""), quote_plus(value), value.replace("/", "\\/")))
    return value


def _secret(name: str) -> str:
    for file in (SECRETS, Path(os.environ.get("HOME", "")) / ".streamlit" / "secrets.toml"):
        try:
            value = tomllib.loads(file.read_text(encoding="utf-8")).get(name, "")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue  # no secrets file, or one only Streamlit's own error message should explain
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def hide(text: str) -> str:
    """The text with every known key taken out."""
    for value in _known:
        text = text.replace(value, HIDDEN)
    return text


def hide_in(headers: MutableMapping[str, str]) -> None:
    """The same for the headers of an answer, in place."""
    for name, value in list(headers.items()):
        if hide(value) != value:
            headers[name] = hide(value)


def hide_bytes(body: bytes) -> bytes:
    """The same for what a service sent back: some repeat the request's parameters."""
    for value in _known:
        body = body.replace(value.encode(), HIDDEN.encode())
    return body


class _Hide(logging.Filter):
    """urllib3 writes the full address into its log lines."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide(record.getMessage()), ()
        return True


for _name in ("urllib3.connectionpool", "urllib3.util.retry", "urllib3.connection", "urllib3.response"):
    logging.getLogger(_name).addFilter(_Hide())
