"""The main window: the sidebar, one page at a time, and what every page shares.

In: a Session. Out: pages, built when they are first visited; the keyboard's shortcuts; files dropped anywhere; a
Problem over whatever page is open. What a page does is in pages/.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from studio.config import paths
from studio.gui import theme
from studio.gui.ask import Ask
from studio.gui.job import Job, Outcome
from studio.gui.preferences import Preferences
from studio.gui.session import FLOW, Session, Station, StationState
from studio.gui.training_words import closing
from studio.gui.widgets.drop_zone import DropCurtain, dropped_files
from studio.gui.widgets.mark import MarkState
from studio.gui.widgets.page import FlowScroll, PageFrame
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.sidebar import Sidebar
from studio.gui.work import fitting
from studio.problems import Problem
from studio.runs.project import PROJECT_FILE

LEAST = QSize(1000, 640)  # of the window; every page holds together in it
LOOK_AFTER_MS = 200  # the first page is painted by then


class MainWindow(QMainWindow):
    """`ask` opens dialogs; tests replace it."""

    def __init__(self, session: Session, preferences: Preferences, *, ask: Ask | None = None) -> None:
        super().__init__()
        self.session, self.preferences = session, preferences
        self.ask = ask if ask is not None else Ask()
        self.pages: dict[str, QWidget] = {}
        self.setMinimumSize(LEAST)
        self.setAcceptDrops(True)
        self.sidebar = Sidebar(self._stations())
        self.sidebar.chosen.connect(session.go_to)
        self.sidebar.project.clicked.connect(self._open_project_menu)
        self.problem = ProblemPanel()
        self._stack = QStackedWidget()
        self._begun: tuple[Path | None, str] = (None, "")  # the project and the goal that the pages were shown for
        self._lay_out()
        self._curtain = DropCurtain(self)
        for part in (self.sidebar, self.problem, self._curtain):
            theme.theme().dress(part)
        self._add_shortcuts()
        session.changed.connect(self._refresh)
        session.problem.connect(self._show_problem)
        self.problem.follow(session)
        self._refresh(frozenset({"project", "station", "job"}))
        QTimer.singleShot(LOOK_AFTER_MS, self, self._look_at_machine)

    def _stations(self) -> list[tuple[str, str, str]]:
        return [
            ("data", self.tr("Data"), ""), ("goal", self.tr("Goal"), ""), ("model", self.tr("Model"), ""),
            ("train", self.tr("Train"), ""), ("try", self.tr("Try"), ""), ("judge", self.tr("Judge"), ""),
            ("export", self.tr("Export"), ""), ("runs", self.tr("Runs"), "runs"),
            ("settings", self.tr("Settings"), "settings"),
        ]  # fmt: skip

    def _lay_out(self) -> None:
        centre, right = QWidget(), QVBoxLayout()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        self._above = QHBoxLayout()
        self._above.setContentsMargins(32, 0, 32, 0)
        self._above.addWidget(self.problem)
        right.addLayout(self._above)
        right.addWidget(PageFrame(self._stack, least=LEAST.height()), 1)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        centre.setFocus()  # nothing wears a focus ring until the keyboard is used
        self.problem.dismissed.connect(self._fit_problem)

    def _add_shortcuts(self) -> None:
        stations: list[Station] = [*FLOW, "runs"]
        for number, station in enumerate(stations, start=1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, partial(self.session.go_to, station))
        for keys, action in (
            (QKeySequence(QKeySequence.StandardKey.Open), self.choose_file),
            (QKeySequence(QKeySequence.StandardKey.New), self.session.new_project),
            (QKeySequence("Ctrl+,"), partial(self.session.go_to, "settings")),
            (QKeySequence("Ctrl+Q"), self.close),
        ):
            QShortcut(keys, self, action)

    def _look_at_machine(self) -> None:
        if self.isVisible():
            job = Job(fitting.look_at_machine, title=self.tr("Looking at this computer"), heavy=False)
            job.happened.connect(self._take_machine)
            job.ended.connect(self._end_of_look)
            job.start()

    def _take_machine(self, found: list[object]) -> None:
        from studio.models.fit import Machine

        for machine in found:
            if isinstance(machine, Machine) and machine.gpu:
                self.sidebar.show_card(machine.gpu, machine.gpu_memory)

    def _end_of_look(self, outcome: Outcome) -> None:
        if outcome.problem is not None:
            self._show_problem(outcome.problem)

    def page(self, station: Station) -> QWidget:
        """The page of a station, built on its first visit."""
        if station not in self.pages:
            self.pages[station] = self._build(station)
            theme.theme().dress(self.pages[station])
            self._stack.addWidget(self.pages[station])
        return self.pages[station]

    def _build(self, station: Station) -> QWidget:
        # Imported here: each page brings in what it needs, and the window is there before.
        match station:
            case "data":
                from studio.gui.pages.data.data import DataPage

                return DataPage(self.session, self.ask, self.preferences.recent())
            case "goal":
                from studio.gui.pages.goal.goal import GoalPage

                return GoalPage(self.session)
            case "model":
                from studio.gui.pages.model import ModelPage

                return ModelPage(self.session, self.ask)
            case "train":
                from studio.gui.pages.train import TrainPage

                return TrainPage(self.session)
            case "try":
                from studio.gui.pages.try_out import TryPage

                return TryPage(self.session, self.ask)
            case "judge":
                from studio.gui.pages.judge import JudgePage

                return JudgePage(self.session, self.ask)
            case "export":
                from studio.gui.pages.export import ExportPage

                return ExportPage(self.session, self.ask)
            case "runs":
                from studio.gui.pages.runs import RunsPage

                return RunsPage(self.session, self.ask)
            case "settings":
                from studio.gui.pages.settings import SettingsPage

                return SettingsPage(self.session, self.preferences, self.ask)

    def _refresh(self, topics: frozenset[str]) -> None:
        if "station" in topics:
            self._show_station()
        if "project" in topics:
            self._show_project()
        if topics & {"project", "config"}:
            self._begin_at_top()
        self._show_marks()

    def _show_station(self) -> None:
        page = self.page(self.session.station)
        theme.theme().put_on(page)
        self.sidebar.select(self.session.station)
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)
        shown = getattr(page, "shown", None)
        if shown is not None:
            shown()

    def _begin_at_top(self) -> None:
        """Another project, or another goal, has other pages: where the last one was scrolled to means nothing there."""
        project = self.session.project
        begun = (project.folder if project is not None else None, self.session.config.task.kind)
        if begun == self._begun:
            return
        self._begun = begun
        for column in self._stack.findChildren(FlowScroll):
            column.go_to_top()

    def _show_project(self) -> None:
        project = self.session.project
        if project is not None:
            self.preferences.remember(project.folder)
        self.sidebar.set_project(project.name if project is not None else self.tr("New project"))
        name = self.tr("Finetune Studio")
        self.setWindowTitle(f"{project.name} · {name}" if project is not None else name)

    def _show_marks(self) -> None:
        words: dict[StationState, str] = {"open": "", "running": self.tr("running"), "done": self.tr("done")}
        looking = "prepare" in self.session.jobs  # what is known so far stands until that is done
        for station, mark in self.session.station_states().items():
            if looking and station in {"goal", "model"}:
                continue
            state: MarkState = mark
            share = self._share() if station == "train" else 0.25
            self.sidebar.buttons[station].set_state(state, words[mark], share)

    def _share(self) -> float:
        history = self.session.history
        total = history.started.total_steps if history.started is not None else 0
        return history.steps[-1] / total if total and history.steps else 0.0

    # A Problem takes room above the page instead of covering it.
    def _show_problem(self, problem: Problem) -> None:
        theme.theme().put_on(self.problem)
        self.problem.show_problem(problem)
        self._fit_problem()

    def _fit_problem(self) -> None:
        self._above.setContentsMargins(32, 20 if self.problem.problem is not None else 0, 32, 0)

    def _open_project_menu(self) -> None:
        menu = QMenu(self)
        theme.theme().dress(menu)
        here = self.session.project
        for folder in self.preferences.recent():
            action = menu.addAction(folder.name, partial(self.session.open, folder))
            action.setToolTip(str(folder))
            action.setEnabled(here is None or folder != here.folder)
        if self.preferences.recent():
            menu.addSeparator()
        if self.session.table is not None:
            menu.addAction(self.tr("Read the file again"), self.read_again)
            menu.addAction(self.tr("Take a newer file…"), self.take_newer)
            menu.addSeparator()
        menu.addAction(self.tr("New project"), self.session.new_project)
        menu.addAction(self.tr("Open a project folder…"), self.choose_project)
        self.sidebar.open_menu(menu)

    def choose_project(self) -> None:
        """Ask for a project folder and open it."""
        folder = self.ask.choose_folder(self, self.tr("Open a project folder"), start=paths.projects())
        if folder is not None:
            self.session.open(folder)

    def read_again(self) -> None:
        """Read the table's files once more."""
        self.session.go_to("data")
        self.session.read_again()

    def take_newer(self) -> None:
        """Ask for files that take the place of the table's."""
        files = self.ask.open_files(self, self.tr("Choose the newer file"))
        if files:
            self.session.go_to("data")
            self.session.take_newer(files)

    def choose_file(self) -> None:
        """Ask for a table and read it."""
        files = self.ask.open_files(self, self.tr("Choose a file"))
        if files:
            self.read(*files)

    def read(self, *files: Path) -> None:
        """Read files, or a folder, as one table; a project's folder is opened."""
        self.problem.clear()
        if len(files) == 1 and (files[0] / PROJECT_FILE).exists():
            self.session.open(files[0])
        else:
            self.session.go_to("data")
            self.session.import_files(files)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self._curtain.draw_over(self.sidebar.width())

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._curtain.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._curtain.hide()
        files = dropped_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.read(*files)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._curtain.isVisible():
            self._curtain.draw_over(self.sidebar.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.is_training and not self._may_stop():
            event.ignore()
            return
        self.preferences.geometry = self.saveGeometry()
        self.preferences.flush()
        # What is learned is saved before the program ends, which takes seconds; the window goes at once.
        self.hide()
        self.session.shut_down()
        Job.finish_all()  # short looks of the pages
        event.accept()

    def _may_stop(self) -> bool:
        asked = closing(self.session)
        return self.ask.confirm(
            self, asked.question, explanation=asked.explanation, yes=asked.yes, no=asked.no, harmful=True
        )
