"""The standing instruction of answers, and word of the one that a model brings along.

In: what is typed. Out: the instruction, through the session.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit

from studio.gui import theme
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

TYPING_PAUSE_MS = 600


class InstructionCard(Card):
    """A standing instruction that the model reads before every message."""

    def __init__(self, session: Session) -> None:
        super().__init__(self.tr("Instruction"))
        self._session = session
        self.add(Text(self.tr("The model reads this before every message. It may stay empty."), tone="soft", wrap=True))
        self._text = QPlainTextEdit()
        self._text.setPlaceholderText(
            self.tr("For example: You answer messages for a clinic. Short, kind, with the next step.")
        )
        self._text.setAccessibleName(self.tr("Instruction"))
        self._text.setTabChangesFocus(True)
        self._text.setFont(theme.font("body"))
        self._text.setFixedHeight(76)
        self.add(self._text)
        self._own = Text(
            self.tr("Left empty, the model's own is used; it is shown in the row beside."),
            kind="secondary", tone="soft", wrap=True,
        )  # fmt: skip
        self._own.hide()
        self.add(self._own)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._take)
        self._text.textChanged.connect(self._pause.start)
        session.changed.connect(self._refresh)
        session.saving.connect(self._hand_over)
        self._refresh(frozenset({"config"}))

    def _refresh(self, topics: frozenset[str]) -> None:
        instruction = self._session.config.task.instruction
        typing = self._text.hasFocus() and "opened" not in topics
        if "config" in topics and not typing and self._text.toPlainText() != instruction:
            self._text.blockSignals(True)
            self._text.setPlainText(instruction)
            self._text.blockSignals(False)

    def tell_own(self, text: str) -> None:
        """Say that the row which is shown begins with an instruction of the model's own, or with `text` "" nothing."""
        self._own.setVisible(bool(text))
        self._own.setToolTip(text)

    def _hand_over(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._take()

    def _take(self) -> None:
        self._session.change("task.instruction", self._text.toPlainText())
