"""Events: the dated steps of policy and market, one list shared by every chart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

FILE = Path(__file__).parent / "events.csv"
EVENT_COLUMNS = (
    "id", "date", "end_date", "precision", "in_force", "kind", "title", "title_native", "body", "sectors", "stage",
    "significance", "summary", "summary_native", "url", "confidence",
)  # fmt: skip
KINDS = (
    "speech", "party_meeting", "government_report", "plan", "law_or_regulation", "guideline", "standard", "market",
    "international", "statistics",
)  # fmt: skip
STAGES = ("before", "coined", "elevated", "institutionalised", "implemented")


def load(file: Path = FILE) -> pd.DataFrame:
    """All events by date: EVENT_COLUMNS as text, `significance` a whole number, and `day`, the date as a timestamp.

    `day` of an event known to the month or year is the first day of it; `precision` says so. `sectors` stays text,
    joined by semicolons.
    """
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    if tuple(table.columns) != EVENT_COLUMNS:
        raise ValueError(f"{file.name}: columns are {list(table.columns)}, expected {list(EVENT_COLUMNS)}")
    table["significance"] = table["significance"].astype(int)
    table["day"] = pd.to_datetime(table["date"].map(_first_day))
    return table.sort_values(["day", "id"], ignore_index=True)


def _first_day(date: str) -> str:
    return date + "-01-01"[(len(date) - 4) :] if len(date) < 10 else date


def for_sectors(table: pd.DataFrame, sectors: list[str]) -> pd.DataFrame:
    """The events that concern one of the sectors, and those that concern all."""
    wanted = set(sectors) | {"all"}
    return table[[bool(wanted & set(text.split(";"))) for text in table["sectors"]]]
