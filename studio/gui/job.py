"""Long work on a thread of its own, told to the window in small regular portions.

In: work, a function of a Control that returns an iterator of events. Out: `happened` with what came since the
last look, and `ended` exactly once with an Outcome. The one place with a QThread: it only appends to a deque,
and a timer of the window drains it, so that no loop can flood the window. Knows nothing of what the events mean.

While a job runs, Python's garbage is collected by the window's thread alone. The collector otherwise runs on whichever
thread happens to allocate, and a closed page that is taken apart on a job's thread crashes Qt or waits for ever.
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event as Flag
from typing import ClassVar, Literal

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Signal

from studio.events import Progressed
from studio.problems import Problem, explain

LOOK_EVERY_MS = 50
SWITCH_SECONDS = 0.0005  # how long Python code on the thread may keep a waiting window from its turn


@dataclass(frozen=True)
class Outcome:
    """How work ended; `problem` is set where it ended with one."""

    state: Literal["finished", "stopped", "problem"]
    problem: Problem | None = None


class Control:
    """What the work asks: whether to stop, whether to wait."""

    def __init__(self) -> None:
        self._stop, self._pause = Flag(), Flag()
        self.should_stop: Callable[[], bool] = self._stop.is_set
        self.should_pause: Callable[[], bool] = self._pause.is_set

    def stop(self) -> None:
        """From now on the work is asked to end."""
        self._stop.set()

    def pause(self, on: bool) -> None:
        """From now on the work is asked to wait, or to go on."""
        if on:
            self._pause.set()
        else:
            self._pause.clear()


class StillRunning(Problem):
    """What was asked for has to wait for `job`; once that has ended there is nothing left to tell."""

    def __init__(self, job: Job, what: str, why: str, fix: str) -> None:
        super().__init__(what, why, fix)
        self.job = job


Work = Callable[[Control], Iterator[object]]


class _Thread(QThread):
    def __init__(self, work: Work, control: Control, *, heavy: bool) -> None:
        super().__init__()
        self.arrived: deque[object] = deque()
        self.outcome = Outcome("stopped")
        self._work, self._control, self._heavy = work, control, heavy

    def run(self) -> None:
        """Append what the work yields; whatever it raises becomes a Problem."""
        try:
            if self._heavy and "torch" not in sys.modules:
                self.arrived.append(Progressed("Warming up…"))
                import torch  # noqa: F401
            for event in self._work(self._control):
                self.arrived.append(event)
            self.outcome = Outcome("stopped" if self._control.should_stop() else "finished")
        except Exception as error:
            self.outcome = Outcome("problem", explain(error))


class Job(QObject):
    """One piece of long work. A `heavy` one uses a model: only one of those runs at a time."""

    happened = Signal(object)  # list of what the work yielded since the last look
    ended = Signal(object)  # Outcome, exactly once; nothing comes after it

    _running: ClassVar[list[Job]] = []  # also keeps running jobs from being collected
    _usual_switch: ClassVar[float] = 0.005

    def __init__(self, work: Work, *, title: str, heavy: bool = True) -> None:
        super().__init__(QCoreApplication.instance())  # a page that goes must not take its running job along
        self.title, self.heavy = title, heavy
        self._control = Control()
        self._thread = _Thread(work, self._control, heavy=heavy)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @classmethod
    def running(cls) -> tuple[Job, ...]:
        """Every job that has started and not ended."""
        return tuple(cls._running)

    @property
    def is_running(self) -> bool:
        """Whether it has started and not ended."""
        return self in Job._running

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and has not ended."""
        return self.is_running and self._control.should_stop()

    @property
    def is_paused(self) -> bool:
        """Whether it was asked to wait."""
        return self._control.should_pause()

    def start(self) -> None:
        """Begin. Raises a Problem where another heavy job runs."""
        other = next((job for job in Job._running if job.heavy), None)
        if self.heavy and other is not None:
            raise StillRunning(
                other,
                "Something else is still running.",
                f"“{other.title}” uses the computer fully, and two at once would slow both.",
                "Wait until it ends, or stop it first.",
            )
        if not Job._running:
            Job._usual_switch = sys.getswitchinterval()
            sys.setswitchinterval(SWITCH_SECONDS)
            gc.disable()
        Job._running.append(self)
        self._thread.start()
        self._timer.start()

    def stop(self) -> None:
        """Ask the work to end; `ended` follows when it has saved what it has."""
        self._control.pause(False)
        self._control.stop()

    def pause(self) -> None:
        """Ask the work to wait after its current step."""
        self._control.pause(True)

    def resume(self) -> None:
        """Let waiting work go on."""
        self._control.pause(False)

    def wait(self) -> None:
        """Wait for the thread, which keeps the window from everything else, and deliver the end."""
        if self.is_running:
            self._thread.wait()
            self._look()

    def finish_now(self) -> None:
        """Stop and wait: for the moment in which the program closes."""
        self.stop()
        self.wait()

    @classmethod
    def finish_all(cls) -> None:
        """Stop and wait for every job, and for what the end of one begins."""
        while cls._running:
            cls._running[0].finish_now()

    def _look(self) -> None:
        _collect_garbage()
        # Asked before the deque is emptied: what arrives in between is seen at the next look.
        over = self._thread.isFinished()
        arrived = self._thread.arrived
        events = [arrived.popleft() for _ in range(len(arrived))]
        if events:
            self.happened.emit(events)
        if over and self.is_running:
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self._thread.wait()
        Job._running.remove(self)
        if not Job._running:
            sys.setswitchinterval(Job._usual_switch)
            gc.enable()
        self.ended.emit(self._thread.outcome)
        self.deleteLater()  # a window that is open for days would keep them all


def _collect_garbage() -> None:
    """The oldest generation that is due by the collector's own counts, and with it the younger ones."""
    due = [now > most for now, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(due):
        gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
