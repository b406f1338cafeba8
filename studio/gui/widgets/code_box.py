"""A few lines of a program to take along.

In: text. Out: a quiet box in which it can be selected, with Copy; long lines scroll sideways.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button


class CodeBox(QFrame):
    """Lines in letters of one width; `name` is what a screen reader says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "raised")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 8, 8)
        self._lines = QPlainTextEdit()
        self._lines.setProperty("kind", "bare")
        self._lines.setReadOnly(True)
        self._lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._lines.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines.setTabChangesFocus(True)
        self._lines.setFont(theme.font("mono"))
        self._lines.setAccessibleName(name)
        self._lines.horizontalScrollBar().rangeChanged.connect(self._fit)
        self.copy = Button(self.tr("Copy"), "small", icon="copy", clicked=self._copy)
        self.copy.setAccessibleName(self.tr("Copy: {name}").format(name=name))
        row.addWidget(self._lines, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)

    def show_code(self, code: str) -> None:
        """Show these lines."""
        if code != self.code():
            self._lines.setPlainText(code)
            self._fit()

    def code(self) -> str:
        """What is shown."""
        return self._lines.toPlainText()

    def _fit(self) -> None:
        bar = self._lines.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        line = QFontMetricsF(self._lines.font()).lineSpacing()
        self._lines.setFixedHeight(round(line * self._lines.blockCount()) + 18 + below)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code())
