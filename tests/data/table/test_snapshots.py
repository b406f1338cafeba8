"""Folders of snapshots: what tells them apart, what stays and what goes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.data.table.edit_log import EDITS_FILE, EditLog, snapshot_sum
from studio.data.table.edits import DeleteRows
from studio.data.table.snapshots import content_sum, is_whole, keep_snapshot, tidy
from studio.data.table.table import REJECTED_FILE, TABLE_FILE, Table, open_table, write_reading
from tests.data.snapshots import cells_of, snapshot

ROWS = [["a", "x"], ["b", "y"], ["c", "x"]]


def kept(home: Path, rows: list[list[str]] = ROWS, columns: tuple[str, ...] = ("text", "label")) -> Table:
    snapshot(home / "fresh", columns, rows)
    return open_table(keep_snapshot(home / "fresh"))


def edited(table: Table) -> EditLog:
    log = EditLog(table.folder / EDITS_FILE, table)
    log.do((DeleteRows((1,)),), "one")
    return log


def names(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*")}


def test_every_difference_in_rows_columns_and_reading_is_another_sum(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "a", ("text", "label"), ROWS)
    sums = [content_sum(table.folder)]
    for number, (columns, rows) in enumerate(
        [(("text", "Label"), ROWS), (("text", "label"), ROWS[::-1]), (("text", "label"), ROWS[:2])]
    ):
        sums.append(content_sum(snapshot(tmp_path / str(number), columns, rows).folder))
    sums.append(content_sum(snapshot(tmp_path / "aside", ("text", "label"), ROWS, rejected=1).folder))
    write_reading(table.folder, replace(table.reading, has_header=False))
    sums.append(content_sum(table.folder))
    (table.folder / REJECTED_FILE).unlink()
    sums.append(content_sum(table.folder))
    assert len(set(sums)) == len(sums)


def test_a_cell_in_the_middle_of_a_long_table_is_a_difference(tmp_path: Path) -> None:
    """The end of the file, where its parts are listed, is the same in both."""
    chance = random.Random(0)
    rows = [[f"{chance.random()}", chance.choice("ab")] for _ in range(12_000)]
    first = snapshot(tmp_path / "a", ("text", "label"), rows, group=500)
    place = next(n for n in range(200, 400) if rows[n][1] != rows[n + 1][1])
    rows[place][1], rows[place + 1][1] = rows[place + 1][1], rows[place][1]
    other = snapshot(tmp_path / "b", ("text", "label"), rows, group=500)
    assert cells_of(first) != cells_of(other)
    assert snapshot_sum(first) == snapshot_sum(other)
    assert content_sum(first.folder) != content_sum(other.folder)


def test_a_file_that_was_moved_is_the_same_one(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "a", ("text", "label"), ROWS)
    before = content_sum(table.folder)
    write_reading(table.folder, replace(table.reading, file="/elsewhere/rows.csv"))
    assert content_sum(table.folder) == before


def test_the_same_snapshot_is_the_folder_that_is_there_with_its_edits(tmp_path: Path) -> None:
    table = kept(tmp_path)
    edited(table)
    stamp = table.file.stat().st_mtime_ns
    again = kept(tmp_path)
    assert again.folder == table.folder
    assert again.file.stat().st_mtime_ns == stamp
    assert len(EditLog(again.folder / EDITS_FILE, again).groups) == 1


def test_only_what_nobody_needs_goes_and_edits_stay(tmp_path: Path) -> None:
    current, mine, plain = kept(tmp_path), kept(tmp_path, ROWS[::-1]), kept(tmp_path, ROWS[:1])
    undone = kept(tmp_path, ROWS[:2])
    edited(mine)
    edited(undone).undo()
    shutil.rmtree(tmp_path / "fresh", ignore_errors=True)
    (tmp_path / "edits-0123.jsonl").write_text("of an older version", encoding="utf-8")
    whole = names(current.folder)
    tidy(tmp_path, {current.folder.name, ""})
    assert names(current.folder) == whole
    assert names(mine.folder) == {EDITS_FILE}
    assert not is_whole(mine.folder)
    assert not plain.folder.exists()
    assert not undone.folder.exists()
    assert (tmp_path / "edits-0123.jsonl").exists()
    back = kept(tmp_path, ROWS[::-1])  # the file is read again
    assert back.folder == mine.folder
    assert cells_of(back) == ROWS[::-1]
    assert len(EditLog(back.folder / EDITS_FILE, back).groups) == 1


def test_a_damaged_log_that_was_put_aside_counts_as_edits(tmp_path: Path) -> None:
    table = kept(tmp_path)
    (table.folder / "edits-damaged-1.jsonl").write_text("{", encoding="utf-8")
    tidy(tmp_path, ())
    assert names(table.folder) == {"edits-damaged-1.jsonl"}


def test_what_is_held_open_stays_whole_until_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, unlink = kept(tmp_path), Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path.name == TABLE_FILE:
            raise PermissionError(13, "The process cannot access the file", str(path))
        unlink(path, missing_ok=missing_ok)

    whole = names(table.folder)
    with monkeypatch.context() as windows:
        windows.setattr(Path, "unlink", refuse)
        tidy(tmp_path, ())
    assert names(table.folder) == whole
    tidy(tmp_path, ())
    assert not table.folder.exists()


KILLED_AT_EVERY_STEP = """
import os, shutil, sys
from pathlib import Path
from studio.atomic import unnamed_folder
from studio.data.table.snapshots import keep_snapshot, tidy

home = Path(sys.argv[1])
for number in range(100):
    child = os.fork()
    if child == 0:
        left = [number]
        for name in ("replace", "unlink", "rmdir", "mkdir"):
            def dying(*args, real=getattr(os, name), **kwargs):
                if left[0] == 0:
                    os._exit(9)
                left[0] -= 1
                return real(*args, **kwargs)
            setattr(os, name, dying)
        tidy(home / "data", {sys.argv[2]})
        with unnamed_folder(home / "data") as fresh:
            shutil.copytree(home / "fresh", fresh, dirs_exist_ok=True)
            keep_snapshot(fresh)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
else:
    sys.exit("it never came to its end")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs many processes in little time")
def test_killed_at_any_step_no_snapshot_is_half_and_no_edit_is_lost(tmp_path: Path) -> None:
    home = tmp_path / "data"
    current, mine = kept(home), kept(home, ROWS[::-1])
    edited(current)
    edited(mine)
    snapshot(tmp_path / "fresh", ("text", "label"), ROWS[::-1])
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path), current.folder.name]
    subprocess.run(command, cwd=Path(__file__).parents[3], check=True, timeout=60)
    tidy(home, {current.folder.name, mine.folder.name})
    assert names(home) - {path for path in names(home) if "/" in path} == {current.folder.name, mine.folder.name}
    for table in (current, mine):
        again = open_table(table.folder)
        assert content_sum(again.folder) == again.folder.name
        assert len(EditLog(again.folder / EDITS_FILE, again).groups) == 1


def test_a_name_is_made_of_what_is_there_and_read_back(tmp_path: Path) -> None:
    table = kept(tmp_path)
    assert table.folder.name == content_sum(table.folder)
    assert json.loads((table.folder / "reading.json").read_text(encoding="utf-8"))["file"] == "rows.csv"
