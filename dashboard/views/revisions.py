"""Revisions: what was published first against what stands now, for every period that was ever revised."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import charts, controls, link, listing, rows, texts, words
from dashboard.figures import evidence
from data import catalogue, revisions

t, view = link.say(), link.view()
dark = st.context.theme.type == "dark"


@st.cache_data(max_entries=8, show_spinner=False)  # by version too: its name must not begin with an underscore
def revised(version: str, as_of: str) -> pd.DataFrame:
    """First against last of every revised period, all series."""
    return revisions.first_and_last(as_of=as_of or None)


def summary(table: pd.DataFrame) -> str:
    """How many periods, how often up and down, and the typical size."""
    up, down = int((table["change"] > 0).sum()), int((table["change"] < 0).sum())
    unit, typical = str(table["change_unit"].iloc[0]), float(table["change"].abs().median())
    size = words.change(typical, view.lang, "percentage_points", 2).lstrip("+")
    if unit != "percentage_points":
        size = words.quantity(typical, unit, int(table["unit_mult"].iloc[0]), view.lang)
    return t("revisions.summary", n=len(table), up=up, down=down, size=size)


st.title(t("page.revisions"))
st.markdown(t("revisions.lead"))
every = revised(rows.version(), view.as_of)
known = catalogue.load().series
counts = every["series"].value_counts()
offered = sorted(counts.index, key=lambda one: (-counts[one], one))
if not offered:
    st.info(t("revisions.none"))
    st.button(t("controls.clear"), on_click=link.reset, args=("as_of",))
    st.stop()
controls.choose(
    "revised", offered, t("revisions.choose"), lambda one: f"{listing.series_title(one, view.lang)} ({counts[one]})"
)
chosen = every[every["series"] == link.view().revised].sort_values("time_period")
if chosen.empty:
    st.info(t("revisions.none_of", title=listing.series_title(link.view().revised, view.lang)))
    st.stop()
one = known[str(chosen["series"].iloc[0])]
title, publisher = listing.series_title(one.id, view.lang), texts.native(chosen.iloc[-1], "publisher", view.lang)
st.markdown(summary(chosen))
history = revisions.history(one.id, as_of=view.as_of or None)
charts.show(
    evidence.revisions(history, view.lang, dark),
    key="revisions",
    name=f"revisions_{one.indicator}",
    frame=history,
    alt=f"{title}. {summary(chosen)}",
    lines=[
        t("revisions.marks"),
        t("revisions.source", publisher=texts.native(chosen.iloc[-1], "publisher", view.lang)),
    ],
)
steps = revisions.steps(as_of=view.as_of or None, series=one.id)
listing.revisions(steps, "steps", view.lang, listing.STEP_COLUMNS)
st.markdown(f"**{t('revisions.periods')}**")
st.dataframe(
    pd.DataFrame(listing.periods(chosen, history, view.lang), columns=list(listing.PERIOD_COLUMNS)),
    hide_index=True,
    column_config={name: t(f"sources.rev_{name}") for name in listing.PERIOD_COLUMNS},
    alt=t("revisions.periods_alt", title=title, n=len(chosen)),
)
