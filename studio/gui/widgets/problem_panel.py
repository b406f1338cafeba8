"""A Problem shown in the page: what happened, why, what to do, and the details folded away.

In: a Problem. Out: a panel that announces itself to screen readers, with Copy for the details.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.problems import Problem


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
        if problem is None:
            self.hide()
        else:
            self.show_problem(problem)

    def show_problem(self, problem: Problem) -> None:
        """Show a Problem in place of the one before, and tell screen readers."""
        self._problem = problem
        place = self.tr("Where: {place}.").format(place=problem.where) if problem.where else ""
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
        self.show()
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
            self.dismissed.emit()

    def _copy_text(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(as_text(self._problem))
