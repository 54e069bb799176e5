"""The filter strip, and the link that holds the whole view.

A page draws the controls it understands and asks for the view:

    controls.sectors(); controls.years(); controls.measure(("level", "ytd")); controls.more("publisher", "quality")
    view = controls.view()                      # view.sector, view.start, view.end, view.measure, view.as_of …
    if not controls.ready(view): st.stop()      # years the wrong way round, no sector: says so and offers the way out

Every parameter stands once, in PARAMETERS; a page that needs another one adds a line there. Codes, not labels, stand in
the link (`sector=nev&from=2015&lang=zh`), so that it means the same in both languages: that is why the link is read and
written here rather than by `bind="query-params"`, which writes the label a control shows. `open_link` runs once at the top
of app.py: on arrival and on back and forward the link decides; otherwise the controls do, and the link follows them.
A value the link may not have falls back to the default, and `notices` says so by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data import catalogue, events
from dashboard import rows, texts

MEASURES = ("level", "month", "ytd", "growth", "computed", "share", "index")
QUALITY = ("primary", "comparable", "final")
FIRST_YEAR = 2015
_NOTICES, _READ, _PAGE = "_notices", "_link_read", "_page"


class Parameter(NamedTuple):
    """One parameter of the view: what it is without a link, and which codes a link may give.

    `many` parameters stand in the link once a code. `allowed` and `default` are asked anew each time.
    """

    default: Callable[[], Any]
    allowed: Callable[[], Sequence[Any]]
    read: Callable[[str], Any] = str
    many: bool = False


class View(NamedTuple):
    """What the reader asked for. `as_of` is empty for today; an empty `publisher` or `quality` means any."""

    lang: str
    as_of: str
    sector: tuple[str, ...]
    start: int
    end: int
    measure: str
    publisher: tuple[str, ...]
    quality: tuple[str, ...]
    events: tuple[str, ...]
    significance: int
    base: str


def _years() -> Sequence[int]:
    first, last = rows.years()
    return range(min(first, FIRST_YEAR), max(last, dt.date.today().year) + 1)


def _days() -> Sequence[dt.date]:
    return _Days(dt.date(_years()[0], 1, 1), dt.date.today())


class _Days(Sequence[dt.date]):
    """All days from one to another, without listing them."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.first <= day <= self.last

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __getitem__(self, at: Any) -> Any:
        return self.first + dt.timedelta(days=at % len(self))


def sector_codes() -> list[str]:
    """The sectors that have figures, in order."""
    return [one.id for one in catalogue.load().sectors.values() if not one.theme]


def founding() -> list[str]:
    """The four sectors the dashboard began with."""
    return [one.id for one in catalogue.load().sectors.values() if one.founding]


PARAMETERS: dict[str, Parameter] = {
    "lang": Parameter(lambda: "en", lambda: texts.LANGUAGES),
    "as_of": Parameter(dt.date.today, _days, dt.date.fromisoformat),
    "sector": Parameter(founding, sector_codes, many=True),
    "from": Parameter(lambda: FIRST_YEAR, _years, int),
    "to": Parameter(lambda: dt.date.today().year, _years, int),
    "measure": Parameter(lambda: "level", lambda: MEASURES),
    "publisher": Parameter(list, lambda: list(catalogue.load().sources), many=True),
    "quality": Parameter(list, lambda: QUALITY, many=True),
    "events": Parameter(lambda: list(events.KINDS), lambda: events.KINDS, many=True),
    "significance": Parameter(lambda: 3, lambda: (1, 2, 3), int),
    "base": Parameter(rows.coined, rows.event_ids),
}


def open_link(page: str) -> None:
    """Take the view from the link where the link decides, then let the link say what the view is."""
    state, context = st.session_state, get_script_run_ctx()
    arrived = _READ not in state or bool(context and context.is_history_navigation)
    switched = state.get(_PAGE, page) != page
    if arrived or (switched and _link() and _link() != _query()):
        state[_NOTICES] = _take(_link(), keep=switched and not arrived)
        state[_READ] = True
    elif _query() != _link():
        state[_NOTICES] = []
    state[_PAGE] = page
    if _query() != _link():
        st.query_params.from_dict(_query())


