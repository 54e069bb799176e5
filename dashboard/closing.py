"""What an update says when it has ended, in both languages. The fetchers' own sentences stay as they are.

`report` is `fetchers.RunReport.plain()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dashboard import texts, words
from dashboard.updating import Update
from data import catalogue, codes

MARK = {"asking": "…", "ok": "✓", "failed": "✕", "skipped": "–"}
DETAILS = ("series", "period", "value", "address")
LONGEST = 160
OUTCOMES = ("new", "revised", "unchanged", "rejected")
SERVICE_COLUMNS = ("service", "ended", *OUTCOMES, "documents", "seconds")
SERIES_COLUMNS = ("title", *OUTCOMES, "service")
REVISION_COLUMNS = ("title", "period", "old", "now", "change", "status", "old_date", "new_date", "service")
REJECTION_COLUMNS = ("title", "period", "refused", "reason", "service")


class Failure(NamedTuple):
    """One error in words: its class, what it is about, the sentence as the fetcher wrote it, the address asked."""

    kind: str
    about: str
    said: str
    address: str


def service(name: str, lang: str) -> str:
    """A service by publisher and title."""
    source = catalogue.load().sources.get(name)
    if source is None:
        return name
    parts = [texts.native(source, field, lang) for field in ("publisher", "title")]
    return texts.of(lang)("sources.service_name", publisher=parts[0], title=parts[1])


def series(name: str, lang: str) -> str:
    """A series in words: title, area unless China, how often, published growth or cumulative where it is."""
    one = catalogue.load().series.get(name)
    if one is None:
        return name
    area = [] if one.ref_area == "CHN" else [words.area(one.ref_area, lang)]
    parts = [texts.native(one, "title", lang), *area, words.line(one.freq, one.measure, one.span, lang)]
    return " · ".join(parts)


def moment(time: str, lang: str) -> str:
    """A time in UTC as read: `24 November 2026, 08:20 UTC`; `–` for none."""
    if not time:
        return words.MISSING
    return texts.of(lang)("sources.moment", day=words.day(time[:10], lang), time=time[11:16])


def duration(seconds: float, lang: str) -> str:
    """A span of time: `40 s`, `2 min 05 s`."""
    minutes, rest = divmod(round(seconds), 60)
    say = texts.of(lang)
    return say("sources.minutes", m=minutes, s=rest) if minutes else say("sources.seconds_left", s=rest)


def shortened(text: str) -> str:
    """Not longer than LONGEST characters."""
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def skipped(reason: str, lang: str) -> str:
    """Why a service was not asked: it wants a key, or those before it brought everything."""
    key = reason.rpartition(" ")[2]
    wants = any(key and source.key_env == key for source in catalogue.load().sources.values())
    return texts.of(lang)("sources.no_key", name=key) if wants else texts.of(lang)("sources.not_needed")


def ended(update: Update, lang: str) -> str:
    """The update that has ended in a sentence: when, how long, what it brought, how many services failed."""
    say, report = texts.of(lang), update.report
    asked = [one for one in report["sources"] if one["state"] != "skipped"]
    failed = sum(one["state"] == "failed" for one in asked)
    when, took = moment(update.started, lang), duration(report["seconds"], lang)
    text = say("sources.done", when=when, took=took, **{name: f"{n:,}" for name, n in report["totals"].items()})
    return text + (say("sources.failed", n=failed, asked=len(asked)) if failed else "")


def failed_before(kind: str, message: str, lang: str) -> str:
    """The error of a service's last run: the class in the reader's language, then the sentence."""
    say = texts.of(lang)
    return say("sources.error", kind=say(f"sources.kind_{kind}") if kind in KINDS else kind, said=message)


KINDS = ("unavailable", "rejected", "unexpected", "inconsistent")


def failures(source: dict[str, Any], lang: str) -> list[Failure]:
    """The errors of one service."""
    return [_failure(source["source"], one, lang) for one in source["failures"]]


def _failure(source: str, one: dict[str, str], lang: str) -> Failure:
    say = texts.of(lang)
    details = [service(source, lang)]
    details += [series(one["series"], lang)] if one["series"] else []
    details += [_period(one["series"], one["period"], lang)] if one["period"] else []
    details += [say("sources.seen", value=shortened(one["value"]))] if one["value"] else []
    kind = say(f"sources.kind_{one['kind']}") if one["kind"] in KINDS else one["kind"]
    return Failure(kind, " · ".join(details), _sentence(source, one), one["address"])


def _sentence(source: str, one: dict[str, str]) -> str:
    """The message without what is said beside it: `nbs: … (series …, period …)`."""
    text = one["message"].removeprefix(f"{source}: ")
    first = next((name for name in DETAILS if one[name]), "")
    return text.rpartition(f" ({first} {one[first][:40]}")[0] or text if first else text


def _period(name: str, time_period: str, lang: str) -> str:
    known = catalogue.load().series.get(name)
    try:
        return words.period(time_period, known.span if known else "period", lang)
    except ValueError:  # a period the service made up
        return time_period


def services(report: dict[str, Any], lang: str) -> list[dict[str, object]]:
    """What each service brought: SERVICE_COLUMNS."""
    say = texts.of(lang)
    return [
        {
            "service": service(one["source"], lang),
            "ended": f"{MARK[one['state']]} {say('sources.state_' + one['state'])}"
            + (f": {skipped(one['skipped'], lang)}" if one["state"] == "skipped" else ""),
            **one["totals"],
            "documents": one["documents"],
            "seconds": one["seconds"],
        }
        for one in report["sources"]
    ]


def by_series(report: dict[str, Any], lang: str) -> list[dict[str, object]]:
    """The series with something new, revised or rejected: SERIES_COLUMNS."""
    return [
        {"title": series(name, lang), **counts, "service": service(one["source"], lang)}
        for one in report["sources"]
        for name, counts in one["series"].items()
        if sum(counts.values()) > counts["unchanged"]
    ]


def revised(report: dict[str, Any], lang: str) -> Iterator[dict[str, str]]:
    """The revisions, old and new with every digit: REVISION_COLUMNS."""
    for source in report["sources"]:
        for one in source["revisions"]:
            known = catalogue.load().series[one["series"]]
            old, now = (printed(one[n], known.unit_measure, one[f"{n}_unit_mult"], lang) for n in ("old", "new"))
            yield {
                "title": series(one["series"], lang),
                "period": words.period(one["period"], known.span, lang),
                "old": old,
                "now": now,
                "change": change(one, known.unit_measure, lang),
                "old_date": words.day(one["old_vintage"], lang),
                "new_date": words.day(one["new_vintage"], lang),
                "status": status(one["old_status"], one["new_status"], lang),
                "service": service(source["source"], lang),
            }


def printed(value: float, unit_measure: str, unit_mult: int, lang: str) -> str:
    """A figure with every digit it was published with, and its unit."""
    label, digits = codes.unit_label(unit_measure, unit_mult, lang), words.printed(value)
    return f"{digits}{label}" if lang == "zh" or label.startswith("%") else f"{digits} {label}"


def change(one: dict[str, Any], unit_measure: str, lang: str) -> str:
    """How far a revision of the report goes: percentage points, else per cent, else none where there is no ratio."""
    old = codes.convert(one["old"], one["old_unit_mult"], one["new_unit_mult"])
    if unit_measure == "percent":
        return words.change(round(one["new"] - old, 10), lang, "percentage_points", 2)
    if unit_measure in codes.ADDITIVE_FREE or not old:
        return words.signed_number(round(one["new"] - old, 10))
    return words.change((one["new"] / old - 1) * 100, lang, decimals=2)


def status(old: str, new: str, lang: str) -> str:
    """`preliminary → normal`, or the one status both have."""
    names = dict.fromkeys(words.status(code, lang) for code in (old, new))
    return " → ".join(names)


def rejections(report: dict[str, Any], lang: str) -> Iterator[dict[str, str]]:
    """The figures that were not taken, and why: REJECTION_COLUMNS. The reason is the fetchers' sentence."""
    for source in report["sources"]:
        for one in source["rejections"]:
            known = catalogue.load().series.get(one["series"])
            refused = printed(one["value"], known.unit_measure, one["unit_mult"], lang) if known else one["value"]
            yield {
                "title": series(one["series"], lang),
                "period": _period(one["series"], one["period"], lang),
                "refused": str(refused),
                "reason": one["reason"],
                "service": service(source["source"], lang),
            }
