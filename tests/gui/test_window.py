"""The window: it opens light, builds pages when they are visited, and takes a file wherever it is dropped."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import studio.__main__ as entry
from studio.gui import app, theme
from studio.gui.ask import Ask
from studio.gui.preferences import Preferences
from studio.gui.session import FLOW, Session
from studio.gui.widgets.text import Text
from studio.gui.window import MainWindow
from studio.models import fit
from studio.problems import Problem
from tests.gui import scripted


class Asked(Ask):
    """Answers every question at once."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self.yes = False

    def open_files(self, *_: object, **__: object) -> tuple[Path, ...]:
        return (self.file,) if self.file is not None else ()

    def confirm(self, *_: object, **__: object) -> bool:
        return self.yes


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    opened = MainWindow(Session(), Preferences(), ask=Asked())
    qtbot.addWidget(opened)
    opened.show()
    return opened


@pytest.fixture
def table_file(tmp_path: Path) -> Path:
    file = tmp_path / "messages.csv"
    rows = "\n".join(f"message number {n} about {'a bill' if n % 2 else 'a refill'},{'billing' if n % 2 else 'refill'}"
                     for n in range(60))  # fmt: skip
    file.write_text(f"text,topic\n{rows}\n", encoding="utf-8")
    return file


def test_only_the_first_page_is_built_at_the_start(window: MainWindow) -> None:
    assert set(window.pages) == {"data"}
    assert window.sidebar.buttons["data"].isChecked()


