"""A project keeps its runs' numbers and comes back whole after a kill."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.config import edit
from studio.config.config import Config
from studio.problems import Problem
from studio.runs import project
from studio.runs.run import RUN_FILE, mark_alive, mark_ended
from tests.data.snapshots import snapshot
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


def snapshot_in(made: project.Project, name: str) -> None:
    """A table in the project under a name that is as good as any."""
    snapshot(made.data_folder / name, ("text", "topic"), [["a", "x"], ["b", "y"]])


def test_the_table_is_the_one_that_is_named(made: project.Project) -> None:
    assert made.table() is None
    snapshot_in(made, "aa")
    snapshot_in(made, "bb")
    config = edit.change(edit.change(Config(), "data.file", "/moved/rows.csv"), "data.test_file", "test.csv")
    project.save_project(replace(made, config=config, snapshot="bb", test_snapshot="aa"))
    opened = project.open_project(made.folder)
    table, test_table = opened.table(), opened.test_table()
    assert table is not None
    assert test_table is not None
    assert (table.folder.name, test_table.folder.name) == ("bb", "aa")
    assert (table.reading.file, test_table.reading.file) == ("/moved/rows.csv", "test.csv")  # where it lies now
    opened.tidy()
    assert {path.name for path in opened.data_folder.iterdir()} == {"aa", "bb"}


def test_a_table_that_is_named_and_gone_is_told(made: project.Project) -> None:
    gone = replace(made, snapshot="aa", test_snapshot="bb", config=edit.change(Config(), "data.test_file", "test.csv"))
    with pytest.raises(Problem, match="cannot be opened"):
        gone.table()
    assert gone.test_table() is None  # its file is read again


def test_what_another_window_chose_stays_when_this_one_tidies(made: project.Project) -> None:
    for name in ("aa", "bb", "cc"):
        snapshot_in(made, name)
    project.save_project(replace(made, snapshot="bb"))
    replace(made, snapshot="aa").tidy()
    assert {path.name for path in made.data_folder.iterdir()} == {"aa", "bb"}


def test_a_table_that_is_gone_is_not_named_anew(made: project.Project) -> None:
    """Another window read a newer file and removed the table of before; this one only closes."""
    snapshot_in(made, "aa")
    snapshot_in(made, "bb")
    project.save_project(replace(made, snapshot="aa"))
    here = project.open_project(made.folder)
    there = replace(here, snapshot="bb")
    project.save_project(there)
    there.tidy()
    with pytest.raises(Problem, match="not saved"):
        project.save_project(replace(here, prompts=("mine",)))
    with pytest.raises(Problem, match="not saved"):
        project.save_project(replace(there, test_snapshot="aa"))
    assert project.open_project(made.folder) == there


def test_choices_are_saved_where_the_table_that_is_named_is_gone(made: project.Project) -> None:
    snapshot_in(made, "aa")
    project.save_project(named := replace(made, snapshot="aa"))
    (made.data_folder / "aa" / "table.parquet").unlink()
    project.save_project(changed := replace(named, prompts=("mine",)))
    assert project.open_project(made.folder) == changed


@pytest.mark.parametrize("name", ["../runs", "..", "a/b", "A"])
def test_a_name_that_leads_elsewhere_is_refused(made: project.Project, name: str) -> None:
    file = made.folder / project.PROJECT_FILE
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), "snapshot": name}), encoding="utf-8")
    with pytest.raises(Problem, match="damaged"):
        project.open_project(made.folder)


def test_a_run_that_goes_on_is_not_deleted(made: project.Project, tmp_path: Path) -> None:
    folder = add_run(made, tmp_path)
    mark_alive(folder)
    with pytest.raises(Problem, match="going on"):
        project.delete_run(made.runs()[0])
    mark_ended(folder)
    assert (folder / RUN_FILE).exists()
