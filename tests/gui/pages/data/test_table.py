"""The table in use: cells are changed and changed back, rows go and come again, every order and condition is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.data.checkup.finding import Finding, Fix
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.view import CellTest
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.data.changes import mended_words
from studio.gui.pages.data.column_card import ColumnCard
from studio.gui.pages.data.columns import chips_of
from studio.gui.pages.data.data import DataPage
from studio.gui.pages.data.table_state import LetGo
from studio.gui.session import Session
from studio.gui.widgets.cell_editor import LabelEditor, TextEditor
from studio.gui.widgets.column_parts import ValueRow
from studio.gui.widgets.label_shares import LabelShares
from studio.gui.widgets.share_bar import ShareBar
from studio.gui.widgets.text import Text
from studio.gui.work.browsing import SortedBy
from studio.gui.work.preparing import Checked
from tests.data.tables import table_of

ROWS = 60
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[DataPage]:
    session = Session()
    opened = DataPage(session, Ask())
    qtbot.addWidget(opened)
    opened.resize(1200, 800)
    opened.show()
    file = tmp_path / "messages.csv"
    rows = [
        f"message {n} about a {'bill that came,billing' if n % 2 else 'refill,refill'},{n * 7 % 60}"
        for n in range(ROWS)
    ]
    file.write_text("\n".join(["text,topic,number", *rows, "too,many,cells,here"]) + "\n", encoding="utf-8")
    session.import_file(file)
    until_looked_at(session)
    session.change_all({"data.input": "text", "data.target": "topic", "task.kind": "classify"})
    until_looked_at(session)
    yield opened
    session.shut_down()


def until_looked_at(session: Session) -> None:
    for kind in ("import", "prepare"):
        if (job := session.jobs[kind]) is not None:
            job.wait()


def settled(qtbot: QtBot, page: DataPage) -> None:
    session = page._session
    qtbot.waitUntil(lambda: not session.edits.is_busy and not page._table.rows.is_busy, timeout=10_000)
    until_looked_at(session)


def numbers(page: DataPage) -> list[int]:
    return [page._table.model.number_at(row) for row in range(page._table.model.rowCount())]


def open_editor(page: DataPage, row: int, column: int) -> QWidget:
    view = page._table.view
    view.setCurrentIndex(page._table.model.index(row, column))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_F2)
    return next(one for kind in (TextEditor, LabelEditor) for one in view.viewport().findChildren(kind))


def select(page: DataPage, *rows: int) -> None:
    view, model = page._table.view, page._table.model
    view.clearSelection()
    flags = QItemSelectionModel.SelectionFlag
    for row in rows:
        view.setCurrentIndex(model.index(row, 0))
    for row in rows:
        view.selectionModel().select(model.index(row, 0), flags.Select | flags.Rows)


def test_a_cell_is_changed_and_changed_back(qtbot: QtBot, page: DataPage) -> None:
    editor = open_editor(page, 3, 0)
    assert isinstance(editor, TextEditor)
    assert editor.accessibleName() == "text in row 4"
    editor.setPlainText("something else")
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    assert page._table.model.cell(3, 0) == "something else"  # at once, while it is being written down
    settled(qtbot, page)
    table = page._session.table
    assert table is not None
    assert table.cells(3)[0] == "something else"
    assert page._table.model.before(3, 0) == "message 3 about a bill that came"
    assert "was: message 3" in str(page._table.model.index(3, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert page._table.bar.undo.accessibleName() == "Undo: “text” in row 4 changed"
    page.changes.undo()
    settled(qtbot, page)
    assert page._table.model.cell(3, 0) == "message 3 about a bill that came"
    assert page._table.model.before(3, 0) is None
    page.changes.redo()
    settled(qtbot, page)
    assert page._table.model.cell(3, 0) == "something else"


def test_escape_gives_up_and_an_untouched_cell_is_no_change(qtbot: QtBot, page: DataPage) -> None:
    editor = open_editor(page, 3, 0)
    assert isinstance(editor, TextEditor)
    editor.setPlainText("something else")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert page._table.model.cell(3, 0) == "message 3 about a bill that came"
    editor = open_editor(page, 4, 0)
    QTest.keyClick(editor, Qt.Key.Key_Return, CONTROL)
    settled(qtbot, page)
    assert page._session.edits.stack.count() == 0
    assert not page._table.bar.undo.isEnabled()
    assert "nothing to undo" in page._table.bar.undo.toolTip()


def test_enter_takes_a_text_and_shift_enter_begins_a_line(qtbot: QtBot, page: DataPage) -> None:
    editor = open_editor(page, 3, 0)
    assert isinstance(editor, TextEditor)
    tall = editor.height()
    for modifier in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier):
        QTest.keyClick(editor, Qt.Key.Key_Return, modifier)
    QTest.keyClicks(editor, "more")
    assert editor.height() > tall
    assert editor.verticalScrollBar().maximum() == 0  # all of it is seen
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert page._table.model.cell(3, 0) == "message 3 about a bill that came\n\nmore"
    settled(qtbot, page)


def test_a_label_is_chosen_from_the_labels(qtbot: QtBot, page: DataPage) -> None:
    editor = open_editor(page, 3, 1)
    assert isinstance(editor, LabelEditor)
    assert [editor.itemText(n) for n in range(editor.count())] == ["billing", "refill"]
    editor.setEditText("refill")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settled(qtbot, page)
    assert page._table.model.cell(3, 1) == "refill"


def test_no_change_is_lost_while_another_is_written(qtbot: QtBot, page: DataPage) -> None:
    for row in range(4):
        page._table.view.edited.emit(row, "text", f"new {row}")
    qtbot.waitUntil(lambda: page._session.edits.stack.count() == 4, timeout=10_000)
    settled(qtbot, page)
    assert [page._table.model.cell(row, 0) for row in range(4)] == ["new 0", "new 1", "new 2", "new 3"]


def test_rows_are_deleted_without_a_question_and_come_back(qtbot: QtBot, page: DataPage) -> None:
    select(page, 2, 5, 6)
    QTest.keyClick(page._table.view, Qt.Key.Key_Delete)
    settled(qtbot, page)
    assert page._table.model.rowCount() == ROWS - 3
    assert not {2, 5, 6} & set(numbers(page))
    assert page._table._state._done.words.text() == "3 rows deleted."
    assert page.head.title.text() == f"{ROWS - 3} rows"
    page._table._state._done.button.click()
    settled(qtbot, page)
    assert numbers(page) == list(range(ROWS))
    assert page._table._state._done.isHidden()


def test_after_a_change_all_is_where_it_was(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.sort_by(SortedBy("number", descending=True, as_number=True))
    settled(qtbot, page)
    panel.add_test("topic", CellTest("equals", ("billing",)))
    settled(qtbot, page)
    shown = numbers(page)
    panel.view.lane.scroll(300)
    panel.view.place_changed()
    select(page, 11, 12)
    panel.view.lane.scroll(60)
    place = panel.model.number_at(panel.view.lane.first), panel.view.lane.above
    panel.view.edited.emit(shown[14], "text", "another text")
    settled(qtbot, page)
    assert numbers(page) == shown
    assert (panel.model.number_at(panel.view.lane.first), panel.view.lane.above) == place
    assert panel.view.chosen_numbers().tolist() == shown[11:13]
    assert panel._state.text() == "Sorted by number, largest first · Only rows where topic is “billing” · 30 rows"
    panel.row_actions.delete()
    settled(qtbot, page)
    assert numbers(page) == [number for number in shown if number not in shown[11:13]]


def test_a_row_that_no_longer_passes_leaves(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.add_test("topic", CellTest("equals", ("billing",)))
    settled(qtbot, page)
    panel.row_actions.rename("topic", "billing", "bills")
    settled(qtbot, page)
    assert panel.model.rowCount() == 0
    assert panel._stack.currentIndex() == 1
    panel._state.findChildren(LetGo)[0].click()
    settled(qtbot, page)
    assert panel.model.rowCount() == ROWS
    assert panel._state.isHidden() is False  # it still says what was done
    assert panel.model.before(1, 1) == "billing"


def test_numbers_are_sorted_by_their_size_and_texts_as_people_do(qtbot: QtBot, page: DataPage) -> None:
    assert page.menus.holds_numbers("number")
    assert not page.menus.holds_numbers("text")
    words = [action.text() for action in page.menus.menu("number").actions()]
    assert words[5:8] == ["Smallest first", "Largest first", "As in the file"]
    next(a for a in page.menus.menu("number").actions() if a.text() == "Smallest first").trigger()
    settled(qtbot, page)
    assert [page._table.model.cell(row, 2) for row in range(4)] == ["0", "1", "2", "3"]
    assert "sorted" in page._table.view._head.about(2)
    next(a for a in page.menus.menu("text").actions() if a.text() == "Sort Z to A").trigger()
    settled(qtbot, page)
    assert page._table.model.cell(0, 0).startswith("message 59")
    next(a for a in page.menus.menu("text").actions() if a.text() == "As in the file").trigger()
    settled(qtbot, page)
    assert numbers(page) == list(range(ROWS))


@pytest.mark.parametrize(
    ("kind", "text", "words", "rows"),
    [
        ("contains", "BILL", "contains “BILL”", 30),
        ("equals", "message 1 about a bill that came", "is “message 1 about a bill that came”", 1),
        ("longer", "32", "has more than 32 characters", 25),
        ("filled", "", "is not empty", 60),
        ("empty", "", "is empty", 0),
    ],
)
def test_rows_are_asked_for_in_a_line(
    qtbot: QtBot, page: DataPage, kind: str, text: str, words: str, rows: int
) -> None:
    panel = page._table
    panel.ask.ask_rows("text", kind)  # type: ignore[arg-type]
    assert panel.ask.isVisible()
    panel.ask.field.setText(text)
    panel.ask.take()
    settled(qtbot, page)
    assert panel.ask.isHidden()
    assert panel.model.rowCount() == rows
    assert f"Only rows where text {words}" in panel._state.text()


def test_a_label_is_renamed_everywhere(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.ask.ask_label("topic", "refill", ("billing", "refill"))
    assert not panel.ask._take.isEnabled()
    panel.ask.labels.setEditText("billing")
    panel.ask.take()
    settled(qtbot, page)
    assert {panel.model.cell(row, 1) for row in range(ROWS)} == {"billing"}
    assert page._session.edits.stack.undoText() == "“refill” became “billing”"


def test_a_label_becomes_exactly_what_was_typed_and_that_is_told_before(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.ask.ask_label("topic", "refill", ("REFILL ", "Refills", "billing", "refill"))
    QTest.keyClicks(panel.ask._typed, "Refill")
    qtbot.waitUntil(lambda: panel.ask.count == 30, timeout=10_000)
    assert panel.ask.outcome.text() == "30 rows: “refill” → “Refill”. No other row is called that."
    panel.ask.labels.setEditText("REFILL ")
    assert "“REFILL␣”. They join" in panel.ask.outcome.text()
    panel.ask.labels.setEditText("Refill")
    QTest.keyClick(panel.ask._typed, Qt.Key.Key_Return)
    settled(qtbot, page)
    assert {panel.model.cell(row, 1) for row in range(ROWS)} == {"billing", "Refill"}


def test_going_to_a_row_shows_it(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.ask_row()
    panel.ask.field.setText("57")
    panel.ask.take()
    assert panel.model.number_at(panel.view.currentIndex().row()) == 56
    assert any(placed.row == 56 for placed in panel.view.lane.in_view())
    panel.add_test("topic", CellTest("equals", ("billing",)))
    settled(qtbot, page)
    panel.go_to(57)
    assert "Row 57 is not among these rows" in panel._state._missed.words.text()
    panel._state._missed.button.click()
    settled(qtbot, page)
    assert panel.model.rowCount() == ROWS
    assert panel.model.number_at(panel.view.currentIndex().row()) == 56
    assert panel._state._missed.isHidden()
    panel.go_to(900)
    assert panel._state._done.words.text() == "There is no row 900; this is row 60."
    panel.add_test("topic", CellTest("equals", ("billing",)))
    settled(qtbot, page)
    panel.go_to(57)
    assert panel._state._missed.isVisible()
    panel.add_test("topic", CellTest("equals", ("refill",)))
    settled(qtbot, page)
    assert panel._state._missed.isHidden()


def test_all_rows_is_lit_only_where_all_rows_are_shown(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    every = panel.bar.buttons["all"]
    assert every.isChecked()
    panel.search.setText("refill")
    qtbot.waitUntil(lambda: panel.rows.shown.search == "refill", timeout=10_000)
    panel.add_test("number", CellTest("longer", characters=1))
    settled(qtbot, page)
    assert not every.isChecked()
    panel.sort_by(SortedBy("number", descending=True, as_number=True))
    settled(qtbot, page)
    every.click()
    settled(qtbot, page)
    assert every.isChecked()
    assert panel.search.text() == ""
    assert panel.model.rowCount() == ROWS
    assert panel._state.text() == "Sorted by number, largest first"


def test_what_was_mended_is_told_with_its_number_first(qtbot: QtBot, page: DataPage) -> None:
    merged = (ReplaceValue("topic", "refill", "Refill"),)
    assert mended_words(merged, 7, "topic") == "7 labels changed"
    assert mended_words((SetCells("text", ((1, "a"), (2, "b"))),), 7, "topic") == "2 cells changed"
    assert mended_words((DeleteRows((1,)),), 7, "topic") == "1 row deleted"
    finding, fix = Finding("x", 30, (0,), "look", "30 rows have a label …"), Fix("Spell them", merged)
    page._session.checked = Checked((finding,), is_whole=True, is_last=True)
    page.changes.mend(finding, fix)
    settled(qtbot, page)
    assert page._table._state._done.words.text() == "30 labels changed."
    assert page._table.bar.undo.text() == ""
    assert page._table.bar.undo.accessibleName() == "Undo: 30 labels changed"


def test_the_head_of_a_column_offers_every_role_of_the_goal(qtbot: QtBot, page: DataPage) -> None:
    def choose(column: str, said: str) -> None:
        next(a for a in page.menus.menu(column).actions() if a.text() == said).trigger()
        settled(qtbot, page)

    assert "Standing instruction" not in [a.text() for a in page.menus.menu("number").actions()]
    page._session.change("task.kind", "answer")
    choose("number", "Earlier turns")
    choose("number", "Standing instruction")  # a column is one thing at a time
    data = page._session.config.data
    assert (data.system, data.earlier) == ("number", "")
    assert next(a.text() for a in page.menus.menu("number").actions() if a.isChecked()) == "Standing instruction"
    choose("number", "Not used")
    assert page._session.config.data.system == ""


def test_the_head_of_the_labels_offers_to_change_one_everywhere(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    assert not [a for a in page.menus.menu("text").actions() if "everywhere" in a.text()]
    panel.view.setCurrentIndex(panel.model.index(2, 0))
    next(a for a in page.menus.menu("topic").actions() if a.text() == "Change a label everywhere…").trigger()
    assert panel.ask.which.currentText() == "refill"
    panel.ask.which.setCurrentIndex(0)
    panel.ask.labels.setEditText("bills")
    qtbot.waitUntil(lambda: panel.ask.outcome.text().startswith("30 rows: “billing” → “bills”"), timeout=10_000)
    panel.ask.take()
    settled(qtbot, page)
    assert panel.model.cell(1, 1) == "bills"
    next(a for a in page.menus.menu("text").actions() if a.text() == "Go to row…").trigger()
    assert panel.ask.asked == "number"


def test_keys_lead_through_the_rows(qtbot: QtBot, page: DataPage) -> None:
    view = page._table.view
    view.setFocus()
    view.setCurrentIndex(page._table.model.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == ROWS - 1
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert ROWS - 30 < view.currentIndex().row() < ROWS - 5
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert 5 < view.currentIndex().row() < 30
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.currentIndex().column() == 1
    row = view.currentIndex().row()
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.chosen_numbers().tolist() == [row, row + 1]
    QTest.keyClick(view, Qt.Key.Key_A)  # Qt would look through every row for it
    assert view.currentIndex().row() == row + 1


def test_rows_are_copied_as_tables_take_them(qtbot: QtBot, page: DataPage) -> None:
    page._table.view.edited.emit(2, "text", 'two\nlines "quoted"')
    settled(qtbot, page)
    select(page, 2, 3)
    page._table.row_actions.copy()
    told = QGuiApplication.clipboard().text()
    assert told == '"two\nlines ""quoted"""\trefill\t14\nmessage 3 about a bill that came\tbilling\t21'


