"""The table with its search and its filters.

In: a Table, roles, the test rows. Out: the rows that match; `role_asked` from a column's head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget

from studio.data.find import find_rows
from studio.data.table import Table
from studio.gui import theme
from studio.gui.job import Control, Job
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chip import ChipKind
from studio.gui.widgets.page import EmptyState
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.widgets.text import Text, counted

TYPING_PAUSE_MS = 150


class TablePanel(Card):
    """A card that is all table. A search looks in every column; a filter and a search do not add up."""

    role_asked = Signal(str, QPoint)

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(1, 1, 1, 8)
        self.body.setSpacing(0)
        self._table: Table | None = None
        self._test_rows: Sequence[int] = ()
        self._labels: tuple[Mapping[str, tuple[str, ChipKind]], str, Sequence[str]] = ({}, "", ())
        self._finding: Job | None = None
        self._found: list[int] = []
        self.model, self.view = TableModel(self), TableView()
        self.view.setModel(self.model)
        self.view.role_asked.connect(self.role_asked)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._search)
        self._build_bar()
        self.add(HairLine())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(EmptyState(self.tr("No row contains this"), self.tr("Try fewer letters.")))
        self.add(self._stack, 1)

    def _build_bar(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search in all columns"))
        self.search.setAccessibleName(self.tr("Search in all columns"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(260)
        self.search.addAction(QAction(theme.icon("search"), "", self.search), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._pause.start)
        self._all = self._filter_button(self.tr("All rows"), self._show_all)
        self._aside = self._filter_button("", self._show_aside)
        self._test = self._filter_button("", self._show_test)
        self._state = Text(tone="soft")
        row = QHBoxLayout()
        row.setContentsMargins(14, 12, 16, 12)
        row.setSpacing(10)
        for widget in (self.search, self._all, self._aside, self._test):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._state)
        self.add(row)

    def _filter_button(self, words: str, clicked: Callable[[], object]) -> Button:
        button = Button(words, "small", clicked=clicked)
        button.setCheckable(True)
        return button

    def show_table(self, table: Table | None) -> None:
        """Show a table from its first row; None empties the panel."""
        self._table = table
        rejected = table.reading.rejected if table is not None else 0
        self._aside.setText(self.tr("{count} set aside").format(count=f"{rejected:,}"))
        self._aside.setVisible(rejected > 0)
        self.search.clear()
        self._pause.stop()
        self._show_all()

    def show_roles(
        self,
        chips: Mapping[str, tuple[str, ChipKind]],
        *,
        label: str,
        labels: Sequence[str],
        test_rows: Sequence[int],
    ) -> None:
        """Say what the columns are for, and which rows are kept for the test."""
        changed = self._labels[0] != chips
        self._labels, self._test_rows = (chips, label, labels), test_rows
        self._test.setText(self.tr("Test {count}").format(count=f"{len(test_rows):,}"))
        self._test.setVisible(bool(test_rows))
        if not self._aside.isChecked():
            self.view.show_roles(chips, label=label, labels=labels)
            if changed:
                self.view.spread()

    def show_only(self, rows: Sequence[int], words: str) -> None:
        """Show these rows of the table, and say in words which ones they are."""
        self._check(None)
        self._show(rows)
        self._state.setText(words)

    def _show_all(self) -> None:
        self._check(self._all)
        self._show(None)

    def _show_test(self) -> None:
        self._check(self._test)
        self._show(self._test_rows)

    def _show_aside(self) -> None:
        if self._table is None:
            return
        self._check(self._aside)
        rows = self._table.rejected()
        names = (self.tr("why it was set aside"), self.tr("as it stands in the file"))
        cells = [[str(row.get("reason", "")), str(row.get("text", ""))] for row in rows]
        self.model.show_cells(names, cells, [int(str(row.get("line", 1))) - 1 for row in rows])
        self.view.show_roles({}, label="", labels=())
        self._after_reset(self.tr("numbered by their line in the file"))

    def _show(self, rows: Sequence[int] | None) -> None:
        self.model.show_table(self._table, rows)
        chips, label, labels = self._labels
        self.view.show_roles(chips, label=label, labels=labels)
        self._after_reset("")

    def _after_reset(self, words: str) -> None:
        self._state.setText(words)
        self._stack.setCurrentIndex(0)
        self.view.scrollToTop()
        self.view.spread()

    def _check(self, chosen: Button | None) -> None:
        self._stop_finding()
        self.view.set_mark("")
        for button in (self._all, self._aside, self._test):
            button.setChecked(button is chosen)

    def _search(self) -> None:
        text = self.search.text().strip()
        self._stop_finding()
        if not text or self._table is None:
            self._show_all()
            return
        self._found = []
        table = self._table
        self._finding = Job(
            partial(_find, table=table, text=text), title=self.tr("Searching"), heavy=False, parent=self
        )
        self._finding.happened.connect(self._take)
        self._finding.ended.connect(self._show_found)
        self._finding.start()

    def _take(self, pieces: list[object]) -> None:
        for piece in pieces:
            if isinstance(piece, list):
                self._found += piece

    def _show_found(self, _outcome: object) -> None:
        if self.sender() is not self._finding:
            return
        self._finding = None
        self._check(None)
        self._show(self._found)
        self.view.set_mark(self.search.text().strip())
        self._stack.setCurrentIndex(0 if self._found else 1)
        self._state.setText(counted(len(self._found), self.tr("{count} row"), self.tr("{count} rows")))

    def _stop_finding(self) -> None:
        if self._finding is not None:
            self._finding.stop()
            self._finding = None

    def focus_search(self) -> None:
        """Put the keyboard into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()


def _find(control: Control, table: Table, text: str) -> Iterator[object]:
    return find_rows(table, text, should_stop=control.should_stop)
