"""Edits of the table in the window: done, undone, done again, there after a restart and after a second reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from studio.config.automatic import Facts, automatic
from studio.data.table.edit_log import EditLog
from studio.data.table.edits import DeleteRows, Edit, ReplaceValue, SetCells
from studio.gui.session import Session
from studio.gui.table_edits import TableEdits
from studio.problems import Problem
from tests.data.snapshots import cells_of, snapshot
from tests.gui import scripted


def opened(session: Session, messages: Path) -> Session:
    session.import_file(messages)
    scripted.settle(session)
    return session


def do(session: Session, *edits: SetCells | DeleteRows | ReplaceValue, title: str = "an edit") -> None:
    assert session.edits.do(edits, title)
    session.edits.finish_now()
    scripted.settle(session)


def cells(session: Session, row: int) -> list[str]:
    assert session.table is not None
    return session.table.cells(row)


def test_an_edit_is_done_undone_and_done_again(session: Session, messages: Path) -> None:
    opened(session, messages)
    before = cells(session, 1)
    do(session, SetCells("text", ((1, "another text"),)), title="Row 2 changed")
    assert cells(session, 1) == ["another text", before[1]]
    assert session.edits.stack.undoText() == "Row 2 changed"
    session.edits.undo()
    assert cells(session, 1) == before
    session.edits.redo()
    assert cells(session, 1)[0] == "another text"
    scripted.settle(session)


def test_deleted_rows_are_in_no_part_and_labels_can_be_merged(session: Session, messages: Path) -> None:
    opened(session, messages)
    do(session, DeleteRows((0, 1, 2)), ReplaceValue("topic", "billing", "bills"))
    assert session.dataset is not None
    assert not {0, 1, 2} & {row for part in session.dataset.parts.values() for row in part}
    assert session.dataset.labels == ("bills", "refill")


def test_edits_are_there_after_a_restart_and_can_be_undone(session: Session, messages: Path) -> None:
    opened(session, messages)
    do(session, SetCells("text", ((1, "kept"),)), title="first")
    assert session.project is not None
    folder = session.project.folder
    session.new_project()
    again = Session()
    again.open(folder)
    scripted.settle(again)
    assert cells(again, 1)[0] == "kept"
    assert again.edits.stack.undoText() == "first"
    again.edits.undo()
    assert cells(again, 1)[0].startswith("message 1")
    again.shut_down()


def test_edits_are_made_again_when_the_file_is_read_again(session: Session, messages: Path) -> None:
    opened(session, messages)
    do(session, SetCells("text", ((3, "mended"),)))
    lines = messages.read_text(encoding="utf-8").splitlines(keepends=True)
    messages.write_text("".join([lines[0], "one more,refill\n", *lines[1:]]), encoding="utf-8")
    session.import_file(messages)
    scripted.settle(session)
    assert cells(session, 4)[0] == "mended"
    assert cells(session, 3)[0].startswith("message 2")


def test_a_run_learns_from_the_edited_rows(session: Session, messages: Path, tmp_path: Path) -> None:
    from studio.runs import run as runs

    opened(session, messages)
    do(session, DeleteRows((0,)), SetCells("text", ((5, "edited"),)))
    assert session.dataset is not None
    facts = Facts(48, 9, 14, 12, 2, 1000, 128, 2**34, False)
    reasons = automatic(session.config, facts)
    made = runs.create(
        tmp_path / "run", config=session.config, reasons=reasons, facts=facts, dataset=session.dataset, base=tmp_path
    )
    dataset = made.dataset()
    assert dataset.table.rows == 59
    rows = {row.number: row.input for part in dataset.parts for row in dataset.rows(part)}  # type: ignore[arg-type]
    assert rows[4] == "edited"
    assert len(rows) == 59


def test_training_waits_until_a_file_is_read(session: Session, messages: Path) -> None:
    opened(session, messages)
    told: list[Problem] = []
    session.problem.connect(told.append)
    session.import_file(messages)
    session.start_training()
    assert not session.is_training
    assert told[0].what == "Something is still running."
    scripted.settle(session)


def test_a_new_share_does_not_begin_the_check_up_anew(session: Session, messages: Path) -> None:
    opened(session, messages)
    assert session.checked.is_last
    before = session.checked
    session.change("data.test_share", 0.2)
    scripted.settle(session)
    assert session.checked is before
    assert session.dataset is not None
    assert len(session.dataset.parts["test"]) == 12


@pytest.fixture
def log(tmp_path: Path) -> EditLog:
    """A log with two edits of a table of three rows."""
    log = EditLog(tmp_path / "edits.jsonl", snapshot(tmp_path / "table", ("x",), [["a"], ["b"], ["c"]]))
    log.do((SetCells("x", ((0, "one"),)),), "first")
    log.do((SetCells("x", ((1, "two"),)),), "second")
    return log


def test_an_undo_that_fails_is_told_and_leaves_stack_and_log_agreed(
    qtbot: QtBot, log: EditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits, told, changes = TableEdits(), list[Problem](), list[bool]()
    edits.problem.connect(told.append)
    edits.open(log)

    def full() -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(log, "undo", full)
        edits.undo()
        assert [problem.what for problem in told] == ["The disk is full."]
        edits.changed.connect(lambda: changes.append(edits.stack.canRedo()))
        qtbot.waitUntil(lambda: bool(changes))
    assert (edits.stack.index(), edits.stack.count()) == (len(log.groups), len(log.groups)) == (2, 2)
    assert (edits.stack.undoText(), edits.stack.canRedo()) == (log.groups[-1].title, bool(log.undone))
    assert (edits.stack.undoText(), edits.stack.canRedo()) == ("second", False)
    assert edits.table is not None
    assert cells_of(edits.table) == [["one"], ["two"], ["c"]]
    edits.undo()
    assert cells_of(edits.table) == [["one"], ["b"], ["c"]]
    assert (edits.stack.undoText(), edits.stack.redoText()) == (log.groups[-1].title, log.undone[0].title)
    assert (edits.stack.undoText(), edits.stack.redoText()) == ("first", "second")
    assert len(told) == 1


def test_nothing_is_undone_or_done_again_while_an_edit_is_written(
    qtbot: QtBot, log: EditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits, may_end, asked = TableEdits(), Event(), list[str]()
    edits.open(log)
    edits.undo()
    real = log.do

    def slow(new: Sequence[Edit], title: str) -> None:
        assert may_end.wait(20)
        real(new, title)

    monkeypatch.setattr(log, "do", slow)
    monkeypatch.setattr(log, "undo", lambda: asked.append("undo"))
    monkeypatch.setattr(log, "redo", lambda: asked.append("redo"))
    assert edits.do((SetCells("x", ((2, "three"),)),), "third")
    assert edits.is_busy
    edits.undo()
    edits.redo()
    may_end.set()
    edits.finish_now()
    assert asked == []
    assert not edits.is_busy
    assert [group.title for group in log.groups] == ["first", "third"]
    assert [edits.stack.text(place) for place in range(edits.stack.count())] == ["first", "third"]
    assert edits.stack.index() == 2
    assert cells_of(log.table) == [["one"], ["b"], ["three"]]
