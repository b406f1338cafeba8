"""Trying a model that sorts: one text with the share of every label, or a file of rows into a new table.

In: a Session with a run, and Ask. Out: bars, and a table with the answers added.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from studio.data.reading.options import ReadOptions
from studio.events import Predicted, Progressed, Warned
from studio.gui import words
from studio.gui.ask import Ask
from studio.gui.job import Outcome
from studio.gui.session import Session
from studio.gui.widgets.bars import Bar, Bars
from studio.gui.widgets.button import Button, StopButton
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


class TryLabels(QWidget):
    """A text box with bars below, and at the right a file."""

    def __init__(self, session: Session, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._ask = session, ask
        self._result: Path | None = None
        self._asked_for: tuple[Path, Path] | None = None  # the file that was chosen last, and where its answers go
        self._told: ReadOptions | None = None  # how that file is to be read; None: found by looking
        self._folder: Path | None = None  # of the run that is tried
        self._last = ("", "", 0.0)  # the text that was sorted last, its label and the label's share
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
        side.add(self._examples_card())
        side.add(self._file_card())
        row.addWidget(side)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "dataset", "job"}))

    def _text_card(self) -> Card:
        card = Card(padding=14)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.text = MessageBox(self.tr("Text to sort"), self.tr("Write or paste a text. Enter sorts it."))
        self.text.setProperty("kind", "bare")
        self.text.sent.connect(self.sort)
        self.sort_button = Button(self.tr("Sort"), "primary", clicked=self.sort)
        line.addWidget(self.text, 1)
        line.addWidget(self.sort_button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        return card

    def _answer_card(self) -> Card:
        card = Card()
        self.asked = Text(tone="soft", wrap=True)
        self.label = Text(self.tr("Nothing sorted yet"), kind="heading", wrap=True)
        self.bars = Bars(self.tr("Share of each label"), row=34)
        self.rest = Text(tone="soft", kind="secondary")
        card.add(self.asked)
        card.add(self.label)
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

    def _examples_card(self) -> Card:
        self.examples = Card(self.tr("Try one of your own"))
        self.examples.add(Text(self.tr("Rows that it did not learn from."), tone="soft", wrap=True))
        self._example_buttons = QVBoxLayout()
        self._example_buttons.setSpacing(8)
        self.examples.add(self._example_buttons)
        return self.examples

    def _file_card(self) -> Card:
        card = Card(self.tr("A whole file"))
        card.add(
            Text(
                self.tr("Every row gets its label and how sure the model is, in a new table. The file stays as it is."),
                tone="soft",
                wrap=True,
            )
        )
        self.choose = Button(self.tr("Choose a file"), "small", clicked=self.choose_file)
        self.cancel = StopButton(self.tr("Stop"), "small", clicked=self._stop)
        self.open_result = Button(self.tr("Show in folder"), "small", icon="folder", clicked=self._open_result)
        self.reread = Button(self.tr("Change how it is read"), "small", clicked=self._change_reading)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the file"))
        self.file_words = Text(wrap=True)
        self.file_notices = Notes(tone="warn")
        buttons = QHBoxLayout()
        for button in (self.choose, self.cancel, self.open_result):
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.add(self.file_words)
        card.add(self.file_notices)
        card.add(self.progress)
        card.add(buttons)
        card.body.addWidget(self.reread, 0, Qt.AlignmentFlag.AlignLeft)
        for later in (self.progress, self.cancel, self.open_result, self.reread, self.file_words):
            later.hide()
        return card

    def sort(self) -> None:
        """Sort what is written."""
        text = self.text.toPlainText().strip()
        if text and self.sort_button.isEnabled() and self.session.sort_text(text):
            self.asked.setText("")
            self.label.setText(self.tr("Reading…"))

    def choose_file(self) -> None:
        """Ask for a file and for where the answers go, and begin."""
        file = self._ask.open_file(self, self.tr("Which rows should it sort?"))
        if file is None:
            return
        suggested = file.with_name(f"{file.stem}-sorted.csv")
        out = self._ask.save_as(
            self, self.tr("Where should the answers go?"), suggested=str(suggested), kinds=self.tr("CSV table (*.csv)")
        )
        if out is not None:
            self._asked_for, self._told = (file, out), None
            self._sort_file()

    def _sort_file(self) -> None:
        if self._asked_for is not None:
            self.open_result.hide()
            self.file_notices.set(())
            self.session.predict_file(*self._asked_for, self._told)

    def _change_reading(self) -> None:
        from studio.flow import reading_for
        from studio.gui.pages.data.reading import ReadingDialog

        if self._asked_for is not None and self.session.run is not None:
            file = self._asked_for[0]
            told = self._told or reading_for(file, self.session.run.config)
            dialog = ReadingDialog(str(file), None, told, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._read_anew)
            dialog.open()

    def _read_anew(self, _file: Path, told: ReadOptions) -> None:
        """Sort the file again, into the table that was chosen for it."""
        self._told = told
        self._sort_file()

    def _stop(self) -> None:
        self.session.stop("predicting")

    def _open_result(self) -> None:
        if self._result is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._result.parent)))

    def _happened(self, kind: str, events: list[object]) -> None:
        for event in events:
            match event:
                case Sorted():
                    self._show_answer(event)
                case Progressed() if kind == "trying":
                    self.label.setText(event.what)
                case Progressed() if kind == "predicting":
                    self._say(event.what if not event.total else f"{event.what}: {event.done:,} / {event.total:,}")
                    self.progress.setRange(0, event.total)
                    self.progress.setValue(event.done)
                case Warned() if kind == "predicting":
                    self.file_notices.set([*self.file_notices.lines, f"{event.what} {event.fix}".strip()])
                case Predicted():
                    self._result = Path(event.file)
                    done = self.tr("{n} rows answered in {file}.").format(n=f"{event.rows:,}", file=self._result.name)
                    self._say(done)
                    self.open_result.show()

    def _show_answer(self, answer: Sorted) -> None:
        if self.bars.bars:
            self._remember()
        shares = list(answer.shares.items())
        self.asked.setText(answer.text)
        self.asked.show()
        self.bars.show()
        label, share = shares[0]
        self.label.setText(f"{label}  {words.whole_percent(share)}")
        self.bars.set([Bar(name, value, strong=n == 0) for n, (name, value) in enumerate(shares[:MOST_BARS])])
        others = len(shares) - MOST_BARS
        left = sum(value for _, value in shares[MOST_BARS:])
        one = self.tr("1 other label: {share}").format(share=words.whole_percent(left))
        more = self.tr("{n} other labels: {share} together").format(n=others, share=words.whole_percent(left))
        self.rest.setText("" if others < 1 else more if others > 1 else one)
        self.rest.setVisible(others >= 1)
        self._last = (answer.text, label, share)
        self.text.selectAll()

    def _remember(self) -> None:
        whole, label, share = self._last
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(0, 9, 0, 9)
        line.setSpacing(12)
        text = " ".join(whole.split())
        shown = Text(text if len(text) <= 140 else text[:139] + "…", tone="soft", wrap=True)
        shown.setToolTip(whole)
        line.addWidget(shown, 1)
        line.addWidget(Chip(label, "accent"))
        sure = Text(words.whole_percent(share))
        sure.setFixedWidth(52)
        sure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(sure)
        column.addWidget(HairLine())
        column.addLayout(line)
        row.setAccessibleName(f"{text}: {label}, {sure.text()}")
        self.earlier.show()
        self._earlier_rows.insertWidget(0, row)
        if self._earlier_rows.count() > MOST_EARLIER:
            self._take_row(MOST_EARLIER)

    def _take_row(self, place: int) -> None:
        item = self._earlier_rows.takeAt(place)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()

    def _say(self, text: str) -> None:
        self.file_words.setText(text)
        self.file_words.setVisible(bool(text))

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind == "trying" and outcome.state != "finished":
            self.label.setText(self.tr("Nothing sorted yet"))
        if kind == "predicting" and outcome.state != "finished":
            self._say(self.tr("Stopped; no table was written.") if outcome.state == "stopped" else "")

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "dataset", "project"}:
            self._show_examples()
        folder = self.session.run.folder if self.session.run is not None else None
        if folder != self._folder:
            self._folder = folder
            self._begin_anew()
        if "job" in topics:
            busy, running = self.session.jobs.heavy, "predicting" in self.session.jobs
            reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
            self.sort_button.set_blocked(reason)
            self.choose.set_blocked(reason)
            self.reread.set_blocked(reason)
            may_reread = self._asked_for is not None and not running
            for widget, visible in (
                (self.cancel, running), (self.progress, running), (self.choose, not running), (self.reread, may_reread),
            ):  # fmt: skip
                widget.setVisible(visible)

    def _begin_anew(self) -> None:
        """Another model: what the one before said is not its own."""
        while self._earlier_rows.count():
            self._take_row(0)
        self.bars.set(())
        self.label.setText(self.tr("Nothing sorted yet"))
        self.file_notices.set(())
        self._say("")
        self._asked_for = self._told = None
        for widget in (self.earlier, self.asked, self.bars, self.rest, self.open_result, self.reread):
            widget.hide()

    def _show_examples(self) -> None:
        while self._example_buttons.count():
            item = self._example_buttons.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        prompts = self.session.run.prompts if self.session.run is not None else ()
        for prompt in prompts:
            line = " ".join(prompt.split())
            button = Button(line if len(line) <= 44 else line[:43] + "…", "small", name=line)
            button.setToolTip(prompt)
            button.setProperty("prompt", prompt)
            button.clicked.connect(self._try_example)
            self._example_buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.examples.setVisible(bool(prompts))

    def _try_example(self) -> None:
        self.text.setPlainText(str(self.sender().property("prompt")))
        self.sort()
