"""A box for one text of the user's own, as tall as its text needs, so that the text can be read whole; and two of them
for a question and the text that it is about.

In: one text. Out: `finished` when somebody has written another one and goes on. Knows nothing of models.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme

MOST_LINES = 4  # a longer text is scrolled
EDGES = 18  # the style's padding and border above and below the text


class PromptBox(QPlainTextEdit):
    """Plain text on one to MOST_LINES lines; Enter and Tab go on instead of being written."""

    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font())
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """What is written."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show a text from its beginning; nobody has written it."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.document().setModified(False)

    @property
    def is_written(self) -> bool:
        """Whether somebody changed the text since it was set."""
        return self.document().isModified()

    def lines(self) -> int:
        """How many lines the text takes at this width."""
        return max(1, round(self.document().size().height()))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._finish()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._finish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _finish(self) -> None:
        if self.is_written:
            self.finished.emit()

    def _fit(self) -> None:
        lines = self.lines()
        high = QFontMetricsF(self.font()).lineSpacing() * min(lines, MOST_LINES)
        self.setFixedHeight(math.ceil(high) + EDGES)
        self.setToolTip(self.toPlainText() if lines > MOST_LINES else "")


class ExampleBox(QWidget):
    """An example; with `set_parted` one whose first line is a question, and what stands below it a text."""

    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked, self.source = PromptBox(), PromptBox()
        self._given, self._is_parted = "", False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for box in (self.asked, self.source):
            box.finished.connect(self.finished)
            column.addWidget(box)
        self.source.hide()

    def set_parted(self, on: bool) -> None:
        """Show question and text apart, or one text."""
        if on != self._is_parted:
            self._is_parted = on
            self.source.setVisible(on)
            self.set_text(self._given)

    def text(self) -> str:
        """The example as it was set, or as somebody wrote it."""
        if not self.is_written:
            return self._given
        return f"{self.asked.text()}\n{self.source.text()}".strip() if self._is_parted else self.asked.text()

    def set_text(self, text: str) -> None:
        """Show an example; nobody has written it."""
        self._given = text
        question, _, source = text.partition("\n") if self._is_parted else (text, "", "")
        self.asked.set_text(" ".join(question.split()))
        self.source.set_text(source)

    @property
    def is_written(self) -> bool:
        """Whether somebody changed it since it was set."""
        return self.asked.is_written or self.source.is_written

    @property
    def is_typed_in(self) -> bool:
        """Whether the keyboard is in one of the boxes."""
        return self.asked.hasFocus() or self.source.hasFocus()

    def take(self) -> None:
        """What is written now counts as set."""
        self._given = self.text()
        for box in (self.asked, self.source):
            box.document().setModified(False)
