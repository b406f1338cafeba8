"""What is said after a file was read into a project that had a table: nothing after opening, names and counts that fit
the page's head, and the columns that are others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.data.table.edits import DeleteRows
from studio.gui.ask import Ask
from studio.gui.pages.data.data import DataPage
from studio.gui.session import Session
from tests.gui import scripted


@pytest.fixture
def page(qtbot: QtBot, session: Session, messages: Path) -> DataPage:
    opened = DataPage(session, Ask())
    qtbot.addWidget(opened)
    opened.resize(1180, 720)
    opened.show()
    session.import_file(messages)
    scripted.settle(session)
    return opened


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    other = tmp_path / "answers.csv"
    other.write_text("text,topic\n" + "".join(f"words {n},{'ab'[n % 2]}\n" for n in range(20)))
    return other


def said(page: DataPage) -> str:
    done = page._table._state._done
    return "" if done.isHidden() else done.words.text()


def test_opening_a_project_says_nothing_of_a_reading(page: DataPage) -> None:
    session = page._session
    session.edits.do((DeleteRows((0,)),), "Deleted")
    session.edits.finish_now()
    scripted.settle(session)
    assert session.project is not None
    folder = session.project.folder
    session.read_again()
    scripted.settle(session)
    assert said(page).startswith("Read again: 59 rows.")
    session.new_project()
    scripted.open_project(session, folder)
    assert said(page) == ""


def test_what_was_said_goes_with_a_training(page: DataPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page._session.read_again()
    scripted.settle(page._session)
    assert said(page).startswith("Read again")
    with monkeypatch.context() as patched:
        patched.setattr(type(page._session.jobs), "__contains__", lambda _, kind: kind == "training")
        page._refresh(frozenset({"job"}))
    assert said(page) == ""


def test_another_file_is_named_and_not_compared_and_names_the_project(page: DataPage, answers: Path) -> None:
    session = page._session
    session.import_file(answers)
    scripted.settle(session)
    assert said(page) == "Now: answers.csv, 20 rows."
    assert not page.columns_changed.is_wanted
    assert session.project is not None
    assert session.project.name == "answers"


def test_a_name_that_was_given_stays(page: DataPage, answers: Path) -> None:
    session = page._session
    assert session.project is not None
    session.project = replace(session.project, name="Clinic")
    session.import_file(answers)
    scripted.settle(session)
    assert session.project.name == "Clinic"


def test_other_columns_under_the_same_name_are_named(page: DataPage, messages: Path) -> None:
    session = page._session
    messages.write_text("text,kind,day\n" + "".join(f"words {n},{'ab'[n % 2]},2\n" for n in range(40)))
    session.read_again()
    scripted.settle(session)
    assert page.columns_changed.isVisible()
    assert page.columns_changed.words.text() == (
        "The file has other columns than before. Gone: “topic”. New: “kind”, “day”. "
        "Text and label were chosen again; please look at them."
    )
    session.read_again()
    scripted.settle(session)
    assert not page.columns_changed.is_wanted  # they are the same by now
