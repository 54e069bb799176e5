"""Method: how figures are taken, kept and computed, with the glossary; written for economists."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import link, listing, rows, texts, words
from data import codes, quality, tables

t, view = link.say(), link.view()
zh = view.lang == "zh"
COLUMNS = ("series", "matched", "over_one", "over_five", "opposite", "largest", "largest_period")


@st.cache_data(max_entries=4, show_spinner=False)  # by version too: its name must not begin with an underscore
def agreement(version: str, as_of: str) -> pd.DataFrame:
    """Published against computed growth of every series (quality.AGREEMENT_COLUMNS)."""
    frame = rows.latest(as_of)
    level = (frame["measure"] == "level") & ~frame["unit_measure"].isin(codes.ADDITIVE_FREE)
    return quality.growth_agreement(frame[frame["measure"] == "growth"], frame[level])


def sourced(entry: dict[str, str]) -> str:
    """The source of a statement as a link, or as words where the rule is our own."""
    title, url = words.plain(entry["source_title"]), entry["source_url"]
    return f"[{title}]({url})" if url else f"{title} ({t('method.own')})"


def meanings(labels: dict[str, codes.Label], alt: str) -> None:
    """A code list as a table."""
    table = pd.DataFrame(
        {t("method.col_code"): list(labels), t("method.col_meaning"): [one[zh] for one in labels.values()]}
    )
    st.dataframe(table, hide_index=True, width="content", alt=alt)


st.title(t("page.method"))
st.markdown(t("method.lead"))
for one in texts.entries("method"):
    st.markdown(f"##### {texts.native(one, 'heading', view.lang)}")
    st.markdown(texts.native(one, "text", view.lang))
    st.caption(sourced(one))

st.subheader(t("method.agreement"))
table = agreement(rows.version(), view.as_of)
st.markdown(t("method.agreement_lead", version=rows.version()))
bureau = table[table["series"].str.startswith("nbs/") & table["series"].str.endswith("M.growth.ytd")]
sums = {name: int(bureau[name].sum()) for name in ("matched", "over_one", "over_five", "opposite")}
st.markdown(f"**{t('method.agreement_sum', **sums)}**")
st.dataframe(
    table.assign(series=[listing.series_title(one, view.lang) for one in table["series"]])[list(COLUMNS)],
    hide_index=True,
    column_config={name: t(f"method.col_{name}") for name in COLUMNS},
    alt=t("method.agreement_alt", n=len(table)),
)

st.subheader(t("method.status"))
meanings(codes.OBS_STATUS, t("method.status_alt"))
st.subheader(t("method.confidence"))
meanings(codes.CONFIDENCE, t("method.confidence_alt"))
st.subheader(t("method.checks"))
st.markdown(t("method.checks_lead", n=len(tables.problems())))

st.subheader(t("method.glossary"))
wanted = st.text_input(t("method.glossary_search"), key="term", type="search", live="300ms").strip()
found = [one for one in texts.entries("glossary") if wanted.casefold() in " ".join(one.values()).casefold()]
if not found:
    st.info(t("method.glossary_none", text=words.plain(wanted)))
for one in found:
    other = one["term"] if zh else one["term_native"]
    st.markdown(f"**{texts.native(one, 'term', view.lang)}** · {other}  \n{texts.native(one, 'text', view.lang)}")
    st.caption(sourced(one))
