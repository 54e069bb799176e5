"""Numbers, units, periods and sentences as people read them, in English and Chinese. Pure: no streamlit, no tables.

words.quantity(721.9, "vehicles", 4, "en")      "7.219 million vehicles"
words.quantity(721.9, "vehicles", 4, "zh")      "721.9万辆"
words.as_published(721.9, "vehicles", 4, "en")  "721.9 (10,000 vehicles) · 721.9万辆"
words.figure(row, "en")                         the value of a tidy row, growth with its sign
words.change(-3.2, "en")                        "−3.2%"
words.period("2022-10", "ytd", "en")            "Jan–Oct 2022"
words.day("2026-11-16", "en")                   "16 November 2026"
words.sentence(latest, "en")                    the sentence of a panel, see Latest
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any, NamedTuple

from dashboard import texts
from data import catalogue, codes, periods

MINUS = "−"
MISSING = "–"
_LARGE = {
    "en": ((12, "trillion"), (9, "billion"), (6, "million")),
    "zh": ((12, "万亿"), (8, "亿"), (4, "万")),
}
_SCALED: dict[str, dict[str, tuple[tuple[int, str], ...]]] = {
    "kW": {"en": ((6, "GW"), (3, "MW"), (0, "kW")), "zh": ((8, "亿千瓦"), (4, "万千瓦"), (0, "千瓦"))},
    "Wh": {
        "en": ((12, "TWh"), (9, "GWh"), (6, "MWh"), (3, "kWh"), (0, "Wh")),
        "zh": ((11, "亿千瓦时"), (7, "万千瓦时"), (3, "千瓦时"), (0, "瓦时")),
    },
}
_PERCENT = {"percent", "percent_per_year", "percent_cumulative", "percent_vs_2005", "percent_vs_peak"}
SIGNED = {"growth"}
_DIGITS = "〇一二三四五六七八九"


def number(value: float, significant: int = 4) -> str:
    """A number with at most so many significant digits, thousands separated; `–` for a missing one."""
    if value is None or math.isnan(value):
        return MISSING
    if value == 0:
        return "0"
    decimals = max(0, significant - 1 - math.floor(math.log10(abs(value))))
    text = f"{abs(value):,.{decimals}f}"
    return (MINUS if value < 0 else "") + (text.rstrip("0").rstrip(".") if "." in text else text)


def printed(value: float) -> str:
    """A number with every digit it was published with."""
    if math.isnan(value):
        return MISSING
    text = f"{abs(value):,.10f}".rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text


def change(value: float, lang: str, unit_measure: str = "percent", decimals: int = 1) -> str:
    """A growth rate or a change with its sign: `+21.6%`; percentage points are named as such."""
    if math.isnan(value):
        return MISSING
    rounded = round(value, decimals)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else "±" if value else ""
    text = f"{sign}{abs(rounded):,.{decimals}f}"
    if unit_measure == "percentage_points":
        return f"{text}个百分点" if lang == "zh" else f"{text} percentage points"
    return f"{text}%"


def quantity(value: float, unit_measure: str, unit_mult: int, lang: str) -> str:
    """A figure in the scale its size asks for: 721.9 with 10^4 vehicles is 7.219 million vehicles, or 721.9万辆."""
    if math.isnan(value):
        return MISSING
    if unit_measure in _PERCENT:
        return number(value) + codes.UNITS[unit_measure][lang == "zh"]
    if unit_measure == "percentage_points":
        return change(value, lang, unit_measure)
    if unit_measure == "rank":
        return f"第{number(value)}位" if lang == "zh" else f"rank {number(value)}"
    base = codes.convert(value, unit_mult, 0)
    power, name = scale(base, unit_measure, lang)
    text = number(base / 10.0**power)
    return f"{text}{name}" if lang == "zh" else f"{text} {name}"


def scale(base: float, unit_measure: str, lang: str) -> tuple[int, str]:
    """The power of ten and the unit in words that suit a value in base units: (6, "million vehicles")."""
    label = codes.UNITS[unit_measure][lang == "zh"]
    size = abs(base)
    if unit_measure in _SCALED:
        steps = _SCALED[unit_measure][lang]
        return next((step for step in steps if size >= 10.0 ** step[0]), steps[-1])
    if unit_measure in codes.ADDITIVE_FREE:
        return 0, label
    for power, name in _LARGE[lang]:
        if size >= 10.0**power:
            return power, f"{name}{label}" if lang == "zh" else f"{name} {label}"
    return 0, label


def as_published(value: float, unit_measure: str, unit_mult: int, lang: str) -> str:
    """The printed figure with its unit in both languages: `721.9 (10,000 vehicles) · 721.9万辆`."""
    if math.isnan(value):
        return MISSING
    english, chinese = codes.unit_label(unit_measure, unit_mult), codes.unit_label(unit_measure, unit_mult, "zh")
    text = printed(value)
    if english == chinese:
        return f"{text}{english}"
    first = f"{text} ({english})" if english[0].isdigit() else f"{text} {english}"
    return f"{text}{chinese} · {first}" if lang == "zh" else f"{first} · {text}{chinese}"


def figure(row: Any, lang: str) -> str:
    """The value of a tidy row: growth and changes with their sign, everything else as a quantity."""
    if row.measure in SIGNED or row.unit_measure == "percentage_points":
        return change(row.value, lang, row.unit_measure)
    return quantity(row.value, row.unit_measure, row.unit_mult, lang)


@lru_cache(maxsize=8192)
def period(time_period: str, span: str, lang: str) -> str:
    """A period in words; a cumulative one names its months: `Jan–Oct 2022`, 2022年1—10月."""
    say = texts.of(lang)
    freq, year, part = periods.split(time_period)
    if freq == "A":
        return say("period.year", year=year)
    if freq == "Q":
        return say("period.quarters" if span == "ytd" and part > 1 else "period.quarter", year=year, part=part)
    months = {"month": say(f"month.{part}"), "first": say("month.1")}
    return say("period.months" if span == "ytd" and part > 1 else "period.month", year=year, part=part, **months)


def day(iso: str, lang: str) -> str:
    """A date as precise as it is known (YYYY, YYYY-MM or YYYY-MM-DD); `–` for none."""
    if not iso:
        return MISSING
    say = texts.of(lang)
    year, month, date = [*(int(part) for part in iso.split("-")), 0, 0][:3]
    if not month:
        return say("period.year", year=year)
    name = say(f"month_long.{month}")
    if not date:
        return say("date.month", year=year, month=name, part=month)
    return say("date.day", year=year, month=name, part=month, day=date)


def status(code: str, lang: str) -> str:
    """An observation status in words."""
    return codes.OBS_STATUS[code][lang == "zh"]


def confidence(code: str, lang: str) -> str:
    """A confidence grade in words."""
    return codes.CONFIDENCE[code][lang == "zh"]


def basis(code: str, lang: str) -> str:
    """What a figure is computed from, in words: `published_level`, `published_comparable`, `computed_from_levels`."""
    return texts.of(lang)(f"basis.{code}")


def plan(number: int, lang: str) -> str:
    """The name of a five-year plan: `14th five-year plan`, “十四五”规划."""
    say = texts.of(lang)
    ending = "th" if 4 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    tens, ones = divmod(number, 10)
    chinese = ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")
    return say("band.plan", english=f"{number}{ending}", chinese=chinese)


def area(code: str, lang: str) -> str:
    """The name of a reference area."""
    return texts.native(catalogue.load().areas[code], "title", lang)


def line(freq: str, measure: str, span: str, lang: str) -> str:
    """Frequency, measure and span in words: `monthly, growth as published, year to date`."""
    named = [codes.FREQ[freq], codes.MEASURE[measure], *([codes.SPAN[span]] if span == "ytd" else [])]
    return texts.of(lang)("sentence.comma").join(label[lang == "zh"] for label in named)


def signed_number(value: float) -> str:
    """A number with its sign."""
    return ("+" if value > 0 else "") + number(value)


def signed(value: float) -> str:
    """A whole number with its sign: places gained or lost."""
    if math.isnan(value):
        return MISSING
    return f"+{value:.0f}" if value > 0 else f"{MINUS}{-value:.0f}" if value < 0 else "±0"


def revision(row: Any, lang: str) -> str:
    """How far a revision goes (a row of `data.revisions`): in per cent, points, or the figure's unit."""
    if not math.isnan(row.relative):
        return change(row.relative, lang, decimals=2)
    if row.change_unit == "percentage_points":
        return change(row.change, lang, "percentage_points", 2)
    sign = "+" if row.change > 0 else ""
    return sign + quantity(row.change, row.unit_measure, row.unit_mult, lang)