def _link() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _take(link: dict[str, list[str]], keep: bool) -> list[tuple[str, str, str]]:
    """Set every parameter from the link; the wrong values as (name, value, what is shown instead)."""
    wrong = []
    for name, parameter in PARAMETERS.items():
        good, bad = _sorted_out(parameter, link.get(name, []))
        if name not in link and keep and name in st.session_state:
            continue
        value = (good if parameter.many else good[-1]) if good or _empty(parameter, link.get(name)) else None
        st.session_state[name] = parameter.default() if value is None else value
        wrong += [(name, text, _shown(st.session_state[name])) for text in bad]
    return wrong


def _empty(parameter: Parameter, given: list[str] | None) -> bool:
    """Whether the link says that nothing is chosen: `sector=`."""
    return parameter.many and given == [""]


def _sorted_out(parameter: Parameter, given: list[str]) -> tuple[list[Any], list[str]]:
    good, bad, allowed = [], [], parameter.allowed()
    for text in given:
        try:
            value = parameter.read(text)
        except ValueError:
            value = None
        if value is not None and value in allowed:
            good.append(value)
        elif text or not parameter.many:
            bad.append(text)
    return good, bad


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _query() -> dict[str, list[str]]:
    """The link the present view has: what differs from the default."""
    found = {}
    for name, parameter in PARAMETERS.items():
        value = st.session_state.get(name, parameter.default())
        if value != parameter.default():
            found[name] = [str(one) for one in value] or [""] if parameter.many else [str(value)]
    return found


def link(page: str = "", **changes: Any) -> str:
    """A link to a page with the present view and these changes; relative to the server's address."""
    from urllib.parse import urlencode

    query = _query() | {n: [str(v)] if not isinstance(v, list | tuple) else list(map(str, v)) for n, v in changes.items()}
    return f"{page}?{urlencode(query, doseq=True)}" if query else page


def query(**changes: Any) -> dict[str, list[str]]:
    """The same as parameters, for st.page_link(query_params=…) and st.switch_page."""
    return _query() | {n: [str(v)] if not isinstance(v, list | tuple) else list(map(str, v)) for n, v in changes.items()}


def view() -> View:
    """What the reader asked for, from the controls on this page and on the pages before."""
    known = {name: st.session_state.get(name, parameter.default()) for name, parameter in PARAMETERS.items()}
    order = sector_codes()
    day = known["as_of"] or dt.date.today()
    return View(
        lang=known["lang"] or "en",
        as_of=day.isoformat() if day < dt.date.today() else "",
        sector=tuple(sorted(known["sector"], key=order.index)),
        start=int(known["from"]),
        end=int(known["to"]),
        measure=known["measure"] or "level",
        publisher=tuple(known["publisher"]),
        quality=tuple(known["quality"]),
        events=tuple(known["events"]),
        significance=int(known["significance"] or 1),
        base=known["base"],
    )


def say() -> texts.Say:
    """The texts in the reader's language."""
    return texts.of(st.session_state.get("lang") or "en")


def reset(*names: str) -> None:
    """Set these parameters, or all but the language, to their defaults. Meant for on_click."""
    for name in names or [name for name in PARAMETERS if name != "lang"]:
        st.session_state[name] = PARAMETERS[name].default()


def put(**values: Any) -> None:
    """Set parameters. Meant for on_click."""
    for name, value in values.items():
        st.session_state[name] = value


def notices() -> None:
    """What the link asked for and could not have, named."""
    for name, value, shown in st.session_state.get(_NOTICES, []):
        st.warning(say()("controls.bad_value", name=name, value=value, fallback=shown or say()("controls.nothing")))


def header() -> None:
    """Language and `as known on`: on every page, drawn by app.py."""
    t = say()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", key="header"):
        day = _days()
        st.date_input(
            t("controls.as_of"), key="as_of", min_value=day[0], max_value=day[-1], format="YYYY-MM-DD", width=150,
            help=t("controls.as_of_help"), persist_state="session", required=True,
        )  # fmt: skip
        st.segmented_control(
            t("controls.lang"), texts.LANGUAGES, key="lang", format_func={"en": "English", "zh": "中文"}.__getitem__,
            label_visibility="collapsed", required=True, persist_state="session",
        )  # fmt: skip


def sectors() -> None:
    """The sectors, the four founding ones first."""
    t, known = say(), catalogue.load().sectors
    st.pills(
        t("controls.sector"), sector_codes(), key="sector", selection_mode="multi", persist_state="session",
        format_func=lambda code: texts.native(known[code], "short", st.session_state["lang"]),
    )  # fmt: skip


