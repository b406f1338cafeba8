"""One real row as the model will see it: what it reads, what it has to learn, what is cut away.

In: the session's dataset and base model. Out: a card with tokens in colour, and previous and next. The tokenizer is
loaded on a Job's thread; without a model the row's words are shown as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from superqt import QFlowLayout

from studio.config.automatic import resolved
from studio.config.goals import GOALS, Goal
from studio.data.checkup.blanks import with_blanks
from studio.gui.job import Job, Outcome
from studio.gui.pages.goal.row_pieces import Entry, always, kind_of, pieces_of
from studio.gui.session import Session
from studio.gui.widgets.button import IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.chip import Chip, ChipKind
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text
from studio.gui.widgets.token_lines import Piece
from studio.gui.widgets.token_view import TokenView
from studio.gui.work.showing import KeptTokenizer, SeenRow, show_row


class RowCard(Card):
    """Previous and next walk through the training rows; the last one stays while the rows are looked at again.
    `own_instruction` gives the instruction that the model adds of its own accord to the row which is shown, or "";
    `template` the chat template that it is written with."""

    own_instruction = Signal(str)
    template = Signal(object)  # SeenTemplate, or None

    def __init__(self, session: Session) -> None:
        self._place = 0
        self._words = Text(tone="soft")
        self._back = IconButton("chevron-left", self.tr("Previous row"), clicked=lambda: self._walk(-1))
        self._on = IconButton("chevron-right", self.tr("Next row"), clicked=lambda: self._walk(1))
        super().__init__(self.tr("What the model sees"), trailing=self._walker())
        self._session, self._kept = session, KeptTokenizer()
        self._looking: Job | None = None
        self._stale = False
        self._tokens = TokenView()
        self.legend: dict[Entry, tuple[QWidget, Text]] = {}
        self._must = Text(tone="soft")
        self._label = Chip("", "good")
        self._label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # a long one is shortened
        self._cut = Text(tone="bad", kind="secondary", wrap=True)
        self._parts = Text(tone="soft", kind="secondary", wrap=True)
        self._token = Text(self._ask(), kind="secondary", tone="soft", wrap=True)
        self._tokens.chosen.connect(self._explain)
        self._lay_out()
        session.changed.connect(self._refresh)
        self._look()

    def _walker(self) -> QWidget:
        walker = QWidget()
        row = QHBoxLayout(walker)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._back)
        row.addWidget(self._words)
        row.addWidget(self._on)
        return walker

    def _lay_out(self) -> None:
        inside = Card(kind="well", padding=20)  # framed by the card around it
        inside.add(self._tokens)
        answer = QHBoxLayout()
        answer.setSpacing(10)
        answer.addWidget(self._must)
        answer.addWidget(self._label)
        answer.addStretch(1)
        inside.add(answer)
        inside.add(self._cut)
        inside.add(self._parts)
        scroll = FlowScroll(spacing=14)
        scroll.add(inside)
        scroll.add(self._token)
        scroll.column.addLayout(self._legend())
        self.add(scroll, 1)

    def _legend(self) -> QFlowLayout:
        """An entry for each kind of token; which of them are there, and what they mean, depends on the row."""
        flow = QFlowLayout()
        flow.setHorizontalSpacing(18)
        flow.setVerticalSpacing(8)
        kinds: tuple[tuple[Entry, str, ChipKind], ...] = (
            ("context", self.tr("read"), "plain"),
            ("learned", self.tr("learned"), "good"),
            ("worse", self.tr("worse"), "warn"),
            ("cut", self.tr("cut off"), "bad"),
            ("unread", self.tr("cannot read"), "bad"),
            ("mark", self.tr("start, end"), "plain"),
        )
        for kind, word, chip in kinds:
            entry, meaning = QWidget(), Text(kind="secondary")
            row = QHBoxLayout(entry)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            row.addWidget(Chip(word, chip))
            row.addWidget(meaning)
            flow.addWidget(entry)
            self.legend[kind] = (entry, meaning)
        return flow

    def _show_legend(self, there: Collection[Entry]) -> None:
        """Say what the kinds that are `there` mean for the present goal."""
        goal = GOALS[self._session.config.task.kind]
        writes = self.tr("what it learns to write")
        words: dict[Entry, str] = {
            "context": self.tr("the model reads it, but does not learn to write it")
            if goal.writes
            else self.tr("the model reads it"),
            "learned": self.tr("what it learns to prefer")
            if goal.compares
            else writes
            if goal.writes
            else self.tr("what it learns to mark as the answer"),
            "worse": self.tr("what it learns to write less"),
            "cut": self.tr("too long: never read"),
            "unread": self.tr("signs that this model does not know"),
            "mark": self.tr("the model's own marks, added by the program"),
        }
        for kind, (entry, meaning) in self.legend.items():
            meaning.setText(words[kind])
            entry.setVisible(kind in there)

    def _refresh(self, topics: frozenset[str]) -> None:
        if "opened" in topics:  # what is shown is another project's
            self._show_nothing()
        has_rows = self._session.dataset is not None
        if topics & {"dataset", "facts", "project"} or ("config" if has_rows else "job") in topics:
            self._look()

    def _is_counting(self) -> bool:
        """Whether there will be a row again in a moment."""
        return self._session.table is not None and "prepare" in self._session.jobs

    def _walk(self, step: int) -> None:
        self._place += step
        self._look()

    def _look(self) -> None:
        session = self._session
        self._back.setEnabled(session.dataset is not None)
        self._on.setEnabled(session.dataset is not None)
        self._stale = self._looking is not None
        if session.dataset is None and not self._is_counting():
            self._show_nothing()
        if self._stale or session.dataset is None:
            return
        limit = session.config.task.max_tokens
        automatic = session.automatic.get("task.max_tokens")
        task = partial(
            show_row,
            kept=self._kept,
            dataset=session.dataset,
            config=resolved(session.config, session.automatic),
            base=session.base,
            place=self._place,
            limit=limit or (automatic.value if automatic is not None else 1 << 30),
        )
        self._looking = Job(task, title=self.tr("Looking at a row"), heavy=False)
        self._looking.happened.connect(self._take)
        self._looking.ended.connect(self._end)
        self._looking.start()

    def _take(self, found: list[object]) -> None:
        for one in found:
            if isinstance(one, SeenRow) and not self._stale:
                self._show(one)

    def _end(self, outcome: Outcome) -> None:
        self._looking = None
        if outcome.problem is not None:
            self._session.problem.emit(outcome.problem)
        if self._stale:
            self._look()

    def _show(self, seen: SeenRow) -> None:
        self._place = seen.place
        place = self.tr("Training row {place} of {total}")
        self._words.setText(place.format(place=f"{seen.place + 1:,}", total=f"{seen.total:,}"))
        self._words.setToolTip(self.tr("Row {number} of your table").format(number=f"{seen.number + 1:,}"))
        goal = GOALS[self._session.config.task.kind]
        self._tokens.set(tuple(pieces_of(seen, goal)))
        self._show_legend({*always(goal), *(kind_of(token) for token in seen.tokens)})
        self._must.setText(self._what(goal))
        self._must.setVisible(seen.label is not None)
        self._label.setVisible(seen.label is not None)
        if seen.label is not None:
            said = self._verdict(seen.label) if goal.compares else seen.label
            self._label.set(with_blanks(said), "good")
            self._label.setToolTip(said)
        self.own_instruction.emit(seen.own_instruction)
        self.template.emit(seen.template)
        self._show_lost(seen)

    def _what(self, goal: Goal) -> str:
        """What stands before the label or the number of a row."""
        if goal.compares:
            return self.tr("the answer is marked as")
        return self.tr("how well both fit") if goal.head == "vector" else self.tr("it has to answer")

    def _verdict(self, number: str) -> str:
        return self.tr("bad") if number == "0" else self.tr("good")

    def _show_lost(self, seen: SeenRow) -> None:
        """What of the row the model does not read, and in how many parts it reads it."""
        unread = sum(token.special == "unknown" for token in seen.tokens)
        told = [self.tr("{count} tokens of this row are cut").format(count=f"{seen.cut:,}")] if seen.cut else []
        if unread:
            told.append(
                self.tr("This model cannot read {count} of the {total} tokens: it does not know these signs.").format(
                    count=f"{unread:,}", total=f"{seen.token_count:,}"
                )
            )
        self._cut.setText(". ".join(told))
        self._cut.setVisible(bool(told))
        self._parts.setText(self.tr("Longer than the limit: it is read in {count} parts.").format(count=seen.windows))
        self._parts.setVisible(seen.windows > 1)

    def _explain(self, hint: str) -> None:
        self._token.setText(hint or self._ask())

    def _ask(self) -> str:
        return self.tr("A token is a piece of a word that the model reads as one. Click one to see what it is.")

    def _show_nothing(self) -> None:
        self.own_instruction.emit("")
        self._words.setText("")
        self._tokens.set([Piece(self.tr("A row of your table appears here."), "note")])
        self._show_legend({"context"})
        for widget in (self._must, self._label, self._cut, self._parts):
            widget.setVisible(False)