def plain(text: str) -> str:
    """A text from outside as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$:-])", r"\\\1", text)


class Latest(NamedTuple):
    """The newest figure of a panel with its growth; empty texts and NaN where there is none."""

    title: str
    publisher: str
    time_period: str
    span: str
    value: float
    unit_measure: str
    unit_mult: int
    published: float
    computed: float
    released: str
    next_release: str
    change: float = math.nan
    status: str = "A"
    overdue: bool = False


def sentence(latest: Latest, lang: str, lead: bool = True) -> str:
    """The newest figure, its growth on both bases, its date: the line over the page and the start of an alt text."""
    say = texts.of(lang)
    parts = [
        say(
            "sentence.figure",
            title=latest.title,
            period=period(latest.time_period, latest.span, lang),
            value=quantity(latest.value, latest.unit_measure, latest.unit_mult, lang),
        )
    ]
    if latest.status != "A":
        parts.append(say("sentence.status", status=status(latest.status, lang)))
    parts += _growth(latest, lang)
    text = say("sentence.comma").join(parts) + say("sentence.stop")
    if latest.released and lead:
        text += say("sentence.released", publisher=latest.publisher, date=day(latest.released, lang))
    if latest.next_release and lead:
        text += say("sentence.overdue" if latest.overdue else "sentence.next", date=day(latest.next_release, lang))
    return text


def _growth(latest: Latest, lang: str) -> list[str]:
    say = texts.of(lang)
    if not math.isnan(latest.change):
        return [say("sentence.change", change=change(latest.change, lang, "percentage_points", 2))]
    if math.isnan(latest.published) and math.isnan(latest.computed):
        return []
    if math.isnan(latest.published):
        return [say("sentence.only_computed", computed=change(latest.computed, lang))]
    stated = say("sentence.published", published=change(latest.published, lang))
    if math.isnan(latest.computed):
        return [stated]
    return [say("sentence.both", published=stated, computed=change(latest.computed, lang))]
