"""What runs now: at most one job of each kind, and at most one that uses a model.

In: work with a kind and a title. Out: what the jobs yield and how they end, with their kind. Knows nothing of
what the events mean.
"""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import QObject, Signal

from studio.gui.job import Job, Outcome, StillRunning, Work

Kind = Literal[
    "import", "prepare", "check", "cuts", "listing", "training", "trying", "predicting", "judging", "exporting"
]


class Jobs(QObject):
    """The window's running jobs by kind."""

    happened = Signal(object, object)  # Kind, list of events
    ended = Signal(object, object)  # Kind, Outcome; the kind is free again
    idle = Signal()  # the last running job has ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[Kind, Job] = {}

    def __getitem__(self, kind: Kind) -> Job | None:
        return self._running.get(kind)

    def __contains__(self, kind: object) -> bool:
        return kind in self._running

    @property
    def running(self) -> dict[Kind, Job]:
        """A copy: the running jobs by kind."""
        return dict(self._running)

    @property
    def heavy(self) -> Job | None:
        """The running job that uses a model, if any."""
        return next((job for job in self._running.values() if job.heavy), None)

    def begin(self, kind: Kind, title: str, work: Work, *, heavy: bool = True) -> None:
        """Start work. Raises a Problem where one of its kind, or another that uses a model, is running."""
        if kind in self._running:
            raise StillRunning(
                self._running[kind],
                self.tr("This is already going on."),
                self.tr("“{title}” has not ended yet.").format(title=self._running[kind].title),
                self.tr("Wait until it ends, or stop it first."),
            )
        job = Job(work, title=title, heavy=heavy)
        job.setObjectName(kind)
        job.happened.connect(self._pass_on)
        job.ended.connect(self._end)
        job.start()
        self._running[kind] = job

    def finish_now(self) -> None:
        """Stop everything and wait for it, and for what the end of one begins."""
        while self._running:
            next(iter(self._running.values())).finish_now()

    def _pass_on(self, events: list[object]) -> None:
        self.happened.emit(self.sender().objectName(), events)

    def _end(self, outcome: Outcome) -> None:
        kind = cast(Kind, self.sender().objectName())
        del self._running[kind]
        self.ended.emit(kind, outcome)
        if not self._running:
            self.idle.emit()
