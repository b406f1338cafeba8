"""Looking for a model on the hub by its name, when somebody asks for it.

In: words. Out: `found` with the entries that can be used for the goal; those that cannot are named with the reason.
Nothing is sent before the button is pressed.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from studio.config.goals import GOALS, TaskKind
from studio.events import Found
from studio.gui.job import Job, Outcome
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.notes import Notes
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.text import Text
from studio.gui.work import fitting
from studio.models.hub_cache import host


class HubSearch(Card):
    """A field and a button; one search at a time. `goal` is asked for when an answer comes."""

    found = Signal(object)  # tuple of CatalogEntries

    def __init__(self, goal: TaskKind) -> None:
        super().__init__(self.tr("Another model of the hub"))
        self.goal = goal
        self._job: Job | None = None
        self._entries: list[Found] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("A part of its name, or owner/name"))
        self.field.setAccessibleName(self.tr("Name of a model on the hub"))
        self.field.returnPressed.connect(self.search)
        self.go = Button(self.tr("Search"), "small", icon="search", clicked=self.search)
        self.go.setAccessibleName(self.tr("Search on {host}").format(host=host()))
        self.state = Text(tone="soft", kind="secondary", wrap=True)
        self.problem = ProblemPanel()
        self.refused = Notes()
        self.add(Text(self._promise(), tone="soft", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.field, 1)
        row.addWidget(self.go)
        self.add(row)
        for widget in (self.state, self.problem, self.refused):
            widget.hide()
            self.add(widget)

    def _promise(self) -> str:
        return self.tr(
            "What you type goes to {host} when you press Search, with your hub log-in where you have one, and nothing "
            "else. Models with code of their own or without safe weights are refused."
        ).format(host=host())

    def search(self) -> None:
        """Ask the hub."""
        words = self.field.text().strip()
        if self._job is not None or not words:
            return
        self._entries = []
        self.problem.clear()
        self.refused.set(())
        self._say(self.tr("Asking {host} …").format(host=host()))
        self.go.set_blocked(self.tr("The hub is asked already."))
        task = partial(fitting.find, words=words)
        self._job = Job(task, title=self.tr("Searching the hub"), heavy=False)
        self._job.happened.connect(self._take)
        self._job.ended.connect(self._end)
        self._job.start()

    def _say(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))

    def _take(self, events: list[object]) -> None:
        self._entries += [event for event in events if isinstance(event, Found)]
        self._show()

    def _show(self) -> None:
        from studio.models.find import entry_of

        kinds = GOALS[self.goal].models
        usable = [one for one in self._entries if not one.refused and one.kind in kinds]
        refused = [f"{one.hub}: {one.refused}" for one in self._entries if one.refused]
        other = self.tr("It is a model of another kind than this goal needs.")
        refused += [f"{one.hub}: {other}" for one in self._entries if not one.refused and one.kind not in kinds]
        self.refused.set(refused)
        self.found.emit(tuple(entry_of(one) for one in usable))

    def _end(self, outcome: Outcome) -> None:
        self._job = None
        self.go.set_blocked("")
        if outcome.problem is not None:
            self._say("")
            self.problem.show_problem(outcome.problem)
            return
        usable = sum(not one.refused and one.kind in GOALS[self.goal].models for one in self._entries)
        if not self._entries:
            self._say(self.tr("The hub has nothing of that name."))
        elif usable:
            self._say(self.tr("{count} of {all} can be used for this goal; they stand in the list above.").format(
                count=usable, all=len(self._entries)
            ))  # fmt: skip
        else:
            self._say(self.tr("None of the {all} can be used for this goal:").format(all=len(self._entries)))
