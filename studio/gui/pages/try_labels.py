"""Trying a model that sorts: one text with the share of every label, or a file of rows into a new table.

In: a Session with a run, and Ask. Out: bars, and a table with the answers added.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.data.roles.columns import columns_of
from studio.events import Progressed
from studio.gui import words
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
from studio.gui.work.trying import Sorted

SIDE = 356
MOST_BARS = 8
MOST_EARLIER = 20


class Said(NamedTuple):
    """What the page calls things: the text box and its hint, the button, nothing answered yet, the file card."""

    box: str
    hint: str
    button: str
    nothing: str
    file: str
    which: str
    ending: str


class TryLabels(QWidget):
    """A text box with bars below, and at the right a file."""

    def __init__(self, session: Session, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._ask = session, ask
        self._said = self._say()
        self._folder: Path | None = None  # of the run that is tried
        self._last = ("", "", "")  # the text that was sorted last, its label and the label's share
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._text_card())
        found = FlowScroll()
        found.add(self._answer_card())
        found.add(self._earlier_card())
        left.addWidget(found, 1)
        row.addLayout(left, 1)
        side = FlowScroll(width=SIDE)
        self.examples = OwnExamples(session, self.tr("Rows that it did not learn from."), parent=self)
        self.examples.chosen.connect(self._try_example)
        side.add(self.examples)
        self.file = FileCard(
            session,
            ask,
            about=self._said.file,
            asking=self._said.which,
            ending=self._said.ending,
        )
        side.add(self.file)
        row.addWidget(side)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "dataset", "job"}))

    def _say(self) -> Said:
        return Said(
            self.tr("Text to sort"),
            self.tr("Write or paste a text. Enter sorts it."),
            self.tr("Sort"),
            self.tr("Nothing sorted yet"),
            self.tr("Every row gets its label and how sure the model is, in a new table. The file stays as it is."),
            self.tr("Which rows should it sort?"),
            "sorted",
        )

    def _text_card(self) -> Card:
        card = Card(padding=14)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.text = MessageBox(self._said.box, self._said.hint)
        self.text.setProperty("kind", "bare")
        self.text.sent.connect(self.sort)
        self.sort_button = Button(self._said.button, "primary", clicked=self.sort)
        line.addWidget(self.text, 1)
        line.addWidget(self.sort_button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        self.notices = Notes(tone="warn")  # of the text that was read last
        card.add(self.notices)
        return card

    def _answer_card(self) -> Card:
        card = Card()
        self.asked = Text(tone="soft", wrap=True)
        self.label = Text(self._said.nothing, kind="heading", wrap=True)
        self.bars = Bars(self.tr("Share of each label"), row=34)
        self.rest = Text(tone="soft", kind="secondary", wrap=True)
        self.next_step = Text(
            self.tr("Write a text above and press Enter, or take one of your own at the right."), tone="soft", wrap=True
        )
        card.add(self.asked)
        card.add(self.label)
        card.add(self.next_step)
        card.body.addSpacing(8)
        card.add(self.bars)
        card.add(self.rest)
        for empty in (self.asked, self.bars, self.rest):
            empty.hide()
        return card

    def _earlier_card(self) -> Card:
        self.earlier = Card(self.tr("Earlier on this visit"))
        self._earlier_rows = QVBoxLayout()
        self._earlier_rows.setSpacing(0)
        self.earlier.add(self._earlier_rows)
        self.earlier.hide()
        return self.earlier

    def sort(self) -> None:
        """Sort what is written."""
        text = self.text.toPlainText().strip()
        if text and self.sort_button.isEnabled() and self.session.sort_text(text):
            self.asked.setText("")
            self.notices.set(())
            self.next_step.hide()
            self.label.setText(self.tr("Reading…"))

    def _happened(self, kind: str, events: list[object]) -> None:
        for event in events:
            match event:
                case Sorted():
                    self._show_answer(event)
                case Progressed() if kind == "trying":
                    self.label.setText(event.what)

    def _show_answer(self, answer: Sorted) -> None:
        if self.bars.bars:
            self._remember()
        shares = list(answer.shares.items())
        self.notices.set(answer.notices)
        self.next_step.hide()
        self.asked.setText(answer.text)
        self.asked.show()
        self.bars.show()
        named, limits = answer.named, answer.limits
        share = shares[0][1]
        label = ", ".join(named) or self.tr("none of the labels")
        sure = self.tr("{label}  {share}")
        if answer.is_unsure:
            sure = self.tr("{label}: the likeliest is {other}, {share}")
        sure = sure.format(label=label, other=shares[0][0], share=words.whole_percent(share))
        self.label.setText(label if limits else sure)
        most = max(MOST_BARS, len(named))
        self.bars.set([Bar(name, value, strong=name in named, mark=limits.get(name)) for name, value in shares[:most]])
        if limits:
            self.rest.setText(
                self.tr("A label is named where its bar reaches its line, which was chosen on the watching rows.")
            )
            self.rest.show()
            self._last = (answer.text, label, words.whole_percent(answer.shares[named[0]] if named else share))
            self.text.selectAll()
            return
        others = len(shares) - MOST_BARS
        left = sum(value for _, value in shares[MOST_BARS:])
        one = self.tr("1 other label: {share}").format(share=words.whole_percent(left))
        more = self.tr("{n} other labels: {share} together").format(n=others, share=words.whole_percent(left))
        self.rest.setText("" if others < 1 else more if others > 1 else one)
        self.rest.setVisible(others >= 1)
        self._last = (answer.text, label, "" if answer.is_unsure else words.whole_percent(share))
        self.text.selectAll()

    def _remember(self) -> None:
        self._add_earlier(*self._last)

    def _add_earlier(self, whole: str, label: str, sureness: str) -> None:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 9, 0, 9)
        line.setSpacing(12)
        shown = Text(short(whole, 140), tone="soft", wrap=True)
        shown.setToolTip(whole)
        line.addWidget(shown, 1)
        line.addWidget(Chip(label, "accent"))
        sure = Text(sureness)
        sure.setMinimumWidth(52)
        sure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(sure)
        column.addWidget(HairLine())
        column.addLayout(line)
        flat = " ".join(whole.split())
        row.setAccessibleName(f"{flat}: {label}, {sureness}" if sureness else f"{flat}: {label}")
        self.earlier.show()
        self._earlier_rows.insertWidget(0, row)
        if self._earlier_rows.count() > MOST_EARLIER:
            self._take_row(MOST_EARLIER)

    def _take_row(self, place: int) -> None:
        item = self._earlier_rows.takeAt(place)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind == "trying" and outcome.state != "finished":
            self.label.setText(self._said.nothing)

    def _changed(self, topics: frozenset[str]) -> None:
        folder = self.session.run.folder if self.session.run is not None else None
        if folder != self._folder:
            self._folder = folder
            self._show_hint()
            self._begin_anew()
        if "job" in topics:
            busy = self.session.jobs.heavy
            reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
            self.sort_button.set_blocked(reason)

    def _show_hint(self) -> None:
        """Say how a text is written; of a model that reads two texts together, where the second one stands."""
        run = self.session.run
        is_pair = run is not None and bool(columns_of(run.config.data).pair)
        second = self.tr("The second text stands after an empty line (Shift+Enter twice).") if is_pair else ""
        self.text.setPlaceholderText(f"{self._said.hint} {second}".rstrip())

    def _begin_anew(self) -> None:
        """Another model: what the one before said is not its own."""
        while self._earlier_rows.count():
            self._take_row(0)
        self.bars.set(())
        self.notices.set(())
        self.label.setText(self._said.nothing)
        self.next_step.show()
        for widget in (self.earlier, self.asked, self.bars, self.rest):
            widget.hide()

    def _try_example(self, prompt: str) -> None:
        self.text.setPlainText(prompt)
        self.sort()
