"""How a conversation is written for the model: its own chat template, one of ours, or one that is typed.

In: what the row that is shown says about the model's templates. Out: the setting, through the session. What comes of it
is shown beside it, in the row that the model sees.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QPlainTextEdit

from studio.gui import theme, words
from studio.gui.editors import QuietCombo
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.gui.work.showing import SeenTemplate
from studio.problems import Problem
from studio.tokens.chat_templates import is_own_text, shipped

TYPING_PAUSE_MS = 600
_OWN = "{"  # stands for “my own words” among the choices: no template is called so


class ChatTemplateCard(Card):
    """A choice, and a box for the template's text where somebody writes it. A faulty text is told and not used."""

    def __init__(self, session: Session) -> None:
        super().__init__(self.tr("Chat template"), padding=18)
        self._session = session
        self._seen: SeenTemplate | None = None
        self._words = Text(
            self.tr("The marks round messages and answers, as the model was taught them. They travel with the model."),
            tone="soft", wrap=True,
        )  # fmt: skip
        self.choice = QuietCombo()
        self.choice.setAccessibleName(self.tr("Chat template"))
        self.choice.activated.connect(self._choose)
        self._about = Text(kind="secondary", tone="soft", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("The template's text, in Jinja"))
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.font("mono"))
        self.text.setFixedHeight(180)
        self.fault = Text(tone="bad", kind="secondary", wrap=True)
        for widget in (self._words, self.choice, self._about, self.text, self.fault):
            self.add(widget)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._take)
        self.text.textChanged.connect(self._pause.start)
        session.changed.connect(self._refresh)
        session.saving.connect(self._hand_over)
        self._fill()
        self._refresh(frozenset({"config"}))

    def show_templates(self, seen: SeenTemplate | None) -> None:
        """What the model that is chosen brings along, and which templates it lacks tokens for; None without a model."""
        self._seen = seen
        self._fill()
        self._show()

    def _fill(self) -> None:
        seen, chosen = self._seen, self._session.config.task.chat_template
        self.choice.clear()
        has_own = seen is None or seen.has_own
        self.choice.addItem(self.tr("The model's own") if has_own else self.tr("None of its own: plain lines"), "")
        for one in shipped():
            self.choice.addItem(words.translated(one.title), one.name)
            lacking = dict(seen.lacking).get(one.name, ()) if seen is not None else ()
            model = self.choice.model()
            if lacking and isinstance(model, QStandardItemModel):
                item = model.item(self.choice.count() - 1)
                item.setEnabled(chosen == one.name)
                item.setToolTip(self.tr("This model does not know {mark}.").format(mark=lacking[0]))
        self.choice.addItem(self.tr("Write it myself"), _OWN)

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"config", "project", "opened"}:
            self._show()

    def _show(self) -> None:
        chosen = self._session.config.task.chat_template
        is_typed = is_own_text(chosen)
        self.choice.setCurrentIndex(max(0, self.choice.findData(_OWN if is_typed else chosen)))
        about = next((one.about for one in shipped() if one.name == chosen), "")
        self._about.setText(words.translated(about) if about else "")
        self._about.setVisible(bool(about))
        self.text.setVisible(is_typed)
        if is_typed and not self.text.hasFocus() and self.text.toPlainText() != chosen:
            self._write(chosen)
        if not is_typed:
            self._say(None)

    def _choose(self, place: int) -> None:
        self._pause.stop()
        name = self.choice.itemData(place)
        if name != _OWN:
            self._session.change("task.chat_template", name)
        elif not is_own_text(self._session.config.task.chat_template):
            now = self._seen.source if self._seen is not None else shipped()[0].source
            self._write(now)
            self._session.change("task.chat_template", now)
        self._show()

    def _write(self, source: str) -> None:
        self.text.blockSignals(True)
        self.text.setPlainText(source)
        self.text.blockSignals(False)
        self._say(None)

    def _take(self) -> None:
        """Use what is written, once it writes a conversation."""
        from studio.tokens.template import check_source

        source = self.text.toPlainText()
        try:
            check_source(source)
        except Problem as problem:
            self._say(problem)
            return
        self._say(None)
        problem_of_change = self._session.change("task.chat_template", source)
        if problem_of_change is not None:
            self._say(problem_of_change)

    def _say(self, problem: Problem | None) -> None:
        told = ""
        if problem is not None:
            told = " ".join(part for part in (problem.what, problem.why) if part)
            if problem.where is not None and problem.where.line is not None:
                told = self.tr("Line {line}: {told}").format(line=problem.where.line, told=told)
            told += " " + self.tr("Until it is mended the earlier one is used.")
        self.fault.setText(told)
        self.fault.setVisible(bool(told))

    def _hand_over(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._take()
