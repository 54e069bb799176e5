"""Explore: any series, in any of the ways it can be looked at, with what is missing and why."""

from __future__ import annotations

import streamlit as st

from dashboard import (
    card,
    controls,
    drawing,
    explaining,
    link,
    number,
    parameters,
    picker,
    presets,
    reading,
    rows,
    selection,
    takeaway,
    transforms,
)

t = link.say()
st.title(t("page.explore"), anchor=False)
st.caption(t("explore.about"))
with st.container(horizontal=True, key="named_views"):
    for name in presets.views():
        st.page_link("views/explore.py", label=t(f"explore.view_{name}"), query_params={"preset": name})
picker.draw(link.view())
controls.sectors()
controls.years()
controls.choose("measure", parameters.MEASURES, t("controls.measure"), lambda code: t(f"explore.measure_{code}"))
with st.container(horizontal=True, vertical_alignment="bottom", key="asked"):
    controls.switch("layout", ("lines", "each"), t("explore.layout"), lambda code: t(f"explore.layout_{code}"))
    if link.view().layout == "each":
        controls.switch("axis", ("same", "own"), t("explore.axis"), lambda code: t(f"explore.axis_{code}"))
    controls.switch("scale", ("linear", "log"), t("explore.scale"), lambda code: t(f"explore.scale_{code}"))
    controls.more("publisher", "areas", "quality", "events", "significance")
view = link.view()
if not controls.ready(view):
    st.stop()
chosen = selection.of(view)
drawing.needed(chosen, view)
view = link.view()
tables = transforms.Tables(lambda one: rows.known(one, view.as_of), lambda one: number.whole(one, view.as_of))
made = transforms.make(chosen, drawing.asked(view), tables)
frame = selection.filtered(made.frame, view)
shown = selection.sectors_of(chosen)
table = rows.steps(shown, view.events, view.significance, view.start, view.end, view.as_of)
explaining.refused(made, view)
if frame["value"].notna().any():
    explaining.left_out(view)
    events = list(table.itertuples(index=False))
    drawing.panels(frame, events, view)
    if events:
        st.subheader(t("explore.events"), anchor=False)
        reading.choose(events, view)
        with st.expander(t("explore.events_listed", n=len(events))):
            reading.listing(events, view.lang)
else:
    explaining.empty(made, view)
explaining.absences(chosen, frame, view)
if len(frame):
    st.subheader(t("explore.rows"), anchor=False)
    if view.measure in ("both", "growth", "computed"):
        explaining.gap(chosen, view)
    card.table(frame, key="explore_table", csv=False)
takeaway.buttons(frame, view, name="explore", events=table)
