"""A bar that shows how a whole is shared: training, watching and test rows.

In: counts with a colour token each. Out: paint.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.gui import theme


class ShareBar(QWidget):
    """`set` takes (count, colour token) pairs; `name` says them to a screen reader."""

    def __init__(self, *, height: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(height)
        self._parts: list[tuple[int, str]] = []
        theme.theme().theme_changed.connect(self.update)

    def set(self, parts: Sequence[tuple[int, str]], *, name: str) -> None:
        """Show these parts, left to right."""
        self._parts = [part for part in parts if part[0] > 0]
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        painter.setClipPath(whole)
        painter.fillRect(self.rect(), theme.color("line"))
        total, x = sum(count for count, _ in self._parts), 0.0
        for count, name in self._parts:
            width = self.width() * count / total
            painter.fillRect(QRectF(x, 0, width + 0.5, self.height()), theme.color(name))
            x += width
