"""How long the window keeps a person waiting while it trains.

In: nothing, or a CSV for the goal "sort" with its two columns. Out: percentiles of the event loop's lag, for the
moments of starting up and for the training itself. The real window, its live page and the real training thread; run
it with a display (or under Xvfb) to count painting to a screen too.

    python tests/benchmarks/window_lag.py [--data FILE --input TEXT --target LABEL] [--seconds 60]

A click can come at any moment, so a lag counts by how long it lasts: at p99, 1 % of all moments are worse.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from studio.config import paths
from studio.gui.app import build
from studio.gui.session import Session
from studio.runs.project import create_project

TICK = 5  # milliseconds between two looks at the clock


class Watch(QObject):
    """Notes how much later than planned the event loop gets to a timer, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.lags: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def take(self) -> list[float]:
        """The lags since the last call."""
        taken, self.lags = self.lags, []
        return taken

    def _tick(self) -> None:
        now = time.perf_counter()
        self.lags.append(max(0.0, (now - self._last) * 1000 - TICK))
        self._last = now


def wait(session: Session, seconds: float, until: str) -> None:
    """Let the window work for some seconds, or until `until` ("idle", "steps") holds."""
    loop, look = QEventLoop(), QTimer(interval=100)
    holds = {"idle": lambda: not session.jobs.running, "steps": lambda: bool(session.history.steps), "never": bool}
    look.timeout.connect(lambda: loop.quit() if holds[until]() else None)
    QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
    look.start()
    loop.exec()


def waited(lags: list[float], share: float) -> float:
    """The wait of a click that is unluckier than `share` of all clicks, clicks falling evenly over the time."""
    gaps: NDArray[np.float64] = np.array(lags) + TICK
    low, high = 0.0, float(gaps.max())
    for _ in range(60):  # the share of time with at most `middle` left to wait rises with `middle`
        middle = (low + high) / 2
        if np.minimum(gaps, middle).sum() < share * gaps.sum():
            low = middle
        else:
            high = middle
    return high


def report(name: str, lags: list[float]) -> None:
    """One line of percentiles."""
    p50, p99, p999 = np.percentile(lags, [50, 99, 99.9])
    print(
        f"{name}: lag p50 {p50:.1f} ms, p99 {p99:.1f} ms, p99.9 {p999:.1f} ms, longest {max(lags):.0f} ms "
        f"({len(lags):,} looks); a click waits at most {waited(lags, 0.99):.0f} ms 99 times in 100"
    )


def main() -> int:
    """Measure, and fail at a p99 of 50 ms and more."""
    parser = argparse.ArgumentParser(description="Event-loop lag of the window beside training.")
    parser.add_argument("--data", type=Path, default=paths.resources() / "samples" / "customer_messages.csv")
    parser.add_argument("--input")
    parser.add_argument("--target")
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _, window = build([])
    window.show()
    session, watch = window.session, Watch()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session.project = create_project(Path(folder) / "lag", "lag")
        session.import_file(chosen.data)
        wait(session, 120, "idle")
        for setting, column in (("data.input", chosen.input), ("data.target", chosen.target)):
            if column:
                session.change(setting, column)
        wait(session, 120, "idle")
        report("reading and looking", watch.take())
        session.go_to("train")
        session.start_training()
        wait(session, 300, "steps")
        report("warming up", watch.take())
        wait(session, chosen.seconds, "never")
        steps, training = len(session.history.steps), watch.take()
        report(f"training, {steps} steps", training)
        session.shut_down()
    return int(waited(training, 0.99) >= 50 or float(np.percentile(training, 99)) >= 50)


if __name__ == "__main__":
    sys.exit(main())
