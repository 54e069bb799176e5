"""The pieces of the overview: the sentence on top, the key, a panel, what to know before quoting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboard import charts, controls, figures, link, policy, quoting, reading, rows, texts, words
from dashboard.figures.bars import part_of_year
from dashboard.figures.flags import placed
from dashboard.panels import Panel
from dashboard.parameters import View
from data import catalogue

KEY = (
    ("bar", ""), ("part", ""), ("hollow", ""), ("published", "●"), ("computed", "○"), ("stem", "│"), ("other", "–"),
    ("earlier", "◦"), ("doubtful", "?"), ("break", "//"), ("goal", "┄"), ("flag", "①"),
)  # fmt: skip


def heading() -> None:
    """What the page is about."""
    st.html(f"<h1>{escape(link.say()('app.name'))}</h1>")


def comparable() -> None:
    """One switch for the figures whose years may be compared; the same as the quality filter."""
    quality = st.session_state["quality"]
    st.session_state["comparable_only"] = "comparable" in quality
    st.toggle(link.say()("overview.comparable"), key="comparable_only", on_change=_comparable)


def _comparable() -> None:
    rest = [one for one in st.session_state["quality"] if one != "comparable"]
    st.session_state["quality"] = [*rest, "comparable"] if st.session_state["comparable_only"] else rest


def lead(shown: Sequence[Panel], view: View) -> None:
    """The newest figure of all in one sentence, and the three things that are always said beside it."""
    say = texts.of(view.lang)
    newest = [one.figures[0] for one in shown if one.figures]
    said = words.sentence(max(newest, key=lambda one: one.released), view.lang) if newest else ""
    basis = "basis_comparable" if "comparable" in view.quality else "basis_mixed"
    always = [
        say("overview.data_date", date=words.day(view.as_of or rows.data_date(), view.lang)),
        say("overview.fresh", **rows.fresh_count(view.as_of)),
        say(f"overview.{basis}"),
    ]
    sentence = f'<p class="lead">{escape(say("overview.lead", sentence=said))}</p>' if said else ""
    st.html(f'{sentence}<p class="always">{escape(" · ".join(always))}</p>')


def key(view: View) -> None:
    """What the marks mean, once for all panels."""
    say = texts.of(view.lang)
    mark = '<li><span class="mark mark-{}" aria-hidden="true">{}</span>{}</li>'
    items = "".join(mark.format(name, glyph, escape(say(f"overview.key_{name}"))) for name, glyph in KEY)
    if coined := _coined(view):
        items += mark.format("coined", "┊", escape(say("overview.key_coined", date=words.day(coined, view.lang))))
    st.html(f'<ul class="key" aria-label="{escape(say("overview.key"))}">{items}</ul>')


def _coined(view: View) -> str:
    """The day the term was first used; empty where it is not known yet."""
    day = rows.day_of(rows.coined())
    return day if not view.as_of or day <= view.as_of else ""


def panel(one: Panel, events: tuple[Any, ...], view: View, reach: tuple[str, str]) -> None:
    """One sector: its sentences, its figure, the lines under it."""
    known = catalogue.load().sectors
    title = texts.native(known[one.sector], "title", view.lang)
    sentences = [words.sentence(figure, view.lang, lead=False) for figure in one.figures]
    st.html(f"<h3>{escape(title)}</h3>" + "".join(f'<p class="said">{escape(text)}</p>' for text in sentences))
    if not one.indicator:
        _nothing(one.sector, view)
        return
    figure = figures.blocks(
        one.blocks, view.lang, charts.dark(), yearly=one.measure == "level", events=events, reach=reach,
        marked=_coined(view),
    )  # fmt: skip
    charts.show(
        figure, key=f"panel_{one.sector}", name=f"{one.sector}-{one.measure}-{view.start}-{view.end}",
        title=title, lines=_lines(one, events, view, reach),
        burnt=[*sentences, *_burnt(one, events, view, reach)],
        alt=_alt(one, sentences, view.lang),
    )  # fmt: skip


def _alt(one: Panel, sentences: Sequence[str], lang: str) -> str:
    """The figure in words: the newest values and their change, what they are based on, who published them."""
    say = texts.of(lang)
    found = {
        "published_level": any(block.levels and block.levels[0].measure != "index" for block in one.blocks),
        "published_comparable": any(block.published for block in one.blocks),
        "computed_from_levels": any(block.computed for block in one.blocks) or one.measure == "index",
    }
    basis = say("sentence.comma").join(words.basis(code, lang) for code, there in found.items() if there)
    source = say("sentence.comma").join(one.publishers)
    return say("overview.alt", sentence=" ".join(sentences), basis=basis, source=source)


def _burnt(one: Panel, events: tuple[Any, ...], view: View, reach: tuple[str, str]) -> list[str]:
    """What the page says once and a picture has to say itself: the marks, and the events behind the numbers."""
    say = texts.of(view.lang)
    marks = [say("chart.basis_growth")] if one.measure != "index" else []
    flags = [reading.numbered(event, view.lang) for event, _ in placed(events, *reach)]
    return [*marks, *([" · ".join(flags)] if flags else [])]


def _nothing(sector: str, view: View) -> None:
    """Why a panel is empty, and the way out."""
    t = texts.of(view.lang)
    if view.measure == "index" and not (view.publisher or view.quality):
        st.info(t("overview.no_index"))
        return
    chosen = [*view.publisher, *(t(f"controls.{one}") for one in view.quality), f"{view.start}–{view.end}"]
    name = texts.native(catalogue.load().sectors[sector], "title", view.lang)
    st.info(t("controls.none_left", sectors=name, filters=", ".join(chosen)))
    st.button(
        t("controls.clear"), on_click=link.reset, args=("publisher", "quality", "from", "to"), key=f"clear_{sector}"
    )


def _lines(one: Panel, events: tuple[Any, ...], view: View, reach: tuple[str, str]) -> list[str]:
    """Source, basis, what is unfinished, breaks, flags left out, order of operations."""
    say, lang = texts.of(view.lang), view.lang
    source = charts.source_line(one.publishers, one.document, lang)
    unfinished = _unfinished(one, view) if one.measure == "level" else []
    cut = dict.fromkeys(
        sentence
        for name in one.series
        for day, sentence in figures.break_words(name, lang)
        if reach[0] < day <= reach[1]
    )
    left = len(events) - len(placed(events, *reach))
    flags = [say("overview.flags_left", n=left)] if left else []
    instead = [say("overview.instead")] if one.measure != view.measure else []
    index = [_index(view)] if one.measure == "index" else []
    order = charts.order_line(one.whole.order, lang)
    return [source, *_basis(one, lang), *instead, *unfinished, *cut, *index, *flags, order]


def _unfinished(one: Panel, view: View) -> list[str]:
    """Which bars cover part of a year only: because the year runs, or because later months are not in the tables."""
    say, this = texts.of(view.lang), int((view.as_of or dt.date.today().isoformat())[:4])
    found = []
    for block in one.blocks:
        for row in block.levels:
            for period, year in zip(row.periods, row.years, strict=True):
                if part_of_year(row.span, period):
                    key = "overview.unfinished" if year == this else "overview.partial"
                    found.append(say(key, title=block.title, period=words.period(period, row.span, view.lang)))
    return found


def _basis(one: Panel, lang: str) -> list[str]:
    """What the bars and the dots are, and why two growth rates differ."""
    say, main = texts.of(lang), one.blocks[0]
    if one.measure == "index" or not main.published and not main.computed:
        return []
    differs = bool(main.computed) and not one.whole.comparable
    return [say("chart.basis_not_comparable")] if differs else []


def _index(view: View) -> str:
    step = rows.all_events().get(view.base)
    title = texts.native(step, "title", view.lang) if step else view.base
    return texts.of(view.lang)("overview.index_note", day=words.day(rows.day_of(view.base), view.lang), title=title)


def timeline(events: tuple[Any, ...], view: View, reach: tuple[str, str]) -> None:
    """The strip of all events shown, switches of kind and weight, one event to read, all titles."""
    t = texts.of(view.lang)
    controls.kinds()
    controls.significance()
    if not events:
        st.info(t("overview.no_events"))
        st.button(t("controls.clear"), on_click=link.reset, args=("events", "significance"), key="clear_events")
        return
    bands = policy.bands(view.lang, view.sector, view.as_of)
    charts.show(
        figures.strip(events, bands, view.lang, charts.dark(), reach, view.event), key="timeline", name="timeline",
        title=t("overview.timeline"), lines=reading.strip_lines(events, reach, view.lang),
        burnt=[" · ".join(reading.numbered(one, view.lang) for one in events)],
        alt=t("overview.strip_alt", n=len(events), start=view.start, end=view.end),
    )  # fmt: skip
    reading.choose(events, view)
    with st.expander(t("overview.list", n=len(events)), expanded=True):
        reading.listing(events, view.lang)


def quoting_of(shown: Sequence[Panel], view: View) -> list[quoting.Quoting]:
    """One for each series drawn as level, the newest basis of each block."""
    names = [block.levels[-1].series for one in shown for block in one.blocks if block.levels]
    names += [one.series[-1] for one in shown if one.series and not one.blocks[0].levels]
    return [quoting.of(name, view.lang, view.as_of) for name in names]


def quoting_section(shown: Sequence[Panel], view: View) -> None:
    """Five lines a series, and the ways to the other official figures."""
    t = texts.of(view.lang)
    found = quoting_of(shown, view)
    if not found:
        return
    st.html(
        f'<h2>{escape(t("overview.quoting"))}</h2><div class="quoting">'
        + "".join(f"<section><h3>{escape(one.title)}</h3><ul>{_lines_of(one)}</ul></section>" for one in found)
        + "</div>"
    )
    here = link.query()
    with st.container(horizontal=True, key="concepts"):
        for one in (one for one in found if one.concept):
            st.page_link(
                "views/reconcile.py", label=t("overview.reconcile", title=one.title, others=one.others),
                query_params=here | {"concept": [one.concept]}, icon=":material/balance:",
            )  # fmt: skip


def _lines_of(one: quoting.Quoting) -> str:
    return "".join(f"<li><b>{escape(head)}</b> {escape(text)}</li>" for head, text in one.lines)
