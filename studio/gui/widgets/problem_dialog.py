"""A Problem in a window of its own, for what happened outside any page.

In: a Problem. Out: its words, its details unfolded on request, and Copy.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.problem_panel import as_text
from studio.gui.widgets.text import Text
from studio.problems import Problem


class ProblemDialog(QDialog):
    """Copy puts everything on the clipboard; nothing is sent anywhere."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = problem
        self.setWindowTitle(self.tr("Finetune Studio"))
        self.setMinimumWidth(480)
        theme.theme().dress(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(Text(problem.what, kind="heading", wrap=True))
        for words in (problem.why, problem.fix):
            if words:
                column.addWidget(Text(words, wrap=True))
        self._details = QPlainTextEdit(problem.details)
        self._details.setReadOnly(True)
        self._details.setFont(theme.font("mono"))
        self._details.setAccessibleName(self.tr("Details"))
        self._details.setVisible(False)
        column.addWidget(self._details)
        column.addSpacing(8)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        if self._problem.details:
            row.addWidget(Button(self.tr("&Details"), "quiet", clicked=self._unfold))
        row.addStretch(1)
        row.addWidget(Button(self.tr("&Copy"), clicked=self._copy))
        close = Button(self.tr("Close"), "primary", clicked=self.accept)
        close.setDefault(True)
        row.addWidget(close)
        return row

    def _unfold(self) -> None:
        self._details.setVisible(not self._details.isVisible())
        self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._problem))
