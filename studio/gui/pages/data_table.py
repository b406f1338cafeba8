"""The table with its search and its filters.

In: a Table, roles, the test rows. Out: the rows that match; `role_asked` from a column's head.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

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
Part = Literal["all", "aside", "test", "some"]


class TablePanel(Card):
    """A card that is all table. A filter says which rows are there, and the search looks in every column of those."""

    role_asked = Signal(str, QPoint)

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(1, 1, 1, 8)
        self.body.setSpacing(0)
        self._table: Table | None = None
        self._part: Part = "all"
        self._some: tuple[Sequence[int], str] = ((), "")  # the rows of a finding, and which ones they are
        self._aside_rows: list[tuple[int, str, str]] = []  # line, reason, text
        self._test_rows: Sequence[int] = ()
        self._labels: tuple[Mapping[str, tuple[str, ChipKind]], str, Sequence[str]] = ({}, "", ())
        self._finding: Job | None = None
        self._found: list[int] | None = None  # rows of the whole table that hold what is searched; None: no search
        self._hits: list[int] = []  # of the search that is still going on
        self._found_text = ""
        self.model, self.view = TableModel(self), TableView()
        self.view.setModel(self.model)
        self.view.role_asked.connect(self.role_asked)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._search)
        self._build_bar()
        self.add(HairLine())
        self._stack = QStackedWidget()
        self._nothing = EmptyState(self.tr("No row contains this"), self.tr("Try fewer letters."))
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        self.add(self._stack, 1)

    def _build_bar(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search in all columns"))
        self.search.setAccessibleName(self.tr("Search in all columns"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(140)
        self.search.setMaximumWidth(300)
        self.search.addAction(QAction(theme.icon("search"), "", self.search), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._pause.start)
        self._buttons: dict[Part, Button] = {
            "all": self._filter_button(self.tr("All rows"), "all"),
            "aside": self._filter_button("", "aside"),
            "test": self._filter_button("", "test"),
        }
        self._buttons["test"].setToolTip(self.tr("Rows that are kept for judging: the model never learns from them."))
        self._buttons["aside"].setToolTip(self.tr("Rows of the file that could not be read, each with its reason."))
        self._state = Text(tone="soft", kind="secondary", wrap=True)
        row = QHBoxLayout()
        row.setContentsMargins(14, 12, 16, 12)
        row.setSpacing(10)
        row.addWidget(self.search, 1)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch(0)
        self.add(row)
        self._state_line = QWidget()
        state = QHBoxLayout(self._state_line)
        state.setContentsMargins(16, 0, 16, 10)
        state.addWidget(self._state)
        self.add(self._state_line)

    def _filter_button(self, words: str, part: Part) -> Button:
        button = Button(words, "small", clicked=partial(self._choose, part))
        button.setCheckable(True)
        return button

    def show_table(self, table: Table | None) -> None:
        """Show a table from its first row; None empties the panel."""
        self._table = table
        rejected = table.reading.rejected if table is not None else 0
        self._aside_rows = []
        self._buttons["aside"].setText(self.tr("{count} set aside").format(count=f"{rejected:,}"))
        self._buttons["aside"].setVisible(rejected > 0)
        self._forget_search()
        self._choose("all")

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
        others = self._test_rows != test_rows
        self._labels, self._test_rows = (chips, label, labels), test_rows
        test = counted(len(test_rows), self.tr("{count} test row"), self.tr("{count} test rows"))
        self._buttons["test"].setText(test)
        self._buttons["test"].setVisible(bool(test_rows))
        if self._part == "test" and others:
            self._choose("test" if test_rows else "all")
        elif self._part != "aside":
            self.view.show_roles(chips, label=label, labels=labels, offers=True)
            if changed:
                self.view.spread()

    def show_only(self, rows: Sequence[int], words: str) -> None:
        """Show these rows of the table, and say in words which ones they are; what was searched is let go."""
        self._forget_search()
        self._some = rows, words
        self._choose("some")

    def _choose(self, part: Part) -> None:
        """Show this part of the rows, and of those what is searched."""
        self._part = part
        for name, button in self._buttons.items():
            button.setChecked(name == part)
        self._show()

    def _show(self) -> None:
        searched = self._found is not None
        self.view.set_mark(self._found_text if searched else "")
        if self._part == "aside":
            words = self._show_aside()
        else:
            chips, label, labels = self._labels
            self.model.show_table(self._table, self._rows())
            self.view.show_roles(chips, label=label, labels=labels, offers=self._table is not None)
            words = self._some[1] if self._part == "some" else ""
        shown = self.model.rowCount()
        hits = [counted(shown, self.tr("Found in {count} row"), self.tr("Found in {count} rows"))] if searched else []
        state = " · ".join([*([words] if words else []), *hits])
        self._state.setText(state)
        self._state_line.setVisible(bool(state))
        wider = self.tr("It is looked for in these rows only; “All rows” looks in the whole table.")
        self._nothing.say(
            self.tr("No row contains this"), self.tr("Try fewer letters.") if self._part == "all" else wider
        )
        self._stack.setCurrentIndex(1 if searched and not shown else 0)
        self.view.scrollToTop()
        self.view.spread()

    def _rows(self) -> Sequence[int] | None:
        """The rows of the chosen part that hold what is searched; None: all of the table."""
        part = {"test": self._test_rows, "some": self._some[0]}.get(self._part)
        if self._found is None or part is None:
            return part if self._found is None else self._found
        return sorted(set(part).intersection(self._found))

    def _show_aside(self) -> str:
        """The rows set aside that hold what is searched, with their lines; gives the words that explain them."""
        if not self._aside_rows and self._table is not None:
            self._aside_rows = [
                (int(str(row.get("line", 1))), str(row.get("reason", "")), str(row.get("text", "")))
                for row in self._table.rejected()
            ]
        text = self._found_text.casefold() if self._found is not None else ""
        rows = [row for row in self._aside_rows if text in f"{row[1]}\n{row[2]}".casefold()]
        names = (self.tr("why it was set aside"), self.tr("as it stands in the file"))
        cells = [[reason, raw] for _, reason, raw in rows]
        self.model.show_cells(names, cells, [line - 1 for line, _, _ in rows], numbered=self.tr("line {number}"))
        self.view.show_roles({}, label="", labels=(), offers=False)
        return self.tr("Rows of the file that could not be read. They are not in the table and are not learned from.")

    def _search(self) -> None:
        text = self.search.text().strip()
        self._stop_finding()
        if not text or self._table is None:
            self._found, self._found_text = None, ""
            self._show()
            return
        task = partial(_find, table=self._table, text=text)
        self._finding = Job(task, title=self.tr("Searching"), heavy=False)
        self._finding.happened.connect(self._take)
        self._finding.ended.connect(self._show_found)
        self._hits = []
        self._finding.start()

    def _take(self, pieces: list[object]) -> None:
        if self.sender() is self._finding:
            for piece in pieces:
                if isinstance(piece, list):
                    self._hits += piece

    def _show_found(self, _outcome: object) -> None:
        if self.sender() is not self._finding:
            return
        self._finding = None
        self._found, self._found_text = self._hits, self.search.text().strip()
        self._show()

    def _stop_finding(self) -> None:
        if self._finding is not None:
            self._finding.stop()
            self._finding = None

    def _forget_search(self) -> None:
        self._stop_finding()
        self.search.clear()
        self._pause.stop()
        self._found, self._found_text = None, ""

    def focus_search(self) -> None:
        """Put the keyboard into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()


def _find(control: Control, table: Table, text: str) -> Iterator[object]:
    return find_rows(table, text, should_stop=control.should_stop)
