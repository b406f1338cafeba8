"""How a text and a question become one message, and what is said where the text holds no answer.

In: what is typed. Out: both settings, through the session. What comes of it is shown in the row beside.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from studio.config import edit
from studio.gui import theme, words
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

TYPING_PAUSE_MS = 600
_LAYOUT, _NO_ANSWER = "task.reading", "task.no_answer"


class ReadingCard(Card):
    """Two boxes; a layout that leaves out the text or the question is told and not used."""

    def __init__(self, session: Session) -> None:
        super().__init__(self.tr("Text and question"), padding=18)
        self._session = session
        self.layout_box = QPlainTextEdit()
        self.layout_box.setTabChangesFocus(True)
        self.layout_box.setFont(theme.font("body"))
        self.layout_box.setFixedHeight(96)
        self.no_answer = QLineEdit()
        self.fault = Text(tone="bad", kind="secondary", wrap=True)
        self.fault.hide()
        for path, box in ((_LAYOUT, self.layout_box), (_NO_ANSWER, self.no_answer)):
            said = edit.entry(path).words
            box.setAccessibleName(words.translated(said.title))
            self.add(Text(words.translated(said.help), tone="soft", wrap=True))
            self.add(box)
            if path == _LAYOUT:
                self.add(self.fault)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._take)
        self.layout_box.textChanged.connect(self._pause.start)
        self.no_answer.textEdited.connect(lambda _: self._pause.start())
        session.changed.connect(self._refresh)
        session.saving.connect(self._hand_over)
        self._refresh(frozenset({"config"}))

    def _refresh(self, topics: frozenset[str]) -> None:
        task = self._session.config.task
        anew = "opened" in topics
        if not topics & {"config", "opened"}:
            return
        if (anew or not self.layout_box.hasFocus()) and self.layout_box.toPlainText() != task.reading:
            self.layout_box.blockSignals(True)
            self.layout_box.setPlainText(task.reading)
            self.layout_box.blockSignals(False)
            self.fault.hide()
        if (anew or not self.no_answer.hasFocus()) and self.no_answer.text() != task.no_answer:
            self.no_answer.setText(task.no_answer)

    def _hand_over(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._take()

    def _take(self) -> None:
        layout, nothing = self.layout_box.toPlainText(), self.no_answer.text().strip()
        missing = {"text", "question"} - set(re.findall(r"\{(text|question)\}", layout))
        if missing:
            said = self.tr("{field} is missing. Until it is there the earlier one is used.")
            self.fault.setText(said.format(field=f"{{{min(missing)}}}"))
        self.fault.setVisible(bool(missing))
        wanted = {_NO_ANSWER: nothing} if nothing else {}
        if not missing:
            wanted[_LAYOUT] = layout
        problem = self._session.change_all(wanted) if wanted else None
        if problem is not None:
            self._session.problem.emit(problem)