def years() -> None:
    """First and last year: two handles and two boxes."""
    t, span = say(), _years()
    first, last = st.session_state["from"], st.session_state["to"]
    both = (min(first, last), max(first, last))
    if st.session_state.get("years") != both:
        st.session_state["years"] = both
    bounds = {"min_value": span[0], "max_value": span[-1], "step": 1, "persist_state": "session"}
    with st.container(horizontal=True, vertical_alignment="bottom", key="years_strip"):
        st.number_input(t("controls.from"), key="from", width=110, **bounds)
        st.slider(t("controls.years"), span[0], span[-1], key="years", on_change=_from_handles, width="stretch")
        st.number_input(t("controls.to"), key="to", width=110, **bounds)


def _from_handles() -> None:
    st.session_state["from"], st.session_state["to"] = st.session_state["years"]


def measure(offered: Sequence[str] = ("level", "ytd", "growth", "index")) -> None:
    """What the charts show. A measure this page does not offer gives way to the first, with a notice."""
    t = say()
    if st.session_state["measure"] not in offered:
        wrong = ("measure", st.session_state["measure"], t(f"controls.{offered[0]}"))
        st.session_state[_NOTICES] = [*st.session_state.get(_NOTICES, []), wrong]
        st.session_state["measure"] = offered[0]
    st.segmented_control(
        t("controls.measure"), offered, key="measure", format_func=lambda code: t(f"controls.{code}"), required=True,
        persist_state="session",
    )  # fmt: skip


def base() -> None:
    """The event an index starts from."""
    t, lang = say(), st.session_state["lang"]
    known = rows.all_events()
    st.selectbox(
        t("controls.base"), list(known), key="base", persist_state="session",
        format_func=lambda code: f"{known[code].date} {texts.native(known[code], 'title', lang)}",
    )  # fmt: skip


def more(*names: str, sources: Iterable[str] = ()) -> None:
    """Everything else, behind one button: publisher, quality, events, significance. `sources` limits the publishers."""
    with st.popover(say()("controls.more"), icon=":material/tune:"):
        for name in names:
            _MORE[name](tuple(sources)) if name == "publisher" else _MORE[name]()
        st.button(say()("controls.reset"), on_click=reset, icon=":material/restart_alt:")


def publishers(offered: tuple[str, ...] = ()) -> None:
    """Publishers to keep; none chosen means any."""
    t, known = say(), catalogue.load().sources
    chosen = st.session_state["publisher"]
    codes = [code for code in known if not offered or code in offered or code in chosen]
    st.multiselect(
        t("controls.publisher"), codes, key="publisher", placeholder=t("controls.publisher_any"),
        format_func=lambda code: texts.native(known[code], "publisher", st.session_state["lang"]),
        persist_state="session",
    )  # fmt: skip


def quality() -> None:
    """Only figures read in the release, comparable ones, final ones."""
    _pills("quality", QUALITY, "controls.{}")


def kinds() -> None:
    """The kinds of events that are drawn."""
    _pills("events", events.KINDS, "kind.{}")


def significance() -> None:
    """The least weight of the events that are drawn."""
    t = say()
    st.segmented_control(
        t("controls.significance"), (1, 2, 3), key="significance", format_func=lambda n: t(f"controls.sig_{n}"),
        required=True, persist_state="session",
    )  # fmt: skip


def _pills(name: str, offered: Sequence[str], key: str) -> None:
    t = say()
    st.pills(
        t(f"controls.{name}"), offered, key=name, selection_mode="multi", persist_state="session",
        format_func=lambda code: t(key.format(code)),
    )  # fmt: skip


_MORE: dict[str, Callable[..., None]] = {
    "publisher": publishers,
    "quality": quality,
    "events": kinds,
    "significance": significance,
}


def ready(asked: View) -> bool:
    """Whether the view can be drawn. If not, says why and offers the way out."""
    t = texts.of(asked.lang)
    if asked.start > asked.end:
        st.error(t("controls.bad_years", start=asked.start, end=asked.end))
        st.button(t("controls.swap"), on_click=put, kwargs={"from": asked.end, "to": asked.start}, type="primary")
        return False
    if not asked.sector:
        st.info(t("controls.no_sector"))
        st.button(t("controls.founding"), on_click=reset, args=("sector",), type="primary")
        return False
    return True
