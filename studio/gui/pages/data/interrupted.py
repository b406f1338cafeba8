"""A card on the start page: a run that was learning when the program ended, and one button to go on with it.

In: the folders of recent projects. Out: the project opened and its run continued, through the session. What is on
the disk is read by a light job, off the window's thread. The same job looks for runs that were stopped halfway, which
the list of recent projects tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from studio.gui.job import Job, Outcome
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.gui.work import running


class InterruptedCard(Card):
    """Hidden until `look` finds such a run, and again once its project is open or the person says not now."""

    offered = Signal(bool)  # whether it asks for something
    halfway = Signal(object)  # Halfway

    def __init__(self, session: Session) -> None:
        super().__init__(kind="accent", padding=16)
        self._session = session
        self._found: running.Interrupted | None = None
        self.words = Text(wrap=True)
        self.go_on = Button(self.tr("Continue"), "primary", icon="play", clicked=self._go_on)
        self.not_now = Button(self.tr("Not now"), "quiet", clicked=self._put_away)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.not_now)
        row.addWidget(self.go_on)
        self.add(row)
        self.hide()
        session.changed.connect(self._refresh)

    def look(self, folders: Sequence[Path]) -> None:
        """Look whether the newest run of one of these projects was interrupted, or stopped halfway."""
        task = partial(running.find_unfinished, folders=tuple(folders))
        job = Job(task, title=self.tr("Looking at recent projects"), heavy=False)
        job.happened.connect(self._take)
        job.ended.connect(self._end)
        job.start()

    def _take(self, found: list[object]) -> None:
        for one in found:
            if isinstance(one, running.Halfway):
                self.halfway.emit(one)
            elif isinstance(one, running.Interrupted):
                self._found = one
                said = self._words_of(one)
                self.words.setText(said)
                self.setAccessibleName(said)
                self.show()
                self.offered.emit(True)
        self._refresh(frozenset({"project"}))

    def _words_of(self, found: running.Interrupted) -> str:
        if not found.safe:
            return self.tr(
                "“{name}” was learning when it ended. Nothing was saved yet; Continue starts it from its first step."
            ).format(name=found.name)
        return self.tr("“{name}” was learning when it ended: {safe} of {total} steps are safe.").format(
            name=found.name, safe=f"{found.safe:,}", total=f"{found.total:,}"
        )

    def _end(self, outcome: Outcome) -> None:
        if outcome.problem is not None:
            self._session.problem.emit(outcome.problem)

    def _refresh(self, topics: frozenset[str]) -> None:
        project, found = self._session.project, self._found
        if "project" in topics and found is not None and project is not None and project.folder == found.folder:
            self._put_away()  # its Train page tells it from now on

    def _put_away(self) -> None:
        self._found = None
        self.hide()
        self.offered.emit(False)

    def _go_on(self) -> None:
        if self._found is None:
            return
        folder, session = self._found.folder, self._session
        session.open(folder)
        project = session.project
        if project is not None and project.folder == folder and session.may_go_on:
            session.continue_run()
