"""One event, read on a page: what it is, its dates, where it stands, and the figures around its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import link, policy, rows, texts, words
from dashboard.parameters import View
from data import catalogue


def choose(events: Sequence[Any], view: View) -> None:
    """A list to read one event from, by keyboard as well; a click on a flag chooses too."""
    t, known = link.say(), rows.all_events()
    number = {one.id: f"{one.number} · " for one in events}
    offered = ["", *number, *([view.event] if view.event and view.event not in number else [])]
    st.selectbox(
        t("overview.read"), offered, key="event", persist_state="session",
        format_func=lambda one: number.get(one, "") + named(known[one], view.lang) if one else t("overview.none"),
    )  # fmt: skip


def named(event: Any, lang: str) -> str:
    """The date and the title of an event."""
    return f"{event.date} {texts.native(event._asdict(), 'title', lang)}"


def listing(events: Sequence[Any], lang: str) -> None:
    """The titles of numbered events, spelled out in columns."""
    items = "".join(
        f'<li value="{one.number}"><span class="tabular">{escape(one.date)}</span> '
        f"{escape(texts.native(one._asdict(), 'title', lang))}</li>"
        for one in events
    )
    st.html(f'<ol class="events">{items}</ol>')


def show(view: View, indicators: Iterable[str]) -> None:
    """The chosen event, if any, with the published growth of the indicators before and after its day."""
    events = rows.event(view.event)
    if events is None:
        return
    with st.container(border=True, key="event_card"):
        _head(events, view.lang)
        _sides(list(indicators), rows.day_of(view.event), view)
        st.caption(link.say()("overview.caution"))
        st.button(link.say()("event.close"), on_click=link.put, kwargs={"event": ""}, type="tertiary")


def _head(event: Any, lang: str) -> None:
    say, known = texts.of(lang), catalogue.load().sectors
    native = event._asdict()
    st.markdown(f"### {texts.native(native, 'title', lang)}")
    st.markdown(texts.native(native, "summary", lang))
    until = f" {say('event.until', date=words.day(event.end_date, lang))}" if event.end_date else ""
    sectors = "、" if lang == "zh" else ", "
    facts = [
        (say("event.announced"), words.day(event.date, lang) + until),
        (say("event.in_force"), words.day(event.in_force, lang) if event.in_force else ""),
        (say("event.body"), event.body),
        (say("event.stage"), say(f"stage.{event.stage}")),
        (
            say("event.sectors"),
            sectors.join(texts.native(known[code], "title", lang) for code in event.sectors.split(";")),
        ),
        (say("card.confidence"), words.confidence(event.confidence, lang)),
    ]
    st.html(
        "<dl class='facts'>" + "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in facts if b) + "</dl>"
    )
    if event.url:
        st.link_button(say("event.open"), event.url, icon=":material/open_in_new:", type="tertiary")
    else:
        st.caption(say("event.no_url"))


def _sides(indicators: Sequence[str], day: str, view: View) -> None:
    say = texts.of(view.lang)
    table = policy.around(indicators, day, view.as_of)
    if not table["n"].sum():
        st.caption(say("event.no_around"))
        return
    st.markdown(f"**{say('event.around', date=words.day(rows.all_events()[view.event].date, view.lang))}**")
    st.table(_worded(table, view.lang))


def _worded(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    """One line a series: which rate, then n, mean and range on both sides."""
    say = texts.of(lang)
    found: dict[str, dict[str, str]] = {}
    for row in table.itertuples(index=False):
        rate = "year" if row.freq == "A" else "ytd" if row.span == "ytd" else "month"
        line = found.setdefault(str(row.series), {
            say("event.series"): texts.native(row._asdict(), "title", lang), say("event.rate"): say(f"event.{rate}"),
        })  # fmt: skip
        line[say(f"event.{row.side}")] = _side(row, lang)
    return pd.DataFrame(list(found.values())).set_index(say("event.series"))


def _side(row: Any, lang: str) -> str:
    say = texts.of(lang)
    if not row.n:
        return say("event.nothing")
    mean, low, high = (words.change(float(value), lang) for value in (row.mean, row.lowest, row.highest))
    return say("event.side", n=row.n, mean=mean, low=low, high=high)
