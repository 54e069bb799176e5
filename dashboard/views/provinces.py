"""Provinces: R&D as a tile grid with a year slider, and the same figures as a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import charts, controls, link, peers, takeaway, texts, words
from dashboard.figures import evidence
from data import catalogue, codes

t = link.say()
lang, dark = link.view().lang, st.context.theme.type == "dark"


def table(every: pd.DataFrame, year: int) -> pd.DataFrame:
    """Provinces by rank in a year, with the year before and the places gained."""
    ranked = peers.ranks(every, str(year), str(year - 1))
    unit = str(every["unit_measure"].iloc[0])
    change = ranked["value"] - ranked["earlier"]
    said = [words.change(one, lang, "percentage_points", 2) for one in change]
    if unit != "percent":
        said = [words.change(one, lang) for one in (ranked["value"] / ranked["earlier"] - 1) * 100]
    return pd.DataFrame(
        {
            t("compare.rank"): ranked["rank"],
            t("provinces.province"): [words.area(code, lang) for code in ranked["ref_area"]],
            str(year): [words.quantity(one, unit, 0, lang) for one in ranked["value"]],
            str(year - 1): [words.quantity(one, unit, 0, lang) for one in ranked["earlier"]],
            t("provinces.change"): said,
            t("compare.rank_change"): [words.signed(one) for one in ranked["rank_change"]],
        }
    )


st.title(t("page.provinces"))
st.markdown(t("provinces.lead"))
controls.switch("province", ("share", "level"), t("provinces.shown"), lambda code: t(f"provinces.{code}"))
first, last = peers.years_of_provinces()
st.slider(t("provinces.year"), first, last - 1, key="year", persist_state="session")
view = link.view()
every = peers.of_provinces(view.province, view.as_of)
frame = every[every["time_period"] == str(view.year)]
if frame.empty:
    st.info(t("provinces.none", year=view.year, date=words.day(view.as_of, lang)))
    st.button(t("controls.clear"), on_click=link.reset, args=("as_of", "year"), type="primary")
    st.stop()
top = float((every["value"] * 10.0 ** (every["unit_mult"] - int(frame["unit_mult"].iloc[0]))).max())
highest, lowest = (frame.loc[getattr(frame["value"], f"idx{way}")()] for way in ("max", "min"))
said = t(
    "provinces.alt", title=texts.native(frame.iloc[0], "title", lang), year=view.year,
    highest=f"{words.area(highest['ref_area'], lang)} {words.figure(highest, lang)}",
    lowest=f"{words.area(lowest['ref_area'], lang)} {words.figure(lowest, lang)}", n=len(frame),
)  # fmt: skip
one = catalogue.load().series[str(frame["series"].iloc[0])]
documents, unit = "; ".join(sorted(set(frame["document"]))), codes.unit_label(one.unit_measure, one.unit_mult, lang)
charts.show(
    evidence.tiles(frame, lang, dark, top),
    key="provinces",
    name=f"provinces_{one.indicator}_{view.year}",
    frame=frame,
    alt=said,
    lines=[
        said,
        t("provinces.source", publisher=texts.native(frame.iloc[0], "publisher", lang), documents=documents, unit=unit),
        t("provinces.tiles"),
        f"{t('card.counts')}: {texts.native(one, 'counts', lang)}",
    ],
)  # fmt: skip
st.dataframe(table(every, view.year), hide_index=True, alt=t("provinces.table_alt", year=view.year), height=560)
missing = set(peers.provinces()) - set(frame["ref_area"])
if missing:
    st.caption(
        t("provinces.missing", names=t("sentence.comma").join(words.area(code, lang) for code in sorted(missing)))
    )
takeaway.buttons(every, view, name=f"provinces_{one.indicator}")
