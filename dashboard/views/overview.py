"""Overview: the newest figures of the sectors beside the timeline of the policy."""

from __future__ import annotations

import streamlit as st

from dashboard import card, controls, front, link, panels, policy, takeaway
from data import catalogue

t = link.say()
front.heading()
controls.sectors()
with st.container(horizontal=True, vertical_alignment="bottom", key="strip"):
    controls.measure(("level", "ytd", "index"))
    front.comparable()
    controls.more("publisher", "quality")
controls.years()
view = link.view()
if view.measure == "index":
    controls.base()
if not controls.ready(view):
    st.stop()

shown = [panels.of(sector, view) for sector in view.sector]
steps = policy.steps(view)
reach = (f"{view.start}-01-01", f"{view.end}-12-31")
front.lead(shown, view)
front.key(view)

known = catalogue.load().sectors
first = [one for one in shown if known[one.sector].founding]
further = [one for one in shown if not known[one.sector].founding]
for name, group in (("panels", first), ("further", further)):
    if group:
        st.markdown(f"## {t(f'overview.{name}')}")
    for at in range(0, len(group), 2):
        for column, panel in zip(st.columns(2, gap="large"), group[at : at + 2], strict=False):
            with column:
                front.panel(panel, policy.concerning(steps.each, panel.sector), view, reach)

st.markdown(f"## {t('overview.timeline')}")
front.timeline(steps.each, view, reach)
front.quoting_section(shown, view)

frame = panels.together(shown)
if len(frame):
    st.markdown(f"## {t('overview.table')}")
    card.table(frame, key="overview_table", alt=t("overview.table"), csv=False)
takeaway.buttons(frame, view, name="overview", events=steps.table)
