"""Judge: is it better? One sentence, then the evidence.

In: a Session with a run and its report. Out: the report as it is, and a copy where the user wants one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from studio.events import Progressed
from studio.gui.ask import Ask
from studio.gui.pages.judge_report import JudgeReport
from studio.gui.pages.no_model import missing
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.page import EmptyState, Page
from studio.problems import explain


class JudgePage(Page):
    """The station Judge."""

    station = "judge"

    def __init__(self, session: Session, ask: Ask | None = None, parent: QWidget | None = None) -> None:
        self.again = Button(self.tr("Judge again"), clicked=session.judge)
        self.save = Button(self.tr("Save the report"), clicked=self.save_report)
        self.next = Button(self.tr("Next: export"), "primary", clicked=lambda: session.go_to("export"))
        self.stop = StopButton(self.tr("Stop"), icon="stop", clicked=lambda: session.stop("judging"))
        super().__init__(parent, actions=(self.again, self.stop, self.save, self.next))
        self.session, self._ask = session, ask or Ask()
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self._report = JudgeReport()
        self._empty = EmptyState("", "", self.tr("Judge it now"), self._act)
        self._working = _Working()
        for face in (self._report, self._empty, self._working):
            self._stack.addWidget(face)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        self._show_state()

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"run", "report", "job", "project"}:
            self._show_state()

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind == "judging":
            for event in events:
                if isinstance(event, Progressed):
                    self._working.show_progress(event)

    @property
    def state(self) -> str:
        """empty, learning, ready, judging or judged."""
        session = self.session
        if "judging" in session.jobs:
            return "judging"
        if session.is_training:
            return "learning"
        if not session.has_model:
            return "empty"
        return "judged" if session.report is not None else "ready"

    def _show_state(self) -> None:
        state, report = self.state, self.session.report
        for button in (self.again, self.save, self.next):
            button.setVisible(state == "judged")
        self.stop.setVisible(state == "judging")
        if state == "judged" and report is not None:
            self.head.say(report.verdict.headline, report.subtitle)
            self._report.show_report(report)
            self._stack.setCurrentWidget(self._report)
            return
        self.head.say(self.tr("Is it better?"), self.tr("Asked on rows that it never saw, beside simpler ways."))
        if state == "judging":
            self._stack.setCurrentWidget(self._working)
            return
        self._empty.say(
            *(
                missing(self.session)
                or (
                    self.tr("It has not been judged yet"),
                    self.tr("Your model answers the test rows, and so do simpler ways. It takes a minute or two."),
                    self.tr("Judge it now"),
                )
            )
        )
        busy = self.session.jobs.heavy
        blocked = self.tr("“{title}” is still running.").format(title=busy.title) if busy else ""
        self._empty.button.set_blocked(blocked if state == "ready" else "")
        self._stack.setCurrentWidget(self._empty)

    def _act(self) -> None:
        if self.state == "ready":
            self.session.judge()
        else:
            self.session.go_to("train")

    def save_report(self) -> None:
        """Ask where to, and write the readable report there."""
        run = self.session.run
        if run is None:
            return
        from studio.evaluation.report import READABLE_FILE

        suggested = self.tr("{name} report.md").format(name=run.folder.name)
        file: Path | None = self._ask.save_as(
            self, self.tr("Save the report"), suggested=suggested, kinds=self.tr("Text (*.md)")
        )
        if file is not None:
            try:
                shutil.copyfile(run.folder / READABLE_FILE, file)
            except OSError as error:
                self.session.problem.emit(explain(error))


class _Working(QWidget):
    """Judging goes on: what is done, and how far."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self._state = EmptyState(self.tr("Judging"), "")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(320)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self.tr("Progress of judging"))
        column.addStretch(1)
        column.addWidget(self._state)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def show_progress(self, event: Progressed) -> None:
        """Show how far it is."""
        counted = (
            self.tr(" {done} of {total}").format(done=f"{event.done:,}", total=f"{event.total:,}")
            if event.total
            else ""
        )
        self._state.say(self.tr("Judging"), f"{event.what}{counted}")
        self._bar.setRange(0, event.total)
        self._bar.setValue(event.done)
