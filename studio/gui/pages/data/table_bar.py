"""The bar above the table: its search, which rows are shown, and what can be undone.

In: counts, and what was done last. Out: `search_changed`, `showing_chosen`, `undo_asked`, `redo_asked`.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from studio.counting import counted
from studio.gui import theme
from studio.gui.widgets.button import Button

TYPING_PAUSE_MS = 150
Showing = Literal["all", "aside", "test", "some"]


class TableBar(QWidget):
    """A line of controls that gives way in the order in which it matters least."""

    search_changed = Signal(str)
    showing_chosen = Signal(str)
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search in all columns"))
        self.search.setAccessibleName(self.tr("Search in all columns"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(96)
        self.search.setMaximumWidth(300)
        self._glass = QAction(theme.icon("search"), "", self.search)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._typed)
        self.search.textChanged.connect(self._pause.start)
        self.buttons: dict[Showing, Button] = {
            "all": self._showing_button(self.tr("All rows"), "all"),
            "aside": self._showing_button("", "aside"),
            "test": self._showing_button("", "test"),
        }
        self.buttons["test"].setToolTip(self.tr("Rows that are kept for judging: the model never learns from them."))
        self.buttons["aside"].setToolTip(self.tr("Rows of the file that could not be read, each with its reason."))
        self.undo = Button("", "quiet", clicked=self.undo_asked.emit, icon="undo", name=self.tr("Undo"))
        self.redo = Button("", "quiet", clicked=self.redo_asked.emit, icon="redo", name=self.tr("Do it again"))
        for button in (self.undo, self.redo):
            button.setFixedWidth(32)
        self._lay_out()
        self.show_edits("", "", busy=False, known=False)
        theme.theme().theme_changed.connect(self._tint)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 12, 12)
        row.setSpacing(8)
        row.addWidget(self.search, 3)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.undo)
        row.addWidget(self.redo)

    def _tint(self) -> None:
        self._glass.setIcon(theme.icon("search"))

    def _showing_button(self, words: str, showing: Showing) -> Button:
        button = Button(words, "small", clicked=partial(self.showing_chosen.emit, showing))
        button.setCheckable(True)
        return button

    def _typed(self) -> None:
        self.search_changed.emit(self.search.text().strip())

    def clear_search(self) -> None:
        """Empty the field without another search."""
        self.search.clear()
        self._pause.stop()

    def mark_showing(self, showing: Showing, *, is_some: bool = False) -> None:
        """Which rows are shown; `is_some`: of all, only those that are searched or asked for."""
        for name, button in self.buttons.items():
            button.setChecked(name == showing and not (showing == "all" and is_some))

    def show_counts(self, *, aside: int, test: int) -> None:
        """How many rows were set aside, and how many are kept for the test."""
        self.buttons["aside"].setText(self.tr("{count} set aside").format(count=f"{aside:,}"))
        self.buttons["aside"].setVisible(aside > 0)
        self.buttons["test"].setText(counted(test, self.tr("{count} test row"), self.tr("{count} test rows")))
        self.buttons["test"].setVisible(test > 0)

    def show_edits(self, undo: str, redo: str, *, busy: bool, known: bool = True) -> None:
        """What can be undone and done again, in words; `busy`: a change is being made right now."""
        self.undo.setAccessibleName(self.tr("Undo: {title}").format(title=undo) if undo else self.tr("Undo"))
        self.undo.setVisible(known)
        nothing = self.tr("Nothing has been changed, so there is nothing to undo.")
        waits = self.tr("A change is being written down.") if busy else ""
        self.undo.set_blocked(waits or ("" if undo else nothing))
        if undo and not waits:
            self.undo.setToolTip(self.tr("Undo: {title} (Ctrl+Z)").format(title=undo))
        self.redo.setVisible(bool(redo))
        self.redo.set_blocked(waits)
        if redo and not waits:
            self.redo.setAccessibleName(self.tr("Do it again: {title}").format(title=redo))
            self.redo.setToolTip(self.tr("Do it again: {title} (Ctrl+Shift+Z)").format(title=redo))
