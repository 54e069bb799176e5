"""China's National Bureau of Statistics (NBS): the database at data.stats.gov.cn, first choice for monthly output.

The interface in force since 2026-03-27, without a key, is
https://data.stats.gov.cn/dg/website/publicrelease/web/external. One visit for the firewall's cookie, then one POST a
table for all its wanted lines: output (当期值), output from January (累计值) and the published growth of both
(同比增长, 累计增长, on a comparable basis). Identifiers are pinned in the catalogue; the yearly R&D tables name their
lines instead, and one question a table, kept for a month, finds the identifiers. These tables come last, because the
firewall stops such questions first. The tree is never walked: after about a hundred quick questions it asks for a
browser.

What is printed: output of enterprises above the designated size, whose number changes every year, so that the ratio of
two levels is not the published growth. January and February are published together, as February's figure from January.

Checked: none of it against a recorded answer; requests and shapes are those of working clients of 2026 (fields, order,
`无` and empty values, error bodies), names of lines those that clients and exports of the database quote. Least certain
is the name of the ratio of R&D to GDP, which is therefore found by two words; a name that is not found is an error that
lists the names there are. Licence: NBS lets its figures be used with the source named.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from data import Observation, Release, Series, periods
from fetchers import _chinese
from fetchers._errors import Rejected, Unexpected
from fetchers._http import Answer, Http
from fetchers._nbs_page import plain
from fetchers._read import json_body, leftover

PAGE = "https://data.stats.gov.cn/dg/website/page.html"
API = "https://data.stats.gov.cn/dg/website/publicrelease/web/external"
HEADERS = {"Origin": "https://data.stats.gov.cn", "Referer": PAGE, "Content-Type": "application/json;charset=UTF-8"}
CHINA = "000000000000"
ROOTS = {"M": "fc982599aa684be7969d7b90b1bd0e84", "A": "884c062607104a91967b22742537f44f"}
SUFFIXES = {"M": "MM", "A": "YY"}
FIRST = {"M": "2010-01", "A": "1990"}
WORDS = {"level.period": "当期值", "level.ytd": "累计值", "growth.period": "同比增长", "growth.ytd": "累计增长"}
CLOSED = {400, 403, 404, 405, 500}  # the streaming address is gone or does not take the body: ask the older one
PINNED = re.compile(r"[0-9a-f]{32}")
ALIKE = {"研究与试验发展(R&D)": "R&D", "研究与试验发展": "R&D", "规上": "规模以上"}  # how the same is written otherwise
CODE = re.compile(r"(\d{4})(\d\d)?(MM|YY)")
# Fields of a value beside those read, as clients of 2026 have seen them.
KNOWN = {
    *("_name", "ek", "ek_name", "ek_dp_name", "i", "i_name", "i_mark", "i_annotation", "du", "dp", "dp_name"),
    *("kj1", "kj1_name", "kj2", "kj2_name", "da_name", "dt", "dt_name", "catalogid", "order", "ds_order", "accuracy"),
    "num_accuracy_value",
}


def fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]:
    """One document a table: every wanted line over a closed range of periods, to the end of the current year; none
    when only later ones are needed.
    """
    if since and periods.start(since).year > dt.date.today().year:
        return
    http.warm_up(PAGE)
    tables: dict[str, list[Series]] = {}
    for one in series:
        if _line(one):
            tables.setdefault(one.locators["nbs"]["cid"], []).append(one)
    for cid, lines in sorted(tables.items(), key=lambda table: not _pinned(table[1])):
        answer = _ask(http, cid, _identifiers(http, cid, lines), lines[0].freq, since)
        title = "、".join(dict.fromkeys(one.title_native for one in lines))
        yield answer.release(source="nbs", fetcher="nbs", name=cid, title=f"国家数据：{title}")


def _pinned(lines: Sequence[Series]) -> bool:
    return all(PINNED.fullmatch(_line(one)) for one in lines)


def _line(one: Series) -> str:
    """How the catalogue finds the line: an identifier or a name; empty when the table does not hold it."""
    locator = one.locators["nbs"]
    return locator.get(one.line, "") if locator.get("freq", "M") == one.freq else ""


def _identifiers(http: Http, cid: str, lines: Sequence[Series]) -> list[str]:
    """The identifiers of the lines; a table with a line known by name is asked for its names."""
    if _pinned(lines):
        return [_line(one) for one in lines]
    address = f"{API}/new/queryIndicatorsByCid"
    query = {"cid": cid, "dt": "", "name": ""}
    answer = http.get(address, query, headers=HEADERS, max_age=dt.timedelta(days=30))
    listed = _data(answer.body, "the list of lines")
    if not isinstance(listed, dict) or not isinstance(listed.get("list"), list):
        raise Unexpected("the list of lines has no list", series=lines[0].id, address=answer.url, value=listed)
    names = {entry.get("_id", ""): entry.get("i_showname") or "" for entry in listed["list"]}
    found = {one.id: _found(one, names) for one in lines}
    for one in lines:
        if not found[one.id]:
            what = f"the table has no line {_line(one)}, or several"
            raise Unexpected(what, series=one.id, address=answer.url, value="; ".join(names.values()))
    return list(found.values())


def _ask(http: Http, cid: str, identifiers: Sequence[str], freq: str, since: str | None) -> Answer:
    body = {
        "cid": cid,
        "indicatorIds": list(identifiers),
        "daCatalogId": "",
        "das": [{"text": "全国", "value": CHINA}],
        "showType": "1",
        "dts": [_range(freq, since, dt.date.today())],
        "rootId": ROOTS[freq],
    }
    answer = http.post(f"{API}/stream/esData", body, headers=HEADERS, allow=CLOSED)
    if answer.status != 200:
        answer = http.post(f"{API}/getEsDataByCidAndDt", body, headers=HEADERS)
    return answer


def _range(freq: str, since: str | None, today: dt.date) -> str:
    """A closed range: 201001MM-202612MM, 1990YY-2026YY. Periods still to come are answered empty."""
    first = max(FIRST[freq], periods.containing(periods.start(since), freq)) if since else FIRST[freq]
    last = periods.containing(dt.date(today.year, 12, 31), freq)
    return "-".join(period.replace("-", "") + SUFFIXES[freq] for period in (first, last))


def parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]:
    """Values by period, oldest first; Rejected when the service says no, Unexpected for an unknown field or unit."""
    data = _data(release.body, release.title)
    if not isinstance(data, list):
        raise Unexpected("the periods are not a list", value=data)
    if not data:
        raise Rejected("the service knows neither table nor line: have the identifiers changed?", value=release.title)
    periods_ = sorted(((_period(entry), entry) for entry in data), key=lambda pair: pair[0])
    values = [(period, value) for period, entry in periods_ for value in entry.pop("values", None) or []]
    for period, entry in periods_:
        leftover(entry, f"period {period}", known=("code", "name", "values"))
    wanted = _wanted(series, (value for _, value in values))
    yield from _chinese.once(_observations(values, wanted, release))


def _data(body: bytes, where: str) -> Any:
    """The `data` of an answer; Rejected when the service reports a failure."""
    answer = json_body(body, where)
    if not isinstance(answer, dict) or "success" not in answer:
        raise Unexpected(f"{where} is no answer of the service", value=str(answer)[:200])
    success, state, message = answer.pop("success"), answer.pop("state", 20000), answer.pop("message", "")
    if success is not True or str(state) != "20000":
        raise Rejected(f"the service says no: {message}", value=f"state {state}")
    if "data" not in answer:
        raise Unexpected(f"{where} has no data", value=str(answer)[:200])
    data = answer.pop("data")
    leftover(answer, where)
    return data


def _period(entry: Mapping[str, Any]) -> str:
    match = CODE.fullmatch(str(entry.get("code")))
    if not match:
        raise Unexpected("a period has no known code", value=entry.get("code"))
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


def _wanted(series: Sequence[Series], values: Iterable[Mapping[str, Any]]) -> dict[str, Series]:
    """The series by identifier; lines known by name are found among the names of this document."""
    names = {value.get("_id", ""): value.get("i_showname") or "" for value in values}
    return {identifier: one for one in series if _line(one) and (identifier := _found(one, names))}


def _found(one: Series, names: Mapping[str, str]) -> str:
    """The identifier of a line: pinned, or that of the one name which is, or else contains, what the catalogue says."""
    line = _line(one)
    if PINNED.fullmatch(line):
        return line
    shown = {identifier: _chinese.label(_short(name))[0] for identifier, name in names.items()}
    exact = [identifier for identifier, name in shown.items() if name == _short(line)]
    words = [_short(word) for word in line.split()]
    near = [identifier for identifier, name in shown.items() if all(word in name for word in words)]
    return next((found[0] for found in (exact, near) if len(found) == 1), "")


def _short(name: str) -> str:
    """A name as it is compared: without white space, with one way of writing for what is written in several."""
    name = plain(name)
    for written, meant in ALIKE.items():
        name = name.replace(written, meant)
    return name


def _observations(
    values: Iterable[tuple[str, dict[str, Any]]], wanted: Mapping[str, Series], release: Release
) -> Iterator[Observation]:
    for period, value in values:
        one = wanted.get(value.pop("_id", ""))
        shown, unit = value.pop("i_showname", "") or "", value.pop("du_name", "") or ""
        area = {value.pop("da", CHINA), value.pop("areaCode", CHINA)}
        if "value" not in value:
            raise Unexpected("a line has no value", period=period, value=str(value)[:200])
        figure = value.pop("value")
        leftover(value, f"the value of {shown} {period}", known=KNOWN)
        if one is None or periods.freq(period) != one.freq or (one.freq == "M" and _chinese.silent(period, one.span)):
            continue
        number = _chinese.number(figure, one, period)
        if number is None:
            continue
        _insist(one, period, shown, unit, area)
        yield Observation(
            series=one.id,
            time_period=period,
            value=number,
            unit_mult=one.unit_mult,
            obs_status="A",
            vintage=release.published or release.retrieved,
            release=release.id,
        )


def _insist(one: Series, period: str, shown: str, unit: str, area: set[str]) -> None:
    """Unexpected unless the value is of the product, the measure, the unit and the area the catalogue means."""
    if area != {CHINA}:
        raise Unexpected("the value is not national", series=one.id, period=period, value=", ".join(sorted(area)))
    name = _short(one.locators["nbs"].get("name") or one.title_native).partition("产量")[0]
    pinned = PINNED.fullmatch(_line(one))
    if pinned and not (_short(shown).startswith(name) and WORDS[one.line] in shown):
        raise Unexpected(f"the line is not {name} {WORDS[one.line]}", series=one.id, period=period, value=shown)
    _chinese.insist_on_unit(plain(unit) or _chinese.label(plain(shown))[1], one, period)
