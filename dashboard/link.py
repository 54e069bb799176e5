"""The view and the link that holds all of it.

A page draws controls (`controls.py`) and asks for the view: `view = link.view()`. Every parameter stands once, in
PARAMETERS; a page that needs another one adds a line there. Codes, not labels, stand in the link
(`sector=nev&from=2015&lang=zh`), so that it means the same in both languages: that is why the link is read and
written here rather than by `bind="query-params"`, which writes the label a control shows. `open_link` runs once at the
top of app.py: on arrival and on back and forward the link decides; otherwise the controls do, and the link follows
them. A value the link may not have falls back to the default, and `notices` says so by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import peers, rows, texts
from data import catalogue, concepts, events, periods

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
    point: str
    revised: str
    concept: str
    compared: str
    areas: tuple[str, ...]
    layout: str
    province: str
    year: int


def span() -> tuple[int, int]:
    """The first and the last year a reader may ask for."""
    first, last = rows.years()
    return min(first, FIRST_YEAR), max(last, dt.date.today().year)


def days() -> tuple[dt.date, dt.date]:
    """The first and the last day of `as known on`."""
    return dt.date(span()[0], 1, 1), dt.date.today()


def _years() -> Sequence[int]:
    return range(span()[0], span()[1] + 1)


def _days() -> Sequence[dt.date]:
    return _Days(*days())


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
    "point": Parameter(str, lambda: _Points()),
    "revised": Parameter(lambda: "nbs/rd_gdp_share.CHN.A.share.period", lambda: list(catalogue.load().series)),
    "concept": Parameter(lambda: concepts.concepts()[0].id, lambda: [one.id for one in concepts.concepts()]),
    "compared": Parameter(lambda: peers.subjects()[0], peers.subjects),
    "areas": Parameter(list, lambda: list(catalogue.load().areas), many=True),
    "layout": Parameter(lambda: "lines", lambda: ("lines", "each", "event")),
    "province": Parameter(lambda: "share", lambda: ("share", "level")),
    "year": Parameter(peers.newest_year, lambda: range(*peers.years_of_provinces()), int),
}


class _Points(Sequence[str]):
    """The figures a card can be opened for: `series@period` of any series with figures, derived lines included."""

    def __contains__(self, name: object) -> bool:
        series, mark, period = str(name).partition("@")
        return name == "" or bool(mark and periods.PATTERN.fullmatch(period) and rows.known(series.partition("~")[0]))

    def __len__(self) -> int:
        return 0

    def __getitem__(self, at: Any) -> Any:
        raise IndexError(at)


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


def to(page: str = "", **changes: Any) -> str:
    """A link to a page with the present view and these changes; relative to the server's address."""
    asked = query(**changes)
    return f"{page}?{urlencode(asked, doseq=True)}" if asked else page


def query(**changes: Any) -> dict[str, list[str]]:
    """The same as parameters, for st.page_link(query_params=…) and st.switch_page."""
    return _query() | {name: _listed(value) for name, value in changes.items()}


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


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
        point=known["point"],
        revised=known["revised"],
        concept=known["concept"],
        compared=known["compared"],
        areas=tuple(known["areas"]),
        layout=known["layout"] or "lines",
        province=known["province"] or "share",
        year=int(known["year"]),
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


def notice(name: str, value: str, shown: str) -> None:
    """Remember that the link asked for something this page does not have."""
    st.session_state[_NOTICES] = [*st.session_state.get(_NOTICES, []), (name, value, shown)]


def notices() -> None:
    """What the link asked for and could not have, named."""
    for name, value, shown in st.session_state.get(_NOTICES, []):
        st.warning(say()("controls.bad_value", name=name, value=value, fallback=shown or say()("controls.nothing")))
