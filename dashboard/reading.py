"""One event: what it is, its dates, where it stands, and the figures around its day."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import link, panels, policy, rows, texts, words
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


def numbered(event: Any, lang: str) -> str:
    """The number of a step with its date and title."""
    return f"{event.number} {named(event, lang)}"


def listing(events: Sequence[Any], lang: str) -> None:
    """The titles of numbered events, spelled out in columns."""
    items = "".join(
        f'<li value="{one.number}"><span class="tabular">{escape(one.date)}</span> '
        f"{escape(texts.native(one._asdict(), 'title', lang))}</li>"
        for one in events
    )
    st.html(f'<ol class="events">{items}</ol>')


def dialog() -> None:
    """Draw the event the link names, if any, unless a figure's card is open."""
    view = link.view()
    if view.event and not view.point:
        st.dialog(link.say()("event.title"), width="large", on_dismiss=close)(_body)()


def close() -> None:
    """Put the event away."""
    st.session_state["event"] = ""


def _body() -> None:
    view = link.view()
    event = rows.event(view.event)
    _head(event, view.lang)
    named_sectors = [one for one in view.sector if {one, "all"} & set(event.sectors.split(";"))]
    indicators = [panels.of(one, view).indicator for one in named_sectors or view.sector]
    _sides(list(filter(None, indicators)), rows.day_of(view.event), view)
    st.caption(link.say()("overview.caution"))


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
