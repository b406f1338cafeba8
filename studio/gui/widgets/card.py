"""Cards and lines: the surfaces on which a page lays things out.

In: a title and widgets. Out: frames with the house's radius, padding and hairlines.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from studio.gui.widgets.elided import Elided

CardKind = Literal["card", "raised", "well", "good", "warn", "bad", "accent"]


class Card(QFrame):
    """A surface with an optional title row; `trailing` stands right of the title, or below it where only one of them
    could be read; `body` is a column."""

    def __init__(
        self,
        title: str = "",
        *,
        kind: CardKind = "card",
        trailing: QWidget | None = None,
        padding: int = 20,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding - 2, padding, padding - 2)
        self.body.setSpacing(8)
        self.title = Elided(title, kind="card")  # a long one must not push the card out of its column
        self._title_row = QHBoxLayout()
        self._title_row.addWidget(self.title, 1)
        if title or trailing is not None:
            self.body.addLayout(self._title_row)
            self.setAccessibleName(title)
        self._trailing = trailing
        if trailing is not None:
            self._title_row.addWidget(trailing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # other words in the title, or beside it
            self._make_room()
        return done

    def _make_room(self) -> None:
        """What stands beside the title gives way to it as far as it can, and then goes on a line of its own."""
        trailing = self._trailing
        if trailing is None:
            return
        room = self.contentsRect().width() - 2 * self.body.contentsMargins().left()
        beside = room - self.title.sizeHint().width() - max(0, self._title_row.spacing())
        least = trailing.minimumSizeHint().width()
        whole = trailing.sizeHint().width() if trailing.hasHeightForWidth() else least  # else its lines would break
        is_below = beside < whole and least <= room
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        if is_below != (self._title_row.direction() == down):
            self._title_row.setDirection(down if is_below else right)
            self._title_row.setStretch(0, 0 if is_below else 1)
            self._title_row.setAlignment(trailing, Qt.AlignmentFlag.AlignLeft if is_below else Qt.AlignmentFlag(0))
        if trailing.minimumWidth() == 0:  # else its size is its own matter
            trailing.setMaximumWidth(max(least, room if is_below else beside, 1))

    def add(self, what: QWidget | QLayout, stretch: int = 0) -> None:
        """Append a widget or a layout below what is there."""
        if isinstance(what, QWidget):
            self.body.addWidget(what, stretch)
        else:
            self.body.addLayout(what, stretch)


class HairLine(QFrame):
    """A line of one pixel between things that belong together."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("kind", "line")
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
