"""Parts of what is said about a column: a value with its share, and how values are spread.

In: counts. Out: paint; a value is a button.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from studio.counting import counted
from studio.gui import theme

_ROW = 28
_RADIUS = 6
_HEIGHT, _FOOT, _GAP = 76, 18, 2.0


class ValueRow(QAbstractButton):
    """A value, how often it stands there, and a bar behind it as long as its part of the most frequent one's."""

    def __init__(self, value: str, count: int, most: int, filled: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = " ".join(value.split()) or value
        self._count, self._long = f"{count:,}", count / max(1, most)
        self.setFixedHeight(_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        share = f"{count / max(1, filled):.1%}"
        shown = self._value if len(self._value) <= 200 else f"{self._value[:199]}…"
        told = self.tr("“{value}”: {count}, {share} of the filled cells. A click shows their rows.")
        self.setAccessibleName(told.format(value=shown, count=self._count, share=share))
        self.setToolTip(self.accessibleName().replace("&", "&amp;").replace("<", "&lt;"))
        theme.theme().theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0, 1.5, 0, -1.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_wash"))
        painter.drawRoundedRect(QRectF(0, box.y(), max(6.0, box.width() * self._long), box.height()), _RADIUS, _RADIUS)
        metrics = QFontMetricsF(theme.font("secondary"))
        painter.setFont(theme.font("secondary"))
        right = metrics.horizontalAdvance(self._count)
        painter.setPen(theme.color("accent" if self.underMouse() else "text"))
        shown = metrics.elidedText(self._value, Qt.TextElideMode.ElideRight, box.width() - right - 28)
        painter.drawText(box.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(theme.color("soft"))
        painter.drawText(
            box.adjusted(0, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._count
        )
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)


class Widths(QWidget):
    """A small histogram of (low, high, count) with its ends below; `name` is what a screen reader says."""

    def __init__(
        self, bins: Sequence[tuple[float, float, int]], name: str, unit: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bins, self._unit = bins, unit
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.theme().theme_changed.connect(self.update)

    def words_at(self, x: float) -> str:
        """What the bar at `x` pixels stands for."""
        place = min(len(self._bins) - 1, max(0, int(x / max(1.0, self.width() / len(self._bins)))))
        low, high, count = self._bins[place]
        span = number_words(low) if low == high else f"{number_words(low)}–{number_words(high)}"
        return f"{span} {self._unit}".strip() + ": " + counted(count, self.tr("{count} row"), self.tr("{count} rows"))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        floor, step = self.height() - _FOOT, self.width() / len(self._bins)
        tallest = max(count for *_, count in self._bins) or 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent", 0.85))
        for place, (_, _, count) in enumerate(self._bins):
            if count:
                tall = max(2.0, (floor - 6) * count / tallest)
                painter.drawRoundedRect(QRectF(place * step, floor - tall, max(1.0, step - _GAP), tall), 1.5, 1.5)
        painter.setPen(theme.color("line"))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("soft"))
        below = QRectF(0, floor + 2, self.width(), _FOOT - 2)
        painter.drawText(
            below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, number_words(self._bins[0][0])
        )
        last = f"{number_words(self._bins[-1][1])} {self._unit}".strip()
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, last)


def number_words(value: float) -> str:
    """A number as people write it: 1,234 or 0.25, two digits after the point at most."""
    if abs(value) >= 1e15 or (value and abs(value) < 1e-4):
        return f"{value:.3g}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.{0 if abs(value) >= 1000 else 2}f}"
