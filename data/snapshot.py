"""Reads the shipped snapshot: text files, every row checked, a damaged one left out and named."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path

import pandas as pd

from data import catalogue, codes, periods, textfile
from data.textfile import Left

FOLDER = Path(__file__).parent
OBSERVATION_COLUMNS = (
    "series", "time_period", "value", "unit_mult", "obs_status", "vintage", "release", "confidence", "note",
)  # fmt: skip
RELEASE_COLUMNS = ("id", "source", "title", "published", "date_precision", "retrieved", "url")
PRECISION = {0: "unknown", 4: "year", 7: "month", 10: "day"}
LARGEST = 1e25  # no figure is as large in any unit; what is would overflow on conversion


def files() -> list[Path]:
    """The observation files, then the releases."""
    return [
        *sorted((FOLDER / "observations").glob("*.csv")),
        FOLDER / "releases.csv",
        FOLDER / "corrections.toml",
    ]


def stamp() -> tuple[object, ...]:
    """Changes when a file does."""
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files() if file.exists())


def read() -> tuple[pd.DataFrame, pd.DataFrame, list[Left]]:
    """Observations (OBSERVATION_COLUMNS), releases (RELEASE_COLUMNS and `fetcher`), and what was left out."""
    left_out: list[Left] = []
    frames = [_observations(file, left_out) for file in files()[:-2]]
    if not frames:
        left_out.append(("observations", 0, "", "", "no file of figures is there"))
        none = pd.DataFrame(columns=list(OBSERVATION_COLUMNS), dtype="str")
        frames = [none.astype({"value": float, "unit_mult": "int64"})]
    return pd.concat(frames, ignore_index=True), _releases(left_out), left_out


def _releases(left_out: list[Left]) -> pd.DataFrame:
    """The documents; one with a damaged field stays, so that its figures keep their source, without that field."""
    file = FOLDER / "releases.csv"
    table = textfile.read(file, RELEASE_COLUMNS, left_out)
    nameless, twice = table["id"] == "", table["id"].duplicated()
    _name(file, table[nameless], "id", "is empty", left_out)
    _name(file, table[twice & ~nameless], "id", "stands twice", left_out)
    table = table[~twice & ~nameless]
    precise = table["published"].str.len().map(PRECISION).fillna("")
    checks = {
        "source": (table["source"].isin(list(catalogue.load().sources)), "is not in the catalogue"),
        "title": (table["title"].str.strip() != "", "is empty"),
        "date_precision": (table["date_precision"] == precise, "is not how precise the date is"),
        "published": (table["published"].map(lambda date: date == "" or _is_date(date)), "is not a date"),
        "retrieved": (table["retrieved"].map(is_day), "is not a day"),
        "url": (table["url"].str.match(r"https?://"), "is not an address"),
    }
    for field, (passed, reason) in checks.items():
        wrong = ~passed.astype(bool)
        _name(file, table[wrong], field, reason, left_out)
        table.loc[wrong, field] = ""
    dated = table["published"] != ""
    table.loc[~dated, "date_precision"] = "unknown"
    return table.drop(columns="line").assign(fetcher="")


def _observations(file: Path, left_out: list[Left]) -> pd.DataFrame:
    table = textfile.read(file, OBSERVATION_COLUMNS, left_out)
    known = catalogue.load().series
    freqs = table["series"].map({name: one.freq for name, one in known.items()})
    its_own = table["series"].str.startswith(f"{file.stem}/")
    checks = [
        ("series", table["series"].isin(list(known)), "is not in the catalogue"),
        ("series", its_own, "is not of the source this file is named after"),
        ("time_period", table["time_period"].map(_is_period), "is not a period"),
        ("time_period", table["time_period"].map(_freq) == freqs, "is no period of the frequency of its series"),
        ("value", pd.to_numeric(table["value"], errors="coerce").abs().lt(LARGEST), "is not a number"),
        ("unit_mult", table["unit_mult"].str.fullmatch(r"-?\d{1,2}"), "is not a power of ten"),
        ("obs_status", table["obs_status"].isin(codes.OBS_STATUS), "is not an observation status"),
        ("vintage", table["vintage"].map(is_day), "is not a day"),
        ("confidence", table["confidence"].isin(codes.CONFIDENCE), "is not a confidence grade"),
        ("release", table["release"] != "", "is empty"),
        ("vintage", ~table.duplicated(["series", "time_period", "vintage"]), "stands twice for this series and period"),
    ]
    sound = pd.Series(True, index=table.index)
    for field, passed, reason in checks:
        wrong = sound & ~passed.astype(bool)
        if wrong.any():
            _name(file, table[wrong], field, reason, left_out)
            sound &= ~wrong
    kept = table[sound].drop(columns="line")
    return kept.assign(value=kept["value"].astype(float), unit_mult=kept["unit_mult"].astype("int64"))


def _name(file: Path, wrong: pd.DataFrame, field: str, reason: str, left_out: list[Left]) -> None:
    """Note each of these rows as wrong in a field."""
    for row in wrong.to_dict("records"):
        left_out.append((file.name, int(row["line"]), field, str(row[field]), reason))


def _is_period(text: str) -> bool:
    return periods.PATTERN.fullmatch(text) is not None


def _freq(text: str) -> str:
    return periods.freq(text) if _is_period(text) else ""


def is_day(text: str) -> bool:
    """Whether it is a day as the tables write it: 2024-03-05."""
    return len(text) == 10 and _is_date(text)


@lru_cache(maxsize=8192)
def _is_date(text: str) -> bool:
    """Whether it is a year, a month or a day."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        return False
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
