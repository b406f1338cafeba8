"""Pictures of every page, filled by a real project: a sample is read, learned from, tried, judged and exported.

In: an empty or new folder. Out: PNG files in light and dark. Everything shown is made for real in a project that is
thrown away afterwards.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QEventLoop, QSize, QTimer

from studio.config import paths
from studio.config.training import Preset
from studio.gui import theme
from studio.gui.app import build
from studio.gui.session import Session, Station
from studio.gui.window import MainWindow
from studio.problems import Problem
from studio.runs.project import create_project

SIZE = QSize(1440, 900)
MODES: tuple[theme.Mode, ...] = ("light", "dark")
SETTLE_MS = 300  # layouts, row heights and light jobs of a page
PATIENCE_MS = 900_000


class Camera:
    """Saves the page that is open, in every mode asked for."""

    def __init__(self, window: MainWindow, out: Path, modes: Sequence[theme.Mode]) -> None:
        self._window, self._out, self._modes = window, out, modes

    def shoot(self, name: str, station: Station | None = None) -> Iterator[Path]:
        """Go to a station if one is named, let it settle, and save it as NAME-MODE.png."""
        if station is not None:
            self._window.session.go_to(station)
        _pause(SETTLE_MS)
        for mode in self._modes:
            theme.theme().apply(mode)
            _pause(SETTLE_MS // 3)
            path = self._out / f"{name}-{mode}.png"
            if not self._window.grab().save(str(path)):
                raise OSError(f"{path} could not be written")
            yield path


def render(
    out: Path, *, modes: Sequence[theme.Mode] = MODES, size: QSize = SIZE, preset: Preset | None = "balanced"
) -> Iterator[Path]:
    """Save every page into `out`, one path after the other. With `preset` None the pages before training only."""
    out.mkdir(parents=True, exist_ok=True)
    _, window = build([])
    window.resize(size)
    window.show()
    session, camera = window.session, Camera(window, out, modes)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        yield from camera.shoot("empty", "data")
        _open_sample(session, Path(scratch), "Customer messages", "customer_messages.csv")
        for station in ("data", "goal", "model"):
            yield from camera.shoot(station, station)
        yield from camera.shoot("train-setup", "train")
        if preset is not None:
            session.change("training.preset", preset)
            yield from _after_training(window, camera)
        yield from camera.shoot("settings", "settings")
        session.shut_down()
        session.new_project()
        _open_sample(session, Path(scratch), "Product descriptions", "product_descriptions.csv")
        yield from camera.shoot("goal-answer", "goal")
        yield from camera.shoot("model-answer", "model")
        session.shut_down()
    window.hide()


def _open_sample(session: Session, scratch: Path, name: str, file: str) -> None:
    session.project = create_project(scratch / name, name)
    session.import_file(paths.resources() / "samples" / file)
    _wait(session, lambda: not session.jobs.running)


def _after_training(window: MainWindow, camera: Camera) -> Iterator[Path]:
    session = window.session
    session.start_training()
    _wait(session, lambda: len(session.history.looks) >= 5 or not session.is_training)
    yield from camera.shoot("train", "train")
    _wait(session, lambda: not session.jobs.running)
    yield from camera.shoot("train-done", "train")
    window.page("try")
    session.read_text(session.prompts[0])
    _wait(session, lambda: not session.jobs.running)
    yield from camera.shoot("try", "try")
    session.judge()
    _wait(session, lambda: not session.jobs.running)
    yield from camera.shoot("judge", "judge")
    window.page("export")
    session.export("classifier")
    _wait(session, lambda: not session.jobs.running)
    yield from camera.shoot("export", "export")
    yield from camera.shoot("runs", "runs")


def _wait(session: Session, done: Callable[[], bool]) -> None:
    """Let the window work until something holds; a Problem of the session ends the tour."""
    if done():
        return
    loop, look = QEventLoop(), QTimer(interval=50)
    problems: list[Problem] = []
    look.timeout.connect(lambda: loop.quit() if done() or problems else None)
    session.problem.connect(problems.append)
    QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
    look.start()
    loop.exec()
    look.stop()
    session.problem.disconnect(problems.append)
    if not done():
        session.shut_down()
        raise problems[0] if problems else Problem("The tour took too long.")


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()


def main(arguments: Sequence[str]) -> int:
    """`python -m studio.gui.screens FOLDER [--size 1180x720] [--preset quick] [--no-training]`."""
    parser = argparse.ArgumentParser(prog="studio.gui.screens", description="Draw every page as a picture.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1440x900", help="width x height in pixels")
    parser.add_argument("--preset", choices=get_args(Preset), default="balanced", help="how long to train")
    parser.add_argument("--no-training", action="store_true", help="only the pages before training")
    chosen = parser.parse_args(arguments)
    width, _, height = chosen.size.partition("x")
    preset = None if chosen.no_training else chosen.preset
    for path in render(chosen.folder, size=QSize(int(width), int(height)), preset=preset):
        print(path, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
