"""Projects of earlier versions keep everything when they are opened, also when the program is killed at any moment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.config import edit
from studio.config.config import Config
from studio.data.checkup.finding import Finding
from studio.data.checkup.kept import keep, kept
from studio.data.roles.columns import Columns
from studio.data.table.edit_log import EditLog, snapshot_sum
from studio.data.table.edits import DeleteRows, SetCells
from studio.data.table.table import TABLE_FILE
from studio.data.table.take_up import take_up
from studio.problems import Problem
from studio.runs import project as projects
from studio.runs.old_layout import bring_over
from tests.data.snapshots import cells_of, snapshot

ROOT = Path(__file__).parents[2]
ROWS = [[f"text {n}", "ab"[n % 2]] for n in range(12)]
OTHERS = [["other", "a"], ["words", "b"]]
COLUMNS = Columns("text", "label")

# Brings copies of a project over, each in a process of its own that ends at once before its next step: the first before
# its first step, the second before its second, until one comes to its end.
KILLED_AT_EVERY_STEP = """
import os, shutil, sys
from pathlib import Path
from studio.runs.old_layout import bring_over

def dying(name, left):
    real = getattr(os, name)
    def call(*args, **kwargs):
        if left[0] == 0:
            os._exit(9)
        left[0] -= 1
        return real(*args, **kwargs)
    setattr(os, name, call)

whole, copies = Path(sys.argv[1]), Path(sys.argv[2])
for number in range(1_000):
    shutil.copytree(whole, copies / str(number))
    child = os.fork()
    if child == 0:
        left = [number]
        for name in ("replace", "link", "unlink", "mkdir", "rmdir"):
            dying(name, left)
        bring_over(copies / str(number))
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def old_project(folder: Path) -> Path:
    """A project as an earlier version left it: a table with edits and findings, a test table, a log of another reading,
    and a damaged one that was put aside."""
    table = snapshot(folder / "data", ("text", "label"), ROWS)
    snapshot(folder / "test", ("text", "label"), OTHERS)
    log = EditLog(folder / "edits.jsonl", table)
    log.do((SetCells("text", ((3, "mended"),)),), "one")
    log.do((DeleteRows((5,)),), "two")
    keep(log.table, COLUMNS, [Finding("duplicates", 1, (1,), "look", "1 row repeats another")])
    other = snapshot(folder.parent / "other", ("text", "label"), ROWS[::-1])
    earlier = folder / f"edits-{snapshot_sum(other)}.jsonl"
    EditLog(earlier, other).do((DeleteRows((0,)),), "three")
    (folder / "edits-damaged-1.jsonl").write_text("{nonsense", encoding="utf-8")
    config = edit.change(edit.change(Config(), "data.file", "rows.csv"), "data.test_file", "test.csv")
    made = projects.create_project(folder, "Old", config=config)
    values = json.loads((folder / projects.PROJECT_FILE).read_text(encoding="utf-8"))
    for name in ("snapshot", "test_snapshot"):
        del values[name]
    (folder / projects.PROJECT_FILE).write_text(json.dumps(values), encoding="utf-8")
    return made.folder


def assert_is_whole(folder: Path) -> None:
    """Everything of `old_project`, in today's layout, and nothing else."""
    project = projects.open_project(folder)
    table, test_table = project.table(), project.test_table()
    assert table is not None
    assert test_table is not None
    assert table.folder.parent == test_table.folder.parent == folder / "data"
    assert cells_of(table) == ROWS
    assert cells_of(test_table) == OTHERS
    taken = take_up(table)
    assert taken is not None
    assert [group.title for group in taken.log.groups] == ["one", "two"]
    assert len(kept(taken.log.table, COLUMNS)) == 1
    assert (table.folder / "edits-damaged-1.jsonl").read_text(encoding="utf-8") == "{nonsense"
    assert sorted(path.name for path in folder.iterdir()) == ["data", "project.json", "runs"]
    folders = {path.name for path in (folder / "data").iterdir() if path.is_dir()}
    assert folders == {table.folder.name, test_table.folder.name}
    other = snapshot(folder / "data" / "ff", ("text", "label"), ROWS[::-1])
    back = take_up(other)
    assert back is not None
    assert [group.title for group in back.log.groups] == ["three"]


def test_everything_is_there_afterwards_and_nothing_is_done_twice(tmp_path: Path) -> None:
    folder = old_project(tmp_path / "old")
    bring_over(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    bring_over(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before
    assert_is_whole(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs many processes in little time")
def test_killed_at_any_step_it_is_whole_after_the_next_opening(tmp_path: Path) -> None:
    whole, copies = old_project(tmp_path / "old"), tmp_path / "copies"
    copies.mkdir()
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(whole), str(copies)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    every = sorted(copies.iterdir(), key=lambda path: int(path.name))
    assert len(every) > 20
    for folder in every:
        bring_over(folder)
        assert_is_whole(folder)


def test_edits_of_another_reading_that_were_never_made_again_are_made_now(tmp_path: Path) -> None:
    """The earlier version was ended between reading the file anew and making the edits again."""
    folder = old_project(tmp_path / "old")
    shutil.rmtree(folder / "data")
    snapshot(folder / "data", ("text", "label"), [["new", "b"], *ROWS])
    bring_over(folder)
    table = projects.open_project(folder).table()
    assert table is not None
    taken = take_up(table)
    assert taken is not None
    assert taken.log.edits == (SetCells("text", ((4, "mended"),)), DeleteRows((6,)))


def test_where_links_are_not_possible_the_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = old_project(tmp_path / "old")

    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    bring_over(folder)
    assert_is_whole(folder)


def test_without_room_all_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = old_project(tmp_path / "old")
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            bring_over(folder)
    assert before.items() <= {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}.items()
    bring_over(folder)
    assert_is_whole(folder)


def test_a_project_of_today_and_a_folder_of_somebody_are_left_alone(tmp_path: Path) -> None:
    made = projects.create_project(tmp_path / "new", "New")
    snapshot(made.data_folder / "aa", ("text", "label"), ROWS)
    projects.save_project(replace(made, snapshot="aa"))
    (made.folder / "test").mkdir()
    (made.folder / "test" / "letter.txt").write_text("dear", encoding="utf-8")
    bring_over(made.folder)
    assert (made.data_folder / "aa" / TABLE_FILE).exists()
    assert (made.folder / "test" / "letter.txt").exists()
    bring_over(tmp_path / "nothing")


@pytest.mark.parametrize("damage", ["{not json", "[1]", None])
def test_a_damaged_table_comes_over_as_it_is_and_is_told_when_it_is_opened(tmp_path: Path, damage: str | None) -> None:
    folder = old_project(tmp_path / "old")
    reading = folder / "data" / "reading.json"
    reading.unlink()
    if damage is not None:
        reading.write_text(damage, encoding="utf-8")
    bring_over(folder)
    project = projects.open_project(folder)
    assert project.snapshot
    with pytest.raises(Problem, match="cannot be opened"):
        project.table()
    assert (folder / "data" / project.snapshot / "edits.jsonl").exists()
