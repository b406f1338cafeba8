"""A list of names and values, as in "Memory: 1.4 of 16 GB".

In: pairs of text. Out: two aligned columns; both wrap, the names in a narrow column.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.text import Text

WIDEST_NAME = 150  # pixels; a longer name is broken into lines


class KeyValueList(QWidget):
    """Rows of (name, value); `set` reuses the labels, so that a live list does not flicker."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Text, Text]] = []
        self.set(pairs)

    def set(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show these pairs, in this order."""
        while len(self._rows) < len(pairs):
            self._add_row()
        metrics = QFontMetrics(theme.font("body"))
        width = min(WIDEST_NAME, max((metrics.horizontalAdvance(name) + 2 for name, _ in pairs), default=0))
        for number, (name, value) in enumerate(self._rows):
            name.setFixedWidth(width)
            shown = number < len(pairs)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(pairs[number][0])
                value.setText(pairs[number][1])
                value.setAccessibleName(f"{pairs[number][0]}: {pairs[number][1]}")

    def _add_row(self) -> None:
        name, value = Text(tone="soft", wrap=True, parent=self), Text(wrap=True, parent=self)
        row = len(self._rows)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        self._grid.addWidget(value, row, 1, top)
        self._rows.append((name, value))
