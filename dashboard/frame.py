"""What stands around every page: navigation, language, `as known on`, notices, the number's card, the foot."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import card, controls, link, reading, rows, words
from data import held
from data.textfile import Unreadable

# Not "pages": Streamlit would run a folder of that name by itself, without this frame, for a link to one of them.
VIEWS = Path(__file__).parent / "views"
SECTIONS = {
    "figures": ("overview", "explore"),
    "policy": ("timeline", "plans"),
    "evidence": ("compare", "provinces", "reconcile", "revisions", "signals"),
    "takeaway": ("download", "sources", "method"),
}
ICONS = {
    "overview": "dashboard", "explore": "query_stats", "timeline": "timeline", "plans": "flag", "compare": "public",
    "provinces": "grid_view", "reconcile": "balance", "revisions": "history", "signals": "warning",
    "download": "download", "sources": "source", "method": "menu_book",
}  # fmt: skip


def run() -> None:
    """Draw the page the address names, in the reader's language."""
    st.set_page_config(page_icon=Path(__file__).parent / "icon.svg", layout="wide")
    try:
        with held():
            _draw()
    except Unreadable as error:
        st.error(f"{link.say()('app.unreadable')}\n\n`{error}`", icon=":material/error:")


def _draw() -> None:
    link.carry()
    page = st.navigation(_pages(), position="top")
    link.open_link(page.url_path)
    st.set_page_config(page_title=f"{page.title} · {link.say()('app.short')}")
    _style()
    controls.header()
    link.notices()
    _as_of_note()
    page.run()
    card.dialog()
    reading.dialog()
    _foot()


def _pages() -> dict[str, list[st.Page]]:
    t = link.say()
    return {
        t(f"section.{section}"): [
            st.Page(
                VIEWS / f"{name}.py",
                title=t(f"page.{name}"),
                icon=f":material/{ICONS[name]}:",
                url_path="" if name == "overview" else name,
                default=name == "overview",
            )
            for name in names
        ]
        for section, names in SECTIONS.items()
    }


def _style() -> None:
    here = Path(__file__).parent
    st.html(here / "style.css")
    st.html(f"<script>{(here / 'menu.js').read_text(encoding='utf-8')}</script>", unsafe_allow_javascript=True)


def _as_of_note() -> None:
    view = link.view()
    if view.as_of:
        text = link.say()("controls.as_of_note", date=words.day(view.as_of, view.lang))
        st.info(text, icon=":material/history:")


def _foot() -> None:
    view, t = link.view(), link.say()
    st.divider()
    st.caption(
        t("footer.data", date=words.day(view.as_of or rows.data_date(), view.lang), version=rows.version())
        + " · "
        + t("footer.fresh", **rows.fresh_count(view.as_of))
    )
