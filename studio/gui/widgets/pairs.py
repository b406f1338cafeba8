"""A list of names and values, as in "Memory: 1.4 of 16 GB".

In: pairs of text. Out: two aligned columns; both wrap, the names in a narrow column. Where that leaves the values too
little, each stands below its name.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.text import Text

WIDEST_NAME = 150  # pixels; a longer name is broken into lines
LEAST_VALUE = 110  # pixels: in less a value would be broken at almost every word
BETWEEN, APART = 16, 8
QWIDGETSIZE_MAX = 16777215  # Qt's word for no limit


class KeyValueList(QWidget):
    """Rows of (name, value); `set` reuses the labels, so that a live list does not flicker."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(BETWEEN)
        self._grid.setVerticalSpacing(APART)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Text, Text]] = []
        self._names_width = 0
        self._is_stacked = False
        self.set(pairs)

    def set(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show these pairs, in this order."""
        while len(self._rows) < len(pairs):
            self._add_row()
        metrics = QFontMetrics(theme.font("body"))
        self._names_width = min(WIDEST_NAME, max((metrics.horizontalAdvance(name) + 2 for name, _ in pairs), default=0))
        for number, (name, value) in enumerate(self._rows):
            shown = number < len(pairs)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(pairs[number][0])
                value.setText(pairs[number][1])
                value.setAccessibleName(f"{pairs[number][0]}: {pairs[number][1]}")
        self._fit()

    def minimumSizeHint(self) -> QSize:
        # As narrow as the values below their names: beside them they would keep the column from ever getting there.
        values = max((value.minimumSizeHint().width() for _, value in self._rows if not value.isHidden()), default=0)
        return QSize(min(LEAST_VALUE, values), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the values beside the names, or where the width does not do for both, below them."""
        is_stacked = self.width() < self._names_width + BETWEEN + LEAST_VALUE
        for name, _ in self._rows:
            name.setMinimumWidth(0 if is_stacked else self._names_width)
            name.setMaximumWidth(QWIDGETSIZE_MAX if is_stacked else self._names_width)
        if is_stacked != self._is_stacked:
            self._is_stacked = is_stacked
            for text in (text for row in self._rows for text in row):
                self._grid.removeWidget(text)
            self._grid.setVerticalSpacing(2 if is_stacked else APART)
            for number, row in enumerate(self._rows):
                self._place(number, *row)

    def _add_row(self) -> None:
        name, value = Text(tone="soft", wrap=True, parent=self), Text(wrap=True, parent=self)
        self._place(len(self._rows), name, value)
        self._rows.append((name, value))

    def _place(self, row: int, name: Text, value: Text) -> None:
        top = Qt.AlignmentFlag.AlignTop
        name.setContentsMargins(0, APART - 2 if self._is_stacked and row else 0, 0, 0)
        if self._is_stacked:
            self._grid.addWidget(name, 2 * row, 0, 1, 2)
            self._grid.addWidget(value, 2 * row + 1, 0, 1, 2)
        else:
            self._grid.addWidget(name, row, 0, top)
            self._grid.addWidget(value, row, 1, top)
