"""What the sources page lists: sources with their freshness and last update, and revisions in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import rows, texts, updating, words
from dashboard.link import View
from data import catalogue, codes, freshness, status

SHOWN = (
    "badge", "publisher", "newest_period", "age_days", "next_release", "last_success", "last_error", "series",
    "vintage", "licence", "licence_url",
)  # fmt: skip
REVISION_COLUMNS = ("date", "title", "period", "old", "new", "change", "publisher")
SERVICE_COLUMNS = ("service", "publisher", "asked", "last_run", "last_success", "counts", "last_error")
STATE_MARK = {"asking": "…", "ok": "✓", "failed": "✕", "skipped": "–"}
BADGE = {"fresh": "●", "stale": "▲", "no_rhythm": "○"}


def sources(lang: str, as_of: str = "") -> pd.DataFrame:
    """One row a source with figures: SHOWN, `source` and `state` (fresh, stale, no_rhythm)."""
    say, notes, loaded = texts.of(lang), status.read(), catalogue.load()
    found = []
    for row in rows.fresh(as_of).itertuples(index=False):
        source, note = loaded.sources[str(row.source)], notes.get(str(row.source))
        state = str(row.state)
        found.append(
            {
                "source": source.id,
                "state": state,
                "badge": f"{BADGE[state]} {say(f'sources.{state}')}",
                "publisher": texts.native(source, "publisher", lang),
                "series": int(str(row.series)),
                "newest_period": row.newest_period,
                "vintage": row.vintage,
                "age_days": row.age_days,
                "next_release": row.next_release or words.MISSING,
                "last_success": (note.last_success if note else "") or say("sources.never"),
                "last_error": (note.error if note else "") or words.MISSING,
                "licence": texts.native(source, "licence", lang),
                "licence_url": source.licence_url or source.url,
            }
        )
    table = pd.DataFrame(found, columns=["source", "state", *SHOWN])
    return table.sort_values("series", ascending=False, kind="stable", ignore_index=True)


def services(lang: str) -> list[dict[str, str]]:
    """What the last update did for each service that can be asked: SERVICE_COLUMNS."""
    say, notes, loaded = texts.of(lang), status.read(), catalogue.load()
    found = []
    for name in updating.names():
        note, source = notes.get(name), loaded.sources[name]
        counts = "" if note is None else say("sources.counted", new=note.new, revised=note.revised, same=note.unchanged)
        found.append(
            {
                "service": name,
                "publisher": texts.native(source, "publisher", lang),
                "asked": say("sources.with_key", name=source.key_env) if source.key_env else say("sources.freely"),
                "last_run": note.last_run if note else say("sources.never"),
                "last_success": (note.last_success if note else "") or words.MISSING,
                "counts": counts or words.MISSING,
                "last_error": (note.error if note else "") or words.MISSING,
            }
        )
    return found


def detail(name: str, view: View) -> None:
    """One source in full: terms, rhythm, what it does not say, and its series with their newest periods."""
    say, source = texts.of(view.lang), catalogue.load().sources[name]
    with st.container(border=True):
        st.markdown(f"#### {texts.native(source, 'publisher', view.lang)}")
        st.markdown(f"{texts.native(source, 'title', view.lang)} · [{source.url}]({source.url})")
        lines = [texts.native(source, "licence", view.lang), texts.native(source, "note", view.lang)]
        if not source.redistributable:
            lines.append(say("sources.withheld"))
        if source.key_env:
            lines.append(say("sources.key", name=source.key_env))
        st.markdown("\n".join(f"- {line}" for line in lines if line))
        st.dataframe(_series(name, view), hide_index=True, alt=say("sources.series_alt", publisher=source.publisher))


def _series(name: str, view: View) -> pd.DataFrame:
    say, known = texts.of(view.lang), catalogue.load().series
    table = freshness.of_series(as_of=view.as_of or None)
    table = table[table["source"] == name]
    return pd.DataFrame(
        {
            say("sources.title"): [texts.native(known[one], "title", view.lang) for one in table["series"]],
            say("sources.id"): table["series"],
            say("sources.newest_period"): table["newest_period"],
            say("sources.vintage"): table["vintage"],
            say("sources.next_release"): table["next_release"],
            say("sources.badge"): [_state(one, view.lang) for one in table["state"]],
        }
    )


def _state(state: str, lang: str) -> str:
    return texts.of(lang)(f"sources.{state}") if state in BADGE else codes.MISSING[state][lang == "zh"]


def revision_rows(steps: pd.DataFrame, lang: str) -> list[dict[str, str]]:
    """Steps of `data.revisions` as readers see them: REVISION_COLUMNS."""
    return [
        {
            "date": words.day(str(row.new_vintage), lang),
            "title": texts.native({"title": row.title, "title_native": row.title_native}, "title", lang)
            + ("" if row.ref_area == "CHN" else f" · {words.area(str(row.ref_area), lang)}"),
            "period": words.period(str(row.time_period), str(row.span), lang),
            "old": words.quantity(float(str(row.old)), str(row.unit_measure), int(str(row.unit_mult)), lang),
            "new": words.quantity(float(str(row.new)), str(row.unit_measure), int(str(row.unit_mult)), lang),
            "change": words.revision(row, lang),
            "publisher": str(row.publisher_native if lang == "zh" else row.publisher),
        }
        for row in steps.itertuples(index=False)
    ]


def revised(report: dict[str, Any], lang: str) -> Iterator[str]:
    """The revisions of an update's report, old → new."""
    known = catalogue.load().series
    for source in report["sources"]:
        for one in source["revisions"]:
            unit = known[one["series"]].unit_measure
            old = words.quantity(one["old"], unit, one["old_unit_mult"], lang)
            new = words.quantity(one["new"], unit, one["new_unit_mult"], lang)
            title = texts.native(known[one["series"]], "title", lang)
            yield f"{title} {words.period(one['period'], known[one['series']].span, lang)}: {old} → {new}"


def series_title(name: str, lang: str) -> str:
    """A series in words: title, area unless China, growth or cumulative where it is, publisher."""
    one = catalogue.load().series[name]
    parts = [texts.native(one, "title", lang)]
    parts += [] if one.ref_area == "CHN" else [words.area(one.ref_area, lang)]
    parts += [words.line(one.freq, one.measure, one.span, lang)]
    parts += [texts.native(catalogue.load().sources[one.source], "publisher", lang)]
    return " · ".join(part for part in parts if part)


def areas_note(areas: set[str], lang: str) -> str:
    """What the catalogue says about these reference areas."""
    known = catalogue.load().areas
    notes = [f"{words.area(code, lang)}: {texts.native(known[code], 'note', lang)}" for code in known if code in areas]
    return " ".join(note for note in notes if not note.endswith(": "))
