"""What is taken for what, as a small table of colours; every cell can be chosen by mouse or keyboard.

In: labels and counts. Out: `chosen` with the true and the given label. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme

MOST_LABELS = 8  # more do not fit beside their names; the pairs that are mixed up most are listed then
CELL_HEIGHT = 38
HEAD = 24


class ConfusionTable(QWidget):
    """Rows are the truth, columns the answer."""

    chosen = Signal(object, object)  # truth, answer

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.labels: tuple[str, ...] = ()
        self.counts: tuple[tuple[int, ...], ...] = ()
        self.cell = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().theme_changed.connect(self.update)

    def set(self, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show these."""
        self.labels, self.counts = tuple(labels), tuple(tuple(row) for row in counts)
        self.cell = (0, 0)
        self._say()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(380, HEAD + CELL_HEIGHT * len(self.labels))

    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.sizeHint().height())

    def rect_of(self, truth: int, answer: int) -> QRectF:
        """Where a cell lies, in pixels."""
        left = self._left()
        wide = (self.width() - left) / max(1, len(self.labels))
        return QRectF(left + answer * wide, HEAD + truth * CELL_HEIGHT, wide, CELL_HEIGHT).adjusted(2, 2, -2, -2)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most_right = max((self.counts[n][n] for n in range(len(self.labels))), default=1)
        wrong = [c for t, row in enumerate(self.counts) for a, c in enumerate(row) if t != a]
        most_wrong = max(wrong, default=1)
        for truth, row in enumerate(self.counts):
            self._paint_name(painter, truth)
            for answer, count in enumerate(row):
                most = most_right if truth == answer else most_wrong
                self._paint_cell(painter, truth, answer, count / max(1, most))

    def _paint_name(self, painter: QPainter, n: int) -> None:
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("soft"))
        metrics = QFontMetricsF(painter.font())
        elide = Qt.TextElideMode.ElideRight
        cell, column = self.rect_of(n, 0), self.rect_of(0, n)
        left = QRectF(0, cell.top(), self._left() - 8, cell.height())
        name = metrics.elidedText(self.labels[n], elide, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
        top = QRectF(column.left() - 1, 0, column.width() + 2, HEAD - 4)
        name = metrics.elidedText(self.labels[n], elide, top.width())
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_cell(self, painter: QPainter, truth: int, answer: int, weight: float) -> None:
        box, count = self.rect_of(truth, answer), self.counts[truth][answer]
        tone = "accent" if truth == answer else "bad"
        ground = theme.color("surface")
        full = theme.color(tone)
        share = (0.35 + 0.55 * weight) if truth == answer and count else (0.12 + 0.68 * weight if count else 0.04)
        fill = _mix(ground, full, share)
        chosen = self.hasFocus() and (truth, answer) == self.cell
        painter.setPen(QPen(theme.color("text"), 2) if chosen else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(_readable_on(fill))
        painter.setFont(theme.font())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{count:,}")

    def _left(self) -> float:
        metrics = QFontMetricsF(theme.font("caption"))
        widest = max((metrics.horizontalAdvance(label) for label in self.labels), default=0.0)
        return min(widest + 10, self.width() * 0.3)

    def _at(self, event: QMouseEvent | QHelpEvent) -> tuple[int, int] | None:
        point = event.position() if isinstance(event, QMouseEvent) else event.pos().toPointF()
        for truth in range(len(self.labels)):
            for answer in range(len(self.labels)):
                if self.rect_of(truth, answer).contains(point):
                    return truth, answer
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._at(event)
        if cell is not None:
            self._choose(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in moves and self.labels:
            last = len(self.labels) - 1
            down, right = moves[key]
            self.cell = min(last, max(0, self.cell[0] + down)), min(last, max(0, self.cell[1] + right))
            self._say()
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.labels:
            self._choose(self.cell)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._at(event)
            QToolTip.showText(event.globalPos(), self._words(cell) if cell is not None else "", self)
            return True
        return super().event(event)

    def _choose(self, cell: tuple[int, int]) -> None:
        self.cell = cell
        self._say()
        self.update()
        self.chosen.emit(self.labels[cell[0]], self.labels[cell[1]])

    def _words(self, cell: tuple[int, int]) -> str:
        truth, answer = cell
        count = f"{self.counts[truth][answer]:,}"
        if truth == answer:
            return self.tr("“{label}” found: {n}").format(label=self.labels[truth], n=count)
        text = self.tr("“{truth}” taken for “{answer}”: {n}")
        return text.format(truth=self.labels[truth], answer=self.labels[answer], n=count)

    def _say(self) -> None:
        self.setAccessibleName(f"{self._name}. {self._words(self.cell)}" if self.labels else self._name)


def _mix(ground: QColor, full: QColor, share: float) -> QColor:
    red, green, blue = (
        round(a + (b - a) * share)
        for a, b in (
            (ground.red(), full.red()),
            (ground.green(), full.green()),
            (ground.blue(), full.blue()),
        )
    )
    return QColor(red, green, blue)


def _readable_on(fill: QColor) -> QColor:
    light, dark = QColor("#FFFFFF"), QColor("#161614")
    return max((light, dark), key=lambda ink: _contrast(ink, fill))


def _contrast(a: QColor, b: QColor) -> float:
    """The contrast ratio of two colours, as WCAG 2 defines it."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
