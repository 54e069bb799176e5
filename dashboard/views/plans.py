"""Plans and targets: what was promised for when, and how far the figures are from the path."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import charts, figures, goals, link, listing, rows, takeaway, texts, words
from data import catalogue, codes, targets

t, view = link.say(), link.view()
lang, dark = view.lang, st.context.theme.type == "dark"

LEAST = 3


@st.cache_data(max_entries=4, show_spinner=False)  # by version too: its name must not begin with an underscore
def read(version: str, as_of: str) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Of every target set by a day: its own observation, and the figures of its years with their distance."""
    found = {one.id: targets.value(one, as_of or None) for one in targets.targets()}
    return {
        one.id: (found[one.id], targets.distance(one, as_of or None)) for one in targets.targets() if len(found[one.id])
    }


def row(target: targets.Target, stated: pd.DataFrame, measured: pd.DataFrame) -> dict[str, str]:
    """One target in words: goal, plan, newest figure, distance, verdict, document."""
    goal = stated.iloc[0]
    newest = measured.iloc[-1] if len(measured) else None
    return {
        "target": texts.native(target, "title", lang),
        "goal": words.figure(goal, lang),
        "years": f"{target.start}–{target.end}",
        "newest": t("plans.not_measured")
        if newest is None
        else f"{words.figure(newest, lang)} ({newest['time_period']})",
        "state": t(f"plans.{targets.state(target, measured)}"),
        "distance": goals.apart(target, newest, "distance", lang),
        "off_path": goals.apart(target, newest, "off_path", lang),
        "document": str(goal["document"]),
        "published": words.day(str(goal["published"]), lang),
        "url": str(goal["url"]),
    }


st.title(t("page.plans"))
st.markdown(t("plans.lead"))
every = read(rows.version(), view.as_of)
known = [one for one in targets.targets() if one.id in every]
stated = {name: own for name, (own, _) in every.items()}
if not known:
    st.info(t("plans.none"))
    st.button(t("controls.clear"), on_click=link.reset, args=("as_of",), type="primary")
    st.stop()
table = pd.DataFrame([row(one, *every[one.id]) for one in known])
st.dataframe(
    table,
    hide_index=True,
    column_config={name: t(f"plans.{name}") for name in table.columns if name != "url"}
    | {"url": st.column_config.LinkColumn(t("plans.url"), display_text="↗")},
    alt=t("plans.alt", n=len(table)),
)
st.caption(t("plans.note"))
columns = st.columns(2)
drawn = [one for one in dict.fromkeys(one.of for one in known if one.of) if len(rows.of([one], view.as_of)) >= LEAST]
for at, series in enumerate(drawn):
    frame = rows.of([series], view.as_of)
    measured = [one for one in known if one.of == series]
    title, short = listing.series_title(series, lang), texts.native(catalogue.load().series[series], "title", lang)
    if catalogue.load().series[series].measure == "growth":
        short = f"{short} · {codes.MEASURE['growth'][lang == 'zh']}"
    said = "; ".join(
        f"{texts.native(one, 'title', lang)}: {words.figure(stated[one.id].iloc[0], lang)}" for one in measured
    )
    notes = dict.fromkeys(texts.native(one, "note", lang) for one in measured if one.note)
    with columns[at % 2]:
        charts.show(
            figures.lines(frame, lang, dark, short, targets=goals.of_series(series, lang, view.as_of)),
            key=f"plan_{series}",
            name=f"plan_{catalogue.load().series[series].indicator}",
            frame=frame,
            alt=f"{title}. {said}",
            lines=[
                *charts.source_lines(frame, lang),
                said,
                *dict.fromkeys(texts.native(one, "note", lang) for one in measured if one.note),
            ],
        )
shown = [*(stated[one.id] for one in known), *(rows.of([one], view.as_of) for one in drawn)]
takeaway.buttons(pd.concat(shown, ignore_index=True), view, name="targets")
