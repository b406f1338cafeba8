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
ASIDE = 0.012  # of the width, left free at either end, so that the dot of the first look is a whole one
LINE = 14.0  # pixels that one line of words takes
NUMBERS = 38  # pixels at the right for the numbers, which no curve crosses
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
    """Curves from step 0 to the last planned one. `name` is what a screen reader calls it; `label` puts a value into
    words, and without it a small chart has no numbers."""

    def __init__(
        self,
        name: str,
        curves: dict[str, Style],
        *,
        label: Callable[[float], str] | None = None,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._styles, self._small = curves, small
        self._label = label if label is not None or small else "{:g}".format
        self._data: dict[str, tuple[Floats, Floats]] = {}
        self.last_step, self.low, self.high = 1.0, 0.0, 1.0
        self.reference: tuple[float, str] | None = None
        self._view, self._items = _plot(self, curves)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0 if self._label is None else NUMBERS, 0 if small else 22)
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

    def set_label(self, label: Callable[[float], str]) -> None:
        """Put the values beside the lines into other words."""
        self._label = label
        self.update()

    def points(self, key: str) -> list[tuple[float, float]]:
        """The points that are drawn, for tests and for those who cannot see them."""
        x, y = self._data.get(key, (np.empty(0), np.empty(0)))
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]

    def set_range(self, *, last_step: float, low: float, high: float) -> None:
        """What the plot spans."""
        self.last_step, self.low, self.high = max(1.0, last_step), low, max(high, low + 1e-9)
        box = self._view.getViewBox()
        if box is not None:
            aside = ASIDE * self.last_step
            box.setRange(xRange=(-aside, self.last_step + aside), yRange=(self.low, self.high), padding=0)
        self._view.update()
        self.update()

    def set_reference(self, value: float | None, words: str = "") -> None:
        """A dashed line to compare with, and what it is."""
        self.reference = None if value is None else (value, words)
        self._view.viewport().update()

    def place(self, x: float, y: float) -> QPointF:
        """Where a point lies, in this widget's pixels."""
        area = QRectF(self._view.geometry()).adjusted(1, 1, -1, -1)
        across = (x / self.last_step + ASIDE) / (1 + 2 * ASIDE) * area.width()
        up = (y - self.low) / (self.high - self.low) * area.height()
        return QPointF(area.left() + across, area.bottom() - up)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("caption"))
        self._paint_lines(painter)
        if not self._small:
            self._paint_steps(painter)

    def ticks(self) -> list[float]:
        """The values that have a line: round ones, or the lowest alone where there are no numbers."""
        if self._label is None:
            return [self.low]
        return nice_ticks(self.low, self.high, about=max(2, self.height() // 80))

    def step_marks(self) -> list[tuple[float, str]]:
        """The steps that are named below the curves, the first and the last one with their unit."""
        between = nice_ticks(0, self.last_step, about=4)[1:]
        named = [(step, f"{step:,.0f}") for step in between if step == round(step) and step < 0.9 * self.last_step]
        last = self.tr("step {step}").format(step=f"{round(self.last_step):,}")
        return [(0.0, self.tr("step {step}").format(step="0")), *named, (self.last_step, last)]

    def _paint_lines(self, painter: QPainter) -> None:
        compared = self._paint_reference(painter)
        for value in self.ticks():
            y = round(self.place(0, value).y()) + 0.5
            if self._label is not None and (y < LINE or abs(y - 4 - compared) < LINE):
                continue  # its number would be cut off, or stand in the words of the line to compare with
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            if self._label is not None:
                self._paint_at_right(painter, y - 4, self._label(value))

    def _paint_reference(self, painter: QPainter) -> float:
        """Draw the line to compare with, and return where its words stand: nowhere near where there are none."""
        if self.reference is None:
            return -math.inf
        value, words = self.reference
        y = round(self.place(0, value).y()) + 0.5
        painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        foot = y + LINE if y + LINE < self.height() - 2 else y - 5
        self._paint_at_right(painter, foot, words)
        return foot

    def _paint_at_right(self, painter: QPainter, foot: float, words: str) -> None:
        painter.setPen(theme.color("soft"))
        across = QFontMetricsF(painter.font()).horizontalAdvance(words)
        painter.drawText(QPointF(self.width() - across - 1, foot), words)

    def _paint_steps(self, painter: QPainter) -> None:
        painter.setPen(theme.color("soft"))
        metrics, foot = QFontMetricsF(painter.font()), self.height() - 5
        for step, words in self.step_marks():
            across = metrics.horizontalAdvance(words)
            x = self.place(step, 0).x() - across / 2
            painter.drawText(QPointF(min(max(0.0, x), self.width() - across - 1), foot), words)

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
