"""tests/chromium.py on made-up machines: fake programs on the search path stand for browsers and package tools."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import chromium

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the made-up programs are shell scripts")

BROWSER = 'test "$1" = --version'
STUB = 'echo "requires the chromium snap to be installed" >&2; exit 1'


class Machine:
    """A machine whose search path holds only what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        self.log.touch()

    def program(self, name: str, does: str) -> str:
        file = self.folder / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >> {self.log}\n{does}\n', encoding="utf-8")
        file.chmod(0o755)
        return str(file)

    def ran(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def machine(tmp_path, monkeypatch):
    made = Machine(tmp_path)
    for needed in ("env", "cp", "chmod"):
        (tmp_path / needed).symlink_to(shutil.which(needed))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    monkeypatch.setattr(chromium, "PLACES", [tmp_path / "usual" / "chrome"])
    monkeypatch.setattr(sys, "executable", made.program("python", "exit 1"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    chromium.find.cache_clear()
    yield made
    chromium.find.cache_clear()


def installs(name: str, folder: Path) -> str:
    """What a package tool does that brings a browser."""
    return f'case "$*" in *install*{name}*) cp {folder}/ready {folder}/{name}; chmod +x {folder}/{name};; esac'


def test_a_browser_on_the_search_path_is_found(machine):
    path = machine.program("google-chrome", BROWSER)
    assert chromium.find() == path


def test_the_named_browser_comes_first(machine, monkeypatch):
    machine.program("chromium", BROWSER)
    named = machine.program("own", BROWSER)
    monkeypatch.setenv(chromium.VARIABLE, named)
    assert chromium.find() == named


def test_a_named_browser_that_does_not_start_is_no_reason_to_take_another(machine, monkeypatch):
    machine.program("chromium", BROWSER)
    monkeypatch.setenv(chromium.VARIABLE, machine.program("own", "exit 127"))
    with pytest.raises(chromium.NoBrowser, match="own, which does not start"):
        chromium.find_or_install()


def test_a_stub_is_passed_over(machine):
    machine.program("chromium-browser", STUB)
    path = machine.program("microsoft-edge", BROWSER)
    assert chromium.find() == path


def test_the_usual_places_are_looked_at(machine):
    (machine.folder / "usual").mkdir()
    path = machine.program("usual/chrome", BROWSER)
    assert chromium.find() == path


def test_the_newest_download_of_playwright_is_taken(machine):
    for number in (1200, 1255):
        (machine.folder / f"downloads/chromium-{number}/chrome-linux64").mkdir(parents=True)
        path = machine.program(f"downloads/chromium-{number}/chrome-linux64/chrome", BROWSER)
    assert chromium.find() == path


def test_nothing_is_installed_where_a_browser_is(machine):
    machine.program("chromium", BROWSER)
    machine.program("apt-get", "")
    chromium.find_or_install()
    assert {line.split()[0] for line in machine.ran()} == {"chromium"}


def test_as_root_the_package_is_installed(machine):
    machine.program("ready", BROWSER)
    machine.program("apt-get", installs("chromium", machine.folder))
    assert chromium.find_or_install() == str(machine.folder / "chromium")
    asked = [line for line in machine.ran() if line.startswith("apt-get")]
    assert asked == ["apt-get update", "apt-get install -y --no-install-recommends chromium"]


def test_without_a_password_sudo_does_it(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.program("ready", BROWSER)
    machine.program("sudo", 'shift; "$@"')
    machine.program("apt-get", installs("chromium", machine.folder))
    assert chromium.find_or_install() == str(machine.folder / "chromium")
    assert "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update" in machine.ran()


def test_where_sudo_asks_for_a_password_playwright_brings_the_browser(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.program("sudo", "exit 1")
    machine.program("apt-get", "")
    machine.program("ready", BROWSER)
    there = machine.folder / "downloads/chromium-1255/chrome-linux64"
    there.mkdir(parents=True)
    machine.program("python", f"cp {machine.folder}/ready {there}/chrome")
    assert chromium.find_or_install() == str(there / "chrome")
    assert [line for line in machine.ran() if line.startswith(("apt-get", "python"))] == [
        "python -m playwright install chromium"
    ]


def test_without_any_way_it_says_in_one_line_what_to_do(machine):
    machine.program("apt-get", "exit 100")
    with pytest.raises(chromium.NoBrowser) as caught:
        chromium.find_or_install()
    told = str(caught.value)
    assert "\n" not in told
    assert "sudo apt-get install chromium" in told
    assert chromium.VARIABLE in told


def test_the_command_ends_with_status_1_and_one_line():
    command = [sys.executable, chromium.__file__]
    environment = {**os.environ, chromium.VARIABLE: "/nowhere/chromium"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"{chromium.VARIABLE} names /nowhere/chromium, which does not start: name another browser or unset it."
    ]
