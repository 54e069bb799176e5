"""Reads the shipped snapshot: text files, every row checked, a damaged one left out and named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data import catalogue, codes, periods

FOLDER = Path(__file__).parent
OBSERVATION_COLUMNS = (
    "series", "time_period", "value", "unit_mult", "obs_status", "vintage", "release", "confidence", "note",
)  # fmt: skip
RELEASE_COLUMNS = ("id", "source", "title", "published", "date_precision", "retrieved", "url")
Left = tuple[str, int, str, str, str]


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
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(OBSERVATION_COLUMNS))
    table = _table(FOLDER / "releases.csv", RELEASE_COLUMNS, left_out)
    return rows, table.drop(columns="line").assign(fetcher=""), left_out


def _table(file: Path, columns: tuple[str, ...], left_out: list[Left]) -> pd.DataFrame:
    """A CSV as text with its line numbers; lines with too many fields are left out."""

    def too_long(fields: list[str]) -> None:
        left_out.append(
            (
                file.name,
                0,
                "",
                ",".join(fields)[:80],
                "this line has too many fields: " + ",".join(fields)[:80],
            )
        )

    empty = pd.DataFrame(columns=[*columns, "line"])
    try:
        table = pd.read_csv(
            file, dtype=str, keep_default_na=False, engine="python", on_bad_lines=too_long, encoding="utf-8"
        )
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, OSError) as error:
        left_out.append((file.name, 0, "", "", f"cannot be read: {error}"))
        return empty
    if tuple(table.columns) != columns:
        left_out.append((file.name, 1, "", "", f"columns are {list(table.columns)}, expected {list(columns)}"))
        return empty
    return table.fillna("").assign(line=range(2, len(table) + 2))


def _observations(file: Path, left_out: list[Left]) -> pd.DataFrame:
    table = _table(file, OBSERVATION_COLUMNS, left_out)
    known = list(catalogue.load().series)
    checks = {
        "series": (table["series"].isin(known), "is not in the catalogue"),
        "time_period": (table["time_period"].map(_is_period), "is not a period"),
        "value": (pd.to_numeric(table["value"], errors="coerce").abs().lt(float("inf")), "is not a number"),
        "unit_mult": (table["unit_mult"].str.fullmatch(r"-?\d{1,2}"), "is not a power of ten"),
        "obs_status": (table["obs_status"].isin(codes.OBS_STATUS), "is not an observation status"),
        "vintage": (
            pd.to_datetime(table["vintage"], format="%Y-%m-%d", errors="coerce").notna(),
            "is not a day",
        ),
        "confidence": (table["confidence"].isin(codes.CONFIDENCE), "is not a confidence grade"),
        "release": (table["release"] != "", "is empty"),
    }
    sound = pd.Series(True, index=table.index)
    for field, (passed, reason) in checks.items():
        passed = passed.astype(bool)
        wrong = sound & ~passed
        for row in table[wrong].itertuples() if wrong.any() else ():
            left_out.append((file.name, int(str(row.line)), field, str(getattr(row, field)), reason))
        sound &= passed
    kept = table[sound].drop(columns="line")
    return kept.assign(value=kept["value"].astype(float), unit_mult=kept["unit_mult"].astype("int64"))


def _is_period(text: str) -> bool:
    return periods.PATTERN.fullmatch(text) is not None
