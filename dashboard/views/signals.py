"""Over-expansion signals: capacity use, output beside installations and sales, exports, prices; no score."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, controls, figures, link, rows, takeaway, texts, words
from data import codes, concepts

t = link.say()
lang, dark = link.view().lang, st.context.theme.type == "dark"


def said(frame: pd.DataFrame) -> str:
    """The newest figure of each series."""
    called = figures.names(frame, lang)
    newest = frame.sort_values("period_end").groupby("series", sort=False).tail(1)
    each = newest.itertuples(index=False)
    return t("sentence.comma").join(f"{called[row.series]} {_when(row)}: {words.figure(row, lang)}" for row in each)


def _when(row: Any) -> str:
    return words.period(row.time_period, row.span, lang)


def panels(signal: concepts.Signal, frame: pd.DataFrame) -> None:
    """A panel for each unit and frequency, so that nothing shares an axis that does not share a unit."""
    unit = frame["unit_measure"].replace(codes.MEETS)
    groups = list(frame.groupby([unit, frame["freq"], frame["span"]], sort=False))
    places = st.columns(2) if len(groups) > 1 else [st.container()]
    title = texts.native(signal, "title", lang)
    for at, ((name, freq, span), group) in enumerate(groups):
        with places[at % 2]:
            charts.show(
                figures.lines(group.assign(unit_measure=name), lang, dark, title),
                key=f"signal_{signal.id}_{name}_{freq}_{span}",
                name=f"signal_{signal.id}_{name}",
                frame=group,
                alt=f"{title}. {said(group)}",
                lines=charts.source_lines(group, lang),
            )


st.title(t("page.signals"))
st.markdown(t("signals.lead"))
controls.years()
view = link.view()
if not controls.ready(view):
    st.stop()
drawn = []
for signal in concepts.signals():
    st.markdown(f"#### {texts.native(signal, 'title', lang)}")
    st.markdown(texts.native(signal, "note", lang))
    frame = rows.of(signal.series, view.as_of, view.start, view.end)
    if frame.empty:
        st.info(t("signals.none", start=view.start, end=view.end))
        continue
    panels(signal, frame)
    drawn.append(frame)
if drawn:
    takeaway.buttons(
        pd.concat(drawn, ignore_index=True).drop_duplicates(["series", "time_period"]), view, name="signals"
    )
