"""Words on one line that unfold on a click where they do not fit.

In: text of any length. Out: a line that is shortened to the room there is, with an arrow that shows all of it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.gui.widgets.button import IconButton
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.text import Text

ARROW = 22  # pixels
_GAP = 6


class Unfolding(QWidget):
    """`text()` stays the whole text, which is shortened in its middle, or where it `is_sentence` at its end. The
    arrow is there only where something is left out."""

    def __init__(self, text: str = "", *, tone: str = "", is_sentence: bool = False) -> None:
        super().__init__()
        self._what = self.tr("Show all of it")
        self._is_open = False
        at = Qt.TextElideMode.ElideRight if is_sentence else Qt.TextElideMode.ElideMiddle
        self._line = Elided("", tone=tone, at=at)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = Text(tone=tone, wrap=True)
        self.arrow = IconButton("chevron-down", self._what, clicked=self._turn)
        self.arrow.setFixedSize(ARROW, ARROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._line, 1)
        row.addWidget(self._whole, 1)
        row.addWidget(self.arrow)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def text(self) -> str:
        """The whole text."""
        return self._line.text()

    def setText(self, text: str) -> None:
        """Say something else, on one line again."""
        if text == self._line.text():
            return
        self._is_open = False
        self._line.setText(text)
        self._whole.setText(text)
        self._settle()

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        fits = self._line.sizeHint().width() <= self.width()
        is_open = self._is_open and not fits
        self._line.setVisible(not is_open)
        self._whole.setVisible(is_open)
        self.arrow.setVisible(not fits)
        name = self.tr("Show one line of it") if is_open else self._what
        self.arrow.setAccessibleName(name)
        self.arrow.setToolTip(name)
