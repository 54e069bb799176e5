"""The panels of the Explore page, and the controls only some measures have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import charts, controls, figures, link, picker, rows, texts, transforms, words
from dashboard.figures.points import scale
from dashboard.parameters import View
from dashboard.transforms import Asked, Panel
from data.derive.lineage import line

WIDE, SMALL = 380, 260
RATIO = 30


def asked(view: View) -> Asked:
    """What the view asks of each series."""
    return Asked(view.measure, rows.day_of(view.base), view.whole, view.since, view.until)


def needed(chosen: Sequence[str], view: View) -> None:
    """The controls only some measures have: a base, a whole, two dates."""
    if view.measure == "index":
        controls.base()
    elif view.measure == "share":
        _whole(chosen, view)
    elif view.measure == "cagr":
        _dates(chosen, view)


def _whole(chosen: Sequence[str], view: View) -> None:
    """The series a share is taken of: those with the same unit, area and line."""
    t = link.say()
    offered = transforms.wholes(chosen, rows.with_figures(view.as_of))
    options = ["", *offered, *([view.whole] if view.whole and view.whole not in offered else [])]
    st.selectbox(
        t("explore.whole"), options, key="whole", persist_state="session",
        format_func=lambda one: picker.indicator_name(one, view.lang) if one else t("explore.choose"),
    )  # fmt: skip


def _dates(chosen: Sequence[str], view: View) -> None:
    """First and last period of compound growth; at first those of the years shown, of the same season."""
    t = link.say()
    levels = [one for series in chosen for one in (line(series, "level"), line(series, "index")) if rows.known(one)]
    there = sorted(set(rows.of(levels, view.as_of)["time_period"]))
    if not there:
        return
    inside = [one for one in there if view.start <= int(one[:4]) <= view.end] or there
    until = view.until or inside[-1]
    since = view.since or next(one for one in inside if one[4:] == until[4:])
    link.put(since=since, until=until)
    with st.container(horizontal=True, key="dates"):
        for name, one in (("since", since), ("until", until)):
            options = there if one in there else sorted([*there, one])
            st.selectbox(t(f"explore.{name}"), options, key=name, persist_state="session")


def panels(frame: pd.DataFrame, events: Sequence[Any], view: View) -> None:
    """One figure a unit, or one for each indicator and area side by side."""
    drawn = [one for one in transforms.panels(frame, view.layout == "each") if one.frame["value"].notna().any()]
    columns = st.columns(2, gap="large") if view.layout == "each" and len(drawn) > 1 else [st.container()]
    for at, one in enumerate(drawn):
        with columns[at % len(columns)]:
            _panel(
                one, _alike(one, drawn) if view.layout == "each" and view.axis == "same" else one.frame, events, view
            )


def _alike(one: Panel, drawn: Sequence[Panel]) -> pd.DataFrame:
    """The rows of all panels that share the scale of this one: those of the same unit."""
    unit = one.frame["unit_measure"].iloc[0]
    return pd.concat([other.frame for other in drawn if other.frame["unit_measure"].iloc[0] == unit])


def _panel(one: Panel, scaled: pd.DataFrame, events: Sequence[Any], view: View) -> None:
    frame = one.frame
    log, why = _log(scaled, view)
    st.markdown(f"#### {title(frame, view)}")
    figure = figures.lines(
        frame, view.lang, charts.dark(), log=log, height=_height(view),
        events=events if view.measure != "cagr" else None,
        x_range=(f"{view.start}-01-01", f"{view.end}-12-31"),
        y_range=figures.value_range(scaled, view.lang, log) if scaled is not frame else None,
        unit=scale(scaled, view.lang),
    )  # fmt: skip
    lines = [*charts.source_lines(frame, view.lang), *why]
    charts.show(
        figure, key=f"explore_{one.key}", name=f"explore-{view.measure}-{one.key}".replace("/", "-"), frame=frame,
        title=title(frame, view), lines=lines, alt=said(frame, view),
    )  # fmt: skip


def _height(view: View) -> int:
    return SMALL if view.layout == "each" else WIDE


def _log(frame: pd.DataFrame, view: View) -> tuple[bool, list[str]]:
    """Whether a log scale is drawn, and the sentence that says why, or why not."""
    t, values = link.say(), frame["value"] * 10.0 ** frame["unit_mult"].astype(float)
    if (values <= 0).any() or frame["measure"].iloc[0] == "growth":
        return False, [t("explore.no_log")] if view.scale == "log" else []
    times = float(values.max() / values.min()) if len(values) else 1.0
    if view.scale == "log":
        return True, [t("explore.why_log", times=words.number(times, 2))]
    return False, [t("explore.try_log", times=words.number(times, 2))] if times > RATIO else []


def title(frame: pd.DataFrame, view: View) -> str:
    """What a panel shows: the series where it is one, and what was done to it."""
    rows_ = frame.drop_duplicates("indicator")
    native = "title_native" if view.lang == "zh" else "title"
    measure = texts.of(view.lang)(f"explore.measure_{_shown(frame, view)}")
    if len(rows_) > 1:
        return measure
    said = str(rows_[native].iloc[0])
    areas = frame["ref_area"].unique()
    if len(areas) == 1 and areas[0] != "CHN":
        said = f"{said}, {words.area(str(areas[0]), view.lang)}"
    return f"{said} · {measure}" if view.measure != "level" else said


def _shown(frame: pd.DataFrame, view: View) -> str:
    """The measure of a panel; the gap between two growth rates has a panel of its own."""
    return "gap" if frame["series"].str.endswith("~gap").all() else view.measure


def said(frame: pd.DataFrame, view: View) -> str:
    """The newest figure of each line with its basis and publisher, for those who do not see the chart."""
    t, called = texts.of(view.lang), figures.names(frame, view.lang)
    newest = frame[frame["value"].notna()].sort_values("period_end").groupby("series", sort=False).tail(1)
    lines = [
        f"{called[row.series]} {words.period(row.time_period, row.span, view.lang)}: {words.figure(row, view.lang)}, "
        f"{words.basis(row.basis, view.lang)}, {texts.native(row._asdict(), 'publisher', view.lang)}"
        for row in newest.itertuples(index=False)
    ]
    return f"{title(frame, view)}: " + "; ".join(lines) + t("sentence.stop")
