"""Runs: made, gone on with, listed, and found again after an interruption.

In: a config and tables, or the folders of runs and projects. Out: the events of training, `Listed`, `Interrupted`,
`Halfway`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.models.hub_cache import base_name
from studio.problems import Problem

if TYPE_CHECKING:
    from studio.config.config import Config
    from studio.data.table.table import Table
    from studio.gui.job import Control
    from studio.runs.history import History
    from studio.runs.project import Project
    from studio.runs.run import Run, Status


def may_go_on(status: Status, history: History) -> bool:
    """Whether a run can be trained further: it did not come to its end, and steps remain."""
    if status == "stopped":
        return history.started is None or history.step < history.started.total_steps
    return status in {"interrupted", "ready", "failed"}


@dataclass(frozen=True)
class Listed:
    """One run of the project; `score` is that of its best look, `size` in bytes."""

    run: Run
    status: Status
    model: str
    score: float | None
    size: int
    may_go_on: bool


def list_runs(control: Control, project: Project) -> Iterator[object]:
    """Every readable run of the project, newest first, with what its record tells."""
    from studio.runs.history import replay

    for run in project.runs():
        if control.should_stop():
            return
        history = replay(run.folder)
        best = history.best.score if history.best is not None else None
        size = sum(path.stat().st_size for path in run.folder.rglob("*") if path.is_file())
        status = run.status()
        yield Listed(run, status, base_name(run.base), best, size, may_go_on(status, history))


@dataclass(frozen=True)
class Interrupted:
    """A project whose newest run was learning when its program ended: `safe` of `total` steps lie in a checkpoint;
    `total` is 0 where it was not known yet."""

    folder: Path
    name: str
    safe: int
    total: int


@dataclass(frozen=True)
class Halfway:
    """A project whose newest run was stopped at `step` of `total` and can go on."""

    folder: Path
    step: int
    total: int


def find_unfinished(control: Control, folders: Sequence[Path]) -> Iterator[object]:
    """The first of these projects whose newest run was interrupted, if there is one; then `Halfway` for each whose
    newest run was stopped and can go on."""
    yield from find_interrupted(control, folders)
    for project, history in _newest_runs(control, folders, "stopped"):
        if history.started is not None and may_go_on("stopped", history):
            yield Halfway(project.folder, history.step, history.started.total_steps)


def find_interrupted(control: Control, folders: Sequence[Path]) -> Iterator[object]:
    """The first of these projects whose newest run was interrupted, if there is one."""
    for project, history in _newest_runs(control, folders, "interrupted"):
        safe = history.saved[-1].step if history.saved else 0
        yield Interrupted(project.folder, project.name, safe, history.started.total_steps if history.started else 0)
        return


def _newest_runs(control: Control, folders: Sequence[Path], status: Status) -> Iterator[tuple[Project, History]]:
    """The projects whose newest run stands so, with its record; one that cannot be read is told when it is opened."""
    from studio.runs.history import replay
    from studio.runs.project import open_project

    for folder in folders:
        if control.should_stop():
            return
        try:
            project = open_project(folder)
            newest = next(iter(project.runs()), None)
            history = replay(newest.folder) if newest is not None and newest.status() == status else None
        except (Problem, OSError):
            continue
        if history is not None:
            yield project, history


def train(
    control: Control,
    config: Config,
    folder: Path,
    table: Table,
    test_table: Table | None,
    prompts: tuple[str, ...],
) -> Iterator[object]:
    """Make a run in `folder` and train it."""
    from studio import flow

    yield from flow.fine_tune(
        config,
        folder,
        table=table,
        test_table=test_table,
        prompts=prompts,
        should_stop=control.should_stop,
        should_pause=control.should_pause,
    )


def go_on(control: Control, folder: Path) -> Iterator[object]:
    """Train the run in `folder` from its last checkpoint."""
    from studio import flow

    yield from flow.resume(folder, should_stop=control.should_stop, should_pause=control.should_pause)
