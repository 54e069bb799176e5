"""What the Explore page says about a view: what filters take out, what cannot be computed, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import link, missing, number, picker, rows, selection, texts, words
from dashboard.parameters import View
from dashboard.transforms import Made
from data import codes, derive
from data.derive.lineage import line


def left_out(view: View) -> None:
    """Which chosen series a filter takes out, with the way to have them back."""
    t = link.say()
    if not view.series:
        st.caption(t("explore.headlines"))
    for name, series in selection.left_out(view).items():
        said = t("sentence.comma").join(picker.name(one, view.lang) for one in series)
        with st.container(horizontal=True, vertical_alignment="center", key=f"left_{name}"):
            st.caption(t("explore.left_out", filter=t(f"controls.{name}"), series=said))
            st.button(
                t("explore.let_through"),
                key=f"through_{name}",
                on_click=_let_through,
                args=(name, series),
                type="tertiary",
            )


def _let_through(name: str, series: Sequence[str]) -> None:
    if name == "sector":
        st.session_state["sector"] = [*st.session_state["sector"], *selection.sectors_of(series)]
    else:
        link.reset(name)


def refused(made: Made, view: View) -> None:
    """What cannot be computed, and why, one line a reason."""
    t = link.say()
    by_reason: dict[str, list[str]] = {}
    for one in made.refused:
        said = t(f"explore.refused_{one.reason}", measure=t(f"explore.measure_{view.measure}"), message=one.message)
        by_reason.setdefault(said, []).append(picker.name(one.series, view.lang))
    if len(made.frame) and made.frame["value"].notna().any():
        for series, group in made.frame.groupby("series", sort=False):
            if group["value"].isna().all():
                said = t("explore.refused_error", message=derive.words(str(group["reason"].iloc[-1]), view.lang))
                by_reason.setdefault(said, []).append(_computed_name(str(series), made.frame, view.lang))
    for said, series in by_reason.items():
        st.info(f"{said}  \n{t('explore.concerns', series='; '.join(series))}", icon=":material/block:")


def empty(made: Made, view: View) -> None:
    """Why there is nothing to draw, and a button for each filter that empties the view."""
    t = link.say()
    if made.refused and made.frame.empty:
        _ways_out(view)
        return
    if len(made.frame) and made.frame["value"].isna().all():
        reasons = dict.fromkeys(derive.words(one, view.lang) for one in made.frame["reason"] if one)
        st.warning(t("explore.no_values", reasons="; ".join(list(reasons)[:4])))
        _ways_out(view)
        return
    named = {name: _filter(name) for name in selection.emptying(view, made.frame)}
    st.warning(t("explore.nothing", filters=t("sentence.comma").join(named.values())))
    with st.container(horizontal=True, key="ways_out"):
        for name, said in named.items():
            st.button(t("explore.clear", filter=said), key=f"clear_{name}", on_click=_clear, args=(name, made.frame))


def _ways_out(view: View) -> None:
    """The ways out where nothing can be made as asked: the series as published, the figures of today."""
    t = link.say()
    if view.measure != "level":
        st.button(t("explore.as_published"), on_click=link.put, kwargs={"measure": "level"}, type="primary")
    if view.as_of:
        st.button(t("explore.clear", filter=_filter("as_of")), on_click=link.reset, args=("as_of",))


def _filter(name: str) -> str:
    """A filter by name; the label of its control need not be one."""
    return link.say()("explore.filter_quality" if name == "quality" else f"controls.{name}")


def _clear(name: str, frame: pd.DataFrame) -> None:
    """Take a filter off; the years become those of the figures, which need not be the years shown at first."""
    if name != "years":
        link.reset(name)
        return
    link.reset("from", "to")
    if len(frame):
        years = frame["period_end"].dt.year
        link.put(**{"from": int(years.min()), "to": int(years.max())})


def gap(chosen: Sequence[str], view: View) -> None:
    """Published beside computed growth with the gap and the base the published rate implies, period by period."""
    t, found = link.say(), []
    for series in chosen:
        stated = line(series, "growth")
        if not rows.known(stated, view.as_of):
            continue
        try:
            found.append(number.whole(f"{stated}~gap", view.as_of))
        except derive.DeriveError:
            continue
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    if table.empty:
        return
    table = selection.filtered(table, view).sort_values("period_end", ascending=False)
    table = table[table["value"].notna()]
    if table.empty:
        return
    flips = int(table["sign_flip"].sum())
    over = int((table["gap"].abs() > 1).sum())
    with st.expander(t("explore.gaps", n=len(table), over=over, flips=flips)):
        st.dataframe(
            _gaps(table, view.lang), hide_index=True, alt=t("explore.gaps", n=len(table), over=over, flips=flips)
        )
        st.caption(t("chart.basis_not_comparable"))


def _gaps(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    t = texts.of(lang)
    each = list(table.itertuples(index=False))
    columns = {
        t("table.series"): table["title_native" if lang == "zh" else "title"].tolist(),
        t("table.period"): [words.period(row.time_period, row.span, lang) for row in each],
        t("figure.published"): [words.change(row.published_growth, lang) for row in each],
        t("figure.computed"): [words.change(row.computed_growth, lang) for row in each],
        t("explore.measure_gap"): [words.change(row.gap, lang, "percentage_points") for row in each],
        t("figure.level"): [words.quantity(row.level, row.level_unit_measure, 0, lang) for row in each],
        t("explore.base"): [words.quantity(row.base, row.level_unit_measure, 0, lang) for row in each],
        t("card.implied"): [words.quantity(row.implied_base, row.level_unit_measure, 0, lang) for row in each],
        t("explore.distance"): [words.change(row.implied_vs_published_base, lang) for row in each],
    }
    return pd.DataFrame(columns)


def absences(chosen: Sequence[str], frame: pd.DataFrame, view: View) -> None:
    """What is not there, and why: reason codes of the published series, reasons of the computed ones."""
    t = link.say()
    found = missing.of(chosen, frame, view)
    if not found:
        return
    table = pd.DataFrame([_absence(one, frame, view.lang) for one in found])
    with st.expander(t("explore.missing", n=len(found)), icon=":material/help_center:"):
        st.dataframe(table, hide_index=True, alt=t("explore.missing", n=len(found)))


def _computed_name(series: str, frame: pd.DataFrame, lang: str) -> str:
    """A computed series in words: the title of what it is made of, and what was done."""
    native = "title_native" if lang == "zh" else "title"
    return f"{frame.loc[frame['series'] == series, native].iloc[0]} · {number.done(series, lang)}"


def _absence(one: missing.Absence, frame: pd.DataFrame, lang: str) -> dict[str, str]:
    """A line of the list: series, periods, reason, when it is due."""
    t = texts.of(lang)
    if one.computed:
        reason, series = derive.words(one.reason, lang), _computed_name(one.series, frame, lang)
    else:
        reason = t("explore.combined") if one.reason == "combined" else codes.MISSING[one.reason][lang == "zh"]
        series = picker.name(one.series, lang)
    reach = one.first if one.size == 1 else t("explore.reach", first=one.first, last=one.last, n=one.size)
    due = words.day(one.due, lang) if one.due else ""
    return {
        t("table.series"): series, t("explore.periods"): reach, t("explore.reason"): reason, t("explore.due"): due,
    }  # fmt: skip
