"""One way of reading to choose: a list that begins with what is found by looking.

In: entries, what was told before, what was found. Out: the value that is chosen. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.pages.data.reading_words import Entry
from studio.gui.pages.goal.columns import ColumnChoice
from studio.gui.widgets.text import Text

_WIDEST = 620  # pixels of the open list


class Choice(QWidget):
    """One of the ways of reading: its name, and below it a list that begins with what is found by looking."""

    def __init__(self, name: str, entries: Sequence[Entry], told: object, title_of: Callable[[object], str]) -> None:
        super().__init__()
        self.box = ColumnChoice()
        self._values: list[object] = []
        self._title_of = title_of
        self._name = Text(kind="secondary", tone="soft")
        self._name.setBuddy(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addWidget(self.box)
        self._add(self.tr("Found by looking"), None)
        for entry in entries:
            self._add(*entry)
        if told not in self._values:  # the command line takes any encoding and any sign
            self._add(title_of(told), told)
        self.box.setCurrentIndex(self._values.index(told))
        self.box.currentIndexChanged.connect(self._show_whole)
        self.rename(name)
        self._show_whole()

    def rename(self, name: str) -> None:
        """Call the choice so."""
        self._name.setText(name)
        self.box.setAccessibleName(name)

    @property
    def value(self) -> object:
        """What is chosen; None: found by looking."""
        return self._values[self.box.currentIndex()]

    @property
    def values(self) -> tuple[object, ...]:
        """What can be chosen beside what is found by looking."""
        return tuple(self._values[1:])

    @property
    def entries(self) -> list[str]:
        """The list as it reads now."""
        return [self.box.itemText(place) for place in range(self.box.count())]

    def choose(self, value: object) -> None:
        """Choose one of the values in the list."""
        self.box.setCurrentIndex(self._values.index(value))

    def show_found(self, value: object) -> None:
        """Say what looking finds, and have it in the list; None: that is not known."""
        found = self.tr("Found by looking")
        if value is not None:
            if value not in self._values and self._title_of(value) not in self.entries:
                self._add(self._title_of(value), value)
            found = self.tr("Found by looking: {what}").format(what=self._title_of(value))
        self.box.setItemText(0, found)
        self.box.setItemData(0, found, Qt.ItemDataRole.ToolTipRole)
        self._show_whole()

    def put_first(self, entries: Sequence[Entry]) -> None:
        """Let the list begin with these, under these titles; the others follow as they were, and what is chosen
        stays."""
        kept, known = self.value, dict(zip(self._values[1:], self.entries[1:], strict=True))
        first = [value for _, value in entries]
        rest = [(title, value) for value, title in known.items() if value not in first]
        self._refill([*entries, *rest], kept)
        view = self.box.view()  # as wide as the titles: in the list nothing is shortened
        view.setMinimumWidth(min(_WIDEST, view.sizeHintForColumn(0) + 28))

    def fill(self, values: Sequence[object]) -> None:
        """Have these values in the list, in their order, and what is chosen; no others."""
        kept = self.value
        chosen = [] if kept is None or kept in values else [kept]
        self._refill([(self._title_of(value), value) for value in [*values, *chosen]], kept)

    def _refill(self, entries: Sequence[Entry], kept: object) -> None:
        self._values = [None]
        self.box.blockSignals(True)
        while self.box.count() > 1:
            self.box.removeItem(1)
        for entry in entries:
            self._add(*entry)
        self.choose(kept)
        self.box.blockSignals(False)

    def _add(self, title: str, value: object) -> None:
        self._values.append(value)
        self.box.addItem(title, value)

    def _show_whole(self) -> None:
        self.box.setToolTip(self.box.currentText())
