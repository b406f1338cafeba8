"""Train: choose, start, watch it learn, stop or continue, and go on to trying it.

In: a Session. Out: what is to be done, through the session. The page is before, during or after a run, and says
in its title which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.gui import training_words, words
from studio.gui.pages.training_setup import TrainingSetup
from studio.gui.session import Session
from studio.gui.widgets.button import Button, StopButton
from studio.gui.widgets.page import EmptyState, Page

if TYPE_CHECKING:
    from studio.evaluation.report import Report
    from studio.gui.pages.training_live import TrainingLive

REDRAW_MS = 100  # curves are redrawn at most ten times a second


class TrainPage(Page):
    """The station Train."""

    station = "train"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.again = Button(self.tr("Train anew"), clicked=self._make_room)
        self.pause = Button(self.tr("Pause"), icon="pause", clicked=session.pause)
        self.stop = StopButton(self.tr("Stop and keep the best"), clicked=session.stop)
        self.go_on = Button(self.tr("Continue"), "primary", icon="play", clicked=session.continue_run)
        self.start = Button(self.tr("Start training"), "primary", clicked=session.start_training)
        self.next = Button(self.tr("Next: try it"), "primary", clicked=lambda: session.go_to("try"))
        actions = (self.again, self.pause, self.stop, self.go_on, self.start, self.next)
        super().__init__(parent, actions=actions)
        self.session = session
        self._memory = psutil.virtual_memory().total
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        self._empty: EmptyState | None = None
        self._setup: TrainingSetup | None = None
        self.live: TrainingLive | None = None
        self._redraw = QTimer(self, interval=REDRAW_MS, singleShot=True)
        self._redraw.timeout.connect(self._draw)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        self._show_state()

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"project", "table", "config", "dataset", "facts", "run", "job", "report"}:
            self._show_state()

    def _happened(self, kind: str, _events: list[object]) -> None:
        if kind == "training" and not self._redraw.isActive():
            self._redraw.start()

    @property
    def state(self) -> str:
        """empty, before, live, interrupted or after."""
        session = self.session
        if session.is_training:
            return "live"
        if session.run is None:
            return "before" if session.table is not None else "empty"
        if session.run_status in {"interrupted", "ready", "failed"}:
            return "interrupted"
        return "after"

    def _show_state(self) -> None:
        state, session = self.state, self.session
        learned = session.has_model
        shown = {
            self.again: state in {"after", "interrupted"},
            self.pause: state == "live",
            self.stop: state == "live",
            self.go_on: state in {"after", "interrupted"} and session.may_go_on,
            self.start: state == "before",
            self.next: state == "after" and learned,
        }
        for button, visible in shown.items():
            button.setVisible(visible)
        self.go_on.set_kind("secondary" if shown[self.next] else "primary")
        self.start.set_blocked(self._why_not())
        self._stack.setCurrentWidget(self._page_of(state))
        self._draw()

    def _why_not(self) -> str:
        session = self.session
        if session.dataset is None or session.facts is None:
            return session.trouble.what if session.trouble is not None else self.tr("The rows are being looked at.")
        busy = session.jobs.heavy
        return "" if busy is None else self.tr("“{title}” is still running.").format(title=busy.title)

    def _page_of(self, state: str) -> QWidget:
        # Each part is made when it is first needed: the curves bring a plotting library with them.
        if state == "empty":
            if self._empty is None:
                self._empty = EmptyState(
                    self.tr("There is nothing to learn from yet"),
                    self.tr("Choose a table first. Then come back and press Start."),
                    self.tr("Choose a table"),
                    lambda: self.session.go_to("data"),
                )
                self._stack.addWidget(self._empty)
            return self._empty
        if state == "before":
            if self._setup is None:
                self._setup = TrainingSetup(self.session)
                self._stack.addWidget(self._setup)
            return self._setup
        if self.live is None:
            from studio.gui.pages.training_live import TrainingLive

            self.live = TrainingLive()
            self._stack.addWidget(self.live)
        return self.live

    def _make_room(self) -> None:
        self.session.choose_run(None)

    def _draw(self) -> None:
        self.head.say(*self._words())
        if self.live is not None and self._stack.currentWidget() is self.live:
            report = self.session.report
            self.live.show_history(
                self.session.history,
                memory=self._memory,
                reference=_keyword_score(report) if report is not None else None,
                standing=training_words.progress(self.session),
                coming=training_words.coming(self.session),
                is_on=self.session.is_training,
            )
        if self.state == "live":
            self._name_buttons()

    def _name_buttons(self) -> None:
        """What can be done to a run that is on, and why not, changes with every step of its way."""
        session = self.session
        now = training_words.moment(session)
        waits = now in {"pausing", "paused"}
        self.pause.setText(self.tr("Continue") if waits else self.tr("Pause"))
        self.pause.set_icon("play" if waits else "pause")
        self.pause.setAccessibleName(self.pause.text())
        stop = self.tr("Stop and keep the best") if session.history.steps else self.tr("Stop")
        unmeasured = not session.history.head_start and not any(look.step for look in session.history.looks)
        self.stop.setText(self.tr("Stop and keep it") if session.history.steps and unmeasured else stop)
        self.stop.setAccessibleName(self.stop.text())
        stopping = self.tr("It is stopping already.") if now == "stopping" else ""
        early = self.tr("It can be paused once it learns.") if now in {"preparing", "first look"} else ""
        self.stop.set_blocked(stopping)
        self.pause.set_blocked(stopping or early)

    def _words(self) -> tuple[str, str]:
        session = self.session
        match self.state:
            case "empty":
                return self.tr("Train"), self.tr("The model learns from your table, on this computer.")
            case "before":
                rows = len(session.dataset.parts["training"]) if session.dataset is not None else 0
                why = self._why_not()
                if why:
                    looks = session.jobs["prepare"] is not None
                    return self.tr("Looking at the rows") if looks else self.tr("Not ready to learn yet"), why
                title = self.tr("Ready to learn from {n} rows").format(n=f"{rows:,}")
                return title, self.tr("The automatic settings are a good start. Nothing leaves this computer.")
            case _:
                return training_words.title(session), training_words.explanation(session)


def _named(name: str, score: str) -> str:
    """The report asks other rows than those that are watched."""
    said = QCoreApplication.translate("TrainPage", "{name} {score} on the test rows")
    return said.format(name=name, score=score)


def _keyword_score(report: Report) -> tuple[float, str] | None:
    way = next((way for way in report.ways if way.key in {"keywords", "nearest"}), None)
    return None if way is None else (way.score, _named(way.name, words.short_score(way.score, report.score_unit)))
