"""Words of one line that give way: what does not fit is left out of their middle, and the tooltip says it whole.

In: text of any length. Out: a label that never asks for more width than it gets.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from studio.gui import theme
from studio.gui.widgets.text import Text

SHORTEST = 40  # pixels


class Elided(Text):
    """`text()` stays the whole text, and so does what a screen reader says. `at` says where it is shortened."""

    def __init__(
        self, text: str, *, kind: theme.FontKind = "body", tone: str = "", parent: QWidget | None = None,
        at: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:  # fmt: skip
        self._at = at
        super().__init__(text, kind=kind, tone=tone, parent=parent)
        self.setAccessibleName(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self.setAccessibleName(text)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(SHORTEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = self.text()
        shown = self.fontMetrics().elidedText(whole, self._at, max(SHORTEST, self.width()))
        if shown != QLabel.text(self):
            QLabel.setText(self, shown)
        self.setToolTip(whole if shown != whole else "")
