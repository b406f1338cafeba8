"""The table: rows come from the snapshot when they are looked at, in three lines at most, and can be found."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.data.table.table import Reading, Table, open_table, write_reading
from studio.data.table.write import write_rows
from studio.gui import theme
from studio.gui.widgets.cell_text import MOST_LINES, break_lines, height_of
from studio.gui.widgets.chip import ChipKind
from studio.gui.widgets.fade import HEIGHT as FADE
from studio.gui.widgets.role_header import PADDING, RoleHeader, short_name
from studio.gui.widgets.table_cells import ROW_HEIGHT
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_pages import PAGE, TablePages
from studio.gui.widgets.table_view import TableView

ROWS = PAGE * 3 + 17


@pytest.fixture
def table(tmp_path: Path) -> Table:
    folder = tmp_path / "table"
    folder.mkdir()
    rows = [(f"text {n}", "refill" if n % 2 else "", "a\nb\nc\nd\ne" if n == 3 else "x") for n in range(ROWS)]
    write_rows(folder / "table.parquet", ("text", "topic", "note"), rows)
    write_reading(folder, Reading("a.csv"))
    return open_table(folder)


def test_every_row_is_reached_across_pages(qtbot: QtBot, table: Table) -> None:
    pages = TablePages(table, range(ROWS))
    for number in (0, PAGE - 1, PAGE, 2 * PAGE + 5, ROWS - 1):
        cells = pages.row(number)
        assert cells is not None
        assert cells[0] == f"text {number}"
    assert pages.row(0) == ("text 0", "", "x")
    assert pages.row(ROWS) is None


def test_old_pages_are_let_go(qtbot: QtBot, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.gui.widgets.table_pages.PAGES_KEPT", 2)
    pages = TablePages(table, range(ROWS))
    for number in range(0, ROWS, PAGE):
        pages.row(number)
    assert len(pages._pages) == 2


def test_rows_from_all_over_the_file_come_a_little_later(
    qtbot: QtBot, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.gui.widgets.table_pages._NEAR", 0)
    model = TableModel()
    model.show_table(table, list(range(ROWS - 1, -1, -1)))
    assert model.index(0, 0).data() == ""
    assert not model.is_here(0)
    with qtbot.waitSignal(model.came):
        pass
    assert model.index(0, 0).data() == f"text {ROWS - 1}"
    assert model.is_here(31)
    model.index(500, 0).data()
    model.show_table(table, [4])  # what was asked for before does not come any more
    with qtbot.assertNotEmitted(model.came, wait=150):
        model.show_table(None)


def test_rows_that_cannot_be_read_are_told_once(qtbot: QtBot, table: Table) -> None:
    model = TableModel()
    model.show_table(table)
    write_rows(table.file, ("text", "topic", "note"), [("other", "", "")] * 3)
    with qtbot.waitSignal(model.problem) as told:
        assert model.index(0, 0).data() == ""
    assert "could not be read" in told.args[0].what
    with qtbot.assertNotEmitted(model.problem, wait=50):
        assert model.index(300, 0).data() == ""


def test_a_model_shows_all_rows_or_some(qtbot: QtBot, table: Table) -> None:
    model = TableModel()
    model.show_table(table)
    assert (model.rowCount(), model.columnCount()) == (ROWS, 3)
    model.show_table(table, [4, 700])
    assert model.index(1, 0).data() == "text 700"
    assert model.headerData(1, Qt.Orientation.Vertical) == "701"
    assert model.number_at(1) == 700
    model.show_cells(("why",), [["broken"]], [8])
    assert model.index(0, 0).data() == "broken"
    assert model.headerData(0, Qt.Orientation.Vertical) == "9"
    model.show_cells(("why",), [["broken"]], [1999], numbered="line {number}")
    assert model.headerData(0, Qt.Orientation.Vertical) == "line 2,000"
    model.show_table(table, [4])
    assert model.headerData(0, Qt.Orientation.Vertical) == "5"


def test_lines_are_kept_and_the_rest_fades(qapp: object) -> None:
    assert break_lines("one\ntwo", 400)[1:] == (2, False, False)
    assert break_lines("one\r\ntwo", 400).lines == 2
    assert break_lines("a\nb\nc\nd\ne", 400)[1:] == (MOST_LINES, True, False)
    assert break_lines("word " * 400, 200)[1:] == (MOST_LINES, True, False)
    assert break_lines("x" * 30_000, 300).goes_on
    assert height_of("", 100) == height_of("one line", 400)


def test_a_text_is_read_from_the_side_of_its_letters(qapp: object) -> None:
    assert break_lines("שלום עולם", 400).from_right
    assert break_lines("1. مرحبا", 400).from_right
    assert break_lines("שלום", 400).layout.lineAt(0).naturalTextRect().left() > 200
    assert not break_lines("日本語のテキスト", 400).from_right


def test_what_is_searched_is_marked_behind_signs_that_count_twice(qapp: object) -> None:
    marked = break_lines("🙂 Refund, refund", 400, "refund").layout.formats()
    assert [(one.start, one.length) for one in marked] == [(3, 6), (11, 6)]


def test_rows_grow_with_their_text_when_they_come_into_view(qtbot: QtBot, table: Table) -> None:
    view, model = TableView(), TableModel()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(700, 400)
    view.show()
    model.show_table(table)
    view.spread()
    qtbot.waitUntil(lambda: view.rowHeight(3) > ROW_HEIGHT)
    assert view.rowHeight(0) == ROW_HEIGHT
    assert sum(view.columnWidth(n) for n in range(3)) == view.viewport().width()


@pytest.fixture
def view(qtbot: QtBot, table: Table) -> TableView:
    shown, model = TableView(), TableModel()
    qtbot.addWidget(shown)
    shown.setModel(model)
    shown.resize(700, 400)
    shown.kept = model  # type: ignore[attr-defined]
    model.show_table(table)
    shown.show_roles({"text": ("text to read", "accent")}, label="", labels=(), offers=True)
    shown.show()
    return shown


def test_a_columns_head_is_a_choice_for_mouse_and_keyboard(qtbot: QtBot, view: TableView) -> None:
    head = view.horizontalHeader()
    assert isinstance(head, RoleHeader)
    assert "Click for what it is for" in head.about(0)
    assert "text to read" in head.about(0)
    assert "is not used" in head.about(1)
    with qtbot.waitSignal(view.role_asked) as asked:
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert asked.args[0] == "text"
    assert head.focusPolicy() & Qt.FocusPolicy.TabFocus
    head.setFocus()
    QTest.keyClick(head, Qt.Key.Key_Right)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        with qtbot.waitSignal(view.role_asked) as asked:
            QTest.keyClick(head, key)
        assert asked.args[0] == "topic"
    for _ in range(5):
        QTest.keyClick(head, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.role_asked) as asked:
        QTest.keyClick(head, Qt.Key.Key_Space)
    assert asked.args[0] == "note"


def test_a_head_without_a_choice_asks_nothing(qtbot: QtBot, view: TableView) -> None:
    view.show_roles({}, label="", labels=(), offers=False)
    head = view.horizontalHeader()
    assert head.focusPolicy() == Qt.FocusPolicy.NoFocus
    with qtbot.assertNotEmitted(view.role_asked):
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        QTest.keyClick(head, Qt.Key.Key_Space)


def test_the_menu_key_asks_for_the_menu_of_the_row(qtbot: QtBot, view: TableView) -> None:
    view.setCurrentIndex(view.model().index(2, 1))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.waitSignal(view.menu_asked) as asked:
        view.contextMenuEvent(event)
    assert asked.args[:2] == [2, 1]


def test_the_cell_that_the_keyboard_is_at_lies_clear_of_the_fades(qtbot: QtBot, view: TableView) -> None:
    for row in (300, 40):  # far below what is seen, then far above
        view.setCurrentIndex(view.model().index(row, 0))
        qtbot.waitUntil(lambda row=row: view.visualRect(view.model().index(row, 0)).top() >= FADE)  # type: ignore[misc]
        assert view.visualRect(view.model().index(row, 0)).bottom() <= view.viewport().height() - FADE


def test_of_two_texts_the_longer_one_asks_for_the_room(qtbot: QtBot, view: TableView) -> None:
    model = view.model()
    assert isinstance(model, TableModel)
    model.show_cells(("why", "text"), [["short", "few"], ["short", "many words " * 30]], [3, 8])
    view.show_roles({}, label="", labels=(), offers=False)
    view.spread()
    assert view.columnWidth(1) > 2 * view.columnWidth(0)


def test_a_narrow_column_that_nobody_uses_makes_no_row_taller(qtbot: QtBot, view: TableView) -> None:
    model = view.model()
    assert isinstance(model, TableModel)
    model.show_cells(("why", "text"), [["many words " * 20, "few"]], [3])
    view.show_roles({"text": ("text to read", "accent")}, label="", labels=(), offers=True)
    assert view._cells.height(model, 0, [64, 300]) == ROW_HEIGHT
    assert view._cells.height(model, 0, [300, 300]) > ROW_HEIGHT
    view.setColumnWidth(0, 64)
    assert not view.grab().isNull()


def test_many_columns_have_their_chips_below_their_names(qtbot: QtBot, view: TableView) -> None:
    model, head = view.model(), view.horizontalHeader()
    assert isinstance(model, TableModel)
    assert isinstance(head, RoleHeader)
    names = ("source", "form number", "quarter", "Customer question", "Channel", "comment", "Our reply", "Date")
    cells = ["web", "F-1", "Q1", "many words " * 20, "phone", "", "other words " * 20, "2024-03-01"]
    model.show_cells(names, [cells], [3])
    chips: dict[str, tuple[str, ChipKind]] = {
        "Customer question": ("text to read", "accent"), "Our reply": ("answer", "good"),
    }  # fmt: skip
    view.show_roles(chips, label="", labels=(), offers=True)
    view.resize(560, 400)
    view.begin_table()
    assert head.is_stacked
    metrics = QFontMetrics(theme.font("small"))
    for n, name in enumerate(names):
        assert short_name(name, metrics, view.columnWidth(n) - 2 * PADDING - 16) == name
    assert view.horizontalScrollBar().maximum() > 0
    left = view.horizontalScrollBar().value()
    assert left == head.sectionPosition(3)  # what is read is in view, although three columns stand before it
    assert not view.grab().isNull()
    view.resize(2_000, 400)
    view.spread()
    assert not head.is_stacked
    assert view.horizontalScrollBar().maximum() == 0


def test_a_width_chosen_by_hand_is_kept(qtbot: QtBot, view: TableView) -> None:
    view.spread()
    view.setColumnWidth(1, 233)
    view.resize(900, 400)
    view.spread()
    assert view.columnWidth(1) == 233
    assert sum(view.columnWidth(n) for n in range(3)) == view.viewport().width()
    view.begin_table()
    assert view.columnWidth(1) != 233


def test_of_a_joined_name_the_last_parts_stay(qtbot: QtBot) -> None:
    metrics = QFontMetrics(theme.font("small"))
    name = "Current · Population · Date"
    assert short_name(name, metrics, 1_000) == name
    assert short_name(name, metrics, metrics.horizontalAdvance("… · Population · Date")) == "… · Population · Date"
    assert short_name(name, metrics, metrics.horizontalAdvance("… · Date")) == "… · Date"
    assert short_name("Customer question", metrics, metrics.horizontalAdvance("Customer…")).startswith("Custom")


def test_the_most_frequent_labels_are_told_apart_by_colour(qtbot: QtBot, view: TableView) -> None:
    for labels in (("1", "2", "3", "4", "5"), ("2", "3", "4", "5")):  # an edit took the last row of a label away
        view.show_roles({}, label="topic", labels=labels, frequent=labels[::-1], offers=True)
        assert [view._cells.colours.of(label) for label in "54321"] == ["accent", "warn", "good", "plum", "teal"]
