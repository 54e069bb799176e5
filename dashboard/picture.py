"""A chart as a picture: PNG or SVG with title, unit, basis, source, date, data version and link burnt in.

The picture is made in the reader's browser from the chart as it is drawn there (picture.js); no browser runs on the
server. The buttons stand under each chart and are reached by keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard import rows, texts, words
from dashboard.figures.look import FONT, TITLE_FONT, look

_HTML = '<div class="take"><button type="button" class="png"></button><button type="button" class="svg"></button></div>'
_CSS = """
.take { display: flex; gap: 1rem; }
button { border: 0; padding: 0.25rem 0; min-height: 24px; background: none; cursor: pointer; text-decoration: underline;
  font: inherit; font-size: 0.85rem; color: var(--st-link-color, var(--st-primary-color)); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""
_BUTTONS = st.components.v2.component(
    "nqpf_picture", html=_HTML, css=_CSS, js=(Path(__file__).parent / "picture.js").read_text(encoding="utf-8")
)


def buttons(
    key: str,
    chart: str,
    name: str,
    title: str,
    lines: Sequence[str],
    lang: str,
    dark: bool = False,
    alt: str = "",
    as_of: str = "",
) -> None:
    """Two buttons under the chart whose element has the key `chart`. `name` is the stem of the file.

    `title` stands over the picture, `lines` (basis, source, order of operations) under it, then the data date, the data
    version, and the link of the view at the moment of the click.
    """
    say, of = texts.of(lang), look(dark)
    stamp = say("picture.stamp", date=words.day(as_of or rows.data_date(), lang), version=rows.version())
    labels = {"png": say("picture.png"), "svg": say("picture.svg")}
    page = {"ink": of.text, "paper": of.paper, "font": FONT, "title_font": TITLE_FONT}
    file = f"{name}-{rows.version()}"
    told = {"chart": chart, "name": file, "title": title, "alt": alt, "lines": list(lines), "stamp": stamp}
    _BUTTONS(key=f"{key}_picture", data=told | {"labels": labels} | page)
