"""The small round mark before a station: an outline, a tick when done, a ring with its share while running.

In: a state and a share. Out: paint. Nothing turns or blinks; the ring grows as the work does.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from studio.gui import theme

MarkState = Literal["open", "here", "running", "done"]


def paint_mark(painter: QPainter, box: QRectF, state: MarkState, share: float = 0.25) -> None:
    """Paint the mark into `box`; `share` (0..1) is how much of the ring is drawn while running."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ring = box.adjusted(1, 1, -1, -1)
    if state == "done":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("good"))
        painter.drawEllipse(box)
        _paint_tick(painter, box)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent" if state == "here" else "faint", 1 if state == "here" else 0.55), 1.4))
        painter.drawEllipse(ring)
        if state == "running":
            pen = QPen(theme.color("accent"), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * min(1.0, max(0.06, share))))
    painter.restore()


def _paint_tick(painter: QPainter, box: QRectF) -> None:
    side = box.width()
    tick = QPainterPath(QPointF(box.x() + side * 0.29, box.y() + side * 0.52))
    tick.lineTo(box.x() + side * 0.44, box.y() + side * 0.66)
    tick.lineTo(box.x() + side * 0.71, box.y() + side * 0.36)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(theme.color("surface"), 1.6, Qt.PenStyle.SolidLine, cap, join))
    painter.drawPath(tick)
