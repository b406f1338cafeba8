"""A file that was changed after it was read: told quietly, read again on a click, its changes made again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.data.reading.options import ReadOptions
from studio.data.table.edits import DeleteRows, SetCells
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.data.data import DataPage
from studio.gui.pages.data.reading import ReadingDialog
from studio.gui.session import Session
from studio.gui.words import day
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
    assert page.newer.isHidden()


def test_a_changed_file_is_told_and_read_again_with_its_changes(page: DataPage, messages: Path) -> None:
    edit(page, DeleteRows((0,)), SetCells("topic", ((5, "other"),)))
    with messages.open("a", encoding="utf-8") as stream:
        stream.write("one more bill,billing\nand a last one,refill\n")
    looked(page)
    assert not page.newer.isHidden()
    words = page.newer.words.text()
    assert words.startswith(f"messages.csv was changed on the disk on {day(messages.stat().st_mtime)}, after it was ")
    assert words.endswith("after it was read. Your change is kept.")
    assert "bytes" not in words
    page.newer.again.click()
    settle(page)
    table = page._session.table
    assert table is not None
    assert (table.rows, len(table.numbers), table.cells(5)[1]) == (62, 61, "other")
    assert page.newer.isHidden()
    told = page._table._state._done.words.text()
    assert told == "Read again: 61 rows, 2 more than before. Your change was made again."
    assert page.head.title.text() == "61 rows"
    looked(page)
    assert page.newer.isHidden()


def test_what_was_closed_stays_closed_until_the_file_changes_again(page: DataPage, messages: Path) -> None:
    found = messages.stat()
    os.utime(messages, (found.st_atime, found.st_mtime + 100))
    looked(page)
    assert page.newer.words.text().endswith(".")
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
    assert page._table._state._done.words.text() == "Now: messages-2.csv, 60 rows."


def test_an_older_version_in_its_place_is_told_as_such(page: DataPage, messages: Path) -> None:
    found = messages.stat()
    os.utime(messages, (found.st_atime, found.st_mtime - 86_400))
    looked(page)
    assert page.newer.words.text().startswith("messages.csv was replaced on the disk by a version of ")


def test_a_changed_file_is_told_also_where_it_was_seen_while_the_project_opened(page: DataPage, messages: Path) -> None:
    session = page._session
    assert session.project is not None
    folder = session.project.folder
    session.new_project()
    messages.write_text(messages.read_text() + "one more bill,billing\n")
    session.open(folder)  # which looks at the file at once
    while (looking := page.newer._looking) is not None:
        looking.wait()
    settle(page)
    assert not page.newer.isHidden()


def test_a_missing_file_is_told_and_found_with_its_reading_and_changes(
    page: DataPage, messages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = page._session
    edit(page, SetCells("topic", ((5, "other"),)))
    session.import_file(messages, ReadOptions(delimiter=","))
    settle(page)
    moved = tmp_path / "there" / "messages.csv"
    moved.parent.mkdir()
    messages.rename(moved)
    looked(page)
    assert not page.missing.isHidden()
    assert page.missing.words.text().startswith("messages.csv is not in the folder")
    asked: list[str] = []

    def found(_: object, title: str, **__: object) -> Path:
        asked.append(title)
        return moved

    monkeypatch.setattr(page.files._ask, "open_file", found)
    page.missing.find_it.click()
    settle(page)
    assert asked == ["Find messages.csv"]
    assert session.config.data.file == str(moved)
    assert session.config.data.delimiter == ","
    assert session.table is not None
    assert session.table.cells(5)[1] == "other"
    looked(page)
    assert page.missing.isHidden()


def test_a_project_whose_file_is_gone_says_so_when_it_is_opened(page: DataPage, messages: Path) -> None:
    session = page._session
    assert session.project is not None
    folder = session.project.folder
    session.new_project()
    messages.unlink()
    scripted.open_project(session, folder)
    while (looking := page.newer._looking) is not None:
        looking.wait()
    assert not page.missing.isHidden()
    page.files.change_reading()
    dialog = page.findChild(ReadingDialog)
    assert dialog is not None
    while dialog._looking is not None:
        dialog._looking.wait()
    assert dialog._rows.isHidden()
    assert dialog._accept.isHidden()
    assert dialog._problem.problem is not None
    assert dialog._problem.problem.what == "messages.csv is not there any more."
    wanted: list[bool] = []
    dialog.find_asked.connect(lambda: wanted.append(True))
    dialog.find_asked.disconnect(page.files.find_missing)
    dialog.find_it.click()
    assert wanted == [True]
    assert not dialog.isVisible()
