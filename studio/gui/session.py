"""The state of the window: the open project with its table and its run, the station, and what is running now.

In: what a person does on a page. Out: `changed` with the topics that are new, `happened` and `ended` of long work,
`problem` for whatever went wrong. The one write path: every editor calls `change`, every page refreshes on `changed`.
Knows nothing of widgets.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from studio.config.config import Config
from studio.config.samples import folder as samples_folder
from studio.config.samples import sample_of
from studio.events import Event
from studio.gui.job import Outcome
from studio.gui.jobs import Kind
from studio.gui.present_run import PresentRun
from studio.gui.work import loading, preparing
from studio.problems import Problem, explain
from studio.runs.hold import hold, let_go
from studio.runs.old_layout import bring_over
from studio.runs.project import PROJECT_FILE, Project, open_project

if TYPE_CHECKING:
    from studio.data.table.table import Table

Station = Literal["data", "goal", "model", "train", "try", "judge", "export", "runs", "settings"]
StationState = Literal["open", "running", "done"]
FLOW: tuple[Station, ...] = ("data", "goal", "model", "train", "try", "judge", "export")

_ALL = (
    "opened",
    "project",
    "config",
    "table",
    "roles",
    "dataset",
    "findings",
    "facts",
    "run",
    "runs",
    "report",
    "exports",
)


def _table_of(project: Project) -> tuple[Table | None, Problem | None]:
    """The project's table; where it is damaged or gone, what to say of it: runs and choices are there all the same."""
    try:
        return project.table(), None
    except Problem as problem:
        name = Path(project.config.data.file).name
        return None, Problem(
            QCoreApplication.translate("Session", "The table of this project cannot be opened."),
            problem.why,
            QCoreApplication.translate(
                "Session",
                "Press “Read it again” on the Data page: {name} is read as before, and your changes are made again. "
                "Your choices and runs are here.",
            ).format(name=name),
            problem.where,
        )


def _test_table_of(project: Project) -> Table | None:
    """The rows that are kept for judging; damaged ones are read again like those that are gone."""
    try:
        return project.test_table()
    except Problem:
        return None


