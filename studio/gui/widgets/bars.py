"""Horizontal bars: shares of labels, and scores with their intervals.

In: names with values in 0..1. Out: painted rows that scale with their width. Knows nothing of models or reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme, words

ROW = 40
HEIGHT = 12
GAP = 14


class Bar(NamedTuple):
    """`value` in 0..1, its range where known; a `strong` bar is the one that the others are there for. A `mark` is what
    the value has to reach."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False
    mark: float | None = None


class Bars(QWidget):
    """Bars below each other, each with its name at the left and its value at the right."""

    def __init__(self, name: str, *, row: int = ROW, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._row, self.bars = name, row, tuple[Bar, ...]()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().theme_changed.connect(self.update)

    def set(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        self.bars = tuple(bars)
        said = ", ".join(f"{bar.name} {words.whole_percent(bar.value)}" for bar in bars)
        self.setAccessibleName(f"{self._name}: {said}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self._row * len(self.bars))

    def minimumSizeHint(self) -> QSize:
        return QSize(220, self._row * len(self.bars))

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, strong = QFontMetricsF(theme.font("secondary")), QFontMetricsF(theme.font("strong"))
        widest = max((plain.horizontalAdvance(bar.name) for bar in self.bars), default=0.0)
        left = min(widest, self.width() * 0.52) + GAP
        right = max((strong.horizontalAdvance(words.whole_percent(bar.value)) for bar in self.bars), default=0.0)
        room = QRectF(left, 0, max(10.0, self.width() - left - right - GAP), self._row)
        for number, bar in enumerate(self.bars):
            self._paint(painter, bar, room.translated(0, number * self._row))

    def _paint(self, painter: QPainter, bar: Bar, room: QRectF) -> None:
        middle = room.center().y()
        name = QRectF(0, room.top(), room.left() - GAP, room.height())
        painter.setFont(theme.font("secondary"))
        painter.setPen(theme.color("text"))
        shown = QFontMetricsF(painter.font()).elidedText(bar.name, Qt.TextElideMode.ElideRight, name.width() + 1)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, shown)
        long = QRectF(room.left(), middle - HEIGHT / 2, max(3.0, bar.value * room.width()), HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent") if bar.strong else theme.color("faint", 0.62))
        painter.drawRoundedRect(long, 3, 3)
        if bar.low is not None and bar.high is not None:
            _paint_whisker(painter, room.left() + bar.low * room.width(), room.left() + bar.high * room.width(), middle)
        if bar.mark is not None:
            at = room.left() + bar.mark * room.width()
            painter.setPen(QPen(theme.color("text"), 1.4))
            painter.drawLine(QPointF(at, middle - HEIGHT), QPointF(at, middle + HEIGHT))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("strong"))
        value = QRectF(room.right(), room.top(), self.width() - room.right(), room.height())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(value, align, words.whole_percent(bar.value))


def _paint_whisker(painter: QPainter, low: float, high: float, y: float) -> None:
    painter.setPen(QPen(theme.color("text"), 1.4))
    painter.drawLine(QPointF(low, y), QPointF(high, y))
    for x in (low, high):
        painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
