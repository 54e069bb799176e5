"""The string table: every word of the interface in English and Chinese.

    say = texts.of("zh")
    say("overview.title")                       # a string of locale/zh.toml, table [overview], key title
    say("controls.bad_value", name="from", …)   # filled in by str.format

`locale/en.toml` and `locale/zh.toml` hold what all pages share; a page brings its own `locale/<page>.en.toml` and
`locale/<page>.zh.toml`, read beside them. A key stands in one file only. tests/test_locale.py finds a string that
lacks a language, and a key that is used but missing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh")
Say = Callable[..., str]


def of(lang: str) -> Say:
    """The function that says a key in this language; KeyError for a key that is not in the table."""
    table = strings(lang)

    def say(key: str, **values: object) -> str:
        return table[key].format(**values) if values else table[key]

    return say


@lru_cache(maxsize=4)
def strings(lang: str) -> dict[str, str]:
    """All strings of a language by dotted key; ValueError when two files hold the same key."""
    found: dict[str, str] = {}
    for file in [FOLDER / f"{lang}.toml", *sorted(FOLDER.glob(f"*.{lang}.toml"))]:
        for key, text in _flat(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in found:
                raise ValueError(f"{file.name}: {key} stands in two files")
            found[key] = text
    return found


def _flat(table: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    pairs = []
    for name, value in table.items():
        pairs += _flat(value, f"{before}{name}.") if isinstance(value, dict) else [(before + name, str(value))]
    return pairs


@lru_cache(maxsize=4)
def entries(name: str) -> list[dict[str, str]]:
    """The entries of a list that holds both languages itself: `glossary` (terms), `method` (statements), `bodies`."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    (found,) = table.values()
    return list(found)


def native(record: Any, field: str, lang: str) -> str:
    """A field of a record that has it in both languages: `title`, or `title_native` in Chinese.

    `record` is a Struct, a named tuple or a mapping. An empty text in one language gives way to the other.
    """
    first, second = (f"{field}_native", field) if lang == "zh" else (field, f"{field}_native")
    read = record.get if hasattr(record, "get") else partial(getattr, record)
    return str(read(first) or read(second) or "")


def bodies(text: str, lang: str) -> str:
    """Who took a step of the policy (`MOF; STA`) in the reader's language; without a Chinese name as it stands."""
    return "、".join(_bodies().get(one, one) for one in text.split("; ")) if lang == "zh" else text


@lru_cache(maxsize=1)
def _bodies() -> dict[str, str]:
    return {one["name"]: one["name_native"] for one in entries("bodies")}
