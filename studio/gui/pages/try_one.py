"""Trying a model that reads one text at a time: what it says of the text, or a file of rows into a new table.

In: a Session with a run, Ask, and the words for what the model gives. Out: an answer in words, with bars where it has
shares, and a table with the answers added. Knows nothing of labels or numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.data.roles.columns import columns_of
from studio.events import Progressed
from studio.gui.ask import Ask
from studio.gui.job import Outcome
from studio.gui.pages.try_file import FileCard
from studio.gui.pages.try_own import OwnExamples, short
from studio.gui.session import Session
from studio.gui.widgets.bars import Bar, Bars
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chat import MessageBox
from studio.gui.widgets.chip import Chip
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text

SIDE = 356
MOST_EARLIER = 20


@dataclass(frozen=True)
class PageWords:
    """What the page calls things: the text box and its hint, the button, nothing answered yet, what becomes of a file,
    the question which rows, how the new table's name ends, and the name of the bars where an answer has some."""

    box: str
    hint: str
    button: str
    nothing: str
    file: str
    which: str
    ending: str
    bars: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer in words: the `text` that was read, as a `headline` what is said of it, the small print and where that
    is from, and how the text was read where it is too long. `short` and `sureness` are what is left of it among the
    earlier ones."""

    text: str
    headline: str
    short: str
    sureness: str
    rest: str = ""
    source: str = ""
    bars: tuple[Bar, ...] = ()
    notices: tuple[str, ...] = ()


class Words(Protocol):
    """The words for one kind of answer."""

    def page(self) -> PageWords:
        """For the page."""

    def answer(self, event: object) -> Answer | None:
        """For an answer; None for any other event."""


class TryOne(QWidget):
    """A text box with the answer below, and at the right a file."""

    def __init__(self, session: Session, ask: Ask, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.words = session, words
        self._page = words.page()
        self._folder: Path | None = None  # of the run that is tried
        self._last: Answer | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._text_card())
        found = FlowScroll()
        found.add(self._answer_card())
        self.earlier = Earlier(self.tr("Earlier on this visit"))
        found.add(self.earlier)
        left.addWidget(found, 1)
        row.addLayout(left, 1)
        side = FlowScroll(width=SIDE)
        self.examples = OwnExamples(session, self.tr("Rows that it did not learn from."), parent=self)
        self.examples.chosen.connect(self._try_example)
        side.add(self.examples)
        self.file = FileCard(session, ask, about=self._page.file, asking=self._page.which, ending=self._page.ending)
        side.add(self.file)
        row.addWidget(side)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "dataset", "job"}))

    def _text_card(self) -> Card:
        card = Card(padding=14)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.text = MessageBox(self._page.box, self._page.hint)
        self.text.setProperty("kind", "bare")
        self.text.sent.connect(self.send)
        self.send_button = Button(self._page.button, "primary", clicked=self.send)
        line.addWidget(self.text, 1)
        line.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        self.notices = Notes(tone="warn")  # of the text that was read last
        card.add(self.notices)
        return card

    def _answer_card(self) -> Card:
        card = Card()
        self.asked = Text(tone="soft", wrap=True)
        self.headline = Text(self._page.nothing, kind="heading", wrap=True)
        self.bars = Bars(self._page.bars, row=34)
        self.rest = Text(tone="soft", kind="secondary", wrap=True)
        self.next_step = Text(
            self.tr("Write a text above and press Enter, or take one of your own at the right."), tone="soft", wrap=True
        )
        card.add(self.asked)
        card.add(self.headline)
        card.add(self.next_step)
        card.body.addSpacing(8)
        card.add(self.bars)
        card.add(self.rest)
        for empty in (self.asked, self.bars, self.rest):
            empty.hide()
        return card

    def send(self) -> None:
        """Let the model read what is written."""
        text = self.text.toPlainText().strip()
        if text and self.send_button.isEnabled() and self.session.read_text(text):
            self.asked.setText("")
            self.notices.set(())
            self.next_step.hide()
            self.headline.setText(self.tr("Reading…"))

    def _happened(self, kind: str, events: list[object]) -> None:
        for event in events:
            answer = self.words.answer(event)
            if answer is not None:
                self._show_answer(answer)
            elif isinstance(event, Progressed) and kind == "trying":
                self.headline.setText(event.what)

    def _show_answer(self, answer: Answer) -> None:
        if self._last is not None:
            self.earlier.remember(self._last)
        self._last = answer
        self.notices.set(answer.notices)
        self.next_step.hide()
        self.asked.setText(answer.text)
        self.asked.show()
        self.headline.setText(answer.headline)
        self.bars.set(answer.bars)
        self.bars.setVisible(bool(answer.bars))
        self.rest.setText(answer.rest)
        self.rest.setToolTip(answer.source)
        self.rest.setVisible(bool(answer.rest))
        self.text.selectAll()

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind == "trying" and outcome.state != "finished":
            self.headline.setText(self._page.nothing)

    def _changed(self, topics: frozenset[str]) -> None:
        folder = self.session.run.folder if self.session.run is not None else None
        if folder != self._folder:
            self._folder = folder
            self._show_hint()
            self._begin_anew()
        if "job" in topics:
            busy = self.session.jobs.heavy
            reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
            self.send_button.set_blocked(reason)

    def _show_hint(self) -> None:
        """Say how a text is written; of a model that reads two texts together, where the second one stands."""
        run = self.session.run
        is_pair = run is not None and bool(columns_of(run.config.data).pair)
        second = self.tr("The second text stands after an empty line (Shift+Enter twice).") if is_pair else ""
        self.text.setPlaceholderText(f"{self._page.hint} {second}".rstrip())

    def _begin_anew(self) -> None:
        """Another model: what the one before said is not its own."""
        self._last = None
        self.earlier.clear()
        self.bars.set(())
        self.notices.set(())
        self.headline.setText(self._page.nothing)
        self.next_step.show()
        for widget in (self.asked, self.bars, self.rest):
            widget.hide()

    def _try_example(self, prompt: str) -> None:
        self.text.setPlainText(prompt)
        self.send()


class Earlier(Card):
    """What was answered before, the latest first; away where there is nothing."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.add(self._rows)
        self.hide()

    def remember(self, answer: Answer) -> None:
        """Put an answer at the top; of many the oldest goes."""
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 9, 0, 9)
        line.setSpacing(12)
        shown = Text(short(answer.text, 140), tone="soft", wrap=True)
        shown.setToolTip(answer.text)
        line.addWidget(shown, 1)
        line.addWidget(Chip(answer.short, "accent"))
        sure = Text(answer.sureness)
        sure.setMinimumWidth(52)
        sure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(sure)
        column.addWidget(HairLine())
        column.addLayout(line)
        flat = " ".join(answer.text.split())
        left = f"{answer.short}, {answer.sureness}" if answer.sureness else answer.short
        row.setAccessibleName(f"{flat}: {left}")
        self.show()
        self._rows.insertWidget(0, row)
        if self._rows.count() > MOST_EARLIER:
            self._take(MOST_EARLIER)

    def clear(self) -> None:
        """Forget all of it."""
        while self._rows.count():
            self._take(0)
        self.hide()

    def _take(self, place: int) -> None:
        item = self._rows.takeAt(place)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()
