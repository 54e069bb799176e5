"""Finds the browser for the browser tests, installs one where it can, else says in one line what to do.

    python tests/chromium.py        # exit status 0 and the browser's path, or 1 and what to do

A browser counts only if it starts: Ubuntu's `chromium-browser` may be a stub that asks for a snap, and a downloaded
browser may miss libraries.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

VARIABLE = "NQPF_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PROGRAMS = [
    Path(os.environ[name]) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if name in os.environ
]
PLACES = [
    Path("/opt/google/chrome/chrome"),
    Path("/opt/microsoft/msedge/msedge"),
    Path("/snap/bin/chromium"),
    *(
        folder / f"{app}.app/Contents/MacOS/{app}"
        for folder in (Path("/Applications"), Path.home() / "Applications")
        for app in ("Chromium", "Google Chrome", "Microsoft Edge")
    ),
    *(folder / "Google/Chrome/Application/chrome.exe" for folder in PROGRAMS),
    *(folder / "Chromium/Application/chrome.exe" for folder in PROGRAMS),
    *(folder / "Microsoft/Edge/Application/msedge.exe" for folder in PROGRAMS),
]
DOWNLOADS = [
    Path.home() / ".cache/ms-playwright",
    Path.home() / "Library/Caches/ms-playwright",
    *(folder / "ms-playwright" for folder in PROGRAMS),
]
DOWNLOADED = (
    "chromium-*/*/chrome",
    "chromium-*/*/chrome.exe",
    "chromium-*/*/*.app/Contents/MacOS/*",
)
PATIENCE = 900  # seconds for one installation


class NoBrowser(Exception):
    """There is no browser and none could be installed; the message is one line that says what to do."""


@lru_cache(maxsize=1)
def find() -> str:
    """The path of a Chromium, Chrome or Edge that starts. Raises NoBrowser."""
    named = os.environ.get(VARIABLE)
    if named:
        path = shutil.which(named)
        if not path or not _starts(path):
            raise NoBrowser(f"{VARIABLE} names {named}, which does not start: name another browser or unset it.")
        return path
    for path in _installed():
        if _starts(path):
            return path
    raise NoBrowser(
        "The browser tests found no browser: install Chromium, Chrome or Edge "
        f"(Debian: sudo apt-get install chromium) or set {VARIABLE} to the path of one."
    )


def find_or_install() -> str:
    """The same; installs one first if there is none. Raises NoBrowser."""
    try:
        return find()
    except NoBrowser:
        if os.environ.get(VARIABLE):
            raise
    for command in _installations():
        if _runs(command) and any(_starts(path) for path in _installed()):
            break
    return find()


def _installed() -> Iterator[str]:
    """Where a browser is: the search path, the usual places, Playwright's downloads, the newest first."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from (str(place) for place in PLACES if place.exists())
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for folder in [Path(own)] if own else DOWNLOADS:
        for pattern in DOWNLOADED:
            yield from map(str, sorted(folder.glob(pattern), reverse=True))


def _starts(path: str) -> bool:
    """Whether the browser says its version; on Windows it would open a window instead, so there it has to be there."""
    return os.name == "nt" or _runs([path, "--version"], patience=60)


def _installations() -> Iterator[list[str]]:
    """What may bring a browser here: the distribution's package, then Playwright's download."""
    root = _as_root()
    if root is not None and shutil.which("apt-get"):
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        _runs([*apt, "update"])
        yield [*apt, "install", "-y", "--no-install-recommends", "chromium"]
        yield [*root, sys.executable, "-m", "playwright", "install-deps", "chromium"]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


def _as_root() -> list[str] | None:
    """What to put before a command that needs root; None where that would ask for a password."""
    if os.name != "posix":
        return None
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and _runs(["sudo", "-n", "true"]) else None


def _runs(command: list[str], patience: float = PATIENCE) -> bool:
    """Whether the command ends well; what it prints is not shown."""
    try:
        return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=patience).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    try:
        sys.stdout.write(f"Browser: {find_or_install()}\n")
    except NoBrowser as reason:
        sys.exit(str(reason))
