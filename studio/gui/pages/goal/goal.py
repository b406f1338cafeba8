"""The Goal page: what the model should learn, and what it will see of a real row.

In: the guess about the columns, the dataset, the lengths. Out: the goal, the columns and, for answers, the standing
instruction.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from studio.config import edit
from studio.config.goals import GOALS, Goal
from studio.data.checkup.finding import listed
from studio.data.roles.columns import columns_of, settings_of
from studio.gui.pages.goal.cards import GoalCards
from studio.gui.pages.goal.chat_template import ChatTemplateCard
from studio.gui.pages.goal.columns import ColumnsCard
from studio.gui.pages.goal.help import GoalHelp, help_of
from studio.gui.pages.goal.instruction import InstructionCard
from studio.gui.pages.goal.lengths import LengthCard
from studio.gui.pages.goal.reading import ReadingCard
from studio.gui.pages.goal.row import RowCard
from studio.gui.pages.goal.template import TemplateCard
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.page import FlowScroll, Page
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.problems import Problem


class GoalPage(Page):
    """The goals stand across the page; below them what the chosen one needs, and a row of the table as it is seen."""

    station = "goal"

    def __init__(self, session: Session) -> None:
        self._next = Button(self.tr("&Next: choose a model"), "primary", clicked=lambda: session.go_to("model"))
        self.how = Button(self.tr("&How it works"), clicked=self._explain)
        super().__init__(actions=(self.how, self._next))
        self._session = session
        self._goals = GoalCards()
        self._goals.chosen.connect(self._choose)
        self.help: GoalHelp | None = None
        self._trouble = ProblemPanel()
        self._said: tuple[str, str] | None = None
        self._columns = ColumnsCard(session, self)
        self._template = TemplateCard(session, self)
        self._lengths = LengthCard(session)
        self._instruction = InstructionCard(session)
        self._reading = ReadingCard(session)
        self._chat_template = ChatTemplateCard(session)
        self._row = RowCard(session)
        self._row.own_instruction.connect(self._instruction.tell_own)
        self._row.template.connect(self._chat_template.show_templates)
        self._lay_out()
        session.changed.connect(self._refresh)
        self._refresh(frozenset({"table", "config", "facts"}))

    def _lay_out(self) -> None:
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self._goals)
        left = FlowScroll()
        left.add(self._trouble)
        left.add(self._columns)
        left.add(self._template)
        left.add(self._instruction)
        left.add(self._reading)
        left.add(self._chat_template)
        left.add(self._lengths)
        self.body.addWidget(left, 9)
        self.body.addWidget(self._row, 11)

    def _explain(self) -> None:
        """Open the help of the chosen goal beside the page."""
        if self.help is None:
            self.help = GoalHelp(self)
        self.help.show_goal(self._session.config.task.kind)

    def _choose(self, goal: Goal) -> None:
        choices: dict[str, Any] = {"task.kind": goal.kind}
        guess, data = self._session.guess, self._session.config.data
        wanted = "label" if goal.has_labels else "answer"
        if guess is not None and guess.kind == goal.kind:
            choices |= settings_of(guess.columns) | {"data.group": data.group}
        elif guess is not None and (own := guess.fitting(goal.kind)) is not None:
            choices |= settings_of(own) | {"data.group": data.group}
        elif guess is not None and guess.roles.get(data.target) != wanted:
            fitting = [name for name, role in guess.roles.items() if role == wanted and name != data.input]
            if fitting:
                choices["data.target"] = fitting[0]
        problem = self._session.change_all(choices)
        if problem is not None:
            self._session.problem.emit(problem)
        self._show_choice()

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"table", "config", "roles", "project"}:
            self._show_choice()
        if topics & {"table", "config", "roles", "dataset", "facts", "findings", "job", "project"}:
            self._show_state()

    def _show_choice(self) -> None:
        goal = GOALS[self._session.config.task.kind]
        guess = self._session.guess
        self._goals.show_choice(goal.kind, guess.kind if guess is not None and self._session.table is not None else "")
        self.how.set_blocked("" if help_of(goal.kind) else self.tr("Nothing is written about this goal yet."))
        if self.help is not None and self.help.isVisible():
            self.help.show_goal(goal.kind)
        self._instruction.setVisible(edit.is_shown("task.instruction", goal.kind))
        self._reading.setVisible(edit.is_shown("task.reading", goal.kind))
        self._chat_template.setVisible(edit.is_shown("task.chat_template", goal.kind))

    def _show_state(self) -> None:
        session = self._session
        self.head.say(self.tr("What should the model learn?"), self._reason())
        self._lengths.show_lengths(session)
        if session.dataset is None:
            self._next.set_blocked(self.tr("There are no rows to learn from yet."))
        else:
            self._next.set_blocked(cut_away.what if (cut_away := self._cut_away()) is not None else "")
        self._say_trouble(session.trouble or self._cut_away())

    def _cut_away(self) -> Problem | None:
        """What keeps from going on where the limit leaves no answer at all."""
        dataset, lengths = self._session.dataset, self._lengths
        if dataset is None or not lengths.lost or lengths.lost < len(dataset.parts["training"]):
            return None
        return Problem(
            self.tr("With this length limit no answer is left to learn from."),
            self.tr("In every row the text before the answer fills the limit."),
            self.tr("Raise the limit under “Length of your texts”, or shorten the texts."),
        )

    def _say_trouble(self, problem: Problem | None) -> None:
        """Show what is wrong, once: what was closed stays closed until something else is wrong."""
        said = (problem.what, problem.why) if problem is not None else None
        if said == self._said:
            return
        self._said = said
        if problem is not None:
            self._trouble.show_problem(problem)
        else:
            self._trouble.clear()

    def _reason(self) -> str:
        """Why this goal and these columns are chosen: what was found by looking, unless they were changed."""
        session, data = self._session, self._session.config.data
        guess = session.guess
        if session.table is None or guess is None:
            return self.tr("Choose a table first; the fitting goal follows from it.")
        found = (guess.columns.input, guess.columns.target, guess.kind, guess.columns.template)
        chosen = (data.input, data.target, session.config.task.kind, data.template)
        if found == chosen or not (data.input and data.target):
            together = self.tr("It reads {columns} together.").format(columns=listed(columns_of(data).read))
            return " ".join(part for part in (guess.reason, together if data.template else "") if part)
        if data.template:
            return self.tr("As you chose: it reads a text put together from {columns} and learns “{target}”.").format(
                columns=listed(columns_of(data).read), target=data.target
            )
        return self.tr("As you chose: it reads “{input}” and learns “{target}”.").format(
            input=data.input, target=data.target
        )
