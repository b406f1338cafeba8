"""A file that was changed after it was read: told quietly, read again on a click, its changes made again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.data.table.edits import DeleteRows, SetCells
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.data.data import DataPage
from studio.gui.session import Session
from tests.gui import scripted


@pytest.fixture
def page(qtbot: QtBot, session: Session, messages: Path) -> DataPage:
    opened = DataPage(session, Ask())
    qtbot.addWidget(opened)
    opened.show()
    session.import_file(messages)
    scripted.settle(session)
    return opened


def looked(page: DataPage) -> None:
    page.shown()
    while (looking := page.newer._looking) is not None:
        looking.wait()


def edit(page: DataPage, *edits: SetCells | DeleteRows) -> None:
    page._session.edits.do(edits, "Changed")
    page._session.edits.finish_now()
    scripted.settle(page._session)


def settle(page: DataPage) -> None:
    scripted.settle(page._session)
    while Job.running():
        Job.running()[0].wait()


def test_nothing_is_said_of_a_file_that_is_as_it_was(page: DataPage, messages: Path) -> None:
    assert page._table._state._done.isHidden()  # it was read once, not again
    looked(page)
    assert page.newer.isHidden()
    messages.unlink()
    looked(page)
    assert page.newer.isHidden()  # the table is there all the same


def test_a_changed_file_is_told_and_read_again_with_its_changes(page: DataPage, messages: Path) -> None:
    edit(page, DeleteRows((0,)), SetCells("topic", ((5, "other"),)))
    with messages.open("a", encoding="utf-8") as stream:
        stream.write("one more bill,billing\nand a last one,refill\n")
    looked(page)
    assert not page.newer.isHidden()
    words = page.newer.words.text()
    assert words.startswith("messages.csv was changed after it was read, ")
    assert words.endswith("It is 44 bytes larger.")
    page.newer.again.click()
    settle(page)
    table = page._session.table
    assert table is not None
    assert (table.rows, len(table.numbers), table.cells(5)[1]) == (62, 61, "other")
    assert page.newer.isHidden()
    told = page._table._state._done.words.text()
    assert told == "Read again: 62 rows, 2 more than before. Your change was made again."
    looked(page)
    assert page.newer.isHidden()


def test_what_was_closed_stays_closed_until_the_file_changes_again(page: DataPage, messages: Path) -> None:
    found = messages.stat()
    os.utime(messages, (found.st_atime, found.st_mtime + 100))
    looked(page)
    assert page.newer.words.text().endswith(".")
    assert "larger" not in page.newer.words.text()
    page.newer.cross.click()
    looked(page)
    assert page.newer.isHidden()
    os.utime(messages, (found.st_atime, found.st_mtime + 200))
    looked(page)
    assert not page.newer.isHidden()


def test_it_is_told_after_the_project_was_opened_again(page: DataPage, messages: Path) -> None:
    session = page._session
    assert session.project is not None
    folder = session.project.folder
    session.new_project()
    messages.write_text(messages.read_text() + "one more bill,billing\n")
    scripted.open_project(session, folder)
    looked(page)
    assert not page.newer.isHidden()


def test_a_newer_file_takes_the_place_of_the_table(
    page: DataPage, messages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = page._session
    edit(page, SetCells("topic", ((0, "first"), (1, "second"))))
    newer = tmp_path / "messages-2.csv"
    lines = messages.read_text().splitlines()
    newer.write_text("\n".join([lines[0], "a new one,billing", lines[1], *lines[3:]]) + "\n")
    monkeypatch.setattr(page.files._ask, "open_files", lambda *_, **__: (newer,))
    problems: list[str] = []
    session.problem.connect(lambda problem: problems.append(f"{problem.what} {problem.why}"))
    assert [action.text() for action in page.files.menu().actions()] == ["Read the file again", "Take a newer file…"]
    page.files.take_newer()
    settle(page)
    assert session.table is not None
    assert session.config.data.file == str(newer)
    assert session.table.column("topic")[:2] == ["billing", "first"]  # the row is found where it stands now
    assert problems == ["1 of your changes could not be made again. “Changed”: The row was changed or is gone."]
    assert page._table._state._done.words.text() == "Read again: 60 rows."
