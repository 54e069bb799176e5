"""Events and periods of policy as the pages use them: numbered steps, plan periods, figures around a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard import panels, rows, texts, words
from dashboard.figures import Band
from dashboard.parameters import View
from data import catalogue, derive, targets

PREFERRED = ("M.growth.period", "M.growth.ytd", "A.growth.period")


def steps(view: View) -> rows.Steps:
    """The events of the sectors of the view, numbered in order of date."""
    return rows.steps(view.sector, view.events, view.significance, view.start, view.end, view.as_of)


def whole(view: View) -> rows.Steps:
    """The events of the timeline page: of the subjects chosen, any without a choice, of its own least weight."""
    return rows.steps(view.subject or subjects(), view.events, view.weight, view.start, view.end, view.as_of)


def subjects() -> tuple[str, ...]:
    """All subjects events have: the sectors, and themes that have no figures."""
    return tuple(one for one in catalogue.load().sectors if one != "all")


def concerning(events: Iterable[Any], sector: str) -> tuple[Any, ...]:
    """Those that name a sector, and those that concern all."""
    wanted = {sector, "all"}
    return tuple(one for one in events if wanted & set(one.sectors.split(";")))


def bands(lang: str, sectors: Iterable[str], as_of: str = "") -> list[Band]:
    """The five-year plans whose targets are in the tables, and the periods of presets.toml that concern the sectors."""
    say, chosen = texts.of(lang), set(sectors)
    found = [
        Band(f"{start}-01-01", f"{end}-12-31", words.plan(number, lang), _short(number, lang))
        for number, (start, end) in sorted(_plans(rows.version(), as_of).items())
    ]
    for name, band in panels.presets()["band"].items():
        begins, ends = rows.day_of(band["begins"]), rows.day_of(band["ends"])
        if band["sector"] in chosen and (not as_of or begins <= as_of):
            found.append(Band(begins, min(ends, as_of or ends), say(f"band.{name}")))
    return found


def _short(number: int, lang: str) -> str:
    """The number of a plan where its name has no room: 14th, 14."""
    return f"{number}" if lang == "zh" else words.plan(number, lang).partition(" ")[0]


@lru_cache(maxsize=8)
def _plans(_version: str, as_of: str) -> dict[int, tuple[str, str]]:
    """The years of each five-year plan, from the targets set in it by a day."""
    found: dict[int, tuple[str, str]] = {}
    for target in targets.targets():
        number = _plan(target.id)
        if number and number not in found and len(targets.value(target, as_of or None)):
            found[number] = (target.start, target.end)
    return found


def _plan(target: str) -> int:
    """The number of the five-year plan a target belongs to (`rd_growth_plan_14`); 0 for none."""
    _, mark, number = target.rpartition("_plan_")
    return int(number) if mark and number.isdigit() else 0


def around(indicators: Iterable[str], day: str, as_of: str = "") -> pd.DataFrame:
    """Published growth in the twelve months before and after a day: derive.SIDE_COLUMNS, one line an indicator.

    Single months where there are any on both sides, else year-to-date rates, else those of years.
    """
    lines = [f"{one}.CHN.{line}" for one in indicators for line in PREFERRED]
    known = [one for one in lines if one in catalogue.load().series]
    sides = derive.before_after(rows.of(known, as_of), day)
    counts = sides.groupby("series")["n"].min()
    best: dict[str, str] = {}
    for one in known:
        indicator = one.partition(".")[0]
        if counts.get(one, 0) > 0:
            best.setdefault(indicator, one)
    for one in known:
        if one in counts.index:
            best.setdefault(one.partition(".")[0], one)
    return sides[sides["series"].isin(best.values())].reset_index(drop=True)
