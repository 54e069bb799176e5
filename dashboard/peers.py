"""China beside others: which indicators several areas have on one definition, and the provinces."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from dashboard import rows
from data import catalogue

LEAST = 3
PROVINCE, GROUP = "province", "group"
PROVINCE_LINES = {
    "share": "nbs/rd_gdp_share.{area}.A.share.period",
    "level": "nbs/rd_expenditure.{area}.A.level.period",
}


def subjects() -> list[str]:
    """The annual lines that at least LEAST countries and groups have, China among them: `source/indicator.measure`."""
    return list(_subjects(rows.version()))


@lru_cache(maxsize=4)
def _subjects(_version: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    areas = catalogue.load().areas
    for name in rows.with_figures():
        one = catalogue.load().series[name]
        if one.freq == "A" and one.span == "period" and areas[one.ref_area].kind != PROVINCE:
            found.setdefault(f"{one.source}/{one.indicator}.{one.measure}", []).append(name)
    return {
        subject: series
        for subject, series in found.items()
        if len(series) >= LEAST and any(catalogue.load().series[one].ref_area == "CHN" for one in series)
    }


def series_of(subject: str) -> list[str]:
    """The series of a subject, China's first."""
    found = _subjects(rows.version()).get(subject, [])
    return sorted(found, key=lambda one: (catalogue.load().series[one].ref_area != "CHN", one))


def figures(subject: str, areas: tuple[str, ...], start: int, end: int, as_of: str) -> pd.DataFrame:
    """The figures of a subject (SELECT_COLUMNS); no area chosen means all that have any."""
    known = catalogue.load().series
    wanted = [one for one in series_of(subject) if not areas or known[one].ref_area in areas]
    return rows.of(wanted, as_of, start, end)


def ranks(table: pd.DataFrame, year: str, before: str, ascending: bool = False) -> pd.DataFrame:
    """Areas in order of their figure of `year`: ref_area, value, earlier, rank, earlier_rank, rank_change.

    Values are in the base unit; the largest is first unless `ascending`. Groups of countries are left out. The
    change counts places gained among the areas that have a figure in both years; others have none.
    """
    areas = catalogue.load().areas
    single = table[[areas[str(code)].kind != GROUP for code in table["ref_area"]]]
    base = single.assign(base=single["value"] * 10.0 ** single["unit_mult"])
    now, then = (
        base[base["time_period"] == period].set_index("ref_area")["base"].rename(name)
        for period, name in ((year, "value"), (before, "earlier"))
    )
    out = pd.DataFrame(now).join(then)
    out["rank"] = out["value"].rank(ascending=ascending, method="min").astype(int)
    both = out[out["earlier"].notna()]
    out["earlier_rank"] = both["earlier"].rank(ascending=ascending, method="min")
    out["rank_change"] = out["earlier_rank"] - both["value"].rank(ascending=ascending, method="min")
    return out.sort_values("rank").reset_index()


def provinces() -> list[str]:
    """The provinces, in their usual order."""
    return [one.id for one in catalogue.load().areas.values() if one.kind == PROVINCE]


def of_provinces(measure: str, as_of: str = "") -> pd.DataFrame:
    """R&D of the provinces (SELECT_COLUMNS): `share` of GDP or `level`, every year."""
    return rows.of([PROVINCE_LINES[measure].format(area=area) for area in provinces()], as_of)


def years_of_provinces() -> tuple[int, int]:
    """The first year with figures of provinces, and the one after the last."""
    return _years_of_provinces(rows.version())


@lru_cache(maxsize=4)
def _years_of_provinces(_version: str) -> tuple[int, int]:
    years = of_provinces("share")["period_end"].dt.year
    return (int(years.min()), int(years.max()) + 1) if len(years) else (2000, 2001)


def newest_year() -> int:
    """The last year with figures of provinces."""
    return years_of_provinces()[1] - 1
