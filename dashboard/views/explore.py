"""Explore: any series, in any of the ways it can be looked at, with what is missing and why."""

from __future__ import annotations

import streamlit as st

from dashboard import (
    card,
    charts,
    controls,
    drawing,
    explaining,
    link,
    parameters,
    picker,
    presets,
    reading,
    selection,
    takeaway,
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
drawing.needed(selection.of(view), view)
view = link.view()
found = drawing.explored(view, charts.dark())
explaining.refused(found.made, view)
if found.panels:
    explaining.left_out(view)
    drawing.show(found.panels, view)
    events = found.steps.each
    if events:
        st.subheader(t("explore.events"), anchor=False)
        reading.choose(events, view)
        with st.expander(t("explore.events_listed", n=len(events))):
            reading.listing(events, view.lang)
else:
    explaining.empty(found.made, view)
explaining.absences(found.chosen, found.frame, view)
if len(found.frame):
    st.subheader(t("explore.rows"), anchor=False)
    if view.measure in ("both", "growth", "computed"):
        explaining.gap(found.chosen, view)
    card.table(found.frame, key="explore_table", csv=False)
takeaway.buttons(found.frame, view, name="explore", events=found.steps.table)
