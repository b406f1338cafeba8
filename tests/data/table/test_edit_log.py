from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from studio.data.table.edit_log import EditLog
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.groups import Again, LeftOver
from studio.problems import Problem
from tests.data.snapshots import Model, cells_of, snapshot
from tests.data.table.test_overlay import EDITS

ROWS = [["a", "1"], ["b", "2"], ["a", "1"], ["", "c ü"], ["A", ""], ["b", "2"], ["a", "3"], ["\r\n\u2028", "4"]]
COLUMNS = ("x", "y")


class Edited(RuleBasedStateMachine):
    """Random doing, undoing and redoing, against plain lists; now and then the log is read from the disk again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.bare = snapshot(Path(self.folder.name) / "table", COLUMNS, ROWS)
        self.log = EditLog(Path(self.folder.name) / "edits.jsonl", self.bare)
        self.done: list[tuple[str, list[object]]] = []
        self.undone: list[tuple[str, list[object]]] = []

    @rule(edits=st.lists(EDITS, min_size=1, max_size=3), title=st.sampled_from(["Merge “a”", "Löschen"]))
    def do(self, edits: list[object], title: str) -> None:
        self.log.do(tuple(edits), title)  # type: ignore[arg-type]
        self.done.append((title, edits))
        self.undone.clear()

    @rule()
    def undo(self) -> None:
        assert self.log.undo() == (self.done[-1][0] if self.done else "")
        if self.done:
            self.undone.append(self.done.pop())

    @rule()
    def redo(self) -> None:
        assert self.log.redo() == (self.undone[-1][0] if self.undone else "")
        if self.undone:
            self.done.append(self.undone.pop())

    @precondition(lambda self: self.done)
    @rule()
    def reopen(self) -> None:
        self.log = EditLog(self.log.file, self.bare)
        self.undone.clear()

    @invariant()
    def is_as_the_lists_are(self) -> None:
        model = Model(COLUMNS, ROWS)
        for _, edits in self.done:
            for edit in edits:
                model.do(edit)
        assert cells_of(self.log.table) == model.cells
        assert list(self.log.table.numbers) == model.numbers
        assert list(self.log.edits) == [edit for _, edits in self.done for edit in edits]
        assert [group.title for group in self.log.groups] == [title for title, _ in self.done]
        assert [group.title for group in self.log.undone] == [title for title, _ in reversed(self.undone)]

    def teardown(self) -> None:
        again = EditLog(self.log.file, self.bare)
        assert again.groups == self.log.groups
        assert again.table == self.log.table
        self.folder.cleanup()


Edited.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestEdited = Edited.TestCase


def log_of(folder: Path) -> EditLog:
    return EditLog(folder / "edits.jsonl", snapshot(folder / "table", COLUMNS, ROWS))


def test_nothing_is_written_before_something_is_done(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    assert log.undo() == log.redo() == ""
    log.do((), "Nothing")
    assert not log.file.exists()
    with pytest.raises(Problem, match="no row 9"):
        log.do((SetCells("x", ((0, "a"),)), DeleteRows((8,))), "Too far")
    assert log.edits == ()
    assert not log.file.exists()


def test_the_file_says_what_stood_there(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((SetCells("x", ((4, "a"), (0, "z"))), ReplaceValue("x", "z", "q"), SetCells("x", ((0, "r"),))), "Some")
    head, line = [json.loads(line) for line in log.file.read_text(encoding="utf-8").splitlines()]
    assert head["columns"] == ["x", "y"]
    assert head["rows"] == 8
    assert line["title"] == "Some"
    assert [edit.get("before") for edit in line["edits"]] == [["A", "a"], None, ["q"]]
    assert [(row, which, of) for row, _, which, of in line["marks"]] == [(0, 0, 2), (4, 0, 1)]


def test_a_line_that_was_never_finished_was_never_done(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    whole = log.file.read_bytes()
    log.file.write_bytes(whole + b'{"title":"Two","edi')
    again = EditLog(log.file, log.table)
    assert list(again.edits) == [DeleteRows((1,))]
    again.do((DeleteRows((2,)),), "Three")
    assert [group.title for group in EditLog(log.file, log.table).groups] == ["One", "Three"]


def test_nothing_of_a_longer_torn_line_stays_behind_a_shorter_one(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    torn = b'{"title":"Two","edits":[{"set":"x","cells":[[0,"' + b"long " * 2_000
    log.file.write_bytes(log.file.read_bytes() + torn)
    again = EditLog(log.file, log.table)
    again.do((DeleteRows((2,)),), "Three")
    assert b"long" not in log.file.read_bytes()
    once_more = EditLog(log.file, log.table)
    assert [group.title for group in once_more.groups] == ["One", "Three"]
    once_more.do((DeleteRows((3,)),), "Four")
    assert list(EditLog(log.file, log.table).edits) == [DeleteRows((1,)), DeleteRows((2,)), DeleteRows((3,))]


def test_whole_lines_of_another_window_are_never_cut_off(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    there = EditLog(log.file, log.table)
    there.do((DeleteRows((2,)),), "Theirs")
    whole = log.file.read_bytes()
    for act in (lambda: log.do((DeleteRows((3,)),), "Mine"), log.undo):
        with pytest.raises(Problem, match="not made"):
            act()
    assert log.file.read_bytes() == whole
    assert [group.title for group in log.groups] == ["One"]
    there.undo()
    there.undo()
    with pytest.raises(Problem, match="not made"):  # it holds less than is known here
        log.do((DeleteRows((3,)),), "Mine")
    log.file.unlink()
    with pytest.raises(Problem, match="not made"):
        log.do((DeleteRows((3,)),), "Mine")


def test_what_was_carried_over_does_not_replace_lines_of_another_window(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    carried = EditLog(log.file, log.table)
    carried.carry_over([Again("Two", (DeleteRows((2,)),), "a1")], (), ["a1"])
    log.do((DeleteRows((3,)),), "Theirs")
    with pytest.raises(Problem, match="not made"):
        carried.write_down()
    assert [group.title for group in EditLog(log.file, log.table).groups] == ["One", "Theirs"]


def test_an_edit_is_on_the_disk_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    flushed: list[tuple[int, int]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        flushed.append((os.fstat(descriptor).st_size, len(log.groups)))

    monkeypatch.setattr(os, "fsync", fsync)
    log.do((DeleteRows((2,)),), "Two")
    assert flushed == [(log.file.stat().st_size, 1)]


def test_names_of_what_was_undone_stay_until_it_is_done_again(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    log.do((DeleteRows((2,)),), "Two")
    one, two = (group.name for group in log.groups)
    log.undo()
    assert EditLog(log.file, log.table).taken_back == {two}
    log.undo()
    log.redo()
    again = EditLog(log.file, log.table)
    assert again.record.taken_back == log.record.taken_back == {two}
    assert [group.name for group in again.groups] == [one]


def test_what_was_undone_before_cannot_be_done_again_on_top_of_what_was_carried_over(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    log.undo()
    log.carry_over([Again("Two", (DeleteRows((2,)),), "a1")], (), ["a1"])
    assert log.undone == ()
    assert log.redo() == ""
    assert log.undo() == "Two"  # also where it was not written down before
    assert EditLog(log.file, log.table).edits == ()


def test_a_damaged_or_newer_file_is_a_problem(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    log.do((DeleteRows((2,)),), "Two")
    head, first, second = log.file.read_bytes().splitlines(keepends=True)
    log.file.write_bytes(head + first[:-9] + b"\n" + second)
    with pytest.raises(Problem, match="damaged") as caught:
        EditLog(log.file, log.table)
    assert caught.value.where is not None
    assert caught.value.where.line == 2
    log.file.write_bytes(head.replace(b'"version":1', b'"version":2'))
    with pytest.raises(Problem, match="newer version"):
        EditLog(log.file, log.table)


def test_a_log_of_another_snapshot_waits_to_be_replayed(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    other = snapshot(tmp_path / "other", COLUMNS, [["new", "row"], *ROWS])
    stale = EditLog(log.file, other)
    assert stale.is_stale
    assert stale.table == other
    for act in (stale.undo, stale.redo, lambda: stale.do((DeleteRows((1,)),), "Two")):
        with pytest.raises(Problem, match="another reading"):
            act()
    left = LeftOver("Old", "Gone.", 2, (3, 4))
    stale.begin_anew()
    stale.carry_over([Again("One", (DeleteRows((2,)),), "a1")], [left], ["a1", "b2"])
    assert EditLog(log.file, other).is_stale
    stale.write_down()
    again = EditLog(log.file, other)
    assert not again.is_stale
    assert list(again.edits) == [DeleteRows((2,))]
    assert again.left_over == (left,)
    assert [group.name for group in again.groups] == ["a1"]
    assert again.seen == {"a1", "b2"}
    assert again.undo() == "One"


def test_an_emptied_log_takes_the_next_snapshot(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    log.undo()
    other = EditLog(log.file, snapshot(tmp_path / "other", ("z",), [["new"]]))
    other.do((SetCells("z", ((0, "q"),)),), "Two")
    assert EditLog(log.file, other.table).table.column("z") == ["q"]


def test_what_is_carried_over_and_not_written_is_written_with_the_next_edit(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.carry_over([Again("One", (DeleteRows((1,)),), "a1")], (), ["a1"])
    assert not log.file.exists()
    log.do((DeleteRows((2,)),), "Two")
    assert [group.title for group in EditLog(log.file, log.table).groups] == ["One", "Two"]


def test_a_record_stays_as_it_is_while_more_is_done(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.do((DeleteRows((1,)),), "One")
    record = log.record
    log.do((DeleteRows((2,)),), "Two")
    assert [group.title for group in record.groups] == ["One"]
    log.undo()
    assert log.record.groups == record.groups
    assert record.taken_back == frozenset()


def test_groups_of_older_logs_have_the_same_name_every_time(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    for row in (1, 2):
        log.do((DeleteRows((row,)),), "One")
    lines = [json.loads(line) for line in log.file.read_text(encoding="utf-8").splitlines()]
    old = [{key: value for key, value in line.items() if key not in {"name", "seen"}} for line in lines]
    log.file.write_text("".join(json.dumps(line) + "\n" for line in old), encoding="utf-8")
    names = [group.name for group in EditLog(log.file, log.table).groups]
    assert len(set(names)) == 2
    assert names == [group.name for group in EditLog(log.file, log.table).groups]
