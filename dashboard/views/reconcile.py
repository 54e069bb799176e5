"""Reconcile: all official numbers for one thing together, and what each publisher counts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import card, charts, controls, figures, link, listing, takeaway, texts, words
from data import catalogue, codes, concepts

t = link.say()
dark = st.context.theme.type == "dark"
known = {one.id: one for one in concepts.concepts()}


def spread_table(concept: concepts.Concept, lang: str, as_of: str) -> pd.DataFrame:
    """Lowest and highest figure of every year, with who says so, in words."""
    table = concepts.spread(concept, as_of or None)
    table = table[(table["time_period"] >= str(view.start)) & (table["time_period"] <= str(view.end))]
    return pd.DataFrame(
        {
            t("reconcile.year"): table["time_period"],
            t("reconcile.figures"): table["figures"],
            t("reconcile.lowest"): _figures(table, "lowest", lang),
            t("reconcile.highest"): _figures(table, "highest", lang),
            t("reconcile.spread"): [words.change(one, lang).lstrip("+") for one in table["spread"]],
        }
    )[::-1]


def _figures(table: pd.DataFrame, side: str, lang: str) -> list[str]:
    series = catalogue.load().series
    return [
        f"{words.quantity(value, unit, 0, lang)} · {_publisher(series[name].source, lang)}"
        for value, unit, name in zip(table[side], table["unit_measure"], table[f"{side}_series"], strict=True)
    ]


def _publisher(source: str, lang: str) -> str:
    return texts.native(catalogue.load().sources[source], "publisher", lang)


def _meeting(group: pd.DataFrame, lang: str) -> list[str]:
    """That two names of one unit meet in a panel."""
    units = list(dict.fromkeys(group["unit_measure"]))
    named = t("sentence.comma").join(codes.UNITS[str(one)][lang == "zh"] for one in units)
    return [t("reconcile.meets", units=named)] if len(units) > 1 else []


def scope(name: str, lang: str) -> None:
    """What one publisher counts and what it does not."""
    one = catalogue.load().series[name]
    st.markdown(f"**{listing.series_title(name, lang)}** · {codes.unit_label(one.unit_measure, one.unit_mult, lang)}")
    st.markdown(f"- {t('card.counts')}: {texts.native(one, 'counts', lang)}")
    st.markdown(f"- {t('card.excludes')}: {texts.native(one, 'excludes', lang)}")


st.title(t("page.reconcile"))
st.markdown(t("reconcile.lead"))
lang = link.view().lang
controls.choose("concept", list(known), t("reconcile.choose"), lambda one: texts.native(known[one], "title", lang))
controls.years()
view = link.view()
if not controls.ready(view):
    st.stop()
concept = known[view.concept]
st.subheader(texts.native(concept, "question", lang))
frame = concepts.yearly(concept, view.as_of or None)
frame = frame[frame["period_end"].dt.year.between(view.start, view.end)]
if frame.empty:
    st.info(t("reconcile.none", start=view.start, end=view.end))
    st.button(t("controls.reset"), on_click=link.reset, args=("from", "to", "as_of"))
    st.stop()
for unit, group in frame.groupby(frame["unit_measure"].replace(codes.MEETS), sort=False):
    publishers = t("sentence.comma").join(sorted({_publisher(one, lang) for one in group["source"]}))
    title = f"{texts.native(concept, 'title', lang)} · {codes.UNITS[str(unit)][lang == 'zh']}"
    charts.show(
        figures.lines(group.assign(unit_measure=unit), lang, dark, texts.native(concept, "title", lang), yearly=True),
        key=f"reconcile_{unit}",
        name=f"{concept.id}_{unit}",
        frame=group,
        alt=t("reconcile.alt", title=title, n=group["series"].nunique(), publishers=publishers),
        lines=[t("reconcile.line", publishers=publishers), *_meeting(group, lang)],
    )
table = spread_table(concept, lang, view.as_of)
if len(table):
    st.markdown(f"#### {t('reconcile.spread_title')}")
    st.dataframe(table, hide_index=True, alt=t("reconcile.spread_alt"))
else:
    st.caption(t("reconcile.no_spread"))
st.markdown(f"#### {t('reconcile.scope_title')}")
for name in [one for one in concept.series if one in set(frame["series"])]:
    scope(name, lang)
missing = [one for one in concept.series if one not in set(frame["series"])]
if missing:
    st.caption(t("reconcile.missing", names="; ".join(listing.series_title(one, lang) for one in missing)))
card.table(frame, key="reconcile_table")
takeaway.buttons(frame, view, name=f"reconcile_{concept.id}")
