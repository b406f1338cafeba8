"""How long the texts are: a histogram in tokens with the length limit.

In: counts of tokens per row and a limit. Out: paint; bars beyond the limit are red.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme

if TYPE_CHECKING:
    from numpy.typing import NDArray

BARS = 40
GAP = 3.0


class Histogram(QWidget):
    """`set` takes one count of tokens per row, the limit, and the words that a screen reader says instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(120)
        self._bars: list[int] = []
        self._end, self._limit = 1.0, 0
        theme.theme().theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(400, 120)

    def set(self, counts: NDArray[Any], limit: int, *, name: str) -> None:
        """Show the lengths; the last bar gathers the few longest where they would squeeze the others."""
        import numpy as np

        self._limit = limit
        longest = int(counts.max()) if counts.size else 1
        usual = int(np.percentile(counts, 99.5)) if counts.size else 1
        self._end = float(max(8, min(longest, max(2 * usual, round(1.15 * limit)))))
        held = np.minimum(counts, self._end)
        self._bars = [int(n) for n in np.histogram(held, bins=BARS, range=(0, self._end))[0]]
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        floor, ceiling = self.height() - 1.0, 12.0
        painter.setPen(theme.color("line"))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
        if not self._bars:
            return
        self._paint_bars(painter, floor, ceiling)
        if 0 < self._limit <= self._end:
            x = round(self.width() * self._limit / self._end) + 0.5
            pen = QPen(theme.color("soft"), 1.5)
            pen.setDashPattern([2, 2])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 0), QPointF(x, floor))

    def _paint_bars(self, painter: QPainter, floor: float, ceiling: float) -> None:
        tallest, step = max(self._bars) or 1, self.width() / BARS
        painter.setPen(Qt.PenStyle.NoPen)
        for number, count in enumerate(self._bars):
            if not count:
                continue
            beyond = number * self._end / BARS >= self._limit > 0
            height = max(2.0, (floor - ceiling) * count / tallest)
            painter.setBrush(theme.color("bad" if beyond else "accent", 0.65 if beyond else 0.88))
            painter.drawRoundedRect(QRectF(number * step, floor - height, step - GAP, height), 2, 2)
