"""Edits that follow their table through other readings, other files and damage."""

from __future__ import annotations

import json
from pathlib import Path

from studio.data.table.edit_log import EDITS_FILE, EditLog, snapshot_sum
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.groups import Record
from studio.data.table.table import Table
from studio.data.table.take_up import TakenUp, take_up
from tests.data.snapshots import snapshot

ROWS = [[f"text {n}", "ab"[n % 2]] for n in range(20)]


def made(home: Path, name: str, rows: list[list[str]] = ROWS, columns: tuple[str, str] = ("text", "label")) -> Table:
    return snapshot(home / name, columns, rows)


def edited(table: Table) -> EditLog:
    log = EditLog(table.folder / EDITS_FILE, table)
    log.do((SetCells("text", ((3, "mended"),)),), "one")
    log.do((ReplaceValue("label", "a", "A"),), "two")
    return log


def taken(table: Table, before: Record | None = None, *, is_same_file: bool = True) -> TakenUp:
    """Taken up and written, as a table that is used from now on."""
    found = take_up(table, before, is_same_file=is_same_file)
    assert found is not None
    found.log.write_down()
    return found


def titles(log: EditLog) -> list[str]:
    return [group.title for group in log.groups]


def test_another_reading_and_back_brings_every_edit_back(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", columns=("title", "stars"))
    there = taken(other, edited(first).record)
    assert there.log.edits == ()
    assert ["2 of your changes could not be made again" in problem.what for problem in there.told] == [True]
    back = taken(first, there.log.record)
    assert titles(back.log) == ["one", "two"]
    assert back.told == ()
    assert taken(other, back.log.record).told == ()  # it was said already


def test_what_was_done_in_another_reading_comes_along_once(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    there = taken(other, edited(first).record).log
    assert there.edits == (SetCells("text", ((4, "mended"),)), ReplaceValue("label", "a", "A"))
    there.do((DeleteRows((6,)),), "three")
    back = taken(first, there.record).log
    assert titles(back) == ["one", "two", "three"]
    assert back.edits[-1] == DeleteRows((5,))
    again = taken(other, back.record).log
    assert titles(again) == ["one", "two", "three"]
    assert titles(EditLog(again.file, other)) == ["one", "two", "three"]


def test_what_was_taken_back_here_does_not_return_from_the_reading_before(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    before = edited(first).record
    there = taken(other, before).log
    there.undo()
    assert titles(taken(other, before).log) == ["one"]


def test_an_undo_travels_to_the_reading_of_before_and_on(tmp_path: Path) -> None:
    first, other, third = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS]), made(tmp_path, "c", ROWS[:9])
    before = edited(first).record
    taken(third, before)
    there = taken(other, before).log
    there.undo()
    back = taken(first, there.record)
    assert (titles(back.log), back.told) == (["one"], ())
    assert titles(EditLog(back.log.file, first)) == ["one"]
    back.log.do((DeleteRows((6,)),), "three")
    assert titles(taken(other, back.log.record).log) == ["one", "three"]
    assert titles(taken(third, taken(first).log.record).log) == ["one", "three"]


def test_what_was_undone_and_done_again_stays(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    there = taken(other, edited(first).record).log
    there.undo()
    there.redo()
    assert titles(taken(first, there.record).log) == ["one", "two"]


def test_an_undo_after_a_log_was_written_whose_table_was_never_used(tmp_path: Path) -> None:
    """The program was killed, or the disk was full, before the project named the new table."""
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    log = edited(first)
    taken(other, log.record)
    log.undo()
    assert titles(taken(other, EditLog(log.file, first).record).log) == ["one"]


def test_what_was_undone_elsewhere_goes_also_from_between_and_the_rest_is_kept_or_told(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [[text, "B"] for text, _ in ROWS])
    log = EditLog(first.folder / EDITS_FILE, first)
    log.do((SetCells("text", ((3, "mended"),)),), "one")
    log.do((ReplaceValue("text", "mended", "better"), DeleteRows((4,)), ReplaceValue("label", "b", "c")), "two")
    name = log.groups[0].name
    before = Record(other.columns, other.rows, (), frozenset({name}))
    back = taken(first, before)
    assert back.log.edits == (DeleteRows((4,)), ReplaceValue("label", "b", "c"))
    assert [problem.what for problem in back.told] == ["1 of your changes could not be made again."]
    assert taken(first, before).told == ()  # once
    assert back.log.seen == log.seen


def test_what_was_undone_in_another_file_says_nothing_here(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    there = taken(other, edited(first).record).log
    there.undo()
    assert titles(taken(first, there.record, is_same_file=False).log) == ["one", "two"]


def test_edits_stay_with_their_own_file(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [[f"other {n}", "ab"[n % 2]] for n in range(20)])
    there = taken(other, edited(first).record, is_same_file=False)
    assert there.log.edits == ()
    assert [problem.what for problem in there.told] == ["Your 2 changes stay with the file that they were made to."]
    there.log.do((ReplaceValue("label", "b", "B"),), "three")
    back = taken(first, there.log.record, is_same_file=False).log
    assert titles(back) == ["one", "two"]
    assert titles(taken(other, back.record, is_same_file=False).log) == ["three"]


def test_nothing_is_on_the_disk_before_the_table_is_used(tmp_path: Path) -> None:
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    before = edited(first).record
    dropped = take_up(other, before)
    assert dropped is not None
    assert titles(dropped.log) == ["one", "two"]
    assert not dropped.log.file.exists()
    assert take_up(other, before, should_stop=lambda: True) is None
    fewer = Record(before.columns, before.rows, before.groups[:1])  # one was taken back meanwhile
    assert titles(taken(other, fewer).log) == ["one"]


def test_a_damaged_log_is_put_aside_and_told(tmp_path: Path) -> None:
    table = made(tmp_path, "a")
    file = edited(table).file
    whole = file.read_bytes()
    file.write_bytes(b"{nonsense\n" + whole)
    found = taken(table)
    assert found.log.edits == ()
    assert "edits-damaged-1.jsonl" in found.told[0].fix
    assert (table.folder / "edits-damaged-1.jsonl").read_bytes().endswith(whole)
    assert taken(table).told == ()


def test_a_log_that_an_older_version_kept_under_its_sum_is_found(tmp_path: Path) -> None:
    table = made(tmp_path, "a")
    file = edited(table).file
    earlier = file.rename(tmp_path / f"edits-{snapshot_sum(table)}.jsonl")
    assert titles(taken(table).log) == ["one", "two"]
    assert not earlier.exists()


def test_a_log_of_another_reading_that_lies_with_the_table_is_made_again_and_kept(tmp_path: Path) -> None:
    """An older version was ended between reading the file anew and making the edits again."""
    first, other = made(tmp_path, "a"), made(tmp_path, "b", [["new", "c"], *ROWS])
    log = edited(first)
    log.file.rename(other.folder / EDITS_FILE)
    assert titles(taken(other).log) == ["one", "two"]
    again = taken(other).log
    assert again.edits[0] == SetCells("text", ((4, "mended"),))
    kept = tmp_path / f"edits-{snapshot_sum(first)}.jsonl"
    assert json.loads(kept.read_text(encoding="utf-8").splitlines()[0])["snapshot"] == snapshot_sum(first)
