"""Horizontal bars: shares of labels, and scores with their intervals.

In: names with values in 0..1. Out: painted rows that scale with their width, and `pressed` with the place of one that
leads somewhere. Knows nothing of models or reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme, words

ROW = 40
HEIGHT = 12
GAP = 14


class Bar(NamedTuple):
    """`value` in 0..1, its range where known; a `strong` bar is the one that the others are there for. A `mark` is what
    the value has to reach; `said` stands at the right instead of percent. `leads` says what a press on it does; one
    without cannot be pressed."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    strong: bool = False
    mark: float | None = None
    leads: str = ""
    said: str = ""

    @property
    def shown(self) -> str:
        """The value in words."""
        return self.said or words.whole_percent(self.value)


class Bars(QWidget):
    """Bars below each other, each with its name at the left and its value at the right. Those that lead somewhere are
    reached by Tab, chosen with the arrows and pressed with Enter or the space bar."""

    pressed = Signal(int)

    def __init__(self, name: str, *, row: int = ROW, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._row, self.bars = name, row, tuple[Bar, ...]()
        self._over, self._chosen = -1, 0  # the bar below the pointer, and the one that the keyboard has
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().theme_changed.connect(self.update)

    def set(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        self.bars = tuple(bars)
        said = ", ".join(f"{bar.name} {bar.shown}" for bar in bars)
        self.setAccessibleName(f"{self._name}: {said}")
        leads = [place for place, bar in enumerate(self.bars) if bar.leads]
        self._over, self._chosen = -1, leads[0] if leads else 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if leads else Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(bool(leads))
        self.setAccessibleDescription(self.bars[leads[0]].leads if leads else "")
        self.unsetCursor()
        self.updateGeometry()
        self.update()

    def _point(self, place: int) -> None:
        place = place if 0 <= place < len(self.bars) and self.bars[place].leads else -1
        if place != self._over:
            self._over = place
            self.setCursor(Qt.CursorShape.ArrowCursor if place < 0 else Qt.CursorShape.PointingHandCursor)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(int(event.position().y()) // self._row)

    def leaveEvent(self, _event: object) -> None:
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(int(event.position().y()) // self._row)
        if event.button() == Qt.MouseButton.LeftButton and self._over >= 0:
            self._chosen = self._over
            self.pressed.emit(self._over)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leads = [place for place, bar in enumerate(self.bars) if bar.leads]
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if leads and step:
            place = min(max(leads.index(self._chosen) + step, 0), len(leads) - 1)
            self._chosen = leads[place]
            self.update()
        elif leads and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._chosen)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos().y() // self._row
            bar = self.bars[place] if 0 <= place < len(self.bars) else None
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, (bar.name, bar.leads))) if bar else "", self)
            return True
        return super().event(event)

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
        right = max((strong.horizontalAdvance(bar.shown) for bar in self.bars), default=0.0)
        room = QRectF(left, 0, max(10.0, self.width() - left - right - GAP), self._row)
        for number, bar in enumerate(self.bars):
            has_keyboard = self.hasFocus() and number == self._chosen
            if number == self._over or has_keyboard:
                painter.setPen(QPen(theme.color("accent"), 2) if has_keyboard else Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent_wash") if number == self._over else Qt.BrushStyle.NoBrush)
                box = QRectF(0, number * self._row, self.width(), self._row).adjusted(1, 2, -1, -2)
                painter.drawRoundedRect(box, 6, 6)
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
        painter.drawText(value, align, bar.shown)


def _paint_whisker(painter: QPainter, low: float, high: float, y: float) -> None:
    painter.setPen(QPen(theme.color("text"), 1.4))
    painter.drawLine(QPointF(low, y), QPointF(high, y))
    for x in (low, high):
        painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
