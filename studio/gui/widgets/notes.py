"""Sentences below each other, each a paragraph of its own.

In: lines. Out: wrapped texts that can be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.gui.widgets.text import Text


class Notes(QWidget):
    """Any number of wrapped sentences; without one it takes no room."""

    def __init__(self, *, tone: str = "soft", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.lines: tuple[str, ...] = ()
        self.set(())

    def set(self, lines: Sequence[str]) -> None:
        """Show these."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.lines = tuple(lines)
        for line in self.lines:
            self._column.addWidget(Text(line, tone=self._tone, wrap=True))
        self.setVisible(bool(self.lines))
