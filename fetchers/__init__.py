"""One module a service. Its name is its registration and the name of its catalogue file; it has two functions:

    fetch(series: Sequence[Series], http: Http, since: str | None) -> Iterator[Release]
        asks only for what the catalogue names (`series[i].locators[<module name>]`) and yields each document as it
        came, body untouched; `since` is a period before which nothing is needed (None: everything).

    parse(release: Release, series: Sequence[Series]) -> Iterator[Observation]
        bytes to observations; no network, no files, no clock. It accounts for every field: an unknown one is an error.

Both raise the four errors below and catch none. A new source is such a module, `data/catalogue/<name>.toml`, a
fixture and a test; nothing existing is edited.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fetchers._errors import FetchError, Inconsistent, Rejected, Unavailable, Unexpected

if TYPE_CHECKING:
    from fetchers._run import RunReport

__all__ = ["FetchError", "Inconsistent", "Rejected", "Unavailable", "Unexpected", "module", "names", "update"]


def names() -> list[str]:
    """The fetchers: every module of this package whose name does not start with an underscore."""
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_"))


def module(name: str) -> ModuleType:
    """The module of a fetcher; KeyError when there is none of that name."""
    if name not in names():
        raise KeyError(name)
    return importlib.import_module(f"fetchers.{name}")


def update(*args: Any, **options: Any) -> RunReport:
    """Bring the newest published figures into the store: see `fetchers._run.update`."""
    from fetchers._run import update as run  # requests and its like: not at the dashboard's start

    return run(*args, **options)
