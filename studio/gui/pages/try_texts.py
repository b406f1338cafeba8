"""Trying a model that continues texts: a beginning, and two ways on beside each other.

In: a Session with a run. Out: what the trained and the untouched model write behind the beginning, and on demand how
likely each word was to them. A model from nothing has nobody beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from studio.config.goals import GOALS
from studio.events import Progressed
from studio.gui.form import Form
from studio.gui.job import Outcome
from studio.gui.pages.try_answers import MANNERS, SIDE
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.chat import MessageBox
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.segmented import Segmented
from studio.gui.widgets.text import Text
from studio.gui.widgets.written import Weight, Written
from studio.gui.work.trying import Side, SidePiece, Weighed
from studio.models.hub_cache import base_name
from studio.tasks.task import task_for

if TYPE_CHECKING:
    from studio.generation.answer import Piece


class TryTexts(QWidget):
    """Two texts that grow, the beginning that both have, and how they go on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.base = Written(self.tr("Before training"))
        self.tuned = Written(self.tr("Your model"))
        self._columns: dict[Side, Written] = {"tuned": self.tuned, "base": self.base}
        self._tokens: dict[Side, list[int]] = {"tuned": [], "base": []}
        self._given, self._rolls = "", 0  # the last beginning, and how often it was gone on with again
        self._waiting: list[Side] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addLayout(self._texts(), 1)
        row.addWidget(self._side())
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "config", "job"}))

    def _texts(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(16)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.base, 1)
        sides.addWidget(self.tuned, 1)
        column.addLayout(sides, 1)
        card = Card(padding=14)
        line = QHBoxLayout()
        line.setSpacing(12)
        self.beginning = MessageBox(self.tr("Beginning"), self.tr("Write how a text begins. Enter lets it go on."))
        self.beginning.setToolTip(self.tr("Enter lets it go on, Shift+Enter starts a new line."))
        self.beginning.setProperty("kind", "bare")
        self.beginning.sent.connect(self.go_on)
        self.status = Text(tone="soft", kind="secondary")
        self.stop_button = StopButton(self.tr("Stop"), icon="stop", clicked=lambda: self.session.stop("trying"))
        self.go_button = Button(self.tr("Go on"), "primary", clicked=self.go_on)
        self.again_button = Button(self.tr("Another way"), clicked=self.go_on_again)
        line.addWidget(self.beginning, 1)
        line.addWidget(self.status)
        for button in (self.again_button, self.stop_button, self.go_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        column.addWidget(card)
        return column

    def _side(self) -> QWidget:
        side = FlowScroll(width=SIDE)
        how = Card(self.tr("How it goes on"))
        self.manner = Segmented(
            self.tr("How it goes on"),
            (("precise", self.tr("Precise")), ("balanced", self.tr("Balanced")), ("free", self.tr("Free"))),
        )
        self.manner.chosen.connect(lambda value: self.session.change_all(MANNERS[value]))
        how.add(self.manner)
        how.add(Form(self.session, ("generation",), without=("generation.seed",), stacked=True))
        side.add(how)
        likely = Card(self.tr("How likely each word was"))
        self.weights = QCheckBox(self.tr("Colour the words"))
        self.weights.setToolTip(self.tr("Point at a word to see what else could have stood there."))
        self.weights.clicked.connect(self._choose_weights)
        likely.add(self.weights)
        likely.add(
            Text(
                self.tr("Green: at least every second time. Yellow: less often. Red: less than once in twenty."),
                tone="soft", kind="secondary", wrap=True,
            )
        )  # fmt: skip
        side.add(likely)
        return side

    def go_on(self) -> None:
        """Let both sides go on with what is written."""
        self._rolls = 0
        self._begin(self.beginning.toPlainText())

    def go_on_again(self) -> None:
        """Let both go on with the last beginning once more, with other dice."""
        self._rolls += 1
        self._begin(self._given)

    def _begin(self, text: str) -> None:
        run = self.session.run
        if run is None or self._waiting or not text.strip() or not self.go_button.isEnabled():
            return
        generation = self.session.config.generation
        if generation.seed is not None:
            generation = generation.model_copy(update={"seed": generation.seed + self._rolls})
        turns = task_for(run.resolved).prompt(text).turns
        sides: list[Side] = [side for side, column in self._columns.items() if not column.isHidden()]
        if not self.session.answer(dict.fromkeys(sides, turns), generation):
            return
        self._given, self._waiting = text, sides
        self.weights.setChecked(False)
        for side in sides:
            self._tokens[side] = []
            self._columns[side].begin(text)
        self._changed(frozenset({"job"}))

    def show_base(self, on: bool) -> None:
        """Let the untouched model go on beside the trained one, or not."""
        if not self._waiting:
            self.base.setVisible(on)
            self.clear()

    def clear(self) -> None:
        """Forget both texts."""
        if not self._waiting:
            self._given = ""
            for side, column in self._columns.items():
                self._tokens[side] = []
                column.clear()
            self.weights.setChecked(False)
            self.beginning.setFocus()
            self._show_buttons()

    def _choose_weights(self, on: bool) -> None:
        run = self.session.run
        if not on or run is None:
            for column in self._columns.values():
                column.plain()
            return
        turns = task_for(run.resolved).prompt(self._given).turns
        texts = {side: (turns, tuple(tokens)) for side, tokens in self._tokens.items() if tokens}
        if not texts or not self.session.weigh(texts):
            self.weights.setChecked(False)

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind != "trying":
            return
        for event in events:
            if isinstance(event, SidePiece):
                self.status.setText("")
                self._take(event.side, event.piece)
            elif isinstance(event, Weighed):
                self.status.setText("")
                weights = [Weight(one.text, one.share, one.others) for one in event.chances]
                self._columns[event.side].weigh(weights)
            elif isinstance(event, Progressed):
                self.status.setText(event.what)

    def _take(self, side: Side, piece: Piece) -> None:
        if side not in self._waiting:
            return
        self._columns[side].say(piece.text)
        if piece.token >= 0 and piece.end != "end":
            self._tokens[side].append(piece.token)
        if piece.end:
            self._waiting.remove(side)
            words = {
                "end": self.tr("the text ended here"),
                "length": self.tr("cut at the longest answer"),
                "stopped": self.tr("stopped"),
            }
            self._columns[side].end(words.get(piece.end, ""))

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind != "trying":
            return
        self.status.setText("")
        for side in self._waiting:
            self._columns[side].end(self.tr("stopped"))
        self._waiting.clear()
        self._changed(frozenset({"job"}))

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "project"}:
            self._show_run()
        if topics & {"config", "project"}:
            generation = self.session.config.generation
            now = {"generation.temperature": generation.temperature, "generation.top_p": generation.top_p}
            fits = [name for name, wanted in MANNERS.items() if all(now[path] == v for path, v in wanted.items())]
            self.manner.set_value(fits[0] if fits else "")
        if "job" in topics:
            self._show_buttons()

    def _show_buttons(self) -> None:
        busy, mine = self.session.jobs.heavy, bool(self._waiting)
        self.stop_button.setVisible(mine)
        self.go_button.setVisible(not mine)
        self.again_button.setVisible(bool(self._given) and not mine)
        reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy and not mine else ""
        self.go_button.set_blocked(reason)
        is_precise = self.session.config.generation.temperature == 0
        always = self.tr("“Precise” always goes on in the same way.") if is_precise else ""
        self.again_button.set_blocked(reason or always)
        self.weights.setEnabled(bool(self._given) and not mine and not reason)

    def _show_run(self) -> None:
        run, history = self.session.run, self.session.history
        if run is None:
            return
        best = history.best
        step = self.tr("step {step}").format(step=f"{best.step if best is not None else history.step:,}")
        self.tuned.subtitle.setText(f"{run.folder.name} · {step}")
        self.base.subtitle.setText(base_name(run.base))
        self.base.setVisible(not GOALS[run.config.task.kind].from_nothing)
        self.clear()
