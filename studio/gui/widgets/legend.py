"""What the colours of a chart mean.

In: colour tokens with words. Out: one line of marks and words.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme

MARK, BETWEEN, AFTER_MARK = 12.0, 14.0, 5.0


class Legend(QWidget):
    """Entries of (colour token, words, drawn as a dot?)."""

    def __init__(self, entries: Sequence[tuple[str, str, bool]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[tuple[str, str, bool], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
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
        metrics = QFontMetricsF(theme.font())
        wide = sum(MARK + AFTER_MARK + metrics.horizontalAdvance(name) for _, name, _ in self._entries)
        return QSize(round(wide + BETWEEN * max(0, len(self._entries) - 1)) + 2, 20)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        metrics = QFontMetricsF(theme.font())
        x, middle = 0.0, self.height() / 2
        for tone, name, is_dot in self._entries:
            if is_dot:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(tone))
                painter.drawEllipse(QPointF(x + MARK / 2, middle), 4.5, 4.5)
            else:
                painter.setPen(QPen(theme.color(tone), 2))
                painter.drawLine(QPointF(x, middle), QPointF(x + MARK, middle))
            x += MARK + AFTER_MARK
            wide = metrics.horizontalAdvance(name)
            painter.setPen(theme.color("soft"))
            painter.drawText(QRectF(x, 0, wide + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
            x += wide + BETWEEN
