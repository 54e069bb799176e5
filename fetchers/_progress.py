"""Progress of an update: bars on a terminal, plain lines elsewhere. Both go to the error stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from fetchers._report import Step
from fetchers._run import Progress as Callback


@contextmanager
def shown(quiet: bool = False) -> Iterator[Callback]:
    """A callback for `update` that shows source, step, rate and time left while the block runs."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield _silent if quiet else _line
        return
    with _bars(console) as bars:
        tasks: dict[str, TaskID] = {}

        def draw(step: Step) -> None:
            if step.source not in tasks:
                tasks[step.source] = bars.add_task(step.source, total=max(step.total, 1), what="")
            ended = step.state != "asking"
            done = max(step.total, 1) if step.state == "ok" else step.done
            bars.update(tasks[step.source], completed=done, what=f"{step.state} {step.what}" if ended else step.what)
            if ended:
                bars.stop_task(tasks[step.source])

        yield draw


class _Rate(ProgressColumn):
    """Subjects a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


def _bars(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description:<16}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}", markup=False),
        console=console,
    )


def _silent(step: Step) -> None:
    """For --json: the report says it all."""


def _line(step: Step) -> None:
    sys.stderr.write(f"{step.source} {step.done}/{step.total} {step.state} {step.what}".rstrip() + "\n")
    sys.stderr.flush()
