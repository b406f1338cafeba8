"""Trying a model that finds answers: a text, a question, and the answer marked in the text with its certainty.

In: a Session with a run, and Ask. Out: marks in the text, other places that could be it, “no answer” said plainly.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from studio.events import Progressed
from studio.gui import theme, words
from studio.gui.ask import Ask
from studio.gui.job import Outcome
from studio.gui.pages.try_file import FileCard
from studio.gui.pages.try_own import OwnExamples, short
from studio.gui.session import Session
from studio.gui.widgets.bars import Bar, Bars
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.chat import MessageBox
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text
from studio.gui.work.trying import Located

SIDE = 356


class TryFind(QWidget):
    """The text with the question below it at the left, what was found at the right."""

    def __init__(self, session: Session, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._folder: Path | None = None  # of the run that is tried
        self._shown: Located | None = None
        self._candidates: tuple[int, ...] = ()  # which one each bar stands for
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._text_card(), 1)
        left.addWidget(self._question_card())
        row.addLayout(left, 1)
        side = FlowScroll(width=SIDE)
        side.add(self._answer_card())
        self.examples = OwnExamples(
            session, self.tr("Texts that it did not learn from."), parent=self, told=_question_of
        )
        self.examples.chosen.connect(self._try_example)
        side.add(self.examples)
        self.file = FileCard(
            session,
            ask,
            about=self.tr(
                "Every row with a question and a text gets the answer, where it begins and how sure the model is, in a "
                "new table. The file stays as it is."
            ),
            asking=self.tr("Which questions should it answer?"),
            ending="answered",
        )
        side.add(self.file)
        row.addWidget(side)
        theme.theme().theme_changed.connect(self._mark)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "job"}))

    def _text_card(self) -> Card:
        card = Card(self.tr("Text"))
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(self.tr("Paste the text in which it should look for the answer."))
        self.text.setAccessibleName(self.tr("Text in which the answer is looked for"))
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.font("lead"))
        self.text.textChanged.connect(self._text_changed)
        card.add(self.text, 1)
        return card

    def _question_card(self) -> Card:
        card = Card(padding=14)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.question = MessageBox(self.tr("Question"), self.tr("Ask something about the text. Enter asks it."))
        self.question.setProperty("kind", "bare")
        self.question.sent.connect(self.look)
        self.find_button = Button(self.tr("Find"), "primary", clicked=self.look)
        line.addWidget(self.question, 1)
        line.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        return card

    def _answer_card(self) -> Card:
        card = Card(self.tr("Answer"))
        self.asked = Text(tone="soft", wrap=True)
        self.answer = Text(self.tr("Nothing asked yet"), kind="heading", wrap=True)
        self.sure = Text(tone="soft", wrap=True)
        self.bars = Bars(self.tr("What it weighed up"), row=34)
        self.bars.pressed.connect(self._go_to_bar)
        self.note = Text(
            self.tr("The shares compare places in this text. They are no probability that the answer is right."),
            kind="secondary",
            tone="soft",
            wrap=True,
        )
        for part in (self.asked, self.answer, self.sure, self.bars):
            card.add(part)
        card.add(self.note)
        return card

    def look(self) -> None:
        """Ask what is written."""
        question, text = self.question.toPlainText().strip(), self.text.toPlainText()
        can = question and text.strip() and self.find_button.isEnabled()
        if can and self.session.find_answer(question, text):
            self._clear()
            self.answer.setText(self.tr("Reading…"))

    def _happened(self, kind: str, events: list[object]) -> None:
        for event in events:
            if isinstance(event, Located):
                self._show_answer(event)
            elif isinstance(event, Progressed) and kind == "trying":
                self.answer.setText(event.what)

    def _show_answer(self, located: Located) -> None:
        self._clear()
        self._shown = located
        found = located.found
        self.asked.setText(located.question)
        self.answer.setText(self.tr("No answer in this text") if found.is_none else found.answer)
        share = words.whole_percent(found.share)
        says_none = self.tr("It takes the text to hold no answer: {share}.").format(share=share)
        self.sure.setText(says_none if found.is_none else self.tr("How sure it is: {share}").format(share=share))
        leads = self.tr("Show it in the text")
        bars = [(Bar(short(one.text), one.share, strong=not found.is_none and n == 0, leads=leads), n)
                for n, one in enumerate(found.candidates)]  # fmt: skip
        if found.none_share:
            bars.append((Bar(self.tr("No answer"), found.none_share, strong=found.is_none), -1))
        bars.sort(key=lambda one: not one[0].strong)
        self._candidates = tuple(number for _, number in bars)
        self.bars.set([bar for bar, _ in bars])
        for part in (self.asked, self.sure, self.bars, self.note):
            part.show()
        self._mark()
        if not found.is_none:
            self._go_to(0)
        self.question.selectAll()

    def _mark(self) -> None:
        """Mark the answer in the text, and the other places more faintly."""
        marks = []
        if self._shown is not None and self._shown.text == self.text.toPlainText():
            found = self._shown.found
            for number, one in enumerate(found.candidates):
                is_answer = number == 0 and not found.is_none
                mark = QTextEdit.ExtraSelection()
                look = QTextCharFormat()
                look.setBackground(theme.color("good_wash" if is_answer else "accent_wash"))
                if is_answer:
                    look.setForeground(theme.color("good"))
                setattr(mark, "format", look)  # noqa: B010 - the stubs know these as classes' own
                setattr(mark, "cursor", self._cursor(one.start, one.end))  # noqa: B010
                marks.append(mark)
        self.text.setExtraSelections(marks)

    def _cursor(self, start: int, end: int) -> QTextCursor:
        """A cursor over characters; Qt counts those beyond the first plane, such as emoji, twice."""
        text = self.text.toPlainText()
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _go_to_bar(self, bar: int) -> None:
        self._go_to(self._candidates[bar])

    def _go_to(self, number: int) -> None:
        if self._shown is None or self._shown.text != self.text.toPlainText():
            return
        one = self._shown.found.candidates[number]
        cursor = self._cursor(one.start, one.end)
        cursor.setPosition(cursor.selectionStart())
        self.text.setTextCursor(cursor)
        self.text.centerCursor()

    def _text_changed(self) -> None:
        if self._shown is not None and self._shown.text != self.text.toPlainText():
            self._clear()
            self.answer.setText(self.tr("Nothing asked yet"))
        self._show_button()

    def _clear(self) -> None:
        self._shown = None
        self.text.setExtraSelections([])
        self.bars.set(())
        for part in (self.asked, self.sure, self.bars, self.note):
            part.hide()

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind == "trying" and outcome.state != "finished" and self._shown is None:
            self.answer.setText(self.tr("Nothing asked yet"))

    def _changed(self, _topics: frozenset[str]) -> None:
        folder = self.session.run.folder if self.session.run is not None else None
        if folder != self._folder:
            self._folder = folder
            self._clear()
            self.answer.setText(self.tr("Nothing asked yet"))
        self._show_button()

    def _show_button(self) -> None:
        busy = self.session.jobs.heavy
        if busy is not None:
            self.find_button.set_blocked(self.tr("“{title}” is still running.").format(title=busy.title))
        elif not self.text.toPlainText().strip():
            self.find_button.set_blocked(self.tr("Paste the text first in which it should look."))
        else:
            self.find_button.set_blocked("")

    def _try_example(self, prompt: str) -> None:
        question, _, text = prompt.partition("\n")
        self.text.setPlainText(text)
        self.question.setPlainText(question)
        self.look()


def _units(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _question_of(prompt: str) -> str:
    """The question of an example; "" where no text stands below it."""
    question, _, text = prompt.partition("\n")
    return question if text.strip() else ""
