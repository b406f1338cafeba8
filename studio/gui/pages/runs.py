"""Runs: every attempt of this project, to open, continue or delete.

In: a Session with a project. Out: a list, newest first; sizes and scores are read on a thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.config.goals import GOALS
from studio.gui import words
from studio.gui.ask import Ask
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chip import Chip, ChipKind
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.page import EmptyState, FlowScroll, Page
from studio.gui.widgets.text import Text
from studio.gui.work.running import Listed

WIDTHS = (0, 96, 92, 56, 60, 206)  # pixels of each column; 0 shares what is left
MARGIN = 12


class RunsPage(Page):
    """The station Runs."""

    station = "runs"

    def __init__(self, session: Session, ask: Ask | None = None, parent: QWidget | None = None) -> None:
        self.new = Button(self.tr("New run"), icon="plus", clicked=self._new)
        super().__init__(parent, actions=(self.new,))
        self.session, self._ask = session, ask or Ask()
        self._listed: list[Listed] = []
        self._coming: list[Listed] = []
        self._stack = QStackedWidget()
        self._empty = EmptyState(
            self.tr("No runs yet"),
            self.tr("Each training is kept here, with its settings, its curves and its model."),
            self.tr("Go to Train"),
            lambda: session.go_to("train"),
        )
        card = Card(padding=8)
        self._names = self._row_of(self._titles())
        card.add(self._names)
        card.add(HairLine())
        self.list = FlowScroll(spacing=0)
        self._place: int | None = None  # where the list stood; the new rows get their heights one after the other
        self.list.verticalScrollBar().rangeChanged.connect(self._make_room_for_bar)
        self.list.verticalScrollBar().actionTriggered.connect(self._forget_place)
        card.add(self.list, 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(card)
        self.body.addWidget(self._stack, 1)
        session.changed.connect(self._changed)
        session.happened.connect(self._happened)
        session.ended.connect(self._ended)
        self._show()

    def shown(self) -> None:
        """The page has come to the front: read the runs anew."""
        self._coming = []
        self.session.list_runs()

    def rows(self) -> tuple[Listed, ...]:
        """What is listed."""
        return tuple(self._listed)

    def _changed(self, topics: frozenset[str]) -> None:
        if topics & {"runs", "project"}:
            if self.session.project is None:
                self._listed = []
            if self.session.station == "runs":
                self.shown()
            self._show()
        elif "run" in topics or "job" in topics:
            self._show()

    def _happened(self, kind: str, events: list[object]) -> None:
        if kind == "listing":
            self._coming += [event for event in events if isinstance(event, Listed)]

    def _ended(self, kind: str, _outcome: object) -> None:
        if kind == "listing":
            self._listed, self._coming = self._coming, []
            self._show()

    def _show(self) -> None:
        count = len(self._listed)
        title = self.tr("1 run") if count == 1 else self.tr("{n} runs").format(n=f"{count:,}")
        self.head.say(title if count else self.tr("Runs"), self._explanation())
        self.new.setVisible(bool(count))
        self._stack.setCurrentIndex(1 if count else 0)
        if self._place is None:
            self._place = self.list.verticalScrollBar().value()
        while self.list.column.count():
            item = self.list.column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for listed in self._listed:
            self.list.add(self._row(listed))
            self.list.add(HairLine())

    def _forget_place(self, _action: int) -> None:
        self._place = None

    def _make_room_for_bar(self, _least: int, most: int) -> None:
        """The list stands where it stood before it was filled anew, and the names of the columns over their columns,
        with a scroll bar beside those and without."""
        if self._place is not None:
            self.list.verticalScrollBar().setValue(min(self._place, most))
            self._place = None if self._place <= most else self._place
        bar = self.list.verticalScrollBar().sizeHint().width() if most else 0
        layout = self._names.layout()
        if layout is not None:
            layout.setContentsMargins(MARGIN, 8, MARGIN + bar, 8)

    def _explanation(self) -> str:
        project = self.session.project
        damaged = len(project.damaged_runs()) if project is not None and self._listed else 0
        if damaged:
            return self.tr("{n} more folders here hold no readable run.").format(n=damaged)
        return self.tr("Everything that was trained in this project. A run is never overwritten.")

    def _titles(self) -> list[QWidget]:
        names = (
            self.tr("Run"),
            self.tr("Started"),
            self.tr("State"),
            self.tr("Best"),
            self.tr("Size"),
            "",
        )
        return [Text(name, tone="soft", kind="secondary") for name in names]

    def _row_of(self, cells: list[QWidget]) -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(MARGIN, 8, MARGIN, 8)
        grid.setHorizontalSpacing(12)
        for column, (width, cell) in enumerate(zip(WIDTHS, cells, strict=True)):
            grid.addWidget(cell, 0, column, Qt.AlignmentFlag.AlignVCenter)
            if width:
                grid.setColumnMinimumWidth(column, width)
                cell.setMaximumWidth(width)
            else:
                grid.setColumnStretch(column, 1)
                cell.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # as wide in every row
        return row

    def _row(self, listed: Listed) -> QWidget:
        run = listed.run
        here = self.session.run is not None and self.session.run.folder == run.folder
        goal = words.translated(GOALS[run.config.task.kind].short)
        score = words.score(listed.score, GOALS[run.config.task.kind].score_unit) if listed.score is not None else "–"
        state, tone = self._state_of(listed)
        chip = Chip(state, tone)
        cells: list[QWidget] = [
            _two_lines(
                Elided(run.folder.name, kind="strong" if here else "body"),
                Elided(f"{goal} · {listed.model}", kind="secondary", tone="soft"),
            ),
            Text(words.day(run.created), tone="soft"),
            chip,
            Text(score),
            Text(words.size(listed.size), tone="soft"),
            self._actions(listed, here=here),
        ]
        row = self._row_of(cells)
        row.setAccessibleName(f"{run.folder.name}, {goal}, {listed.model}, {state}, {score}")
        return row

    def _state_of(self, listed: Listed) -> tuple[str, ChipKind]:
        job = self.session.jobs["training"]
        if job is not None and job.is_stopping and listed.run.folder == self.session.busy_run:
            return self.tr("Stopping"), "accent"
        words_: dict[str, tuple[str, ChipKind]] = {
            "ready": (self.tr("Not begun"), "plain"),
            "running": (self.tr("Learning"), "accent"),
            "interrupted": (self.tr("Interrupted"), "warn"),
            "stopped": (self.tr("Stopped"), "plain"),
            "finished": (self.tr("Finished"), "good"),
            "failed": (self.tr("Ended early"), "bad"),
        }
        return words_[listed.status]

    def _actions(self, listed: Listed, *, here: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addStretch(1)
        name = listed.run.folder.name
        busy = self.session.jobs.heavy
        wait = self.tr("“{title}” is still running.").format(title=busy.title) if busy is not None else ""
        in_use = listed.run.folder == self.session.busy_run
        if listed.may_go_on:
            go_on = Button(self.tr("Continue"), "small", name=self.tr("Continue {run}").format(run=name))
            go_on.clicked.connect(lambda _checked=False: self._continue(listed))
            go_on.set_blocked(wait)
            row.addWidget(go_on)
        show = Button(self.tr("Open"), "small", name=self.tr("Open {run}").format(run=name))
        show.clicked.connect(lambda _checked=False: self._open(listed))
        show.set_blocked("" if here else wait)
        delete = Button(self.tr("Delete"), "quiet", name=self.tr("Delete {run}").format(run=name))
        delete.clicked.connect(lambda _checked=False: self._delete(listed))
        elsewhere = self.tr("It is learning right now.") if listed.status == "running" else ""
        delete.set_blocked(wait if in_use else elsewhere)
        row.addWidget(show)
        row.addWidget(delete)
        return holder

    def _new(self) -> None:
        if self.session.choose_run(None):
            self.session.go_to("train")

    def _open(self, listed: Listed) -> None:
        if self.session.choose_run(listed.run):
            self.session.go_to("train")

    def _continue(self, listed: Listed) -> None:
        if self.session.choose_run(listed.run):
            self.session.go_to("train")
            self.session.continue_run()

    def _delete(self, listed: Listed) -> None:
        name, size = listed.run.folder.name, words.size(listed.size)
        if self._ask.confirm(
            self,
            self.tr("Delete {run}?").format(run=name),
            explanation=self.tr(
                "Its model, curves and report go with it and {size} become free. It cannot be undone."
            ).format(size=size),
            yes=self.tr("Delete"),
            no=self.tr("Keep it"),
            harmful=True,
        ):
            self.session.remove_run(listed.run)


def _two_lines(upper: QWidget, lower: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(upper)
    column.addWidget(lower)
    return holder