def test_the_keyboard_reaches_every_station(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    for number, station in enumerate(("data", "goal"), start=1):
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        assert window.session.station == station
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.session.station == "settings"


def focused(window: MainWindow) -> str:
    widget = window.focusWidget()
    return widget.accessibleName() if widget is not None else ""


def test_tab_stops_once_in_the_sidebar_and_then_goes_to_the_page(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    for station in ("data", "settings"):
        window.centralWidget().setFocus()
        window.session.go_to(station)
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.focusWidget() is window.sidebar.buttons[station]
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.page(station).isAncestorOf(window.focusWidget())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
        assert window.focusWidget() is window.sidebar.buttons[station]


def test_the_arrow_keys_move_along_the_sidebar_and_enter_opens(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitActive(window)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    said = [focused(window)]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Down):
        qtbot.keyClick(window.focusWidget(), key)
        said.append(focused(window))
    assert said == ["Data", "Project: New project", "Project: New project", "Data", "Goal", "Settings", "Settings"]
    assert window.session.station == "data"  # moving along opens nothing
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.session.station == "settings"
    assert window.focusWidget() is window.sidebar.buttons["settings"]
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Home)
    assert focused(window) == "Project: New project"


def test_a_screen_reader_hears_which_stations_are_done(window: MainWindow, tmp_path: Path) -> None:
    scripted.open_project(window.session, scripted.project(tmp_path / "letters", kind="classify"))
    QApplication.processEvents()
    names = {station: button.accessibleName() for station, button in window.sidebar.buttons.items()}
    assert (names["data"], names["train"], names["judge"]) == ("Data, done", "Train, done", "Judge, done")
    assert (names["try"], names["export"], names["runs"]) == ("Try", "Export", "Runs")
    window.session.new_project()
    assert window.sidebar.buttons["data"].accessibleName() == "Data"


def test_a_hidden_page_is_restyled_when_it_is_shown(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme.theme().apply("light")
    scripted.open_project(window.session, scripted.project(tmp_path / "letters", kind="classify"))
    for station in ("goal", "train"):
        window.session.go_to(station)
        settled(window)
    hidden, shown = window.pages["goal"].head.title, window.pages["train"].head.title  # type: ignore[attr-defined]
    whole: list[str] = []
    monkeypatch.setattr(QApplication, "setStyleSheet", lambda _, sheet: whole.append(sheet))

    def ink(label: QLabel) -> str:
        label.ensurePolished()
        return label.palette().color(QPalette.ColorRole.WindowText).name().upper()

    theme.theme().apply("dark")
    try:
        assert ink(shown) == "#ECEAE3"
        assert window.pages["goal"].styleSheet() == ""
        window.session.go_to("goal")
        assert ink(hidden) == "#ECEAE3"
    finally:
        theme.theme().apply("light")
    assert ink(hidden) == "#1E1D1A"
    assert not whole  # through the application's own sheet each widget takes several times as long


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_whatever_tab_reaches_shows_that_it_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, mode: theme.Mode
) -> None:
    theme.theme().apply(mode)
    scripted.open_project(window.session, scripted.project(tmp_path / "letters", kind="answer"))
    window.activateWindow()
    qtbot.waitActive(window)
    plain: list[str] = []
    for station in (*FLOW, "runs", "settings"):
        window.session.go_to(station)
        settled(window)
        window.centralWidget().setFocus()
        reached: list[QWidget] = []
        while True:
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            stop = window.focusWidget()
            if stop in reached:
                break
            reached.append(stop)
            QApplication.processEvents()  # its column scrolls to it
            with_it = window.grab().toImage()
            window.centralWidget().setFocus()
            if window.grab().toImage() == with_it:
                plain.append(f"{station}: {type(stop).__name__} {stop.accessibleName()}")
            stop.setFocus(Qt.FocusReason.TabFocusReason)
        assert len(reached) > 1, station
    theme.theme().apply("light")
    assert plain == []


def settled(window: MainWindow) -> None:
    """Let light work and layouts come to their end."""
    QApplication.processEvents()
    scripted.settle(window.session)
    QApplication.processEvents()


class Opened(QObject):
    """Remembers what opened as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_no_part_of_a_page_opens_as_a_window_before_it_is_in_its_place(window: MainWindow, tmp_path: Path) -> None:
    scripted.open_project(window.session, scripted.project(tmp_path / "letters", kind="classify", judged=False))
    QApplication.processEvents()
    opened, app = Opened(), QApplication.instance()
    assert app is not None
    app.installEventFilter(opened)
    for station in (*FLOW, "runs", "settings"):
        window.page(station)
    app.removeEventFilter(opened)
    assert opened.names == []


def test_everything_that_can_be_pressed_has_a_name(window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton

    for station in ("data", "goal", "settings"):
        page = window.page(station)
        unnamed = [b for b in page.findChildren(QAbstractButton) if b.isVisibleTo(page) and not b.accessibleName()]
        assert [type(b).__name__ for b in unnamed if type(b).__name__ not in {"QToolButton", "QAbstractButton"}] == []


def test_a_dropped_file_is_read_from_any_page(qtbot: QtBot, window: MainWindow, table_file: Path) -> None:
    window.session.go_to("settings")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table_file))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), copy, data, Qt.MouseButton.LeftButton, none)
    with qtbot.waitSignal(window.session.idle, timeout=20_000):
        window.dropEvent(event)
    table = window.session.table
    assert table is not None
    assert table.rows == 60
    assert window.session.station == "data"
    assert window.windowTitle().startswith("messages")


def test_a_problem_is_shown_over_the_page_and_takes_nothing_away(window: MainWindow) -> None:
    window.session.problem.emit(Problem("The disk is full.", "why", "Free some space."))
    assert not window.problem.isHidden()
    assert window.problem.accessibleName() == "Problem: The disk is full."
    window.problem.clear()
    assert window.problem.isHidden()


def test_a_recent_project_is_remembered_while_it_exists(qtbot: QtBot, window: MainWindow, table_file: Path) -> None:
    with qtbot.waitSignal(window.session.idle, timeout=20_000):
        window.read(table_file)
    project = window.session.project
    assert project is not None
    assert Preferences().recent() == (project.folder,)
    project.folder.rename(project.folder.parent / "moved")
    assert Preferences().recent() == ()


def test_odd_preferences_fall_back(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "settings.ini").write_text("[General]\nappearance=mauve\ngeometry=7\n", encoding="utf-8")
    found = Preferences()
    assert found.appearance == "system"
    assert found.geometry.isEmpty()


def test_the_appearance_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    from studio.gui.pages.settings import SettingsPage

    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    page.appearance.segment("dark").click()
    assert Preferences().appearance == "dark"
    page.appearance.segment("light").click()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert app.main() == 1
    assert "python -m studio --help" in capsys.readouterr().err


def test_arguments_go_to_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import studio.cli.main

    monkeypatch.setattr(studio.cli.main, "main", lambda argv: 7 if argv == ["models"] else 9)
    assert entry.run(["models"]) == 7


def test_a_file_or_a_projects_folder_opens_in_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import studio.cli.main

    opened: list[list[str]] = []
    monkeypatch.setattr(app, "main", lambda argv: opened.append(list(argv)) or 0)
    monkeypatch.setattr(studio.cli.main, "main", lambda _: 9)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letters.csv").write_text("text\n")
    (tmp_path / "runs").mkdir()
    for place in ("letters.csv", str(tmp_path / "letters.csv"), str(tmp_path / "runs")):
        assert entry.run([place]) == 0
    assert opened == [["letters.csv"], [str(tmp_path / "letters.csv")], [str(tmp_path / "runs")]]
    assert entry.run(["runs"]) == 9  # a command, whatever lies here
    assert entry.run(["convert", "letters.csv"]) == 9


def test_what_nobody_caught_is_shown(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    catcher = app.Unforeseen(QApplication.instance())  # type: ignore[arg-type]
    catcher._from_main(ValueError, ValueError("x"), None)
    qtbot.waitUntil(lambda: catcher._dialog is not None and catcher._dialog.isVisible())
    assert catcher._dialog is not None
    catcher._dialog.close()


def test_the_foot_names_the_graphics_card_that_computes(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = window.sidebar._machine.text()
    assert before.startswith("CPU, ")
    card = fit.Machine(8, 2**34, 2**33, 2**40, gpu="GeForce RTX 4070", gpu_memory=12 << 30)
    asked_from: list[threading.Thread] = []

    def machine() -> fit.Machine:
        asked_from.append(threading.current_thread())
        return card

    monkeypatch.setattr(fit, "machine", machine)
    qtbot.waitUntil(lambda: window.sidebar._machine.text() != before, timeout=10_000)
    assert window.sidebar._machine.text() == f"GeForce RTX 4070 · 12 GB\n{before}"
    assert asked_from
    assert threading.main_thread() not in asked_from


def test_the_foot_promises_only_what_always_holds(window: MainWindow) -> None:
    said = [text.text() for text in window.sidebar.findChildren(Text)]
    assert "Nothing leaves this computer." in said
    assert not [words for words in said if "Offline" in words]  # whether a network is there is nobody's to claim


def test_a_closed_window_is_gone_before_the_work_has_come_to_its_end(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_visible: list[bool] = []
    monkeypatch.setattr(window.session, "shut_down", lambda: was_visible.append(window.isVisible()))
    assert window.isVisible()
    assert window.close()
    assert was_visible == [False]


def test_closing_the_window_ends_the_program(tmp_path: Path) -> None:
    program = (
        "from PySide6.QtCore import QTimer\n"
        "from studio.gui import app\n"
        "application, window = app.build([])\n"
        "window.show()\n"
        "QTimer.singleShot(100, window.close)\n"
        "QTimer.singleShot(30_000, lambda: application.exit(9))\n"
        "raise SystemExit(application.exec())\n"
    )
    environment = {**os.environ, "STUDIO_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run([sys.executable, "-c", program], env=environment, check=False, timeout=60).returncode == 0
