"""Starting the window: the application, its look, its one window, and what happens when something unforeseen fails.

In: the command line. Out: an exit code. Nothing that computes is imported here.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import psutil
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from studio.config import paths
from studio.gui import theme
from studio.gui.job import Control, Job
from studio.gui.preferences import Preferences
from studio.gui.session import Session
from studio.gui.widgets.problem_dialog import ProblemDialog
from studio.gui.window import MainWindow
from studio.problems import Problem, explain

WARM_AFTER_MS = 400  # the window is painted by then
NO_DISPLAY = (
    "There is no display to open the window on.\n"
    "Everything works without one: python -m studio --help shows the commands.\n"
)


class Unforeseen(QObject):
    """Shows what nobody caught, from any thread, in a dialog of its own; the program goes on."""

    raised = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._dialog: ProblemDialog | None = None
        self.raised.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on hear of every exception that nobody caught."""
        sys.excepthook = self._from_main
        threading.excepthook = self._from_thread

    def _from_main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if not issubclass(kind, KeyboardInterrupt):
            self.raised.emit(explain(error))

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._from_main(args.exc_type, args.exc_value, args.exc_traceback)

    def _show(self, problem: Problem) -> None:
        if self._dialog is None or not self._dialog.isVisible():  # one at a time: a failing timer repeats itself
            self._dialog = ProblemDialog(problem)
            self._dialog.open()


class FirstPaint(QObject):
    """Says on stderr how long the start took, once, when STUDIO_TIME_START is set."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._say)
        return False

    def _say(self) -> None:
        sys.stderr.write(f"first paint after {_age() * 1000:.0f} ms\n")


def _age() -> float:
    """Seconds since this process was started."""
    if sys.platform == "linux":  # psutil knows the time of boot to the second only
        ticks = int(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    return time.time() - psutil.Process().create_time()


def build(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """The application and its window, not yet shown."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0], *argv])
    app.setApplicationName("finetune-studio")
    app.setApplicationDisplayName("Finetune Studio")
    app.setDesktopFileName("finetune-studio")
    app.setWindowIcon(QIcon(str(paths.resources() / "icons" / "app.svg")))
    preferences = Preferences()
    theme.theme().apply(preferences.appearance)
    window = MainWindow(Session(), preferences)
    if preferences.geometry.isEmpty() or not window.restoreGeometry(preferences.geometry):
        window.resize(1280, 800)
    return app, window


def main(argv: Sequence[str] = ()) -> int:
    """Open the window and run until it is closed. `argv` may name a file to read or a project folder to open."""
    if not _has_display():
        sys.stderr.write(NO_DISPLAY)
        return 1
    app, window = build(argv)
    Unforeseen(app).install()
    if os.environ.get("STUDIO_TIME_START"):
        window.sidebar.installEventFilter(FirstPaint(app))
    window.show()
    QTimer.singleShot(WARM_AFTER_MS, window, _warm_up)
    if argv and Path(argv[0]).exists():
        QTimer.singleShot(0, window, lambda: window.read(Path(argv[0]).absolute()))
    return app.exec()


def _warm_up() -> None:
    """Load what reads files, on a thread of its own: the first file that is dropped need not wait for it."""
    Job(_load_readers, title="Getting ready", heavy=False).start()


def _load_readers(_: Control) -> Iterator[object]:
    for name in ("studio.data.reading.read", "pyarrow.csv", "pyarrow.parquet", "pyarrow.compute"):
        importlib.import_module(name)
        yield name


def _has_display() -> bool:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
