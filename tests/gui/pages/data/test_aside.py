"""A row set aside is mended in a dialog and taken into the table; it is counted, can be undone, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.data.table.aside import Split
from studio.gui.ask import Ask
from studio.gui.pages.data.data import DataPage
from studio.gui.pages.data.mend import MendDialog
from studio.gui.session import Session
from tests.gui import scripted


@pytest.fixture
def page(qtbot: QtBot, session: Session, tmp_path: Path) -> DataPage:
    file = tmp_path / "messages.csv"
    about = (("tablets", "refill"), ("a bill", "billing"))
    rows = [f"message {n} about {about[n % 2][0]};{about[n % 2][1]}" for n in range(40)]
    file.write_text("\n".join(["text;topic", *rows, "a bill; and more;billing", "alone"]) + "\n", encoding="utf-8")
    opened = DataPage(session, Ask())
    qtbot.addWidget(opened)
    opened.resize(1180, 720)
    opened.show()
    session.import_file(file)
    scripted.settle(session)
    opened._table.bar.buttons["aside"].click()
    return opened


def asked(page: DataPage) -> MendDialog:
    return next(dialog for dialog in page.findChildren(MendDialog) if dialog.isVisible())


def settle(page: DataPage) -> None:
    page._session.edits.finish_now()
    scripted.settle(page._session)


def test_a_row_is_mended_and_taken_in_and_everything_adds_up(page: DataPage) -> None:
    session, panel = page._session, page._table
    assert panel.bar.buttons["aside"].text() == "2 set aside"
    panel.aside.mend.click()
    dialog = asked(page)
    assert dialog.raw.toPlainText() == "a bill; and more;billing"
    assert [field.toPlainText() for field in dialog.fields] == ["a bill; and more", "billing"]
    assert dialog.over.text().endswith("So 2 cells became one: “text”.")
    dialog.turn.click()
    assert [field.toPlainText() for field in dialog.fields] == ["a bill", " and more"]
    assert dialog.over.text() == "There is no column for one cell: “billing”"
    dialog.turn.click()
    assert dialog.cells() == ("a bill; and more", "billing")
    dialog.take.click()
    settle(page)
    assert session.table is not None
    assert session.table.cells(40) == ["a bill; and more", "billing"]
    assert page.head.title.text() == "41 rows"
    assert page.head.explanation.text().endswith("1 row set aside · 1 taken in by you")
    assert page._check_up._words.text().startswith("40 rows were read, 1 set aside, 1 taken in by you.")
    assert panel.bar.buttons["aside"].text() == "1 set aside"
    assert [panel.model.cell(row, 1) for row in range(panel.model.rowCount())] == ["alone"]
    assert panel._state._done.words.text() == "Line 42 taken into the table. It is row 41."
    assert session.edits.stack.undoText() == "Line 42 taken into the table"
    panel._state.show_row.click()
    settle(page)
    assert panel._showing == "all"
    assert panel.model.number_at(panel.view.currentIndex().row()) == 40
    panel.bar.buttons["aside"].click()
    page.changes.undo()
    settle(page)
    assert panel.bar.buttons["aside"].text() == "2 set aside"
    assert page.head.title.text() == "40 rows"
    assert panel.model.rowCount() == 2


def test_the_last_one_taken_in_leads_back_to_all_rows(page: DataPage) -> None:
    panel = page._table
    for _ in range(2):
        panel.aside.mend_row(0)
        dialog = asked(page)
        dialog.fields[1].setPlainText("billing")
        dialog.take.click()
        settle(page)
    assert panel._showing == "all"
    assert panel.bar.buttons["aside"].isHidden()
    assert panel.aside.isHidden()
    assert panel.model.rowCount() == 42


def test_enter_f2_and_a_double_click_open_it_and_escape_leaves(page: DataPage) -> None:
    view = page._table.view
    view.setCurrentIndex(view.shown.index(1, 0))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F2):
        QTest.keyClick(view, key)
        dialog = asked(page)
        assert dialog.raw.toPlainText() == "alone"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
    place = view.visualRect(view.shown.index(0, 1)).center()
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked(page).raw.toPlainText().startswith("a bill;")
    asked(page).reject()
    assert not page._session.edits.stack.canUndo()


def test_a_field_that_is_not_touched_gives_back_every_sign(qtbot: QtBot) -> None:
    dialog = MendDialog("Line 3", "why", "raw", ("a", "b"), Split((" x\r\ny ", "")))
    qtbot.addWidget(dialog)
    dialog.fields[1].setPlainText(" 007 ")
    assert dialog.cells() == (" x\r\ny ", " 007 ")
    dialog.fields[0].clear()
    dialog.fields[1].setPlainText("  ")
    assert not dialog.take.isEnabled()
    assert dialog.take.toolTip() == "Every cell is empty."
    assert [field.accessibleName() for field in dialog.fields] == ["a", "b"]


def test_the_next_row_is_selected_after_one_was_taken_in(page: DataPage, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    rows = [f"message {n};{'ab'[n % 2]}" for n in range(40)]
    file.write_text("\n".join(["text;topic", *rows, "one", "two", "three"]) + "\n", encoding="utf-8")
    page._session.import_file(file)
    settle(page)
    panel = page._table
    panel.bar.buttons["aside"].click()
    panel.aside.mend_row(1)
    asked(page).take.click()
    settle(page)
    assert panel.view.currentIndex().row() == 1
    assert panel.model.cell(1, 1) == "three"


def test_no_field_lies_below_the_fold(qtbot: QtBot) -> None:
    for many in (2, 5, 8, 14):
        dialog = MendDialog("Line 3", "why", "raw", [f"column {n}" for n in range(many)], Split(("cell",) * many))
        qtbot.addWidget(dialog)
        dialog.show()
        assert dialog.height() <= 660
        last = dialog.fields[-1]
        assert last.visibleRegion().boundingRect().height() == last.height()


def test_of_very_many_rows_the_first_are_shown_and_all_are_searched(
    page: DataPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.gui.pages.data.aside.MOST_SHOWN", 1)
    line = page._table.aside
    line.begin(page._session.table)
    line.show_rows("")
    assert [row.text for row in line._shown] == ["a bill; and more;billing"]
    assert line.note.text().endswith("The first 1 of 2 are shown; the file that is saved holds all.")
    line.show_rows("ALONE")
    assert [row.text for row in line._shown] == ["alone"]
    assert line.note.text() == "Not in the table, not learned from."
