"""The filter strip: widgets over the parameters of the link.

controls.sectors(); controls.years(); controls.measure(("level", "ytd")); controls.more("publisher", "quality")
view = link.view()                      # view.sector, view.start, view.end, view.measure, view.as_of …
if not controls.ready(view): st.stop()  # years the wrong way round, no sector: says so and offers the way out
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from dashboard import link, parameters, rows, texts
from dashboard.link import View, put, reset, say
from dashboard.parameters import QUALITY
from data import catalogue, events


def header() -> None:
    """Language and `as known on`: on every page, drawn by app.py."""
    t = say()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", key="header"):
        first, last = parameters.days()
        st.date_input(  # cleared, it means today; `required` would put aria-required where ARIA does not allow it
            t("controls.as_of"), key="as_of", min_value=first, max_value=last, format="YYYY-MM-DD", width=150,
            help=t("controls.as_of_help"), persist_state="session",
        )  # fmt: skip
        st.segmented_control(
            t("controls.lang"), texts.LANGUAGES, key="lang", format_func={"en": "English", "zh": "中文"}.__getitem__,
            label_visibility="collapsed", required=True, persist_state="session",
        )  # fmt: skip


def sectors() -> None:
    """The sectors, the four founding ones first."""
    t, known, lang = say(), catalogue.load().sectors, st.session_state["lang"]
    st.pills(
        t("controls.sector"), parameters.sector_codes(), key="sector", selection_mode="multi", persist_state="session",
        format_func=lambda code: texts.native(known[code], "short", lang),
    )  # fmt: skip


def years() -> None:
    """First and last year: two handles and two boxes."""
    t = say()
    first, last = st.session_state["from"], st.session_state["to"]
    both = (min(first, last), max(first, last))
    if st.session_state.get("years") != both:
        st.session_state["years"] = both
    with st.container(horizontal=True, vertical_alignment="bottom", key="years_strip"):
        _year("from")
        low, high = parameters.span()
        st.slider(t("controls.years"), low, high, key="years", on_change=_from_handles, width="stretch")
        _year("to")


def _year(name: str) -> None:
    low, high = parameters.span()
    st.number_input(
        say()(f"controls.{name}"), min_value=low, max_value=high, step=1, key=name, width=110, persist_state="session"
    )


def _from_handles() -> None:
    st.session_state["from"], st.session_state["to"] = st.session_state["years"]


def measure(offered: Sequence[str] = ("level", "ytd", "growth", "index")) -> None:
    """What the charts show. A measure this page does not offer gives way to the first, with a notice."""
    switch("measure", offered, say()("controls.measure"), lambda code: say()(f"controls.{code}"))


def choose(name: str, offered: Sequence[str], label: str, named: Callable[[str], str]) -> None:
    """One of a list, kept in the link; what is not offered here gives way to the first, with a notice."""
    _offer(name, offered, named)
    st.selectbox(label, offered, key=name, format_func=named, persist_state="session")


def switch(name: str, offered: Sequence[str], label: str, named: Callable[[str], str]) -> None:
    """One of a few, all in sight, kept in the link; what is not offered here gives way to the first, with a notice."""
    _offer(name, offered, named)
    st.segmented_control(label, offered, key=name, format_func=named, required=True, persist_state="session")


def _offer(name: str, offered: Sequence[str], named: Callable[[str], str]) -> None:
    asked = st.session_state[name]
    if asked not in offered:
        st.session_state[name] = offered[0]
        link.in_step()
        link.notice(name, str(asked), named(offered[0]))


def base(label: str = "") -> None:
    """The event an index starts from, or any day; `label` where it is for something else."""
    t, lang = say(), st.session_state["lang"]
    known, chosen = rows.all_events(), st.session_state["base"]
    with st.container(horizontal=True, vertical_alignment="bottom", key="base_strip"):
        st.selectbox(
            label or t("controls.base"), [*known, *([] if chosen in known else [chosen])], key="base",
            persist_state="session",
            format_func=lambda code: f"{known[code].date} {texts.native(known[code], 'title', lang)}"
            if code in known else code,
        )  # fmt: skip
        st.session_state["base_day"] = dt.date.fromisoformat(rows.day_of(chosen))
        st.date_input(
            t("controls.base_day"), key="base_day", min_value=dt.date(1990, 1, 1), max_value=dt.date.today(),
            format="YYYY-MM-DD", width=150, on_change=_from_day,
        )  # fmt: skip


def _from_day() -> None:
    day = st.session_state["base_day"]
    if day:
        st.session_state["base"] = day.isoformat()


def more(*names: str, sources: Iterable[str] = ()) -> None:
    """Everything else, behind one button: publisher, quality, events, significance. `sources` limits the publishers."""
    with st.popover(say()("controls.more"), icon=":material/tune:"):
        for name in names:
            _MORE[name](tuple(sources)) if name == "publisher" else _MORE[name]()
        st.button(say()("controls.reset"), on_click=reset, icon=":material/restart_alt:")


def publishers(offered: tuple[str, ...] = ()) -> None:
    """Publishers to keep; none chosen means any."""
    t, known, lang = say(), catalogue.load().sources, st.session_state["lang"]
    chosen = st.session_state["publisher"]
    codes = [code for code in known if not offered or code in offered or code in chosen]
    st.multiselect(
        t("controls.publisher"), codes, key="publisher", placeholder=t("controls.publisher_any"),
        format_func=lambda code: texts.native(known[code], "publisher", lang),
        persist_state="session",
    )  # fmt: skip


def areas() -> None:
    """Reference areas to keep; none chosen means any."""
    t, known, lang = say(), catalogue.load().areas, st.session_state["lang"]
    st.multiselect(
        t("controls.areas"), list(known), key="areas", placeholder=t("controls.areas_any"),
        format_func=lambda code: texts.native(known[code], "title", lang),
        persist_state="session",
    )  # fmt: skip


def quality() -> None:
    """Only figures read in the release, comparable ones, final ones."""
    _pills("quality", QUALITY, "controls.{}")


def kinds() -> None:
    """The kinds of events that are drawn."""
    _pills("events", events.KINDS, "kind.{}")


def significance() -> None:
    """The least weight of the events that are drawn."""
    t = say()
    st.segmented_control(
        t("controls.significance"), (1, 2, 3), key="significance", format_func=lambda n: t(f"controls.sig_{n}"),
        required=True, persist_state="session",
    )  # fmt: skip


def _pills(name: str, offered: Sequence[str], key: str) -> None:
    t = say()
    st.pills(
        t(f"controls.{name}"), offered, key=name, selection_mode="multi", persist_state="session",
        format_func=lambda code: t(key.format(code)),
    )  # fmt: skip


_MORE: dict[str, Callable[..., None]] = {
    "publisher": publishers,
    "areas": areas,
    "quality": quality,
    "events": kinds,
    "significance": significance,
}


def ready(asked: View) -> bool:
    """Whether the view can be drawn. If not, says why and offers the way out."""
    t = texts.of(asked.lang)
    if asked.start > asked.end:
        st.error(t("controls.bad_years", start=asked.start, end=asked.end))
        st.button(t("controls.swap"), on_click=put, kwargs={"from": asked.end, "to": asked.start}, type="primary")
        return False
    if not asked.sector:
        st.info(t("controls.no_sector"))
        st.button(t("controls.founding"), on_click=reset, args=("sector",), type="primary")
        return False
    return True
