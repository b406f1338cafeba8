"""How long the texts are: a histogram in tokens with the length limit and the smallest axis that says what it is.

In: the rows' lengths in tokens and a limit. Out: paint; bars beyond the limit are red; the limit's line can be moved by
mouse and keyboard. A limit that is longer than every text stands apart, behind a break in the axis. Pointing at a bar
says its texts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.counting import counted
from studio.gui import theme

if TYPE_CHECKING:
    from studio.tokens.lengths import Lengths

BARS = 40  # at most
GAP = 3.0
HEIGHT, HEAD, FOOT = 142, 18, 20  # of all, of the height's figure above the bars, of the figures below them
STEPS = 6  # figures below the bars, at most about
SHORTEST_LIMIT = 8  # tokens
_GRIP = 5.0  # pixels: half the width of the line's handle; the mouse takes it from twice as far
_BREAK = 14.0  # pixels of the break in the axis, between the bars and a limit that lies far beyond them
_AIR = _GRIP + 2  # pixels from the line to the widget's edge at least, so that the handle is whole


class Histogram(QWidget):
    """`set` takes the rows' lengths, the limit, the most that it may be moved to (0: it stays where it is),
    and the words that a screen reader says instead. `moving` gives the limit in tokens while the line is moved,
    `moved` where it is let go."""

    moving = Signal(object)
    moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._bars: list[int] = []
        self._each, self._limit = 1, 0  # tokens that a bar is wide
        self._most = 0  # tokens
        self._dragged = False
        self._apart: int | None = None  # a limit beyond the bars as it was when they were drawn
        self._about = False  # whether numbers of texts are worked out from some of them
        self._gathers = False  # whether the last bar holds longer texts as well
        theme.theme().theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def set(self, lengths: Lengths, limit: int, *, name: str, most: int = 0) -> None:
        """Show the lengths; the last bar gathers the few longest where they would squeeze the others. Every bar is
        equally many whole tokens wide, so that none looks taller than its neighbours for its width alone."""
        import numpy as np

        counts = lengths.counts
        self._limit, self._most, self._about = limit, most, lengths.is_estimate
        self.setMouseTracking(most > 0)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus)
        longest = lengths.longest or 1
        usual = int(np.percentile(counts, 99.5)) if counts.size else 1
        end = max(8, min(longest, max(2 * usual, round(1.15 * limit))))
        self._each = math.ceil((end + 1) / BARS)
        bars = math.ceil((end + 1) / self._each)
        places = np.minimum(counts // self._each, bars - 1)
        self._bars = [lengths.estimated(int(n)) for n in np.bincount(places, minlength=bars)] if counts.size else []
        self._gathers = longest >= bars * self._each
        if not self._dragged:  # the axis stays as it is under the hand
            self._apart = limit if self._bars and limit >= bars * self._each else None
        self.setAccessibleName(name)
        self.update()

    def words_at(self, x: float) -> str:
        """What the bar at `x` pixels stands for: how long, and how many texts."""
        number = int(x / self._step()) if self._bars else -1
        if not 0 <= number < len(self._bars):
            return ""
        first, last = number * self._each, (number + 1) * self._each - 1
        span = f"{first:,}" if first == last else self.tr("{a} to {b}").format(a=f"{first:,}", b=f"{last:,}")
        if self._gathers and number == len(self._bars) - 1:
            span = self.tr("{count} or more").format(count=f"{first:,}")
        return self.tr("{span} tokens: {texts}").format(span=span, texts=self._texts(self._bars[number]))

    def _texts(self, count: int) -> str:
        if self._about and count:
            return counted(count, self.tr("about {count} text"), self.tr("about {count} texts"))
        return counted(count, self.tr("{count} text"), self.tr("{count} texts"))

    def figures(self) -> tuple[int, ...]:
        """The figures below the bars, in tokens."""
        end = len(self._bars) * self._each
        step = _round_step(end / STEPS)
        return tuple(range(0, end, step))

    def plot_width(self) -> float:
        """Pixels that the bars take; what is right of them belongs to a limit that lies beyond them."""
        if self._apart is None:
            return float(self.width())
        words = QFontMetricsF(theme.font("caption")).horizontalAdvance(self._limit_words(self._apart))
        return max(self.width() / 2, self.width() - words - _BREAK)

    def _apart_at(self) -> float:
        """Where a limit beyond the bars stands, in pixels: in the middle of the room right of the break."""
        return (self.plot_width() + _BREAK + self.width()) / 2

    def line_at(self) -> float:
        """Where the limit's line stands, in pixels; behind the break where the limit is beyond the bars."""
        end, plot = max(1, len(self._bars) * self._each), self.plot_width()
        x = plot * (self._limit + 1) / end  # right of what just fits
        if self._apart is not None and self._limit >= end:
            share = (self._limit + 1 - end) / (self._apart + 1 - end)
            return min(plot + (self._apart_at() - plot) * share, self.width() - _AIR)
        return max(_AIR, min(x, self.width() - _AIR))

    def words_beyond(self) -> str:
        """What stands over a limit that is beyond the bars."""
        is_beyond = bool(self._bars) and self._limit >= len(self._bars) * self._each
        return self._limit_words(self._limit) if is_beyond else ""

    def _limit_words(self, limit: int) -> str:
        return self.tr("limit {count}").format(count=f"{limit:,}")

    def _limit_at(self, x: float) -> int:
        end, plot = len(self._bars) * self._each, self.plot_width()
        limit = x * end / max(1.0, plot) - 1
        if self._apart is not None and x > plot:
            limit = end - 1 + (x - plot) / (self._apart_at() - plot) * (self._apart + 1 - end)
        return max(SHORTEST_LIMIT, min(round(limit), self._most))

    def _is_near(self, x: float) -> bool:
        return self._most > 0 and bool(self._bars) and abs(x - self.line_at()) <= 2 * _GRIP

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = event.button() == Qt.MouseButton.LeftButton and self._is_near(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        near = self._dragged or self._is_near(event.position().x())
        self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)
        if self._dragged:
            self._move(self._limit_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged and event.button() == Qt.MouseButton.LeftButton:
            self._dragged = False
            self.moved.emit(self._limit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self._each) * 4
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: -page, Qt.Key.Key_PageUp: page}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._most:
            super().keyPressEvent(event)
            return
        self._move(max(SHORTEST_LIMIT, min(self._limit + step, self._most)))
        self.moved.emit(self._limit)

    def _move(self, limit: int) -> None:
        if limit != self._limit:
            self._limit = limit
            self.moving.emit(limit)
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _step(self) -> float:
        return self.plot_width() / max(1, len(self._bars))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        floor = self.height() - FOOT - 1.0
        self._paint_floor(painter, floor + 0.5)
        if not self._bars:
            return
        self._paint_bars(painter, floor)
        self._paint_axes(painter, floor)
        if self._limit > 0:
            self._paint_limit(painter, floor)

    def _paint_floor(self, painter: QPainter, y: float) -> None:
        """The axis, broken off by two strokes where a limit stands apart."""
        painter.setPen(theme.color("line"))
        if self._apart is None:
            painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
            return
        middle = self.plot_width() + _BREAK / 2
        painter.drawLine(QPointF(0, y), QPointF(middle - 3, y))
        painter.drawLine(QPointF(middle + 3, y), QPointF(self.width(), y))
        painter.setPen(QPen(theme.color("soft"), 1.25))
        for x in (middle - 3, middle + 3):
            painter.drawLine(QPointF(x - 2.5, y + 5), QPointF(x + 2.5, y - 5))

    def _paint_limit(self, painter: QPainter, floor: float) -> None:
        x = round(self.line_at()) + 0.5
        if words := self.words_beyond():
            painter.setPen(theme.color("soft"))
            wide = QFontMetricsF(painter.font()).horizontalAdvance(words)
            painter.drawText(QPointF(min(x - wide / 2, self.width() - wide), HEAD - 5), words)
        pen = QPen(theme.color("accent" if self.hasFocus() else "soft"), 1.5)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, HEAD), QPointF(x, floor))
        if self._most:
            painter.setPen(QPen(theme.color("accent" if self.hasFocus() else "soft"), 1.5))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(QRectF(x - _GRIP, HEAD, 2 * _GRIP, 16), _GRIP, _GRIP)

    def _paint_bars(self, painter: QPainter, floor: float) -> None:
        tallest, step = max(self._bars) or 1, self._step()
        painter.setPen(Qt.PenStyle.NoPen)
        for number, count in enumerate(self._bars):
            if not count:
                continue
            beyond = number * self._each > self._limit > 0
            height = max(2.0, (floor - HEAD) * count / tallest)
            painter.setBrush(theme.color("bad" if beyond else "accent", 0.65 if beyond else 0.88))
            painter.drawRoundedRect(QRectF(number * step, floor - height, step - GAP, height), 2, 2)

    def _paint_axes(self, painter: QPainter, floor: float) -> None:
        font = theme.font("caption")
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QPen(theme.color("line"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(self.plot_width(), HEAD - 0.5))
        painter.setPen(theme.color("soft"))
        painter.drawText(QPointF(0, HEAD - 5), self._texts(max(self._bars)))
        unit = self.tr("tokens")
        room = self.plot_width() - metrics.horizontalAdvance(unit) - 8
        painter.drawText(QPointF(room + 8, floor + FOOT - 3), unit)
        for figure in self.figures():
            words = f"{figure:,}"
            x = self.plot_width() * figure / (len(self._bars) * self._each)
            if x + metrics.horizontalAdvance(words) <= room:
                painter.drawText(QPointF(x, floor + FOOT - 3), words)


def _round_step(wanted: float) -> int:
    """The round number (1, 2 or 5 with zeros) next above what is wanted."""
    ten = 10 ** max(0, math.floor(math.log10(max(1.0, wanted))))
    return next(int(ten * by) for by in (1, 2, 5, 10) if ten * by >= wanted)