def test_the_menu_of_a_row_offers_what_can_be_done(qtbot: QtBot, page: DataPage) -> None:
    select(page, 2, 3)
    panel = page._table
    menu = panel.row_actions.menu(2, 1)
    words = [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]
    assert words == ["Edit the cell", "Copy 2 rows", "Change this label everywhere…", "Delete 2 rows"]
    menu.deleteLater()


def test_a_findings_rows_come_in_its_order_with_its_notes(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.view.edited.emit(9, "text", "another text")
    settled(qtbot, page)
    fix = Fix("Delete them", (DeleteRows((4, 9)),))
    finding = Finding("odd", 2, (9, 4), "look", "2 rows are odd", "Odd rows teach odd things.", "text",
                      ((9, "very odd"),), (fix,))  # fmt: skip
    page._session.checked = Checked((finding,), is_whole=True, is_last=True)
    panel.show_finding(finding)
    assert numbers(page) == [9, 4]
    assert panel.model.columns == ("note", "text", "topic", "number")
    assert [panel.model.cell(row, 0) for row in range(2)] == ["very odd", ""]
    assert panel.model.cell(0, 1) == "another text"
    assert (panel.model.before(0, 1), panel.model.before(0, 0)) == ("message 9 about a bill that came", None)
    assert panel.view.columnWidth(0) >= 200
    assert not panel.model.can_edit(0)
    assert panel.banner.title.text() == "2 rows are odd"
    assert panel.banner._meaning.text() == "Odd rows teach odd things."
    with qtbot.waitSignal(panel.mended) as mended:
        panel.banner._fix.click()
    assert mended.args == [finding, fix]
    assert page._session.edits.is_busy or page._session.edits.stack.count()
    settled(qtbot, page)
    qtbot.waitUntil(lambda: panel.bar.buttons["all"].isChecked(), timeout=10_000)
    assert panel.banner.isHidden()
    assert panel.model.rowCount() == ROWS - 2
    assert panel.model.columns == ("text", "topic", "number")


def test_the_test_rows_stay_chosen_over_a_change(qtbot: QtBot, page: DataPage) -> None:
    page._table.bar.buttons["test"].click()
    tests = numbers(page)
    assert 0 < len(tests) < ROWS
    page._table.view.edited.emit(tests[0], "text", "another text")
    settled(qtbot, page)
    assert page._table.bar.buttons["test"].isChecked()
    assert page._table.model.rowCount() == len(tests)


def test_a_finding_is_not_mended_while_rows_are_looked_at_again(qtbot: QtBot, page: DataPage) -> None:
    fix = Fix("Delete it", (DeleteRows((4,)),))
    finding = Finding("odd", 1, (4,), "look", "1 row is odd", fixes=(fix,))
    panel = page._table
    panel.show_finding(finding)
    panel.take_findings((finding,), is_whole=True, is_last=True)
    assert panel.banner._fix.isEnabled()
    panel.take_findings((), is_whole=False, is_last=False)
    assert not panel.banner._fix.isEnabled()
    panel.take_findings((), is_whole=True, is_last=False)
    assert panel.banner.isVisible()
    assert not panel.banner._fix.isEnabled()
    panel.take_findings((finding,), is_whole=True, is_last=True)
    assert panel.banner._fix.isEnabled()


def test_the_rows_set_aside_are_saved(
    qtbot: QtBot, page: DataPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "aside.csv"
    monkeypatch.setattr(page.files._ask, "save_as", lambda *_, **__: out)
    page._table.bar.buttons["aside"].click()
    assert page._table.aside.save.isVisible()
    page._table.save_asked.emit()
    assert "too,many,cells,here" in out.read_text(encoding="utf-8")
    assert "aside.csv" in page._table._state._done.words.text()
    monkeypatch.setattr(page.files._ask, "save_as", lambda *_, **__: tmp_path / "where.doc")
    with qtbot.waitSignal(page._session.problem):
        page._table.save_asked.emit()


def test_about_a_column_its_values_lead_to_their_rows(qtbot: QtBot, page: DataPage) -> None:
    next(a for a in page.menus.menu("topic").actions() if a.text() == "About this column").trigger()
    card = page.about
    qtbot.waitUntil(lambda: bool(card.findChildren(ValueRow)), timeout=10_000)
    assert card._words.text() == "60 filled · none empty · 2 different"
    card.findChildren(ValueRow)[0].click()
    settled(qtbot, page)
    assert page._table._state.text() == "Only rows where topic is “billing” · 30 rows"
    page._table.view.edited.emit(1, "topic", "bills")
    settled(qtbot, page)
    qtbot.waitUntil(lambda: "3 different" in card._words.text(), timeout=10_000)
    card._cross.click()
    assert card.isHidden()
    page._look_at_column("number")
    qtbot.waitUntil(lambda: any("From 0 to 59" in text.text() for text in card.findChildren(Text)), timeout=10_000)
    card.close_it()
    qtbot.waitUntil(lambda: not Job.running(), timeout=10_000)


def test_every_column_of_a_template_is_read(qtbot: QtBot, page: DataPage) -> None:
    page._session.change_all({"data.template": "{number}: {text}", "data.group": "number"})
    settled(qtbot, page)
    chips = chips_of(page._session)
    assert {name: words for name, (words, _) in chips.items()} == {
        "text": "text to read",
        "number": "text to read",
        "topic": "label",
    }


def test_a_sort_that_is_stopped_leaves_the_rows_as_they_were(qtbot: QtBot, page: DataPage) -> None:
    panel = page._table
    panel.sort_by(SortedBy("text", descending=True))
    assert panel.rows.is_busy
    panel.rows.stop()
    qtbot.wait(120)
    assert not panel.rows.is_busy
    assert numbers(page) == list(range(ROWS))
    assert panel.rows.query.sort is None


def test_too_many_rows_to_delete_are_refused_in_words(
    qtbot: QtBot, page: DataPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.gui.pages.data.row_actions._MOST_DELETED", 10)
    page._table.view.selectAll()
    with qtbot.waitSignal(page._session.problem) as told:
        page._table.row_actions.delete()
    assert "60 rows are too many" in told.args[0].what


def test_the_card_of_a_column_shows_how_labels_are_spread_over_it(qtbot: QtBot, tmp_path: Path) -> None:
    rows = [(f"text {n}", "yes" if n % 4 else "no", "north" if n % 2 else "south") for n in range(200)]
    table = table_of(tmp_path, ("text", "label", "region"), rows)
    card = ColumnCard()
    qtbot.addWidget(card)
    card.show_column(table, "region", Columns("text", "label"))
    qtbot.waitUntil(lambda: card.findChild(LabelShares) is not None, timeout=10_000)
    said = sorted(bar.accessibleName() for bar in card.findChildren(ShareBar))
    assert said == ["north: yes 100%", "south: yes 50%, no 50%"]
    qtbot.waitUntil(lambda: card._looking is None, timeout=10_000)
    card.show_column(table, "label", Columns("text", "label"))
    qtbot.waitUntil(lambda: "2 different" in card._words.text(), timeout=10_000)
    qtbot.waitUntil(lambda: card._looking is None, timeout=10_000)
    assert not [one for one in card.findChildren(LabelShares) if one.isVisibleTo(card)]
