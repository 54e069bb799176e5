"""The data API described for people: one plain page in English or Chinese, made from the parameters themselves."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from dashboard import texts
from dashboard.api.describe import columns
from dashboard.api.query import FORMATS, PARAMETERS, TABLES, allowed
from data import catalogue, export, tables

EXAMPLES = (
    "observations.csv?indicator=industrial_robot_output&measure=growth&span=ytd",
    "observations.csv?indicator=rd_gdp_share&source=nbs&ref_area=CHN&vintages=all",
    "observations.json?sector=nev,solar&freq=A&from=2020&as_of=2024-03-05",
    "events.csv?sector=robots&from=2023",
    "sources.csv",
)
SHOWN = 16
STYLE = """
:root{color-scheme:light dark;--ink:#1c1c1c;--paper:#fdfcf9;--line:#d8d5cc;--link:#0f5fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--paper:#16181b;--line:#3a3d42;--link:#7db8f0}}
body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,"Noto Sans","Noto Sans SC",sans-serif}
h1{font-size:1.7rem;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2.2rem 0 .5rem}a{color:var(--link)}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}code,pre{font:.88em ui-monospace,monospace}li code,td code{overflow-wrap:anywhere}
td:first-child{white-space:nowrap}
pre{overflow-x:auto;padding:.8rem;border:1px solid var(--line)}summary{cursor:pointer}
"""


def page(base: str, lang: str) -> str:
    """The HTML of the documentation; `base` is the full address of the API."""
    say = texts.of(lang)
    other = "en" if lang == "zh" else "zh"
    parts = [
        f'<p><a href="/?lang={lang}">{say("api.back")}</a> · <a href="?lang={other}" lang="{other}">'
        f"{say('api.other_language')}</a> · <a href='openapi.json'>openapi.json</a> · <a href='health'>health</a></p>",
        f"<h1>{say('api.title')}</h1><p>{say('api.about')}</p>",
        f"<p>{say('api.version', version=tables.data_version(), date=tables.data_date())}</p>",
        _examples(base, say),
        _tables(say),
        _parameters(say),
        f"<h2>{say('api.answers')}</h2><p>{say('api.csv_rule')} {say('api.cache_rule')}</p>",
        _terms(lang),
        _columns(lang),
    ]
    title = f"<title>{say('api.title')}</title><style>{STYLE}</style>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">{title}'
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body><main>{"".join(parts)}</main></body></html>'


def _grid(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table tabindex="0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _examples(base: str, say: texts.Say) -> str:
    links = "".join(f'<li><a href="{escape(one)}"><code>{escape(one)}</code></a></li>' for one in EXAMPLES)
    code = f'import pandas as pd\n\nrows = pd.read_csv("{escape(f"{base}/{EXAMPLES[0]}")}")'
    return (
        f"<h2>{say('api.examples')}</h2><ul>{links}</ul><p>{say('api.python')}:</p>"
        f'<pre tabindex="0"><code>{code}</code></pre><p>{say("api.excel")}</p>'
    )


def _tables(say: texts.Say) -> str:
    rows = [
        (f"<code>{name}</code>", say(f"api.t_{name}"),
         " ".join(f'<a href="{name}.{form}">{form}</a>' for form in FORMATS))
        for name in TABLES
    ]  # fmt: skip
    return f"<h2>{say('api.tables')}</h2>" + _grid((say("api.table"), say("api.content"), say("api.formats")), rows)


def _parameters(say: texts.Say) -> str:
    heads = (say("api.parameter"), say("api.meaning"), say("api.values"), say("api.applies"))
    rows = [(f"<code>{name}</code>", say(f"api.{name}"), _values(name, say), _applies(name)) for name in PARAMETERS]
    return f"<h2>{say('api.parameters')}</h2><p>{say('api.many_rule')}</p>" + _grid(heads, rows)


def _applies(name: str) -> str:
    return ", ".join(table for table, fields in TABLES.items() if name in fields) or "csv"


def _values(name: str, say: texts.Say) -> str:
    may_be = allowed(name)
    if isinstance(may_be, str):
        return escape(may_be)
    codes = " ".join(f"<code>{escape(code)}</code>" for code in may_be)
    if len(may_be) <= SHOWN:
        return codes
    listed = say("api.many_values", n=len(may_be), table="series.csv")
    return f"<details><summary>{listed}</summary>{codes}</details>"


def _terms(lang: str) -> str:
    say, sources = texts.of(lang), catalogue.load().sources
    _, withheld = export.withhold(tables.select())
    rows = [
        (f"<code>{code}</code>", escape(texts.native(sources[code], "publisher", lang)), str(count),
         escape(texts.native(sources[code], "licence", lang)))
        for code, count in withheld.items()
    ]  # fmt: skip
    heads = ("source", say("api.content"), say("api.withheld_rows"), say("api.terms"))
    return f"<h2>{say('api.terms')}</h2><p>{say('api.terms_rule')}</p>" + _grid(heads, rows)


def _columns(lang: str) -> str:
    say, meaning = texts.of(lang), export.dictionary()
    heads = (say("api.column"), say("api.meaning"))
    grids = [
        f"<details{' open' if name == 'observations' else ''}><summary>{name}</summary>"
        + _grid(heads, [(f"<code>{field}</code>", escape(meaning[name][field][lang])) for field in columns(name)])
        + "</details>"
        for name in TABLES
    ]
    return f"<h2>{say('api.columns')}</h2>" + "".join(grids)
