"""The view and the link that holds all of it.

A page draws controls (`controls.py`) and asks for the view: `view = link.view()`. Every parameter stands once, in
`parameters.py`. Codes, not labels, stand in the link (`sector=nev&from=2015&lang=zh`), so that it means the same in
both languages: that is why the link is read and written here rather than by `bind="query-params"`, which writes the
label a control shows. `open_link` runs once at the top of app.py: on arrival and on back and forward the link decides;
otherwise the controls do, and the link follows them. A value the link may not have falls back to the default, and
`notices` says so by name. The link is written anew only when it no longer means what is shown, so that arriving, back
and forward leave the history as it is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import presets, rows, texts
from dashboard.parameters import PARAMETERS, Parameter, View, sector_codes, sectors_of

__all__ = ["PARAMETERS", "View"]
LONGEST = 60
_NOTICES, _READ, _PAGE, _DATA, _PRESET = "_notices", "_link_read", "_page", "data", "preset"


def carry() -> None:
    """Let the link say the view before the page is known, so that the browser goes to another page in one step.

    Streamlit's navigation empties the link. Written only after it, the address would be in the history twice, once
    without the view.
    """
    context = get_script_run_ctx()
    if _READ in st.session_state and not _link() and not (context and context.is_history_navigation):
        in_step()


def open_link(page: str) -> None:
    """Take the view from the link where the link decides, then let the link say what the view is."""
    state, context, given = st.session_state, get_script_run_ctx(), _link()
    arrived = _READ not in state or bool(context and context.is_history_navigation)
    switched = state.get(_PAGE, page) != page
    if switched:
        _hand_over()
    if _PRESET in given:
        given, unknown = _spelled_out(given, arrived)
        state[_NOTICES] = unknown + _take(given, keep=False)
        state[_READ] = True
        st.query_params.from_dict(_query())
    elif arrived or (switched and given):
        state[_NOTICES] = _take(given, keep=switched and not arrived) + _other_data(given)
        state[_READ] = True
    elif _means(given) != _present():
        state[_NOTICES] = []
    state[_PAGE] = page
    in_step()


def _spelled_out(given: dict[str, list[str]], arrived: bool) -> tuple[dict[str, list[str]], list[tuple[str, str, str]]]:
    """The parameters a named view stands for, with those of the link; a name that does not exist, as a notice."""
    name = given[_PRESET][-1]
    kept = {} if arrived else {one: said for one, said in _query().items() if one in ("lang", "as_of")}
    more = {one: said for one, said in given.items() if one != _PRESET}
    return kept | presets.views().get(name, {}) | more, [] if name in presets.views() else [(_PRESET, name, "")]


def _hand_over() -> None:
    """Give the view to the controls of the page switched to: Streamlit draws them anew, at their own defaults."""
    for name in PARAMETERS:
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def in_step() -> None:
    """Let the link say what is shown, where it says something else."""
    if _means(_link()) != _present():
        st.query_params.from_dict(_query())


def _link() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _take(given: dict[str, list[str]], keep: bool) -> list[tuple[str, str, str]]:
    """Set every parameter from the link; the wrong values as (name, value, what is shown instead)."""
    wrong = []
    for name, parameter in PARAMETERS.items():
        if name not in given and keep and name in st.session_state:
            continue
        st.session_state[name], bad = _read(parameter, given.get(name, []))
        wrong += [(name, text, _shown(st.session_state[name])) for text in bad]
    return wrong


def _other_data(given: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """A notice when the link was made with other data than the tables hold now."""
    made = given.get(_DATA, [""])[-1]
    return [(_DATA, made, rows.version())] if made and made != rows.version() else []


def _read(parameter: Parameter, given: list[str]) -> tuple[Any, list[str]]:
    """What the texts of a link mean for a parameter, and those that mean nothing; `sector=` means none."""
    good, bad = [], []
    for text in given:
        try:
            value = parameter.read(text)
        except ValueError:
            value = None
        if value is not None and value in parameter.allowed():
            good.append(value)
        elif text or not parameter.many:
            bad.append(text)
    if parameter.many:
        return (list(dict.fromkeys(good)) if good or given == [""] else parameter.default()), bad
    return (good[-1] if good else parameter.default()), bad


def _means(given: dict[str, list[str]]) -> dict[str, Any]:
    """The view a link stands for."""
    said = {name: _read(parameter, given.get(name, []))[0] for name, parameter in PARAMETERS.items()}
    if "sector" not in given:
        said["sector"] = sectors_of(said["series"])
    return said


def _present() -> dict[str, Any]:
    """The view as the controls have it; a control without a choice has the default."""
    found = {}
    for name, parameter in PARAMETERS.items():
        value = st.session_state.get(name)
        value = parameter.default() if value is None else value
        found[name] = list(value) if parameter.many else value
    return found


def _query() -> dict[str, list[str]]:
    """The link the present view has: what differs from the default."""
    return {
        name: _texts(value, PARAMETERS[name])
        for name, value in _present().items()
        if value != PARAMETERS[name].default()
    }


def _texts(value: Any, parameter: Parameter | None = None) -> list[str]:
    listed = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    return listed or [""] if parameter is None or parameter.many else listed


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def query(**changes: Any) -> dict[str, list[str]]:
    """The parameters of the present view with these changes, for st.page_link(query_params=…) and st.switch_page."""
    return _query() | {name: _texts(value) for name, value in changes.items()}


def to(page: str = "", **changes: Any) -> str:
    """A link to a page with the present view and these changes; relative to the server's address."""
    asked = query(**changes)
    return f"{page}?{urlencode(asked, doseq=True)}" if asked else page


