"""What the model sees of a row: its tokens one after the other, coloured by what becomes of them.

In: pieces of text with their kind. Out: paint, wrapped to the width between words; line breaks are kept. A mark that
only the model knows is a small pill with a plain word. Pointing at a piece, a click on it or the arrow keys say what it
is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.gui import theme
from studio.gui.widgets.token_lines import LINE, Piece, Placed, place

MOST_PIECES = 1500  # a row beyond this many tokens is shown up to here
_PILL, _INSIDE, _AROUND = 18.0, 6.0, 3.0  # a mark's height, the air in it, and beside it
_WASHES = {
    "learned": "good_wash", "worse": "warn_wash", "cut": "bad_wash",
    "unread": "bad_wash",
    "likely": "good_wash", "unlikely": "warn_wash", "surprising": "bad_wash",
}  # fmt: skip
_TONES = {"learned": "good", "cut": "bad", "unread": "bad", "note": "soft"}


class TokenView(QWidget):
    """Grows with its text; put it into something that scrolls. `chosen` gives the hint of the piece that was clicked or
    reached with the arrow keys, "" when none is."""

    chosen = Signal(str)

    def __init__(self, *, font: theme.FontKind = "lead", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._font_kind: theme.FontKind = font
        self._pieces: tuple[Piece, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._height = LINE
        self._chosen: int | None = None  # a piece's place
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().theme_changed.connect(self.update)

    def set(self, pieces: Sequence[Piece]) -> None:
        """Show these pieces, in this order."""
        self._pieces = tuple(pieces[:MOST_PIECES])
        self._choose(None)
        self.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if any(piece.hint for piece in self._pieces) else Qt.FocusPolicy.NoFocus
        )
        self.setAccessibleName("".join(piece.text for piece in self._pieces if not piece.mark))
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(320, round(self._height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def hint_at(self, place: QPointF) -> str:
        """What the tooltip says at a place in the widget: what the mark there is, or nothing."""
        return next((placed.piece.hint for placed in self._placed if placed.box.contains(place)), "")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = next((placed.piece for placed in self._placed if placed.box.contains(event.position())), None)
        self._choose(next((n for n, piece in enumerate(self._pieces) if piece is found), None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None or not self._pieces:
            super().keyPressEvent(event)
            return
        first = 0 if step > 0 else len(self._pieces) - 1
        self._choose(first if self._chosen is None else min(max(0, self._chosen + step), len(self._pieces) - 1))

    def _choose(self, number: int | None) -> None:
        if number is not None and not self._pieces[number].hint:
            number = None
        self._chosen = number
        self.chosen.emit(self._pieces[number].hint if number is not None else "")
        self.update()

    def _font(self, piece: Piece) -> QFont:
        if piece.mark or piece.kind == "note":
            return theme.font("caption" if piece.mark else "secondary")
        found = QFont(theme.font(self._font_kind))
        found.setStrikeOut(piece.kind == "cut")
        return found

    def _place(self) -> None:
        metrics = {(p.kind, p.mark): QFontMetricsF(self._font(p)) for p in self._pieces}

        def measure(text: str, piece: Piece) -> float:
            wide = metrics[piece.kind, piece.mark].horizontalAdvance(text)
            return wide + 2 * (_INSIDE + _AROUND) if piece.mark else wide

        self._placed, self._height = place(self._pieces, max(40.0, self.width()), measure)
        self.setFixedHeight(round(self._height))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wanted = QRectF(event.rect())
        for placed in self._placed:
            if placed.box.intersects(wanted):
                painter.setFont(self._font(placed.piece))
                (self._paint_mark if placed.piece.mark else self._paint_text)(painter, placed)
                if self._chosen is not None and placed.piece is self._pieces[self._chosen]:
                    painter.setPen(QPen(theme.color("accent"), 1.5))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(placed.box.adjusted(-1, 3, 1, -3), 3, 3)

    def _paint_text(self, painter: QPainter, placed: Placed) -> None:
        kind, box = placed.piece.kind, placed.box
        if kind in _WASHES:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(_WASHES[kind]))
            painter.drawRoundedRect(box.adjusted(0, 3, 0, -3), 3, 3)
        painter.setPen(theme.color(_TONES.get(kind, "text")))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        painter.drawText(box, align, placed.text)
        if placed.ends and kind != "note":  # a hair between tokens shows where they end
            painter.setPen(QPen(theme.color("faint", 0.35), 1))
            painter.drawLine(QPointF(box.right(), box.bottom() - 5), QPointF(box.right(), box.bottom() - 8))

    def _paint_mark(self, painter: QPainter, placed: Placed) -> None:
        kind = placed.piece.kind
        wide = placed.box.width() - 2 * _AROUND
        pill = QRectF(placed.box.x() + _AROUND, placed.box.center().y() - _PILL / 2 + 1, wide, _PILL)
        painter.setPen(Qt.PenStyle.NoPen if kind in _WASHES else QPen(theme.color("line"), 1))
        painter.setBrush(theme.color(_WASHES.get(kind, "surface")))
        painter.drawRoundedRect(pill, _PILL / 2, _PILL / 2)
        painter.setPen(theme.color(_TONES.get(kind, "soft")))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, placed.text)
