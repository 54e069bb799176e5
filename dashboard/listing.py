"""What the sources page lists: sources with their freshness and last update, and revisions in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import card, closing, rows, texts, updating, words
from dashboard.link import View
from data import catalogue, codes, freshness, status
from data.status import Status

SHOWN = (
    "badge", "publisher", "newest_period", "age_days", "next_release", "last_success", "last_error", "series",
    "vintage", "licence", "licence_url",
)  # fmt: skip
REVISION_COLUMNS = (
    "date", "title", "period", "old", "new", "change", "old_date", "status", "publisher", "url",
)  # fmt: skip
PERIOD_COLUMNS = ("period", "path", "change", "direction", "status", "old_date", "date")
STEP_COLUMNS = ("period", "old", "new", "change", "status", "old_date", "date", "url")
SERVICE_COLUMNS = ("service", "asked", "last_run", "last_success", "counts", "last_error")
BADGE = {"fresh": "●", "stale": "▲", "no_rhythm": "○"}


def sources(lang: str, as_of: str = "") -> pd.DataFrame:
    """One row a source with figures: SHOWN, `source` and `state` (fresh, stale, no_rhythm)."""
    say, loaded, notes, by = texts.of(lang), catalogue.load(), status.read(), _services()
    found = []
    for row in rows.fresh(as_of).itertuples(index=False):
        source, state = loaded.sources[str(row.source)], str(row.state)
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
                "next_release": due(str(row.next_release or ""), lang, as_of),
                **_asked(by[source.id], notes, lang),
                "licence": texts.native(source, "licence", lang),
                "licence_url": source.licence_url or source.url,
            }
        )
    table = pd.DataFrame(found, columns=["source", "state", *SHOWN])
    return table.sort_values("series", ascending=False, kind="stable", ignore_index=True)


def due(day: str, lang: str, as_of: str = "") -> str:
    """The day the next release is expected; of one in the past, that it was."""
    if not day:
        return words.MISSING
    past = day < (as_of or dt.date.today().isoformat())
    return texts.of(lang)("sources.was_due", day=day) if past else day


def _asked(by: Sequence[str], notes: Mapping[str, Status], lang: str) -> dict[str, str]:
    """When the services that bring a source's figures were last heard, and what went wrong with them since."""
    say = texts.of(lang)
    heard = max((notes[name].last_success for name in by if name in notes), default="")
    errors = [f"{name}: {_error(notes[name], lang)}" for name in by if name in notes and notes[name].error]
    never = "sources.never" if by else "sources.by_hand"
    return {"last_success": _minute(heard) or say(never), "last_error": "; ".join(errors) or words.MISSING}


def _services() -> Mapping[str, list[str]]:
    """The services that bring figures of each source, by source."""
    loaded, known = catalogue.load(), updating.names()
    found: dict[str, set[str]] = {name: set() for name in loaded.sources}
    for one in loaded.series.values():
        found[one.source] |= one.locators.keys() & set(known)
    return {name: sorted(services) for name, services in found.items()}


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


def _error(note: Status, lang: str) -> str:
    return closing.failed_before(note.error_kind, note.error.removeprefix(f"{note.fetcher}: "), lang)


def services(lang: str) -> list[dict[str, str]]:
    """What the last update did for each service that can be asked: SERVICE_COLUMNS."""
    say, notes, loaded = texts.of(lang), status.read(), catalogue.load()
    found = []
    for name in updating.names():
        note, source = notes.get(name), loaded.sources.get(name)
        key = source.key_env if source else ""
        counts = "" if note is None else say("sources.counted", new=note.new, revised=note.revised, same=note.unchanged)
        found.append(
            {
                "service": closing.service(name, lang),
                "asked": say("sources.with_key", name=key) if key else say("sources.freely"),
                "last_run": _minute(note.last_run) if note else say("sources.never"),
                "last_success": _minute(note.last_success if note else "") or words.MISSING,
                "counts": counts or words.MISSING,
                "last_error": _error(note, lang) if note and note.error else words.MISSING,
            }
        )
    return found


def troubled(lang: str, told: Collection[tuple[str, str]] = ()) -> list[str]:
    """The services whose last run failed, each with its error in words, as Markdown; but those `told` already."""
    failed = [note for note in status.read().values() if note.error and (note.fetcher, note.error) not in told]
    said = [(closing.service(one.fetcher, lang), _error(one, lang)) for one in failed]
    return [f"**{words.plain(name)}**: {words.plain(error)}" for name, error in said]


