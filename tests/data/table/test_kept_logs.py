"""Logs of edits that follow their table through other readings, other files and damage."""

from __future__ import annotations

from pathlib import Path

from studio.data.table.edit_log import EditLog
from studio.data.table.edits import ReplaceValue, SetCells
from studio.data.table.kept_logs import log_for
from studio.data.table.table import Table
from tests.data.tables import table_of

ROWS = [(f"text {n}", "ab"[n % 2]) for n in range(20)]


def made(folder: Path, name: str, rows: list[tuple[str, str]], columns: tuple[str, str] = ("text", "label")) -> Table:
    return table_of(folder, columns, rows, name)


def edited(folder: Path, table: Table) -> Path:
    file = folder / "edits.jsonl"
    log = EditLog(file, table)
    log.do((SetCells("text", ((3, "mended"),)),), "one")
    log.do((ReplaceValue("label", "a", "A"),), "two")
    return file


def test_another_reading_and_back_brings_every_edit_back(tmp_path: Path) -> None:
    first = made(tmp_path, "a.csv", ROWS)
    file = edited(tmp_path, first)
    other = made(tmp_path, "b.csv", ROWS, ("title", "stars"))
    log, told = log_for(other, file)
    assert log.edits == ()
    assert told is not None
    assert "2 of your changes could not be made again" in told.what
    back, told = log_for(first, file)
    assert [group.title for group in back.groups] == ["one", "two"]
    assert told is None


def test_edits_stay_with_their_own_file(tmp_path: Path) -> None:
    first = made(tmp_path, "a.csv", ROWS)
    file = edited(tmp_path, first)
    other = made(tmp_path, "b.csv", [(f"other {n}", "ab"[n % 2]) for n in range(20)])
    log, told = log_for(other, file, is_same_file=False)
    assert log.edits == ()
    assert told is not None
    assert told.what == "Your 2 changes stay with the file that they were made to."
    log.do((ReplaceValue("label", "b", "B"),), "three")
    back, told = log_for(first, file, is_same_file=False)
    assert [group.title for group in back.groups] == ["one", "two"]
    again, _ = log_for(other, file, is_same_file=False)
    assert [group.title for group in again.groups] == ["three"]


def test_a_damaged_log_is_put_aside_and_told(tmp_path: Path) -> None:
    table = made(tmp_path, "a.csv", ROWS)
    file = edited(tmp_path, table)
    whole = file.read_bytes()
    file.write_bytes(b"{nonsense\n" + whole)
    log, told = log_for(table, file)
    assert log.edits == ()
    assert told is not None
    assert "edits-damaged-1.jsonl" in told.fix
    assert (tmp_path / "edits-damaged-1.jsonl").read_bytes().endswith(whole)
    assert log_for(table, file).told is None


def test_a_log_that_fits_is_taken_as_it_is(tmp_path: Path) -> None:
    table = made(tmp_path, "a.csv", ROWS)
    file = edited(tmp_path, table)
    log, told = log_for(table, file)
    assert len(log.groups) == 2
    assert told is None
