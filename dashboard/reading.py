"""One event: what it is, its dates, where it stands, and the figures around its day."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import figures, link, panels, policy, rows, texts, words
from dashboard.parameters import View
from data import catalogue


def strip_lines(events: tuple[Any, ...], reach: tuple[str, str], lang: str) -> list[str]:
    """What stands under a strip: that it shows timing, and how many events have no room on it."""
    say, left = texts.of(lang), len(events) - figures.strip_count(events, reach)
    return [say("overview.caution"), *([say("timeline.left", n=left)] if left else [])]


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
    return f"{event.date} {texts.native(event, 'title', lang)}"


def numbered(event: Any, lang: str) -> str:
    """The number of a step with its date and title."""
    return f"{event.number} {named(event, lang)}"


def listing(events: Sequence[Any], lang: str) -> None:
    """The titles of numbered events, spelled out in columns."""
    items = "".join(
        f'<li value="{one.number}"><span class="tabular">{escape(one.date)}</span> '
        f"{escape(texts.native(one, 'title', lang))}</li>"
        for one in events
    )
    st.html(f'<ol class="events">{items}</ol>')


def subjects() -> None:
    """The sectors and themes whose events are shown; none chosen means any."""
    t, known, lang = link.say(), catalogue.load().sectors, st.session_state["lang"]
    st.multiselect(
        t("timeline.subject"), policy.subjects(), key="subject", persist_state="session",
        placeholder=t("timeline.subject_any"), format_func=lambda code: texts.native(known[code], "title", lang),
    )  # fmt: skip


def weight() -> None:
    """The least weight of the events on the timeline page, which shows all of them without a choice."""
    t = link.say()
    st.segmented_control(
        t("controls.significance"), (1, 2, 3), key="weight", format_func=lambda n: t(f"controls.sig_{n}"),
        required=True, persist_state="session",
    )  # fmt: skip


def show_all(first: int) -> None:
    """Take every filter off the timeline page. Meant for on_click."""
    link.reset("events", "weight", "subject", "to", "as_of")
    link.put(**{"from": first})


def entries(events: Sequence[Any], lang: str) -> None:
    """Events in full: number, dates, kind and stage, title, one sentence, the document."""
    st.html("".join(f'<article class="event">{_entry(one, lang)}</article>' for one in events))


def _entry(event: Any, lang: str) -> str:
    say = texts.of(lang)
    until = f" {say('event.until', date=words.day(event.end_date, lang))}" if event.end_date else ""
    force = say("figure.in_force", date=words.day(event.in_force, lang)) if event.in_force else ""
    stage, body = say(f"stage.{event.stage}"), texts.bodies(event.body, lang)
    facts = [words.day(event.date, lang) + until, force, say(f"kind.{event.kind}"), stage, body]
    address = (
        f' <a href="{escape(event.url)}" target="_blank" rel="noopener noreferrer">{say("timeline.link")}</a>'
        if event.url
        else ""
    )
    return (
        f"<h3>{event.number} · {escape(texts.native(event, 'title', lang))}</h3>"
        f"<p class='always'>{escape(' · '.join(filter(None, facts)))}</p>"
        f"<p>{escape(texts.native(event, 'summary', lang))}{address}</p>"
    )


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
    levels = view._replace(measure="level")
    shown = [panels.of(one, levels) for one in named_sectors or view.sector]
    indicators = dict.fromkeys(one for panel in shown for one in panel.growing)
    _sides(list(indicators), rows.day_of(view.event), view)
    st.caption(link.say()("overview.caution"))


def _head(event: Any, lang: str) -> None:
    say, known = texts.of(lang), catalogue.load().sectors
    st.markdown(f"### {texts.native(event, 'title', lang)}")
    st.markdown(texts.native(event, "summary", lang))
    until = f" {say('event.until', date=words.day(event.end_date, lang))}" if event.end_date else ""
    sectors = "、" if lang == "zh" else ", "
    facts = [
        (say("event.announced"), words.day(event.date, lang) + until),
        (say("event.in_force"), words.day(event.in_force, lang) if event.in_force else ""),
        (say("event.body"), texts.bodies(event.body, lang)),
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
            say("event.series"): texts.native(row, "title", lang), say("event.rate"): say(f"event.{rate}"),
        })  # fmt: skip
        line[say(f"event.{row.side}")] = _side(row, lang)
    return pd.DataFrame(list(found.values())).set_index(say("event.series"))


def _side(row: Any, lang: str) -> str:
    say = texts.of(lang)
    if not row.n:
        return say("event.nothing")
    mean, low, high = (words.change(float(value), lang) for value in (row.mean, row.lowest, row.highest))
    return say("event.side", n=row.n, mean=mean, low=low, high=high)