def address(**changes: Any) -> str:
    """The whole address of this page to copy, with the present view, these changes and the version of the data."""
    asked = query(**changes) | {_DATA: [rows.version()]}
    return f"{(st.context.url or '').partition('?')[0]}?{urlencode(asked, doseq=True)}"


def view() -> View:
    """What the reader asked for, from the controls on this page and on the pages before."""
    known = {name: _fixed(value) for name, value in _present().items()}
    known["sector"] = tuple(sorted(known["sector"], key=sector_codes().index))
    known["as_of"] = as_of()
    return View(start=int(known.pop("from")), end=int(known.pop("to")), **known)


def as_of() -> str:
    """The day whose knowledge is shown (YYYY-MM-DD); empty for today."""
    day = st.session_state.get("as_of") or PARAMETERS["as_of"].default()
    return day.isoformat() if day < dt.date.today() else ""


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def say() -> texts.Say:
    """The texts in the reader's language."""
    return texts.of(st.session_state.get("lang") or _asked_language())


def _asked_language() -> str:
    """The language of the link: the navigation is drawn before the link is read."""
    asked = st.query_params.get("lang", "")
    return asked if asked in texts.LANGUAGES else "en"


def reset(*names: str) -> None:
    """Set these parameters, or all but the language, to their defaults. Meant for on_click."""
    for name in names or [name for name in PARAMETERS if name != "lang"]:
        st.session_state[name] = PARAMETERS[name].default()


def put(**values: Any) -> None:
    """Set parameters. Meant for on_click."""
    for name, value in values.items():
        st.session_state[name] = value


def notice(name: str, value: str, shown: str) -> None:
    """Say that a value was asked for which this page does not have, and what is shown instead."""
    instead = quoted(shown) if shown else say()("controls.nothing")
    st.warning(say()("controls.bad_value", name=name, value=quoted(value), fallback=instead))


def notices() -> None:
    """What the link asked for and could not have, named; and whether it was made with other data."""
    for name, value, shown in st.session_state.get(_NOTICES, []):
        if name == _DATA:
            said = say()("controls.other_data", made=quoted(value), now=quoted(shown))
            st.info(said, icon=":material/update:")
        else:
            notice(name, value, shown)


def quoted(text: str) -> str:
    """A text from outside as it may stand in a message: as code, and not longer than LONGEST characters."""
    plain = " ".join(text.replace("`", "'").split()) or " "
    return f"`{plain[:LONGEST]}…`" if len(plain) > LONGEST else f"`{plain}`"
