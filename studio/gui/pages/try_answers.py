"""Trying a model that answers: one message, two answers beside each other.

In: a Session with a run. Out: the conversation, each side with its own history. The sides answer one after the other,
the trained one first, because there is one model in memory whose learned part is switched off for the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio.config import edit
from studio.events import Progressed
from studio.gui import theme
from studio.gui.form import Form
from studio.gui.job import Outcome
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.chat import ChatColumn, MessageBox
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.segmented import Segmented
from studio.gui.widgets.text import Text
from studio.gui.work.trying import Side, SidePiece
from studio.models.hub_cache import base_name
from studio.runs.run import Run, standing_instruction
from studio.tasks.answer import continued
from studio.tasks.example import Example, Turn
from studio.tasks.task import Task, task_for

if TYPE_CHECKING:
    from studio.generation.answer import Piece

SIDE = 300
INSTRUCTION_HEIGHT = 96
MANNERS = {  # what "Precise", "Balanced" and "Free" set
    "precise": {"generation.temperature": 0.0},
    "balanced": {"generation.temperature": 0.7, "generation.top_p": 0.9},
    "free": {"generation.temperature": 1.1, "generation.top_p": 0.98},
}


class TryAnswers(QWidget):
    """Two columns, a message box, and how it answers."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.base = ChatColumn(self.tr("Before training"))
        self.tuned = ChatColumn(self.tr("Your model"))
        self._columns: dict[Side, ChatColumn] = {"tuned": self.tuned, "base": self.base}
        self._turns: dict[Side, list[Turn]] = {"tuned": [], "base": []}
        self._asked, self._rolls = "", 0  # the last message, and how often it was asked again
        self._waiting: list[Side] = []
        self._folder: Path | None = None  # of the run whose instruction is shown
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addLayout(self._talk(), 1)
        row.addWidget(self._side())
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._changed(frozenset({"run", "config", "job"}))

    def _talk(self) -> QVBoxLayout:
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
        self.message = MessageBox(self.tr("Message"), self.tr("Write a message. Enter sends it."))
        self.message.setToolTip(self.tr("Enter sends, Shift+Enter starts a new line."))
        self.message.setProperty("kind", "bare")
        self.message.sent.connect(self.send)
        self.status = Text(tone="soft", kind="secondary")
        self.stop_button = StopButton(self.tr("Stop"), icon="stop", clicked=self._stop)
        self.send_button = Button(self.tr("Send"), "primary", clicked=self.send)
        self.again_button = Button(self.tr("Ask again"), clicked=self.ask_again)
        line.addWidget(self.message, 1)
        line.addWidget(self.status)
        for button in (self.again_button, self.stop_button, self.send_button):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        card.add(line)
        column.addWidget(card)
        return column

    def _side(self) -> QWidget:
        side = FlowScroll(width=SIDE)
        how = Card(self.tr("How it answers"))
        self.manner = Segmented(
            self.tr("How it answers"),
            (("precise", self.tr("Precise")), ("balanced", self.tr("Balanced")), ("free", self.tr("Free"))),
        )
        self.manner.chosen.connect(self._choose_manner)
        how.add(self.manner)
        self.same_dice = QCheckBox(self.tr("Same dice every time"))
        self.same_dice.setToolTip(self.tr("The same message gets the same answer again."))
        self.same_dice.clicked.connect(self._choose_dice)
        how.add(self.same_dice)
        how.add(Form(self.session, ("generation",), without=("generation.seed",), stacked=True))
        side.add(how)
        instruction = Card(self.tr("Instruction"))
        self.instruction = QPlainTextEdit()
        self.instruction.setAccessibleName(self.tr("Instruction"))
        self.instruction.setPlaceholderText(self.tr("None"))
        self.instruction.setTabChangesFocus(True)
        self.instruction.setFont(theme.font("body"))
        self.instruction.setFixedHeight(INSTRUCTION_HEIGHT)
        self.instruction_note = Text(tone="soft", kind="secondary", wrap=True)
        instruction.add(self.instruction)
        instruction.add(self.instruction_note)
        side.add(instruction)
        return side

    def send(self) -> None:
        """Ask both sides what is written."""
        text = self.message.toPlainText().strip()
        if text and self._ask(text):
            self._rolls = 0
            self.message.clear()

    def ask_again(self) -> None:
        """Ask the last message once more, with other dice; the answers to it are replaced."""
        if self._waiting or not self.again_button.isEnabled():
            return
        for side in self._columns:
            if self._turns[side]:
                self._turns[side] = self._turns[side][:-2]
                self._columns[side].take_back()
        self._rolls += 1
        self._ask(self._asked)

    def _ask(self, text: str) -> bool:
        if self._waiting or not self.send_button.isEnabled():
            return False
        generation = self.session.config.generation
        if generation.seed is not None:
            generation = generation.model_copy(update={"seed": generation.seed + self._rolls})
        self._asked = text
        sides = [side for side, column in self._columns.items() if not column.isHidden()]
        questions: dict[Side, tuple[Turn, ...] | Example] = {side: self._with(side, text) for side in sides}
        if not self.session.answer(questions, generation):
            return False
        self._waiting = list(questions)
        for side in sides:
            question = questions[side]
            self._turns[side] = list(question if isinstance(question, tuple) else question.turns)
            self._columns[side].ask(text)
        self._changed(frozenset({"job"}))
        return True

    def show_base(self, on: bool) -> None:
        """Let the untouched model answer beside the trained one, or not; a new conversation begins."""
        if not self._waiting:
            self.base.setVisible(on)
            self.clear()

    def clear(self) -> None:
        """Forget the conversation."""
        if not self._waiting:
            for side, column in self._columns.items():
                self._turns[side].clear()
                column.clear()
            self.message.setFocus()
            self._show_again()

    def _with(self, side: Side, text: str) -> tuple[Turn, ...] | Example:
        """The side's conversation with one more message; the first one is put exactly as in training."""
        return continued(self._turns[side], self._task().prompt(text).turns)

    def _task(self) -> Task:
        """What is tried, with the instruction that stands in its box."""
        run = self.session.run
        assert run is not None
        return task_for(edit.change(run.resolved, "task.instruction", self.instruction.toPlainText()))

    def _stop(self) -> None:
        self.session.stop("trying")

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind != "trying":
            return
        for event in events:
            if isinstance(event, SidePiece):
                self.status.setText("")
                self._take(event.side, event.piece)
            elif isinstance(event, Progressed):
                self.status.setText(event.what)

    def _take(self, side: Side, piece: Piece) -> None:
        if side not in self._waiting:
            return
        column = self._columns[side]
        column.say(piece.text)
        if piece.end:
            self._finish(
                side, {"length": self.tr("cut at the longest answer"), "stopped": self.tr("stopped")}.get(piece.end, "")
            )

    def _finish(self, side: Side, note: str = "") -> None:
        column = self._columns[side]
        column.end(note)
        self._turns[side].append(Turn("assistant", column.answer.strip()))
        self._waiting.remove(side)

    def _ended(self, kind: str, outcome: Outcome) -> None:
        if kind != "trying":
            return
        self.status.setText("")
        for side in list(self._waiting):
            self._finish(side, self.tr("stopped"))
        if outcome.state == "problem" and not self.message.toPlainText():
            self.message.setPlainText(self._asked)
        self._changed(frozenset({"job"}))

    def _choose_manner(self, value: str) -> None:
        self.session.change_all(MANNERS[value])

    def _choose_dice(self, on: bool) -> None:
        self.session.change("generation.seed", 0 if on else None)

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "project"}:
            self._show_run()
        if topics & {"config", "project"}:
            self._show_config()
        if "job" in topics:
            busy = self.session.jobs.heavy
            mine = bool(self._waiting)
            self.stop_button.setVisible(mine)
            self.send_button.setVisible(not mine)
            reason = self.tr("“{title}” is still running.").format(title=busy.title) if busy and not mine else ""
            self.send_button.set_blocked(reason)
            self._show_again()

    def _show_again(self) -> None:
        self.again_button.setVisible(bool(self._turns["tuned"]) and not self._waiting)
        is_precise = self.session.config.generation.temperature == 0
        always = self.tr("“Precise” always gives the same answer.") if is_precise else ""
        self.again_button.set_blocked(self.send_button.toolTip() or always)

    def _show_run(self) -> None:
        run, history = self.session.run, self.session.history
        if run is None:
            return
        best = history.best
        step = self.tr("step {step}").format(step=f"{best.step if best is not None else history.step:,}")
        self.tuned.subtitle.setText(f"{run.folder.name} · {step}")
        self.base.subtitle.setText(base_name(run.base))
        if run.folder != self._folder:
            self._folder = run.folder
            self._show_instruction(run)
        self.clear()

    def _show_instruction(self, run: Run) -> None:
        chosen, standing = run.config.task.instruction, standing_instruction(run)
        self.instruction.setPlainText(standing)
        of_row = self.tr("Each of your rows has its own; this is that of one of them. Change it as you like.")
        learned = self.tr("It learned with this one. Change it to see what it does with another.")
        without = self.tr("It learned without one. Write one to see what it does with it.")
        self.instruction_note.setText(learned if chosen.strip() else of_row if standing else without)

    def _show_config(self) -> None:
        generation = self.session.config.generation
        self.same_dice.setChecked(generation.seed is not None)
        now = {"generation.temperature": generation.temperature, "generation.top_p": generation.top_p}
        fits = [name for name, values in MANNERS.items() if all(now[path] == value for path, value in values.items())]
        self.manner.set_value(fits[0] if fits else "")
        self._show_again()
