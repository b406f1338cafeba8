"""Curves over steps: hairlines with their values, no axes, no boxes, nothing to click on.

In: named series of numbers. Out: a calm plot in the theme's colours, thinned so that a long run draws as fast as a
short one. pyqtgraph is imported when the first chart is made. Knows nothing of what the curves mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui import theme

MOST_POINTS = 1200
Floats = NDArray[np.float64]


class Style(NamedTuple):
    """How a curve is drawn: a colour token, a width in pixels, how solid it is, whether its points are dots, and
    how many points it has at most."""

    tone: str
    width: float = 2.0
    solid: float = 1.0
    dots: bool = False
    most: int = MOST_POINTS


def thin(xs: Floats, ys: Floats, most: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """At most about `most` points that look the same: the lowest and highest of each stretch, in their order."""
    if len(xs) <= most:
        return xs, ys
    edges = np.linspace(0, len(xs), most // 2 + 1).astype(int)
    kept: list[int] = [0]
    for begin, end in pairwise(edges):
        stretch = ys[begin:end]
        kept += sorted({begin + int(stretch.argmin()), begin + int(stretch.argmax())})
    index = np.unique([*kept, len(xs) - 1])
    return xs[index], ys[index]


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from `low` to `high`, about so many."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return []
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.75)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


class CurveChart(QWidget):
    """Curves from step 0 to the last planned one. `name` is what a screen reader calls it."""

    def __init__(
        self,
        name: str,
        curves: dict[str, Style],
        *,
        label: Callable[[float], str] = "{:g}".format,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._styles, self._label, self._small = curves, label, small
        self._data: dict[str, tuple[Floats, Floats]] = {}
        self.last_step, self.low, self.high = 1.0, 0.0, 1.0
        self.reference: tuple[float, str] | None = None
        self._view, self._items = _plot(self, curves)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0 if small else 22)
        column.addWidget(self._view)
        theme.theme().theme_changed.connect(self._recolour)
        self._recolour()

    def set_curve(self, key: str, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Show these points; values that are not numbers are left out."""
        x, y = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
        finite = np.isfinite(y)
        x, y = thin(x[finite], y[finite], self._styles[key].most)
        self._data[key] = (x, y)
        self._items[key].setData(x, y)

    def points(self, key: str) -> list[tuple[float, float]]:
        """The points that are drawn, for tests and for those who cannot see them."""
        x, y = self._data.get(key, (np.empty(0), np.empty(0)))
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]

    def set_range(self, *, last_step: float, low: float, high: float) -> None:
        """What the plot spans."""
        self.last_step, self.low, self.high = max(1.0, last_step), low, max(high, low + 1e-9)
        box = self._view.getViewBox()
        if box is not None:
            box.setRange(xRange=(0, self.last_step), yRange=(self.low, self.high), padding=0)
        self._view.update()
        self.update()

    def set_reference(self, value: float | None, words: str = "") -> None:
        """A dashed line to compare with, and what it is."""
        self.reference = None if value is None else (value, words)
        self._view.viewport().update()

    def place(self, x: float, y: float) -> QPointF:
        """Where a point lies, in this widget's pixels."""
        area = QRectF(self._view.geometry()).adjusted(1, 1, -1, -1)
        across = x / self.last_step * area.width()
        up = (y - self.low) / (self.high - self.low) * area.height()
        return QPointF(area.left() + across, area.bottom() - up)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("caption"))
        self._paint_lines(painter)
        if not self._small:
            self._paint_steps(painter)

    def _paint_lines(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(painter.font())
        ticks = [self.low] if self._small else nice_ticks(self.low, self.high, about=max(2, self.height() // 80))
        for value in ticks:
            y = round(self.place(0, value).y()) + 0.5
            if not self._small and y < metrics.height():
                continue  # its number would be cut off
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            if not self._small:
                painter.setPen(theme.color("soft"))
                words = self._label(value)
                painter.drawText(QPointF(self.width() - metrics.horizontalAdvance(words) - 1, y - 4), words)
        if self.reference is not None:
            value, words = self.reference
            y = round(self.place(0, value).y()) + 0.5
            painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            painter.setPen(theme.color("soft"))
            below = y + 14 < self.height() - 2
            painter.drawText(
                QPointF(self.width() - metrics.horizontalAdvance(words) - 1, y + 14 if below else y - 5), words
            )

    def _paint_steps(self, painter: QPainter) -> None:
        painter.setPen(theme.color("soft"))
        row = QRectF(0, self.height() - 18, self.width(), 18)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, self.tr("step 0"))
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, f"{round(self.last_step):,}")

    def _recolour(self) -> None:
        import pyqtgraph as pg

        for key, style in self._styles.items():
            pen = pg.mkPen(theme.color(style.tone, style.solid), width=style.width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self._items[key].setPen(pen)
            if style.dots:
                self._items[key].setSymbolBrush(theme.color(style.tone))
        self.update()


def _plot(parent: QWidget, curves: dict[str, Style]) -> tuple[Any, dict[str, Any]]:
    """A bare pyqtgraph view with one item per curve: no axes, no menu, no mouse."""
    import pyqtgraph as pg

    view = pg.PlotWidget(parent, background=None, enableMenu=False)
    view.setFrameShape(pg.PlotWidget.Shape.NoFrame)
    view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setStyleSheet("background: transparent;")
    view.hideButtons()
    view.setMouseEnabled(x=False, y=False)
    plot = view.getPlotItem()
    for side in ("left", "bottom"):
        plot.hideAxis(side)
    plot.setContentsMargins(0, 0, 0, 0)
    plot.layout.setContentsMargins(0, 0, 0, 0)
    view.getViewBox().setDefaultPadding(0)
    items = {}
    for key, style in curves.items():
        dots = {"symbol": "o", "symbolSize": 7, "symbolPen": None} if style.dots else {}
        items[key] = plot.plot([], [], antialias=True, **dots)
    return view, items
