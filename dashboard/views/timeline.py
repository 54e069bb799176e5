"""Timeline: every step of the policy, by kind, weight, sector and year; one of them to read."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, controls, figures, link, policy, reading, rows
from data import export

t = link.say()
st.html(f"<h1>{t('timeline.title')}</h1><p class='always'>{t('timeline.about')}</p>")
reading.subjects()
controls.kinds()
with st.container(horizontal=True, vertical_alignment="bottom", key="weights"):
    reading.weight()
    controls.more()
controls.years()
view = link.view()
if view.start > view.end:
    controls.ready(view)
    st.stop()

table, events = policy.whole(view)
everything = rows.all_events()
st.caption(t("timeline.count", n=len(events), all=len(everything)))
if len(events) < len(everything):
    first = min(int(one.date[:4]) for one in everything.values())
    st.button(t("timeline.all", all=len(everything)), on_click=reading.show_all, args=(first,), type="tertiary")
if not events:
    st.info(t("overview.no_events"))
    st.stop()

reach = (f"{view.start}-01-01", f"{view.end}-12-31")
bands = policy.bands(view.lang, view.subject or ["nev"], view.as_of)
charts.show(
    figures.strip(events, bands, view.lang, charts.dark(), reach, view.event), key="strip", name="timeline",
    title=t("timeline.title"), lines=reading.strip_lines(events, reach, view.lang),
    burnt=[" · ".join(reading.numbered(one, view.lang) for one in events)],
    alt=t("overview.strip_alt", n=len(events), start=view.start, end=view.end),
)  # fmt: skip
reading.choose(events, view)
st.download_button(
    t("timeline.csv"), lambda: export.csv_bytes(export.event_list(table), bom=True),
    export.events_name(view.start, view.end, view.as_of), "text/csv", on_click="ignore",
    icon=":material/download:", type="primary",
)  # fmt: skip

for year in sorted({one.day.year for one in events}, reverse=True):
    st.markdown(f"## {year}")
    reading.entries([one for one in events if one.day.year == year], view.lang)
