"""Overview: the four founding sectors beside the timeline of the policy."""

from __future__ import annotations

import streamlit as st

from dashboard import controls, link

t = link.say()
st.title(t("app.name"))
controls.sectors()
controls.years()
controls.more("publisher", "quality", "events", "significance")
view = link.view()
if not controls.ready(view):
    st.stop()
