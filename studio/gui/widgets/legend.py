"""What the colours of a chart mean.

In: colour tokens with words. Out: a line of marks and words, or where it is too long for the place, several.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme

MARK, BETWEEN, AFTER_MARK = 12.0, 14.0, 5.0
LINE = 20  # pixels


class Legend(QWidget):
    """Entries of (colour token, words, drawn as a dot?)."""

    def __init__(self, entries: Sequence[tuple[str, str, bool]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[tuple[str, str, bool], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_entries(entries)
        theme.theme().theme_changed.connect(self.update)

    def set_entries(self, entries: Sequence[tuple[str, str, bool]]) -> None:
        """Show other words."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.setAccessibleName(", ".join(name for _, name, _ in entries))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        wide = sum(self._wide(name) for _, name, _ in self._entries)
        return QSize(round(wide + BETWEEN * max(0, len(self._entries) - 1)) + 2, LINE)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(max((self._wide(name) for _, name, _ in self._entries), default=0)) + 2, LINE)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return LINE * (1 + max((line for line, _ in self._places(width)), default=0))

    def _wide(self, name: str) -> float:
        return MARK + AFTER_MARK + QFontMetricsF(theme.font()).horizontalAdvance(name)

    def _places(self, width: int) -> list[tuple[int, float]]:
        """On which line each entry begins, and how far to the right."""
        places: list[tuple[int, float]] = []
        line, x = 0, 0.0
        for _, name, _ in self._entries:
            if x and x + self._wide(name) > width:
                line, x = line + 1, 0.0
            places.append((line, x))
            x += self._wide(name) + BETWEEN
        return places

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        places = self._places(self.width())
        top = (self.height() - LINE * (1 + max((line for line, _ in places), default=0))) / 2
        for (tone, name, is_dot), (line, x) in zip(self._entries, places, strict=True):
            middle = top + LINE * (line + 0.5)
            if is_dot:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(tone))
                painter.drawEllipse(QPointF(x + MARK / 2, middle), 4.5, 4.5)
            else:
                painter.setPen(QPen(theme.color(tone), 2))
                painter.drawLine(QPointF(x, middle), QPointF(x + MARK, middle))
            painter.setPen(theme.color("soft"))
            words = QRectF(x + MARK + AFTER_MARK, middle - LINE / 2, self._wide(name), LINE)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
