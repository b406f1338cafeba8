"""Chips: a short word on a wash of colour, as a widget and as something that a table's delegate can paint.

In: a word and what its colour means. Out: a pill. The most frequent labels have colours of their own, which they keep
while others come and go; no two labels share one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme

ChipKind = Literal["accent", "good", "bad", "warn", "plum", "teal", "plain"]
_LABELS: tuple[ChipKind, ...] = ("accent", "warn", "good", "plum", "teal")  # never red: no label is an error
HEIGHT = 20.0
_PADDING = 9.0


class LabelColours:
    """Gives each label its colour. One that has a colour keeps it, also while no row has the label; those that come
    when no colour is free any more are "plain"."""

    def __init__(self) -> None:
        self._kinds: dict[str, ChipKind] = {}

    def meet(self, frequent: Iterable[str]) -> None:
        """Give colours to labels that are new, the most frequent first."""
        free = [kind for kind in _LABELS if kind not in self._kinds.values()]
        new = (label for label in frequent if label not in self._kinds)
        self._kinds |= dict(zip(new, free, strict=False))

    def of(self, label: str) -> ChipKind:
        """The colour of a label."""
        return self._kinds.get(label, "plain")


def chip_width(text: str) -> float:
    """Pixels that a chip with this text takes."""
    return QFontMetricsF(theme.font("small")).horizontalAdvance(text) + 2 * _PADDING


def paint_chip(painter: QPainter, x: float, y: float, text: str, kind: ChipKind, room: float = 1e6) -> float:
    """Paint a chip with its top left at (x, y), shortened to `room` pixels; gives its width."""
    metrics = QFontMetricsF(theme.font("small"))
    width = min(chip_width(text), room)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width - 2 * _PADDING + 1))
    box = QRectF(x, y, width, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("line") if kind == "plain" else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("raised" if kind == "plain" else f"{kind}_wash"))
    inset = 0.5 if kind == "plain" else 0.0
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), HEIGHT / 2, HEIGHT / 2)
    painter.setPen(theme.color("soft" if kind == "plain" else kind))
    painter.setFont(theme.font("small"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()
    return width


class Chip(QWidget):
    """A word on a wash of colour; `kind` says what the colour means."""

    def __init__(self, text: str, kind: ChipKind = "plain", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text, self.kind = "", kind
        self.set(text, kind)
        theme.theme().theme_changed.connect(self.update)

    def set(self, text: str, kind: ChipKind) -> None:
        """Show another word in another colour."""
        self.text, self.kind = text, kind
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(chip_width(self.text) + 0.5), round(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_chip(QPainter(self), 0, 0, self.text, self.kind, self.width())
