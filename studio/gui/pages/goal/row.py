"""One real row as the model will see it: what it reads, what it has to learn, what is cut away.

In: the session's dataset and base model. Out: a card with tokens in colour, and previous and next. The tokenizer is
loaded on a Job's thread; without a model the row's words are shown as they are.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from superqt import QFlowLayout

from studio.data.checkup.blanks import with_blanks
from studio.gui.job import Job, Outcome
from studio.gui.session import Session
from studio.gui.widgets.button import IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.chip import Chip, ChipKind
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text
from studio.gui.widgets.token_lines import Piece
from studio.gui.widgets.token_view import TokenView
from studio.gui.work.showing import KeptTokenizer, SeenRow, SeenToken, show_row


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
        self._must = Text(self.tr("it has to answer"), tone="soft")
        self._label = Chip("", "good")
        self._label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # a long one is shortened
        self._cut = Text(tone="bad", kind="secondary")
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
        scroll = FlowScroll(spacing=14)
        scroll.add(inside)
        scroll.add(self._token)
        scroll.column.addLayout(self._legend())
        self.add(scroll, 1)

    def _legend(self) -> QFlowLayout:
        flow = QFlowLayout()
        flow.setHorizontalSpacing(18)
        flow.setVerticalSpacing(8)
        kinds: tuple[tuple[str, ChipKind, str], ...] = (
            (self.tr("read"), "plain", self.tr("the model reads it, but does not learn to write it")),
            (self.tr("learned"), "good", self.tr("what it learns to write")),
            (self.tr("worse"), "warn", self.tr("what it learns to write less")),
            (self.tr("cut off"), "bad", self.tr("too long: never read")),
            (self.tr("start, end"), "plain", self.tr("the model's own marks, added by the program")),
        )
        for word, kind, meaning in kinds:
            entry = QWidget()
            row = QHBoxLayout(entry)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            row.addWidget(Chip(word, kind))
            row.addWidget(Text(meaning, kind="secondary"))
            flow.addWidget(entry)
            if kind == "warn":
                self._worse = entry
                entry.setVisible(False)
        return flow

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
            config=session.config,
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
        self._tokens.set(tuple(_piece(token, seen.token_count) for token in seen.tokens))
        self._worse.setVisible(any(token.kind == "worse" for token in seen.tokens))
        self._must.setVisible(seen.label is not None)
        self._label.setVisible(seen.label is not None)
        if seen.label is not None:
            self._label.set(with_blanks(seen.label), "good")
            self._label.setToolTip(seen.label)
        self.own_instruction.emit(seen.own_instruction)
        self.template.emit(seen.template)
        cut = self.tr("{count} tokens of this row are cut").format(count=f"{seen.cut:,}") if seen.cut else ""
        self._cut.setText(cut)
        self._cut.setVisible(bool(cut))

    def _explain(self, hint: str) -> None:
        self._token.setText(hint or self._ask())

    def _ask(self) -> str:
        return self.tr("A token is a piece of a word that the model reads as one. Click one to see what it is.")

    def _show_nothing(self) -> None:
        self.own_instruction.emit("")
        self._words.setText("")
        self._tokens.set([Piece(self.tr("A row of your table appears here."), "note")])
        for widget in (self._must, self._label, self._cut):
            widget.setVisible(False)


def _piece(token: SeenToken, total: int) -> Piece:
    """A token of the row, with what it is and what becomes of it."""
    if token.special is not None:
        return _special(token)
    if token.place is None or token.id is None:
        return Piece(token.text, token.kind)
    becomes = {
        "context": _tr("The model reads it; nothing is learned from it as such."),
        "learned": _tr("Training adjusts the model so that it writes this."),
        "worse": _tr("Training makes this less likely than the untouched model finds it."),
        "cut": _tr("It lies beyond the limit: the model never sees it."),
    }[token.kind]
    words = _tr("“{text}” is token {number} of {total}, entry {id} in the model's vocabulary. {becomes}")
    text = token.text.replace("\n", "⏎")
    hint = words.format(text=text, number=f"{token.place:,}", total=f"{total:,}", id=f"{token.id:,}", becomes=becomes)
    return Piece(token.text, token.kind, hint=hint)


def _special(token: SeenToken) -> Piece:
    """A token that only the model knows, under a plain word."""
    if token.special == "end":
        word, hint = _tr("end"), _tr("The model's own mark for where a text ends: {mark}")
    elif token.special == "begin":
        word, hint = _tr("start"), _tr("The model's own mark for where a text begins: {mark}")
    else:
        word, hint = _tr("mark"), _tr("A mark of the model's own: {mark}")
    if token.kind == "learned":
        hint += "\n" + _tr("It learns to write this mark, so that it knows when to stop.")
    return Piece(word, token.kind, mark=True, hint=hint.format(mark=token.text.strip()))


def _tr(text: str) -> str:
    return QCoreApplication.translate("RowCard", text)
