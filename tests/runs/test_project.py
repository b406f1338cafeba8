"""A project keeps its runs' numbers and comes back whole after a kill."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from studio.config import edit
from studio.config.config import Config
from studio.problems import Problem
from studio.runs import project
from studio.runs.run import RUN_FILE, mark_alive, mark_ended
from tests.evaluation.parts import dataset, label_cells, run_of, tiny


@pytest.fixture
def made(tmp_path: Path) -> project.Project:
    return project.create_project(tmp_path / "Letters", "Letters")


def add_run(made: project.Project, tmp_path: Path) -> Path:
    folder = made.next_run_folder()
    model, _, _, config = tiny(tmp_path / folder.name, "classify", "full")
    run_of(folder, model, config, dataset(tmp_path / f"{folder.name}-rows", label_cells(40), labels=("a", "b"), test=5))
    return folder


def test_a_number_is_never_used_twice(made: project.Project, tmp_path: Path) -> None:
    first, second = add_run(made, tmp_path), add_run(made, tmp_path)
    assert (first.name, second.name) == ("run-1", "run-2")
    for run in made.runs():
        project.delete_run(run)
    assert not first.exists()
    assert made.next_run_folder().name == "run-3"
    project.save_project(made)  # by a window that opened it before
    assert project.open_project(made.folder).next_run_folder().name == "run-3"


def test_an_older_project_counts_what_is_there(made: project.Project) -> None:
    file = made.folder / project.PROJECT_FILE
    values = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({name: value for name, value in values.items() if name != "last_run"}))
    (made.folder / "runs" / "run-2").mkdir(parents=True)
    (made.folder / "exports" / "run-12-merged").mkdir(parents=True)
    (made.folder / "exports" / "run-of-the-mill").mkdir()
    assert project.open_project(made.folder).next_run_folder().name == "run-13"


def test_what_is_saved_is_opened(made: project.Project) -> None:
    config = edit.change(Config(), "training.epochs", 2)
    changed = project.Project(made.folder, "Letters", config, ("hello",), made.created)
    project.save_project(changed)
    assert project.open_project(made.folder) == changed


def test_a_table_that_a_killed_import_set_aside_comes_back(made: project.Project) -> None:
    gone = psutil.Process()
    aside = made.folder / f".data.{gone.pid}-{int(gone.create_time()) - 60}.0a1b2c3d.before"
    aside.mkdir()
    (aside / project.TABLE_FILE).write_bytes(b"rows")
    (made.folder / aside.name.replace(".before", ".partial")).mkdir()
    opened = project.open_project(made.folder)
    assert (opened.table_folder / project.TABLE_FILE).read_bytes() == b"rows"
    assert not [path for path in made.folder.iterdir() if path.name.startswith(".")]


def test_a_run_that_goes_on_is_not_deleted(made: project.Project, tmp_path: Path) -> None:
    folder = add_run(made, tmp_path)
    mark_alive(folder)
    with pytest.raises(Problem, match="going on"):
        project.delete_run(made.runs()[0])
    mark_ended(folder)
    assert (folder / RUN_FILE).exists()
