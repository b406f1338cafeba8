"""Trying a model that answers from a text: a box for the text, and the questions about it.

In: a Session with a run. Out: as for answers, each question by itself with the text before it, as in training.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from studio.gui import theme
from studio.gui.pages.try_answers import TryAnswers
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.gui.work.trying import Shortened, Side
from studio.tasks.example import Example
from studio.tasks.read import Read

WIDTH = 330


class TryRead(TryAnswers):
    """The text at the left, both models' answers at the right. Nothing that was said is read again: a row of the table
    had one question, too."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.text = QPlainTextEdit()
        self._short = Text(kind="secondary", tone="bad", wrap=True)
        super().__init__(session, parent)
        self.message.setPlaceholderText(self.tr("Ask about the text. Enter sends it."))
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(0, self._source())
        self._show_send()

    def _source(self) -> QWidget:
        card = Card(self.tr("Text"))
        card.setFixedWidth(WIDTH)
        card.add(
            Text(self.tr("It answers from this text alone. Each question is asked by itself."), tone="soft", wrap=True)
        )
        self.text.setPlaceholderText(self.tr("Paste a text here."))
        self.text.setAccessibleName(self.tr("Text to answer from"))
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.font("body"))
        self.text.textChanged.connect(self._show_send)
        card.add(self.text, 1)
        self._short.setText(self.tr("Too long to be read whole: the passages nearest to the question were read."))
        self._short.hide()
        card.add(self._short)
        return card

    def _with(self, side: Side, text: str) -> Example:
        task = self._task()
        assert isinstance(task, Read)
        return replace(task, text=self.text.toPlainText().strip()).prompt(text)

    def _ask(self, text: str) -> bool:
        self._short.hide()
        return bool(self.text.toPlainText().strip()) and super()._ask(text)

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind == "trying" and any(isinstance(event, Shortened) for event in events):
            self._short.show()
        super()._happened(kind, events)

    def _changed(self, topics: frozenset[str]) -> None:
        super()._changed(topics)
        self._show_send()

    def _show_send(self) -> None:
        if not self.text.toPlainText().strip():
            self.send_button.set_blocked(self.tr("Paste the text first that it should answer from."))
        elif self.session.jobs.heavy is None:
            self.send_button.set_blocked("")
