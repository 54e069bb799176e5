"""Ready citations, short, full and BibTeX: of one number, and of a whole table or chart."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

import pandas as pd

from data import catalogue
from data.codes import OBS_STATUS, Label
from data.export.names import span

DASHBOARD = Label("NQPF dashboard", "新质生产力数据看板")
BASIS = {
    "published_level": Label("as published", "公布数"),
    "published_comparable": Label("growth as published", "公布增速"),
    "computed_from_levels": Label("computed from published figures", "由公布数计算"),
}
_STOP = Label(". ", "。")
_COMMA = Label(", ", "，")
_DATA = Label("data version {version}", "数据版本{version}")
_NO_DATE = Label("date not known", "日期不详")
_NO_VALUE = Label("no value", "无数值")
_COLON = Label(": ", "：")
_LIST = Label("; ", "；")
_MORE = Label("and {n} more series", "等另{n}个序列")
_FROM_JANUARY = Label("{year}-01 to {period}", "{year}-01至{period}")
NAMED = 4
_ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


class Citation(NamedTuple):
    """`short` fits under a chart, `full` in a list of references, `bibtex` in a .bib file."""

    short: str
    full: str
    bibtex: str


def cite_number(row: Any, lang: str = "en", link: str = "") -> Citation:
    """How to cite one number: `row` is one of `rows`, as a named tuple, a Series or a mapping.

    Names publisher, document, date, address, the figure with unit, basis and status, and the data version; `link` is
    the page it was read on.
    """
    of = _fields(row)
    zh = int(lang == "zh")
    publisher = _publisher(of["series"], of["publisher"], zh)
    dated = of["published"] or _NO_DATE[zh]
    short = f"{publisher}{_COMMA[zh]}{_quoted(of['document'], zh)}{_COMMA[zh]}{dated}"
    told = [short, _figure(of, zh), of["url"], _through(of, zh, link)]
    year = (of["published"] or of["vintage"])[:4]
    note = _COMMA[zh].join([_figure(of, zh), _through(of, zh, link)])
    entry = _bibtex(_key(of), [publisher], of["url"], title=of["document"], year=year, note=note)
    return Citation(short, _sentences(told, zh), entry)


def cite_table(table: pd.DataFrame, lang: str = "en", link: str = "", title: str = "") -> Citation:
    """How to cite a chart, or a whole download, from its exported rows: publishers, series, period, data version."""
    zh = int(lang == "zh")
    if table.empty:
        return Citation("", "", "")
    firsts = table.drop_duplicates("series").to_dict("records")
    publishers = list(dict.fromkeys(_publisher(one["series"], one["publisher"], zh) for one in firsts))
    names = list(dict.fromkeys(series_title(one["series"], zh) for one in firsts))
    title = title or _LIST[zh].join(names[:NAMED] + [_MORE[zh].format(n=len(names) - NAMED)] * (len(names) > NAMED))
    years = span(table, "–")
    version = table["data_version"].iloc[0]
    of = {"data_version": version}
    basis = Label(" and ", "、")[zh].join(BASIS[one][zh] for one in sorted(set(table["basis"])))
    by = _LIST[zh].join(publishers)
    short = f"{by}{_COMMA[zh]}{_through(of, zh, '')}"
    full = _sentences([by, _COMMA[zh].join([_quoted(title, zh), years, basis]), _through(of, zh, link)], zh)
    key = f"nqpf-{version[:10]}-{hashlib.sha256((title + years).encode()).hexdigest()[:6]}"
    note = _COMMA[zh].join([years, basis, _through(of, zh, "")])
    return Citation(short, full, _bibtex(key, publishers, link, title=title, year=version[:4], note=note))


def series_title(series: str, zh: int | bool = 0) -> str:
    """The title of a series, published or computed."""
    known = catalogue.load().series
    source, _, rest = series.partition("~")[0].partition("/")
    one = known.get(f"{source}/{rest}") or next(iter(catalogue.load().of_indicator(rest.split(".")[0], source)), None)
    if one is None:
        return series
    return one.title_native if zh else one.title


def _fields(row: Any) -> dict[str, Any]:
    if hasattr(row, "_asdict"):
        return dict(row._asdict())
    return {name: row[name] for name in row.keys()}  # noqa: SIM118 - a Series iterates over its values


def _publisher(series: str, publisher: str, zh: int) -> str:
    source = catalogue.load().sources.get(series.partition("/")[0])
    return source.publisher_native if source and zh else publisher


def _quoted(title: str, zh: int) -> str:
    if not zh:
        return f"“{title}”"
    return title if title.startswith("《") else f"《{title}》"


def _figure(of: dict[str, Any], zh: int) -> str:
    """The figure in words of its own: series, area, period, value and unit as published, basis and status."""
    value, comma = float(of["value"]), _COMMA[zh]
    said = f"{value!r}".removesuffix(".0") + f" {of['unit_published']}" if value == value else _NO_VALUE[zh]
    area = catalogue.load().areas.get(of["geo"])
    place = of["geo"] if area is None else area.title_native if zh else area.title
    period = of["period"]
    if of["measure"].endswith("_ytd") and of["freq"] == "M":
        period = _FROM_JANUARY[zh].format(year=period[:4], period=period)
    basis = [BASIS[of["basis"]][zh], *([] if of["obs_status"] == "A" else [OBS_STATUS[of["obs_status"]][zh]])]
    in_brackets = Label(f" ({comma.join(basis)})", f"（{comma.join(basis)}）")[zh]
    return f"{comma.join([series_title(of['series'], zh), place, period])}{_COLON[zh]}{said}{in_brackets}"


def _through(of: dict[str, Any], zh: int, link: str) -> str:
    version = _DATA[zh].format(version=of["data_version"])
    return _COMMA[zh].join(filter(None, [DASHBOARD[zh], version, link]))


def _sentences(parts: list[str], zh: int) -> str:
    return _STOP[zh].join(filter(None, parts)) + ("。" if zh else ".")


def _key(of: dict[str, Any]) -> str:
    """Unique for a number: series, period and vintage."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", f"{of['series']}-{of['period']}-{of['vintage']}")
    return plain.strip("-")


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(c) or (f"\\{c}" if c in "&%$#_{}" else " " if ord(c) < 32 else c) for c in text)


def _bibtex(key: str, authors: list[str], url: str, **entry: str) -> str:
    """An entry of the kind every BibTeX style knows; the address stands in howpublished as well."""
    fields = {name: _escaped(text) for name, text in entry.items()}
    fields = {"author": " and ".join(f"{{{_escaped(one)}}}" for one in authors), **fields}
    if url:
        plain = url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")
        fields |= {"url": plain, "howpublished": f"\\url{{{plain}}}"}
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"
