"""Events: the dated steps of policy and market, one list shared by every chart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data import periods, textfile
from data.textfile import Left, Unreadable

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


class EventError(Unreadable):
    """The list of events cannot be used; the message names line and field."""


def load(file: Path = FILE) -> pd.DataFrame:
    """All events by date: EVENT_COLUMNS as text, `significance` a whole number, and `day`, the date as a timestamp.

    `day` of an event known to the month or year is the first day of it; `precision` says so. `sectors` stays text,
    joined by semicolons. EventError where the file or a line of it cannot be used, naming the first.
    """
    left_out: list[Left] = []
    table = textfile.read(file, EVENT_COLUMNS, left_out)
    day = pd.to_datetime(table["date"].map(_first_day), format="%Y-%m-%d", errors="coerce")
    wrong = {"date": (day.isna(), "a date"), "significance": (~table["significance"].isin(list("123")), "1, 2 or 3")}
    for field, (rows, what) in wrong.items():
        for one in table[rows].to_dict("records"):
            left_out.append((file.name, int(one["line"]), field, str(one[field]), f"is not {what}"))
    if left_out:
        name, line, field, value, reason = min(left_out, key=lambda one: one[1])
        place = f"{name}, line {line}" if line else name
        raise EventError(f"{place}, {field} {value!r}: {reason}" if field else f"{place}: {reason}")
    table = table.drop(columns="line").assign(significance=table["significance"].astype(int), day=day)
    return table.sort_values(["day", "id"], ignore_index=True)


def _first_day(date: str) -> str:
    return date + "-01-01"[(len(date) - 4) :] if len(date) < 10 else date


def by(date: str) -> str:
    """The day by which an event had been for certain (YYYY-MM-DD): of one known to the month or year, its last."""
    return date if len(date) == 10 else periods.end(date).isoformat()


def for_sectors(table: pd.DataFrame, sectors: list[str]) -> pd.DataFrame:
    """The events that concern one of the sectors, and those that concern all."""
    wanted = set(sectors) | {"all"}
    return table[[bool(wanted & set(text.split(";"))) for text in table["sectors"]]]
