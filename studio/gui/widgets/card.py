"""Cards and lines: the surfaces on which a page lays things out.

In: a title and widgets. Out: frames with the house's radius, padding and hairlines.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from studio.gui.widgets.elided import Elided

CardKind = Literal["card", "raised", "well", "good", "warn", "bad", "accent"]


class Card(QFrame):
    """A surface with an optional title row; `trailing` stands right of the title, `body` is a column."""

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
        if trailing is not None:
            self._title_row.addWidget(trailing)

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
