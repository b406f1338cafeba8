"""Where a column goes on beyond what is seen, it fades out at that edge instead of being cut in mid-line.

In: a scroll area. Out: a fade at its top and at its bottom, each there only while something lies beyond it.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from studio.gui import theme

HEIGHT = 36
_GROUNDS = {"card": "surface", "raised": "raised"}  # what the page's own ground is not


class Edge(QWidget):
    """One fade; what lies under it takes every click."""

    def __init__(self, area: QAbstractScrollArea, side: Literal["top", "bottom"]) -> None:
        super().__init__(area)
        self._side = side
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        theme.theme().theme_changed.connect(self.update)

    def place(self, view: QRect) -> None:
        """Lie along its side of what is seen."""
        height = min(HEIGHT, view.height() // 3)
        top = view.top() if self._side == "top" else view.bottom() + 1 - height
        self.setGeometry(view.left(), top, view.width(), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = self._ground()
        outer, inner = (0, self.height()) if self._side == "top" else (self.height(), 0)
        gradient = QLinearGradient(0, outer, 0, inner)
        for place, share in ((0.0, 1.0), (0.35, 0.8), (1.0, 0.0)):
            gradient.setColorAt(place, theme.color(ground, share))
        QPainter(self).fillRect(self.rect(), gradient)

    def _ground(self) -> str:
        above: QObject | None = self.parent()
        while above is not None:
            found = _GROUNDS.get(str(above.property("kind")))
            if found is not None:
                return found
            above = above.parent()
        return "window"


class Fade(QObject):
    """Both edges of `area`; the area calls `place` when its size changes."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self.top, self.bottom = Edge(area, "top"), Edge(area, "bottom")
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self.place)
        bar.rangeChanged.connect(self.place)

    def place(self, *_: int) -> None:
        """Show each edge where something lies beyond it."""
        bar, view = self._area.verticalScrollBar(), self._area.viewport().geometry()
        for edge, more in ((self.top, bar.value() > bar.minimum()), (self.bottom, bar.value() < bar.maximum())):
            edge.place(view)
            edge.setVisible(more)
            edge.raise_()
