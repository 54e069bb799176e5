"""What the card of a number says: figure, growth, inputs, vintages, where it was printed, how to cite it."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import link, number, texts, words
from dashboard.number import Number
from data import codes, derive, export


def draw() -> None:
    """The card of the number the link names."""
    view, t = link.view(), link.say()
    found = number.of(view.point, view.as_of)
    if found is None:
        st.warning(t("card.unknown", point=view.point))
        return
    _head(found, view)
    _facts(_measured(found, view))
    _growth(found, view)
    _inputs(found, view)
    _corrected(found, view)
    _vintages(found, view)
    _facts(_origin(found, view))
    _cite(found, view)


def _head(found: Number, view: link.View) -> None:
    t = texts.of(view.lang)
    span = found.row.span if found.row is not None else found.of.span
    st.markdown(f"##### {name(found, view.lang)} · {words.period(found.time_period, span, view.lang)}")
    if found.row is None:
        st.info(t("card.no_value", reason=number.label(found.missing, view.lang)), icon=":material/do_not_disturb_on:")
        _due(found, view)
    elif found.row.value != found.row.value:
        reason = derive.words(found.row.reason, view.lang)
        st.info(t("card.no_value", reason=reason), icon=":material/do_not_disturb_on:")
    else:
        row = found.row
        published_as = words.as_published(row.value, row.unit_measure, row.unit_mult, view.lang)
        said = words.figure(row, view.lang) if found.derived else published_as
        st.html(f'<p class="card-value">{escape(said)}</p>')


def _due(found: Number, view: link.View) -> None:
    period, day = number.due(found.of.id, view.as_of)
    if day and period == found.time_period:
        st.caption(texts.of(view.lang)("card.due", date=words.day(day, view.lang)))


def name(found: Number, lang: str) -> str:
    """The series in words: title, area, and what was computed."""
    area = words.area(found.of.ref_area, lang)
    return " · ".join(filter(None, [texts.native(found.of, "title", lang), area, number.done(found.series, lang)]))


Facts = list[tuple[str, str]]


def _measured(found: Number, view: link.View) -> Facts:
    """What the figure is: in words, measure, basis, status, confidence, formula, note."""
    row, lang, t = found.row, view.lang, texts.of(view.lang)
    if row is None:
        return []
    there, comma = row.value == row.value, t("sentence.comma")
    line = words.line(row.freq, row.measure, row.span, lang)
    if found.derived:
        line = comma.join([codes.FREQ[row.freq][lang == "zh"], codes.SPAN[row.span][lang == "zh"]])
    readable, published_as = (
        words.figure(row, lang),
        words.as_published(row.value, row.unit_measure, row.unit_mult, lang),
    )
    again = not there or found.derived or readable == published_as
    facts = [] if again else [(t("card.readable"), readable)]
    facts += [
        (t("card.measure"), line),
        (t("card.basis"), words.basis(row.basis, lang)),
        (t("card.status"), words.status(row.obs_status, lang)),
        (t("card.confidence"), words.confidence(row.confidence, lang)),
        (t("card.derivation"), number.formula(found.series, lang)),
        (t("card.note"), derive.words(row.reason, lang) or row.note),
    ]
    return facts


def _origin(found: Number, view: link.View) -> Facts:
    """Where it was printed and what is counted."""
    row, lang, t = found.row, view.lang, texts.of(view.lang)
    facts: Facts = [(t("card.publisher"), texts.native(found.source, "publisher", lang))]
    if row is not None:
        facts += [
            (t("card.document"), row.document),
            (t("card.date"), words.day(row.published, lang) if row.published else t("card.no_date")),
            (t("card.retrieved"), words.day(row.retrieved, lang)),
            (t("card.url"), row.url),
        ]
    facts += [
        (t("card.counts"), texts.native(found.of, "counts", lang)),
        (t("card.excludes"), texts.native(found.of, "excludes", lang)),
        (t("card.definition"), texts.native(found.of, "definition", lang)),
        (t("card.licence"), texts.native(found.source, "licence", lang)),
        (t("card.series"), found.series),
    ]
    return facts


def _facts(facts: Facts) -> None:
    """Terms and what they are; an address becomes a link, an empty one is left out."""
    lines = "".join(f"<dt>{escape(term)}</dt><dd>{_linked(text)}</dd>" for term, text in facts if text)
    if lines:
        st.html(f'<dl class="facts">{lines}</dl>')


def _linked(text: str) -> str:
    if text.startswith(("https://", "http://")):
        return f'<a href="{escape(text)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'
    return escape(text)


def _growth(found: Number, view: link.View) -> None:
    """Published beside computed growth, the gap, and the base the published rate implies."""
    pair, lang, t = found.pair, view.lang, texts.of(view.lang)
    if pair is None:
        return
    st.markdown(f"**{t('card.both')}**")
    said = [(t("figure.published"), words.change(pair.published_growth, lang))]
    if pair.value == pair.value:
        said += [
            (t("figure.computed"), words.change(pair.computed_growth, lang)),
            (t("step.gap"), words.change(pair.gap, lang, "percentage_points")),
            (t("card.implied"), _implied(pair, lang)),
        ]
    else:
        said.append((t("figure.computed"), t("card.no_value", reason=derive.words(pair.reason, lang))))
    _facts(said)
    if not found.of.comparable:
        st.caption(t("chart.basis_not_comparable"))


def _implied(pair: Any, lang: str) -> str:
    """What last year's figure would have to be, beside the one published then."""
    base, then = (words.quantity(one, pair.level_unit_measure, 0, lang) for one in (pair.implied_base, pair.base))
    distance = words.change(pair.implied_vs_published_base, lang)
    return texts.of(lang)("card.implied_text", base=base, published=then, distance=distance)


