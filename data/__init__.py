"""Every published number with its source and its vintage: the nouns, and the verbs store, select and derive."""

from data.engine import held
from data.model import Event, Observation, Release, Series, Source
from data.tables import data_date, data_version, releases, select
from data.vintages import Report, store

__all__ = [
    "Event",
    "Observation",
    "Release",
    "Report",
    "Series",
    "Source",
    "data_date",
    "data_version",
    "held",
    "releases",
    "select",
    "store",
]
