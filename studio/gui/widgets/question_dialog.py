"""A question with two answers: what it is about, what would happen, and a safe way back.

In: the question, an explanation, the words of both answers. Out: `ask()`, True only for the action's own button.
Escape, closing the window and, where the action is harmful, Enter keep things as they are.
"""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.text import Text

WIDTH = 460


class QuestionDialog(QDialog):
    """`yes` names the action, `no` what happens instead of it."""

    def __init__(
        self, question: str, explanation: str, *, yes: str, no: str = "", harmful: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._question, self._explanation = question, explanation
        self.setWindowTitle(self.tr("Finetune Studio"))
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(question)
        theme.theme().dress(self)
        self.setAccessibleDescription(explanation)
        self.no = Button(no or self.tr("Cancel"), clicked=self.reject)
        self.yes = Button(yes, "harmful" if harmful else "primary", clicked=self.accept)
        self._default = self.no if harmful else self.yes
        for button in (self.no, self.yes):
            button.setAutoDefault(True)  # Enter presses the one that has the focus
        self._default.setDefault(True)
        self._column = QVBoxLayout(self)
        self._lay_out()

    def _lay_out(self) -> None:
        column = self._column
        column.setContentsMargins(28, 24, 28, 22)
        column.setSpacing(8)
        column.addWidget(Text(self._question, kind="heading", wrap=True))
        explanation = Text(self._explanation, tone="soft", wrap=True)
        explanation.setVisible(bool(self._explanation))
        column.addWidget(explanation)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        column.addLayout(row)
        self.setFixedHeight(column.totalHeightForWidth(WIDTH))  # wrapped words ask for more than they need

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._default.setFocus()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def ask(self) -> bool:
        """Wait for the answer."""
        return self.exec() == QDialog.DialogCode.Accepted