class Session(PresentRun):
    """The one session of the window."""

    happened = Signal(object, object)  # Kind, list of events
    ended = Signal(object, object)  # Kind, Outcome
    idle = Signal()  # the last running job has ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.station: Station = "data"
        self.jobs.happened.connect(self._take)
        self.jobs.ended.connect(self._end)
        self.jobs.idle.connect(self.idle)

    def open(self, folder: Path) -> None:
        """Open the project in `folder`."""
        if self._refuse_while_busy():
            return
        self.save()
        is_other = self.project is None or self.project.folder != folder
        try:
            self._hold(folder)
            bring_over(folder)
            project = open_project(folder)
            table, lost = _table_of(project)
            test_table = _test_table_of(project)
        except (Problem, OSError) as error:
            if is_other:
                let_go(folder)
            self.problem.emit(explain(error))
            return
        self._forget(but=folder)
        self.project, self.config, self.table, self.test_table = project, project.config, table, test_table
        self._is_tidy = False
        runs = project.runs()
        if runs:
            self._hold_run(runs[0])
        self._tell(*_ALL)
        if lost is not None:
            self.problem.emit(lost)
        if table is not None:
            unread = project.config.data.test_file if test_table is None else ""
            task = partial(
                loading.open_again,
                table=table,
                test_file=Path(unread) if unread else None,
                home=project.data_folder,
                test_told=project.test_told,
            )
            if self._begin("import", self.tr("Opening the project"), task, heavy=False):
                self._incoming_test = Path(unread) if unread else None
        self.go_to("train" if runs else "data")

    def new_project(self) -> None:
        """Close the project; the next import makes a new one."""
        if self._refuse_while_busy():
            return
        self.save()
        self._forget()
        self._tell(*_ALL)
        self.go_to("data")

    def open_sample(self, name: str) -> None:
        """Start a new project with a table that ships with the program, for the goal that it was made for: a sample, or
        a file of resources/samples."""
        if not self._refuse_while_busy():
            self.new_project()
            sample = sample_of(name)
            if sample is not None and (problem := self.change_all(sample.settings)) is not None:
                self.problem.emit(problem)
            self.import_file(samples_folder() / (sample.file if sample is not None else name))

    def stop(self, kind: Kind = "training") -> None:
        """Ask running work to end and to keep what it has."""
        job = self.jobs[kind]
        if job is not None:
            job.stop()
            self._tell("job")

    def pause(self) -> None:
        """Let training wait after its current step, or go on if it waits."""
        job = self.jobs["training"]
        if job is not None:
            (job.resume if job.is_paused else job.pause)()
            self._tell("job")

    def shut_down(self) -> None:
        """Save, stop everything and wait for it: the last thing before the program ends."""
        self.save()
        self.edits.finish_now()
        self.jobs.finish_now()
        if self.project is not None:
            let_go(self.project.folder)

    def go_to(self, station: Station) -> None:
        """Show a page."""
        self.station = station
        self._tell("station")

    def station_states(self) -> dict[Station, StationState]:
        """How each station stands: done once what it is for exists, whichever pages were looked at."""
        done: dict[Station, bool] = {
            "data": self.table is not None and self.table.rows > 0,
            "goal": self.dataset is not None,
            "model": self.facts is not None,
            "train": self.has_model and not self.is_training and self.run_status in {"finished", "stopped"},
            "try": self._tried,
            "judge": self.report is not None,
            "export": any(proof.total and proof.right == proof.total for proof in self.exports.values()),
        }
        marks: dict[Station, StationState] = {station: "done" if done[station] else "open" for station in FLOW}
        running: dict[Kind, Station] = {
            "import": "data", "training": "train", "trying": "try", "predicting": "try",
            "judging": "judge", "exporting": "export",
        }  # fmt: skip
        return marks | {running[kind]: "running" for kind in self.jobs.running if kind in running}

    def _take(self, kind: Kind, events: list[object]) -> None:
        topics: set[str] = set()
        for event in events:
            try:
                topics |= self._take_one(kind, event)
            except (Problem, OSError) as error:
                self.problem.emit(explain(error))
        if topics:
            self._tell(*topics)
        self.happened.emit(kind, events)

    def _take_one(self, kind: Kind, event: object) -> set[str]:
        match event:
            case loading.Loaded():
                return self._take_loaded(event)
            case loading.TestLoaded(table, told):
                self._take_test_table(table, told)
            case preparing.Prepared() | preparing.Measured():
                return self._take_prepared(event)
            case preparing.Checked() | preparing.Cut():
                job = self.jobs[kind]
                return self._take_check(event) if job is not None and not job.is_stopping else set()
            case Event() if kind == "training":
                return self._take_training(event)
        return set()

    def _end(self, kind: Kind, outcome: Outcome) -> None:
        topics = {"job"}
        if kind in {"trying", "predicting"} and outcome.state == "finished":
            self._note_tried()
        if kind in {"training", "judging", "exporting"}:
            self._look_at_run()
        if kind == "training":
            topics |= {"run", "runs", "report", "exports"}
        elif kind == "import":
            self._end_of_import(outcome)
        elif kind == "judging":
            topics.add("report")
        elif kind == "exporting":
            topics.add("exports")
        self.ended.emit(kind, outcome)
        if outcome.problem is not None:
            self.problem.emit(outcome.problem)
        if kind == "prepare" and self._prepare_again:
            self._prepare_again = False
            self._prepare_rows()
        elif kind == "prepare" or (kind == "check" and self._check_again):
            self._check_rows()
        if kind == "prepare" or (kind == "cuts" and self._cut_again):
            self._cut_again = False
            self._find_cuts()
        self._tell(*topics)

    def _hold(self, folder: Path) -> None:
        """Let no other window open this project; one that may only be read is not held, and none can harm it."""
        if (folder / PROJECT_FILE).exists():
            with suppress(PermissionError):
                hold(folder)

    def _forget(self, *, but: Path | None = None) -> None:
        """Let go of the project, so that another window can open it, unless it is opened again here."""
        self._hold_run(None)
        self.edits.open(None)
        if self.project is not None and self.project.folder != but:
            let_go(self.project.folder)
        self.project, self.table, self.test_table, self.guess = None, None, None, None
        self.config = Config()
        self._prepare_rows()
