"""A Problem shown in the page: what happened, why, what to do, and the details folded away.

In: a Problem. Out: a panel that announces itself to screen readers, with Copy for the details. Escape takes it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.job import Outcome, StillRunning
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.problems import Problem

if TYPE_CHECKING:
    from studio.gui.session import Session

_NEWS = frozenset({"project", "table", "config", "run"})  # what an action that succeeded tells
_ACTIONS = frozenset({"training", "trying", "predicting", "judging", "exporting"})


def as_text(problem: Problem) -> str:
    """The Problem as plain text, for the clipboard."""
    parts = [problem.what, problem.why, problem.fix, str(problem.where or ""), problem.details]
    return "\n".join(part for part in parts if part)


class ProblemPanel(Card):
    """Hidden until `show_problem`; `dismissed` fires when the user closes it."""

    dismissed = Signal()

    def __init__(self, problem: Problem | None = None, *, parent: QWidget | None = None) -> None:
        super().__init__(kind="bad", padding=16, parent=parent)
        self._problem: Problem | None = None
        self._is_new = False
        self._goes_first = False
        row = QHBoxLayout()
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(3)
        self._what = Text(kind="card", tone="bad", wrap=True)
        self._why = Text(wrap=True)
        self._fix = Text(wrap=True)
        self._details = Text(kind="mono", tone="soft", wrap=True)
        for text in (self._what, self._why, self._fix, self._details):
            words.addWidget(text)
        row.addLayout(words, 1)
        self._copy = Button(self.tr("Copy details"), "small", clicked=self._copy_text)
        row.addWidget(self._copy)
        row.addWidget(IconButton("close", self.tr("Close this message"), clicked=self.clear))
        self.add(row)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.clear)
        escape.setContext(Qt.ShortcutContext.WindowShortcut)
        if problem is None:
            self.hide()
        else:
            self.show_problem(problem)

    def show_problem(self, problem: Problem) -> None:
        """Show a Problem in place of the one before, and tell screen readers."""
        self._problem = problem
        place = self.tr("Where: {place}.").format(place=problem.where) if problem.where else ""
        if str(problem.where) in problem.what + problem.why:
            place = ""
        self._what.setText(problem.what)
        self._why.setText(" ".join(part for part in (problem.why, place) if part))
        self._fix.setText(problem.fix)
        self._details.setText(problem.details)
        for text in (self._why, self._fix, self._details):
            text.setVisible(bool(text.text()))
        self._details.setVisible(False)
        self._copy.setVisible(bool(problem.details))
        self.setAccessibleName(self.tr("Problem: {what}").format(what=problem.what))
        self.setAccessibleDescription(f"{problem.why} {problem.fix}")
        self._is_new = True
        QTimer.singleShot(0, self, self._grow_old)
        self.show()
        self._settle()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def problem(self) -> Problem | None:
        """The Problem on show, if any."""
        return self._problem

    def clear(self) -> None:
        """Take the message away."""
        if self._problem is not None:
            self._problem = None
            self.hide()
            self._settle()
            self.dismissed.emit()

    def follow(self, session: Session) -> None:
        """Be the message about what was done last: it stands before those of the pages, and goes away by itself once
        the next action succeeds, a table comes in, the project changes, or what it tells to wait for has ended."""
        self._goes_first = True
        session.changed.connect(self._hear)
        session.ended.connect(self._hear_end)

    def _hear(self, topics: frozenset[str]) -> None:
        # What is told in the same breath as the problem (a run that is held, but not its report) is no later success.
        if topics & _NEWS and not self._is_new:
            self.clear()

    def _hear_end(self, kind: str, outcome: Outcome) -> None:
        if isinstance(self._problem, StillRunning) and not self._problem.job.is_running:
            self.clear()  # however it ended, it is in nobody's way any more
        elif kind in _ACTIONS and outcome.state == "finished" and not self._is_new:
            self.clear()

    def _grow_old(self) -> None:
        self._is_new = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._settle)  # its page may have been built while another message was on show

    def _settle(self) -> None:
        """Never two messages above each other: while the one that goes first is there, the pages' own wait."""
        top = self.window()
        panels = [panel for panel in top.findChildren(ProblemPanel) if panel.window() is top]
        first = next((panel for panel in panels if panel._goes_first and panel.problem is not None), None)
        for panel in panels:
            panel.setVisible(panel.problem is not None and first in (None, panel))

    def _copy_text(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(as_text(self._problem))
