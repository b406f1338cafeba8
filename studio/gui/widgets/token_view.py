"""What the model sees of a row: its tokens one after the other, coloured by what becomes of them.

In: pieces of text with their kind. Out: paint, wrapped to the width; line breaks are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme

LINE = 29.0
MOST_PIECES = 1500  # a row beyond this many tokens is shown up to here


@dataclass(frozen=True)
class Piece:
    """`kind` is "context", "learned", "cut", or "name" for a mark that only the model knows."""

    text: str
    kind: str


@dataclass(frozen=True)
class _Placed:
    piece: Piece
    box: QRectF


class TokenView(QWidget):
    """Grows with its text; put it into something that scrolls."""

    def __init__(self, *, font: theme.FontKind = "lead", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font_kind: theme.FontKind = font
        self._pieces: tuple[Piece, ...] = ()
        self._placed: list[_Placed] = []
        self._height = LINE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().theme_changed.connect(self.update)

    def set(self, pieces: Sequence[Piece]) -> None:
        """Show these pieces, in this order."""
        self._pieces = tuple(pieces[:MOST_PIECES])
        self.setAccessibleName("".join(piece.text for piece in self._pieces if piece.kind != "name"))
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(320, round(self._height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def _font(self, kind: str) -> QFont:
        if kind == "name":
            return theme.font("secondary")
        found = QFont(theme.font(self._font_kind))
        found.setStrikeOut(kind == "cut")
        return found

    def _place(self) -> None:
        metrics = {kind: QFontMetricsF(self._font(kind)) for kind in ("context", "learned", "cut", "name")}
        x, y, right = 0.0, 0.0, float(max(40, self.width()))
        self._placed = []
        for piece in self._pieces:
            parts = [piece.text] if piece.kind == "name" else piece.text.split("\n")
            for number, text in enumerate(parts):
                if number:
                    x, y = 0.0, y + LINE
                extra = 6.0 if piece.kind == "name" else 0.0
                width = metrics[piece.kind].horizontalAdvance(text) + extra
                if x > 0 and x + width > right and text.strip():
                    x, y = 0.0, y + LINE
                    text = text.lstrip()
                    width = metrics[piece.kind].horizontalAdvance(text) + extra
                if text:
                    self._placed.append(_Placed(Piece(text, piece.kind), QRectF(x, y, width, LINE)))
                x += width
        self._height = y + LINE
        self.setFixedHeight(round(self._height))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = QRectF(event.rect())
        for placed in self._placed:
            if placed.box.intersects(wanted):
                self._paint_piece(painter, placed)

    def _paint_piece(self, painter: QPainter, placed: _Placed) -> None:
        kind, box = placed.piece.kind, placed.box
        wash = {"learned": "good_wash", "cut": "bad_wash"}.get(kind)
        painter.setPen(Qt.PenStyle.NoPen)
        if wash is not None:
            painter.setBrush(theme.color(wash))
            painter.drawRoundedRect(box.adjusted(0, 3, 0, -3), 3, 3)
        painter.setFont(self._font(kind))
        painter.setPen(theme.color({"learned": "good", "cut": "bad", "name": "soft"}.get(kind, "text")))
        left = box.adjusted(3 if kind == "name" else 0, 0, 0, 0)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        painter.drawText(left, align, placed.piece.text)
        if kind != "name":  # a hair between tokens shows where they end
            painter.setPen(QPen(theme.color("faint", 0.35), 1))
            painter.drawLine(QPointF(box.right(), box.bottom() - 5), QPointF(box.right(), box.bottom() - 8))