def detail(name: str, view: View) -> None:
    """One source in full: terms, rhythm, what it does not say, and its series with their newest periods."""
    say, source = texts.of(view.lang), catalogue.load().sources[name]
    with st.container(border=True):
        st.markdown(f"#### {texts.native(source, 'publisher', view.lang)}")
        st.markdown(f"{texts.native(source, 'title', view.lang)} · [{source.url}]({source.url})")
        lines = [texts.native(source, "licence", view.lang), words.plain(texts.native(source, "note", view.lang))]
        heard = _asked(_services()[name], status.read(), view.lang)
        lines.append(say("sources.heard", when=heard["last_success"]))
        if heard["last_error"] != words.MISSING:
            lines.append(say("sources.went_wrong", error=words.plain(heard["last_error"])))
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
            say("sources.next_release"): [due(str(one or ""), view.lang, view.as_of) for one in table["next_release"]],
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
            "title": closing.series(str(row.series), lang),
            "period": words.period(str(row.time_period), str(row.span), lang),
            "old": _printed(row, "old", lang),
            "new": _printed(row, "new", lang),
            "change": words.revision(row, lang),
            "old_date": words.day(str(row.old_vintage), lang),
            "status": closing.status(str(row.old_status), str(row.new_status), lang),
            "publisher": str(row.publisher_native if lang == "zh" else row.publisher),
            "url": str(row.url),
        }
        for row in steps.itertuples(index=False)
    ]


def revisions(steps: pd.DataFrame, key: str, lang: str, columns: Sequence[str] = REVISION_COLUMNS) -> None:
    """Steps of `data.revisions` as a table; a row chosen opens the card of its figure with all its vintages."""
    say, names = texts.of(lang), [f"{row.series}@{row.time_period}" for row in steps.itertuples(index=False)]
    chosen = f"{key}_{st.session_state.setdefault(f'{key}_turn', 0)}"
    headings: dict[str, Any] = {name: say(f"sources.rev_{name}") for name in REVISION_COLUMNS}
    headings["url"] = st.column_config.LinkColumn(headings["url"], display_text="↗")

    def open_card() -> None:
        """A new key takes the selection off, so that the same row can be chosen again."""
        picked = st.session_state[chosen].selection.rows
        st.session_state[f"{key}_turn"] += 1
        if picked and picked[0] < len(names):
            card.choose(names[picked[0]])

    st.dataframe(
        pd.DataFrame(revision_rows(steps, lang), columns=list(columns)), hide_index=True, key=chosen,
        column_config=headings, alt=say("sources.revisions_alt", n=len(steps)), on_select=open_card,
        selection_mode="single-row",
    )  # fmt: skip
    st.caption(say("table.hint"))


def periods(ends: pd.DataFrame, history: pd.DataFrame, lang: str) -> list[dict[str, str]]:
    """PERIOD_COLUMNS of `revisions.first_and_last` and `revisions.history` of one series: every value, newest last."""
    say, values = texts.of(lang), dict(list(history.groupby("time_period", sort=False)))
    return [
        {
            "period": words.period(str(row.time_period), str(row.span), lang),
            "path": " → ".join(_printed(one, "value", lang) for one in values[row.time_period].itertuples(index=False)),
            "change": words.revision(row, lang),
            "direction": say("sources.up" if row.change > 0 else "sources.down" if row.change < 0 else "sources.same"),
            "status": closing.status(str(row.old_status), str(row.new_status), lang),
            "old_date": words.day(str(row.old_vintage), lang),
            "date": words.day(str(row.new_vintage), lang),
        }
        for row in ends.sort_values("time_period", ascending=False).itertuples(index=False)
    ]


def _printed(row: Any, field: str, lang: str) -> str:
    return closing.printed(float(getattr(row, field)), str(row.unit_measure), int(row.unit_mult), lang)


def series_title(name: str, lang: str) -> str:
    """A series in words, with its publisher."""
    source = catalogue.load().sources[catalogue.load().series[name].source]
    return f"{closing.series(name, lang)} · {texts.native(source, 'publisher', lang)}"


def areas_note(areas: set[str], lang: str) -> str:
    """What the catalogue says about these reference areas."""
    known = catalogue.load().areas
    notes = [f"{words.area(code, lang)}: {texts.native(known[code], 'note', lang)}" for code in known if code in areas]
    return " ".join(note for note in notes if not note.endswith(": "))
