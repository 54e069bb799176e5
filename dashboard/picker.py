"""Choosing series: a search that knows synonyms, browsing by sector and indicator, and the list of those chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from dashboard import link, rows, selection, texts, words
from dashboard.parameters import View, sector_codes
from data import catalogue
from data.model import Series

SHOWN = 12
EXAMPLES = ("NEV", "新能源汽车", "solar", "robot", "R&D", "TFP")


def draw(view: View) -> None:
    """The search box, the way through sectors and indicators, and the chosen series with a cross each."""
    t = link.say()
    with st.container(horizontal=True, vertical_alignment="bottom", key="picker"):
        text = st.text_input(
            t("explore.search"), key="find", placeholder=t("explore.search_hint", examples=", ".join(EXAMPLES)),
            icon=":material/search:", max_chars=80,
        )  # fmt: skip
        with st.popover(t("explore.browse"), icon=":material/account_tree:"):
            _browse(view)
    if text.strip():
        _results(text, view)
    options = [*rows.with_figures(view.as_of), *(one for one in view.series if not rows.known(one, view.as_of))]
    st.multiselect(
        t("explore.series"), options, key="series", format_func=lambda one: name(one, view.lang), on_change=_follow,
        placeholder=t("explore.series_hint"), persist_state="session",
    )  # fmt: skip


def _results(text: str, view: View) -> None:
    """What the search finds, each with a button that adds it."""
    t, found = link.say(), selection.found(text, view)
    if not found:
        st.info(t("explore.not_found", text=link.quoted(text), examples=", ".join(EXAMPLES)))
        st.button(t("explore.clear_search"), on_click=link.put, kwargs={"find": ""}, type="tertiary")
        return
    with st.container(gap="xxsmall", key="results"):
        for one in found[:SHOWN]:
            there = one.id in view.series
            st.button(
                name(one.id, view.lang), key=f"add_{one.id}", on_click=add, args=([one.id],), disabled=there,
                type="tertiary", icon=":material/check:" if there else ":material/add:",
            )  # fmt: skip
    if len(found) > SHOWN:
        st.caption(t("explore.more_found", n=len(found) - SHOWN))


def _browse(view: View) -> None:
    """Sector, then indicator, then its lines."""
    t, loaded, lang = link.say(), catalogue.load(), view.lang
    sector = st.selectbox(
        t("controls.sector"), sector_codes(), key="browse_sector",
        format_func=lambda code: texts.native(loaded.sectors[code], "title", lang),
    )  # fmt: skip
    offered = selection.indicators(sector, view.as_of)
    if not offered:
        st.caption(t("chart.no_rows"))
        return
    indicator = st.selectbox(
        t("explore.indicator"),
        offered,
        key="browse_indicator",
        format_func=lambda one: indicator_name(one, lang),
    )
    lines = selection.lines_of(indicator, view.as_of)
    picked = st.multiselect(
        t("explore.lines"), lines, key="browse_lines", format_func=lambda one: line(loaded.series[one], lang),
        placeholder=t("explore.series_hint"),
    )  # fmt: skip
    st.button(t("explore.add"), on_click=add, args=(picked,), disabled=not picked, type="primary")


def indicator_name(indicator: str, lang: str) -> str:
    """An indicator, `source/indicator`, in words."""
    source, _, code = indicator.partition("/")
    loaded = catalogue.load()
    return titled(loaded.of_indicator(code, source)[0], loaded, lang)


def add(series: Sequence[str]) -> None:
    """Show these series as well. Meant for callbacks."""
    chosen = st.session_state["series"]
    st.session_state["series"] = [*chosen, *(one for one in series if one not in chosen)]
    st.session_state["find"] = ""
    _follow()


def _follow() -> None:
    """The filter on sectors lets a series through that is chosen by name."""
    shown = list(st.session_state["sector"])
    theirs = selection.sectors_of(st.session_state["series"])
    st.session_state["sector"] = [*shown, *(one for one in theirs if one not in shown)]


def name(series: str, lang: str) -> str:
    """A series in words: title, publisher, area, line."""
    return _names(catalogue.load().stamp, lang)[series]


@lru_cache(maxsize=4)
def _names(_catalogue: tuple[object, ...], lang: str) -> dict[str, str]:
    """All series in words, once for each state of the catalogue."""
    loaded = catalogue.load()
    return {one.id: f"{titled(one, loaded, lang)} · {line(one, lang)}" for one in loaded.series.values()}


def titled(one: Series, loaded: catalogue.Catalogue, lang: str) -> str:
    """The title of a series and its publisher."""
    return f"{texts.native(one, 'title', lang)} · {texts.native(loaded.sources[one.source], 'publisher', lang)}"


def line(one: Series, lang: str) -> str:
    """Area, frequency, measure and span of a series."""
    return f"{words.area(one.ref_area, lang)} · {words.line(one.freq, one.measure, one.span, lang)}"
