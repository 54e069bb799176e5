"""Compare: China with its peers on definitions they share; lines, small multiples, ranks, aligned at an event."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import card, charts, controls, figures, link, listing, peers, rows, takeaway, texts, words
from dashboard.figures import evidence
from data import catalogue, derive

t = link.say()
lang, dark = link.view().lang, st.context.theme.type == "dark"
areas = catalogue.load().areas


def subject_title(subject: str) -> str:
    """A subject in words: what it is, and by whom."""
    one = catalogue.load().series[peers.series_of(subject)[0]]
    publisher = texts.native(catalogue.load().sources[one.source], "publisher", lang)
    return f"{texts.native(one, 'title', lang)} · {publisher}"


def single(frame: pd.DataFrame, title: str) -> None:
    """All areas in one panel."""
    figure = figures.lines(frame, lang, dark, title, height=420)
    charts.show(figure, key="compare_lines", name=name, frame=frame, alt=said(frame), lines=lines)


def each(frame: pd.DataFrame) -> None:
    """A small panel for every area, all on one scale."""
    reach = figures.value_range(frame, lang)
    columns = st.columns(3)
    for at, (series, group) in enumerate(frame.groupby("series", sort=False)):
        with columns[at % 3]:
            title = words.area(str(group["ref_area"].iloc[0]), lang)
            figure = figures.lines(group, lang, dark, title, height=220, y_range=reach)
            charts.show(figure, key=f"compare_{series}", name=f"{name}_{title}", frame=group, alt=said(group), lines=[])
    for line in lines:
        st.caption(line)


def aligned(frame: pd.DataFrame) -> None:
    """All areas over the years since the event."""
    controls.base(t("compare.zero"))
    base = link.view().base
    event = rows.all_events().get(base)
    table = derive.align(frame, rows.day_of(base))
    called = f"{words.day(event.date, lang)} {texts.native(event, 'title', lang)}" if event else words.day(base, lang)
    figure = evidence.aligned(table, lang, dark, called)
    charts.show(figure, key="compare_event", name=f"{name}_aligned", frame=table, alt=said(frame), lines=lines)
    st.caption(t("compare.no_cause"))


def said(frame: pd.DataFrame) -> str:
    """The newest figure of each area, in words."""
    newest = frame.sort_values("period_end").groupby("series", sort=False).tail(1)
    each_area = [
        f"{words.area(str(row.ref_area), lang)} {words.figure(row, lang)} ({row.time_period})"
        for row in newest.itertuples(index=False)
    ]
    return f"{subject_title(view.compared)}: " + t("sentence.comma").join(each_area)


def rank_table(frame: pd.DataFrame) -> None:
    """Areas in order of the newest year all but a few have, against the first year shown."""
    years = sorted(frame["time_period"].unique(), reverse=True)
    counts = frame["time_period"].value_counts()
    newest = next((year for year in years if counts[year] > counts.max() / 2), years[0])
    first = next((year for year in reversed(years) if counts[year] > counts.max() / 2), years[-1])
    unit, mult = str(frame["unit_measure"].iloc[0]), 0
    table = peers.ranks(frame, newest, first, ascending=unit == "rank")
    st.markdown(f"#### {t('compare.rank_title', year=newest, first=first)}")
    st.dataframe(
        pd.DataFrame(
            {
                t("compare.rank"): table["rank"],
                t("compare.area"): [words.area(code, lang) for code in table["ref_area"]],
                newest: [words.quantity(v, unit, mult, lang) for v in table["value"]],
                first: [words.quantity(v, unit, mult, lang) for v in table["earlier"]],
                t("compare.rank_change"): [words.signed(one) for one in table["rank_change"]],
            }
        ),
        hide_index=True,
        alt=t("compare.rank_alt", year=newest, title=subject_title(view.compared)),
    )


st.title(t("page.compare"))
st.markdown(t("compare.lead"))
controls.choose("compared", peers.subjects(), t("compare.choose"), subject_title)
offered = [catalogue.load().series[one].ref_area for one in peers.series_of(link.view().compared)]
strange = [code for code in st.session_state["areas"] if code not in offered]
if strange:
    link.put(areas=[code for code in st.session_state["areas"] if code in offered])
    link.in_step()
    link.notice("areas", ", ".join(strange), ", ".join(st.session_state["areas"]))
st.pills(
    t("compare.areas"), offered, key="areas", selection_mode="multi", persist_state="session",
    format_func=lambda code: texts.native(areas[code], "title", lang) if code in areas else code,
)  # fmt: skip
controls.years()
controls.switch("layout", ("lines", "each", "event"), t("compare.layout"), lambda code: t(f"compare.{code}"))
view = link.view()
if not controls.ready(view):
    st.stop()
frame = peers.figures(view.compared, view.areas, view.start, view.end, view.as_of)
name = f"compare_{view.compared.replace('/', '_')}"
if frame.empty:
    st.info(t("compare.none", start=view.start, end=view.end))
    st.button(t("controls.clear"), on_click=link.reset, args=("areas", "from", "to", "as_of"))
    st.stop()
one = catalogue.load().series[str(frame["series"].iloc[0])]
lines = [
    t("compare.line", publisher=texts.native(catalogue.load().sources[one.source], "publisher", lang)),
    f"{t('card.counts')}: {texts.native(one, 'counts', lang)}",
    f"{t('card.excludes')}: {texts.native(one, 'excludes', lang)}",
]
if view.layout == "each":
    each(frame)
elif view.layout == "event":
    aligned(frame)
else:
    single(frame, subject_title(view.compared))
rank_table(frame)
if one.indicator == "gii_rank":
    st.caption(t("compare.gii"))
st.caption(listing.areas_note({str(code) for code in frame["ref_area"]}, lang))
card.table(frame, key="compare_table")
takeaway.buttons(frame, view, name=name)
