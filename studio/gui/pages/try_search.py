"""Trying a model that searches: a search box, the passages that it finds, and those that the untouched model finds.

In: a Session with a run, and Ask. Out: two lists of passages side by side, and a table of queries with the passages
added. Where to search is the run's own passages or those of a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.counting import rounded
from studio.events import Progressed
from studio.gui import theme
from studio.gui.ask import Ask
from studio.gui.job import Outcome
from studio.gui.pages.try_file import FileCard
from studio.gui.pages.try_own import OwnExamples, short
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chat import MessageBox
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text
from studio.gui.work.searching import Found

if TYPE_CHECKING:
    from studio.generation.hits import Hit

SIDE = 356


class TrySearch(QWidget):
    """A search box with both models' passages below, and at the right where to search, examples, and a file."""

    def __init__(self, session: Session, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._ask = session, ask
        self._passages: Path | None = None  # the file to search in; None for the run's own passages
        self._folder: Path | None = None  # of the run that is tried
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(self._query_card())
        found = FlowScroll()
        found.add(self._found_card())
        left.addWidget(found, 1)
        row.addLayout(left, 1)
        side = FlowScroll(width=SIDE)
        side.add(self._where_card())
        self.examples = OwnExamples(session, self.tr("Rows that it did not learn from."), parent=self)
        self.examples.chosen.connect(self._try_example)
        side.add(self.examples)
        self.file = FileCard(
            session,
            ask,
            about=self.tr("Every row gets the closest passages, in a new table. The file stays as it is."),
            asking=self.tr("Which queries should it answer?"),
            ending="found",
        )
        side.add(self.file)
        row.addWidget(side)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "dataset", "job"}))

    def _query_card(self) -> Card:
        card = Card(padding=14)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.query = MessageBox(self.tr("What to search for"), self.tr("Ask in your own words. Enter searches."))
        self.query.setProperty("kind", "bare")
        self.query.sent.connect(self.search)
        self.search_button = Button(self.tr("Search"), "primary", clicked=self.search)
        self.stop_button = StopButton(self.tr("Stop"), icon="stop", clicked=lambda: self.session.stop("trying"))
        self.stop_button.hide()
        line.addWidget(self.query, 1)
        for button in (self.stop_button, self.search_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        return card

    def _found_card(self) -> Card:
        card = Card()
        self.state = Text(self.tr("Nothing searched yet"), kind="heading", wrap=True)
        self.note = Text(tone="soft", kind="secondary", wrap=True)
        self.notices = Notes(tone="warn")
        self.waiting = Text(tone="soft", wrap=True)  # what is still done once the model's own passages are there
        card.add(self.state)
        card.add(self.note)
        card.add(self.notices)
        card.add(self.waiting)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        self.tuned = _Hits(self.tr("Your model"))
        self.untouched = _Hits(self.tr("Untouched model"))
        sides.addWidget(self.tuned, 1)
        sides.addWidget(self.untouched, 1)
        card.add(sides)
        for empty in (self.note, self.waiting, self.tuned, self.untouched):
            empty.hide()
        return card

    def _where_card(self) -> Card:
        card = Card(self.tr("Where it searches"))
        self.where = Text(tone="soft", wrap=True)
        self.other = Button(self.tr("Search in a file"), "small", clicked=self.choose_passages)
        self.own = Button(self.tr("Back to your table"), "small", clicked=self._search_own)
        card.add(self.where)
        buttons = QHBoxLayout()
        buttons.addWidget(self.other)
        buttons.addWidget(self.own)
        buttons.addStretch(1)
        card.add(buttons)
        return card

    def search(self) -> None:
        """Search for what is written."""
        query = self.query.toPlainText().strip()
        if query and self.search_button.isEnabled() and self.session.search(query, self._passages):
            self._begin_anew()
            self.state.setText(self.tr("Searching…"))

    def choose_passages(self) -> None:
        """Ask for a file whose passages are searched from now on."""
        file = self._ask.open_file(self, self.tr("Which passages should it search in?"))
        if file is not None:
            self._passages = file
            self._show_where()
            self.search()

    def _search_own(self) -> None:
        self._passages = None
        self._show_where()
        self.search()

    def _show_where(self) -> None:
        run = self.session.run
        column = run.config.data.target if run is not None else ""
        if self._passages is None:
            self.where.setText(self.tr("All passages of your table, from “{column}”.").format(column=column))
        else:
            told = self.tr("{name}: its column “{column}”, or its only one.")
            self.where.setText(told.format(name=self._passages.name, column=column))
        self.own.setVisible(self._passages is not None)

    def _happened(self, kind: str, events: Sequence[object]) -> None:
        for event in events:
            match event:
                case Found():
                    self._show_found(event)
                case Progressed() if kind == "trying":
                    count = f": {event.done:,} / {event.total:,}" if event.total else ""
                    shown = self.state if self.tuned.isHidden() else self.waiting
                    shown.setText(f"{event.what}{count}")

    def _show_found(self, found: Found) -> None:
        self.state.setText(found.query)
        theirs = found.untouched or ()
        differ = {hit.place for hit in found.tuned} != {hit.place for hit in theirs}
        told = self.tr(
            "Among {n} passages. The number says how close one is, at most 1. Something is always closest, even where "
            "no passage fits."
        )
        marked = self.tr("A blue bar: found by this model alone.") if theirs and differ else ""
        self.note.setText(f"{told.format(n=f'{found.passages:,}')} {marked}".rstrip())
        self.notices.set(found.notices)
        self.tuned.show_hits(found.tuned, {hit.place for hit in theirs} if theirs else None)
        self.untouched.show_hits(theirs, {hit.place for hit in found.tuned})
        self.untouched.setVisible(found.untouched is not None)
        self.waiting.setVisible(found.untouched is None)
        for filled in (self.note, self.tuned):
            filled.show()
        self.query.selectAll()

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind != "trying":
            return
        self.waiting.hide()
        if outcome.state != "finished" and self.tuned.isHidden():
            self._begin_anew()

    def _changed(self, topics: frozenset[str]) -> None:
        folder = self.session.run.folder if self.session.run is not None else None
        if folder != self._folder:
            self._folder, self._passages = folder, None
            self._show_where()
            self._begin_anew()
        if "job" in topics:
            busy = self.session.jobs.heavy
            reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
            for button in (self.search_button, self.other, self.own):
                button.set_blocked(reason)
            self.stop_button.setVisible("trying" in self.session.jobs)

    def _begin_anew(self) -> None:
        self.state.setText(self.tr("Nothing searched yet"))
        self.notices.set(())
        for empty in (self.note, self.waiting, self.tuned, self.untouched):
            empty.hide()

    def _try_example(self, prompt: str) -> None:
        self.query.setPlainText(prompt)
        self.search()


class _Hits(QWidget):
    """What one model found, the closest first."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Text(title, kind="card"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column.addLayout(self._rows)
        column.addStretch(1)

    def show_hits(self, hits: Sequence[Hit], others: set[int] | None) -> None:
        """Show these; passages that are not among the `others`, where those are known, have a bar at their left."""
        _clear(self._rows)
        for place, hit in enumerate(hits, 1):
            flat = " ".join(hit.passage.split())
            is_alone = others is not None and hit.place not in others
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 9, 0, 9)
            line.setSpacing(10)
            line.addWidget(Text(f"{place}", tone="soft"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(_Bar(is_alone))
            shown = Text(short(flat, 300), wrap=True)
            shown.setToolTip(hit.passage)
            line.addWidget(shown, 1)
            close = Text(rounded(hit.likeness), tone="soft")
            close.setToolTip(self.tr("How close the two are, from −1 to 1 (cosine)"))
            line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
            alone = self.tr(", found by this model alone") if is_alone else ""
            row.setAccessibleName(f"{self._title} {place}: {flat}, {rounded(hit.likeness)}{alone}")
            self._rows.addWidget(row)
            self._rows.addWidget(HairLine())


class _Bar(QWidget):
    """A bar beside what one model alone has found; empty room of its width beside the rest."""

    def __init__(self, is_shown: bool) -> None:
        super().__init__()
        self._is_shown = is_shown
        self.setFixedWidth(3)
        theme.theme().theme_changed.connect(self.update)

    def paintEvent(self, _event: object) -> None:
        if self._is_shown:
            painter = QPainter(self)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(self.rect(), 1.5, 1.5)


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()
