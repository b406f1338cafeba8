"""The row numbers at the left of the table, on the same hairlines as the rows.

In: the rows in view with their places. Out: paint; `clicked` with the row that is to be selected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from studio.gui import theme
from studio.gui.widgets.role_header import HEAD_HEIGHT, PADDING
from studio.gui.widgets.row_lane import Placed

_ROOM_ABOVE = 11
_LEAST = 48  # pixels


class NoHeader(QHeaderView):
    """Takes the place of Qt's vertical header, which would keep a record of every row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.hide()

    def setModel(self, _model: Any) -> None:
        """Stays without."""

    def setSelectionModel(self, _model: Any) -> None:
        """Stays without."""


class NumberColumn(QWidget):
    """Also holds the corner above the numbers, beside the head."""

    clicked = Signal(int, object)  # row, keyboard modifiers

    def __init__(self, parent: QWidget, rows: Callable[[], Sequence[Placed]], words: Callable[[int], str]) -> None:
        super().__init__(parent)
        self._rows, self._words = rows, words
        self.head = HEAD_HEIGHT  # pixels of the corner above the numbers
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        theme.theme().theme_changed.connect(self.update)

    def width_for(self, last: str) -> int:
        """Pixels for numbers as long as this one."""
        return max(_LEAST, round(QFontMetricsF(theme.font("secondary")).horizontalAdvance(last)) + 2 * PADDING + 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = round(event.position().y()) - self.head
        for placed in self._rows():
            if placed.top <= y < placed.top + placed.height:
                self.clicked.emit(placed.row, event.modifiers())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.color("line"))
        painter.drawLine(0, self.head - 1, self.width(), self.head - 1)
        painter.setClipRect(0, self.head, self.width(), self.height())
        painter.setFont(theme.font("secondary"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        for placed in self._rows():
            top = self.head + placed.top
            painter.setPen(theme.color("soft"))
            place = QRect(0, top + _ROOM_ABOVE, self.width() - PADDING, placed.height - _ROOM_ABOVE)
            painter.drawText(place, right, self._words(placed.row))
            painter.setPen(theme.color("line"))
            painter.drawLine(0, top + placed.height - 1, self.width(), top + placed.height - 1)