def _inputs(found: Number, view: link.View) -> None:
    """The published figures behind a derived one; each opens its own card."""
    if not found.derived or found.row is None:
        return
    st.markdown(f"**{link.say()('card.inputs')}**")
    with st.container(gap=None, key="card_inputs"):
        _input_buttons(found, view)


def _input_buttons(found: Number, view: link.View) -> None:
    for point, row in number.inputs(found, view.as_of):
        series, _, time_period = point.partition("@")
        said = words.figure(row, view.lang) if row is not None else words.MISSING
        span = row.span if row is not None else series.rsplit(".", 1)[-1]
        title = texts.native(row, "title", view.lang) if row is not None else series
        text = f"{title} · {words.period(time_period, span, view.lang)}: {said}"
        if st.button(text, key=f"input_{point}", type="tertiary", icon=":material/subdirectory_arrow_right:"):
            link.put(point=point)
            st.rerun()


def _corrected(found: Number, view: link.View) -> None:
    one = found.correction
    if one is not None:
        t = texts.of(view.lang)
        was = words.printed(one.was)
        st.warning(
            f"**{t(f'card.action_{one.action}', was=was)}** {texts.native(one, 'reason', view.lang)}  \n"
            f"{t('card.shown_by', source=one.source)}",
            icon=":material/flag:",
        )


def _vintages(found: Number, view: link.View) -> None:
    """Every published value of the period, the newest first, where there is more than one."""
    if len(found.vintages) < 2:
        return
    t, lang = texts.of(view.lang), view.lang
    st.markdown(f"**{t('card.vintages')}**")
    table = found.vintages.iloc[::-1]
    st.table(
        pd.DataFrame(
            {
                t("card.vintage"): [words.day(day, lang) for day in table["vintage"]],
                t("card.value"): [
                    words.as_published(row.value, row.unit_measure, row.unit_mult, lang)
                    for row in table.itertuples(index=False)
                ],
                t("card.status"): [words.status(code, lang) for code in table["obs_status"]],
                t("card.document"): list(table["document"]),
            }
        ).set_index(t("card.vintage"))
    )


def _cite(found: Number, view: link.View) -> None:
    """Short, full and BibTeX, each with a button that copies it; and the link to this card."""
    t = texts.of(view.lang)
    if found.row is None:
        return
    row = next(export.rows(pd.DataFrame([found.row])).itertuples(index=False))
    here = link.address(point=found.series + "@" + found.time_period)
    cited = export.cite_number(row, view.lang, here)
    st.markdown(f"**{t('card.cite')}**")
    for tab, text in zip(st.tabs([t(f"card.{kind}") for kind in cited._fields]), cited, strict=True):
        tab.code(text, language=None, wrap_lines=True)
    st.caption(t("card.link"))
    st.code(here, language=None, wrap_lines=True)
