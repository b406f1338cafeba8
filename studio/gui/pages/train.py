"""Train: choose, start, watch it learn, stop or continue, and go on to trying it.

In: a Session. Out: what is to be done, through the session. The page is before, during or after a run, and says
in its title which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.config.edit import entry
from studio.events import Progressed
from studio.gui import words
from studio.gui.pages.training_setup import TrainingSetup
from studio.gui.session import Session
from studio.gui.widgets.button import Button
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
        self.stop = Button(self.tr("Stop and keep the best"), clicked=session.stop)
        self.go_on = Button(self.tr("Continue"), "primary", icon="play", clicked=session.continue_run)
        self.start = Button(self.tr("Start training"), "primary", clicked=session.start_training)
        self.next = Button(self.tr("Next: try it"), "primary", clicked=lambda: session.go_to("try"))
        actions = (self.again, self.pause, self.stop, self.go_on, self.start, self.next)
        super().__init__(parent, actions=actions)
        self.session = session
        self._preparing = ""
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

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind != "training":
            return
        for event in events:
            self._preparing = event.what if isinstance(event, Progressed) else ""
        if not self._redraw.isActive():
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
        training = session.jobs["training"]
        stopping = training is not None and training.is_stopping
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
        paused = training is not None and training.is_paused
        self.pause.setText(self.tr("Continue") if paused else self.tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        wait = self.tr("It stops after the current step and saves.") if stopping else ""
        self.stop.set_blocked(wait)
        self.pause.set_blocked(wait)
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
                preparing=self._preparing if self.session.is_training else self._why_it_rests(),
            )

    def _why_it_rests(self) -> str:
        return self.tr("Interrupted") if self.state == "interrupted" else ""

    def _words(self) -> tuple[str, str]:
        session, history = self.session, self.session.history
        match self.state:
            case "empty":
                return self.tr("Train"), self.tr("The model learns from your table, on this computer.")
            case "before":
                rows = len(session.dataset.parts["training"]) if session.dataset is not None else 0
                title = self.tr("Ready to learn from {n} rows").format(n=f"{rows:,}") if rows else self.tr("Train")
                return title, self.tr("The automatic settings are a good start. Nothing leaves this computer.")
            case "live":
                return self._live_words()
            case "interrupted":
                return self._interrupted_words()
        best = history.best
        score = words.percent(best.score) if best is not None else ""
        if history.state == "stopped":
            title = (
                self.tr("Stopped: {score} on the watching rows").format(score=score) if score else self.tr("Stopped")
            )
        else:
            title = self.tr("Done: {score} on the watching rows").format(score=score) if score else self.tr("Done")
        return title, self._about_run()

    def _live_words(self) -> tuple[str, str]:
        started = self.session.history.started
        if started is None:
            return self.tr("Getting ready to learn"), self._preparing
        paused = self.session.history.state == "paused"
        title = self.tr("Paused. It learns from {n} rows") if paused else self.tr("Learning from {n} rows")
        return title.format(n=f"{started.rows:,}"), self._about_run()

    def _interrupted_words(self) -> tuple[str, str]:
        history = self.session.history
        title = self.tr("This run was interrupted at step {step}").format(step=f"{history.step:,}")
        if self.session.run_status == "failed":
            title = self.tr("This run ended early at step {step}").format(step=f"{history.step:,}")
        if not history.saved:
            return title, self.tr("Nothing was saved yet; Continue starts it from its first step.")
        saved = self.tr("Everything up to step {step} is saved; Continue goes on from there.")
        return title, saved.format(step=f"{history.saved[-1].step:,}")

    def _about_run(self) -> str:
        session, started = self.session, self.session.history.started
        if started is None:
            return ""
        parts = [self.tr("Started {time}").format(time=words.clock(started.time))]
        method = self.tr("all layers") if started.method == "full" else self.tr("an adapter (LoRA)")
        parts.append(f"{started.model}, {method}")
        if session.run is not None:
            preset = session.run.config.training.preset
            title = dict(entry("training.preset").words.choices)[preset]
            parts.append(self.tr("{preset} preset").format(preset=title))
        best = session.history.best
        if best is not None:
            so_far = self.tr("best so far at step {step}") if session.is_training else self.tr("best at step {step}")
            parts.append(so_far.format(step=f"{best.step:,}"))
        return " · ".join(parts)


def _keyword_score(report: Report) -> tuple[float, str] | None:
    way = next((way for way in report.ways if way.key in {"keywords", "nearest"}), None)
    return None if way is None else (way.score, f"{way.name} {words.whole_percent(way.score)}")
