"""The state of the window: the project and its choices, the run, the station, and what is running now.

In: what a person does on a page. Out: `changed` with the topics that are new, `happened` and `ended` of long work,
`problem` for whatever went wrong. The one write path: every editor calls `change`, every page refreshes on `changed`.
Knows nothing of widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from studio.config import edit, paths
from studio.config.config import Config, GenerationConfig
from studio.data.table import snapshots
from studio.events import Event, Started
from studio.gui.choices import Choices
from studio.gui.job import Job, Outcome, Work
from studio.gui.jobs import Kind
from studio.gui.table_edits import TableEdits
from studio.gui.work import loading, preparing, running, trying
from studio.problems import Problem, explain
from studio.runs.exports import Proof, exports
from studio.runs.history import History, replay
from studio.runs.old_layout import bring_over
from studio.runs.project import DATA_FOLDER, create_project, delete_run, free_folder, open_project, save_project
from studio.runs.run import Run, Status, open_run
from studio.runs.tried import note_tried, was_tried

if TYPE_CHECKING:
    from studio.data.reading.options import ReadOptions
    from studio.evaluation.report import Report
    from studio.tasks.example import Turn

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


@dataclass(frozen=True)
class _Incoming:
    """Files that are being read, the project's folder for them, and whether they are those that were read before."""

    files: tuple[Path, ...]
    folder: Path
    is_same_file: bool


class Session(Choices):
    """The one session of the window."""

    happened = Signal(object, object)  # Kind, list of events
    ended = Signal(object, object)  # Kind, Outcome
    idle = Signal()  # the last running job has ended

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.run_status: Status = "ready"
        self.history = History()
        self.report: Report | None = None
        self.exports: dict[str, Proof] = {}
        self.station: Station = "data"
        self._tried = False
        self._learning = Path()  # the folder of the run that was started last
        self._warm = trying.Warm()
        self._incoming: _Incoming | None = None  # what is being read
        self._fit_again: loading.Loaded | None = (
            None  # a table that came while another edit was made to the present one
        )
        self.edits = TableEdits(self)
        self.edits.changed.connect(self._take_edits)
        self.edits.problem.connect(self.problem)
        self.jobs.happened.connect(self._take)
        self.jobs.ended.connect(self._end)
        self.jobs.idle.connect(self._tidy)
        self.jobs.idle.connect(self.idle)

    def open(self, folder: Path) -> None:
        """Open the project in `folder`."""
        if self._refuse_while_busy():
            return
        self.save()
        try:
            bring_over(folder)
            project = open_project(folder)
            table, test_table = project.table(), project.test_table()
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))
            return
        self._forget()
        self.project, self.config, self.table, self.test_table = project, project.config, table, test_table
        self._is_tidy = False
        runs = project.runs()
        if runs:
            self._hold_run(runs[0])
        self._tell(*_ALL)
        if table is not None:
            unread = project.config.data.test_file if test_table is None else ""
            task = partial(
                loading.open_again,
                table=table,
                test_file=Path(unread) if unread else None,
                home=project.data_folder,
                test_told=project.test_told,
            )
            self._begin("import", self.tr("Opening the project"), task, heavy=False)
        self.go_to("train" if runs else "data")

    def new_project(self) -> None:
        """Close the project; the next import makes a new one."""
        if self._refuse_while_busy():
            return
        self.save()
        self._forget()
        self._tell(*_ALL)
        self.go_to("data")

    def import_file(self, file: Path, options: ReadOptions | None = None) -> None:
        """Read a file or a folder into the project; without a project, into a new one named after it."""
        self.import_files((file,), options)

    def import_files(
        self, files: Sequence[Path], options: ReadOptions | None = None, *, is_newer: bool = False
    ) -> None:
        """Read several files as one table: those of training, validation and test, or parts of a large one. Changes are
        made again where they are the files that were read before, or `is_newer` says that they take their place. The
        present table is used until the new one is there, by whatever runs also afterwards."""
        self.save()
        first = files[0]
        folder = self.project.folder if self.project is not None else free_folder(paths.projects(), first.stem)
        data = self.config.data
        is_same_file = is_newer or [str(file) for file in files] == [data.file, *data.more_files]
        task = partial(
            loading.load_table,
            files=files,
            home=folder / DATA_FOLDER,
            options=options,
            now=self.edits.log,
            is_same_file=is_same_file,
        )
        if self._begin("import", self.tr("Reading {name}").format(name=first.name), task, heavy=False):
            self._incoming = _Incoming(tuple(files), folder, is_same_file)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the table was read from."""
        data = self.config.data
        return tuple(map(Path, (data.file, *data.more_files))) if self.table is not None and data.file else ()

    def read_again(self) -> None:
        """Read the table's files once more, as they were told to be read; changes are made again."""
        from studio.flow import told_reading

        if self.files:
            self.import_files(self.files, told_reading(self.config))

    def take_newer(self, files: Sequence[Path]) -> None:
        """Let these files take the place of those that the table was read from: read in the same way, with the same
        changes made again."""
        from studio.flow import told_reading

        if self.table is not None:
            self.import_files(files, told_reading(self.config), is_newer=True)

    def open_sample(self, name: str) -> None:
        """Start a new project with a table that ships with the program: a file of resources/samples."""
        if not self._refuse_while_busy():
            self.new_project()
            self.import_file(paths.resources() / "samples" / name)

    @property
    def is_training(self) -> bool:
        """Whether a run learns right now."""
        return "training" in self.jobs

    def start_training(self) -> None:
        """Make a new run of the present choices and train it."""
        if self.project is None or self.table is None:
            return
        if self._refuse(self.jobs["import"], self.tr("“{title}” may change the rows to learn from.")):
            return
        self.save()
        self.edits.finish_now()
        folder = self.project.next_run_folder()
        task = partial(
            running.train,
            config=self.config,
            folder=folder,
            table=self.table,
            test_table=self.test_table,
            prompts=self.prompts,
        )
        self._train(folder, task)

    def continue_run(self) -> None:
        """Train the present run from where it stopped."""
        if self.run is not None:
            self._train(self.run.folder, partial(running.go_on, folder=self.run.folder))

    @property
    def has_model(self) -> bool:
        """Whether the present run keeps a model to try: from its first look on it does, even if it was stopped before
        what it learned was measured."""
        return self.run is not None and any(look.is_best for look in self.history.looks)

    @property
    def may_go_on(self) -> bool:
        """Whether the present run can be trained further."""
        return self.run is not None and running.may_go_on(self.run_status, self.history)

    @property
    def busy_run(self) -> Path | None:
        """The folder of the run that something works on now."""
        if self.jobs.heavy is None:
            return None
        return self._learning if self.is_training else self.run.folder if self.run is not None else None

    def choose_run(self, run: Run | None) -> bool:
        """Let Train, Try, Judge and Export be about this run; None makes room for a new one. False where it has to
        wait, because something works on another one."""
        busy = self.jobs.heavy
        if busy is not None and run is not None and run.folder == self.busy_run:
            return True
        if self._refuse(busy, self.tr("“{title}” is about another run.")):
            return False
        self._hold_run(run)
        self._tell("run", "report", "exports")
        return True

    def list_runs(self) -> None:
        """Read every run's record; each one comes through `happened` as running.Listed."""
        if self.project is not None and "listing" not in self.jobs:
            self._begin(
                "listing", self.tr("Reading the runs"), partial(running.list_runs, project=self.project), heavy=False
            )

    def remove_run(self, run: Run) -> None:
        """Delete a run's folder for good; one that something works on is refused."""
        if run.folder == self.busy_run:
            self._refuse(self.jobs.heavy, self.tr("“{title}” needs this run."))
            return
        try:
            delete_run(run)
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))
        if self.project is not None and self.run is not None and self.run.folder == run.folder:
            self._hold_run(next(iter(self.project.runs()), None))
        self._tell("runs", "run", "report", "exports")

    def answer(
        self, questions: dict[trying.Side, tuple[Turn, ...]], generation: GenerationConfig | None = None
    ) -> bool:
        """Let tuned and untouched model answer, each its own turns; False where it could not start. `generation` stands
        in for what is chosen."""
        if self.run is None:
            return False
        task = partial(
            trying.answer,
            warm=self._warm,
            folder=self.run.folder,
            questions=questions,
            generation=generation or self.config.generation,
        )
        return self._begin("trying", self.tr("Answering"), task)

    def sort_text(self, text: str) -> bool:
        """Let the tuned model sort one text; False where it could not start."""
        if self.run is None:
            return False
        task = partial(trying.sort_text, warm=self._warm, folder=self.run.folder, text=text)
        return self._begin("trying", self.tr("Sorting a text"), task)

    def predict_file(self, file: Path, out: Path, options: ReadOptions | None = None) -> None:
        """Answer every row of `file` into the new table `out`."""
        if self.run is not None:
            task = partial(trying.predict, folder=self.run.folder, file=file, out=out, options=options)
            self._begin("predicting", self.tr("Answering {name}").format(name=file.name), task)

    def judge(self) -> None:
        """Compare the present run with simpler ways, on rows it never saw."""
        if self.run is not None:
            self._begin("judging", self.tr("Judging"), partial(trying.judge, folder=self.run.folder))

    def export(self, to: str) -> bool:
        """Write the present run's model in the format `to` into the project's exports, and prove it."""
        if self.run is None or self.project is None:
            return False
        out = self.project.folder / "exports" / f"{self.run.folder.name}-{to}"
        task = partial(trying.export, folder=self.run.folder, to=to, out=out)
        return self._begin("exporting", self.tr("Exporting"), task)

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
                new = self._incoming
                return self._take_table(event) if new is None else self._take_new_table(event, new)
            case loading.TestLoaded(table, told) if not self._is_given_up():
                if self.project is not None:
                    self.project = replace(self.project, test_told=told)
                self._use_test_file(str(self._incoming_test or self.config.data.test_file), table)
            case preparing.Prepared() | preparing.Measured():
                return self._take_prepared(event)
            case preparing.Checked() | preparing.Cut():
                job = self.jobs[kind]
                return self._take_check(event) if job is not None and not job.is_stopping else set()
            case Event() if kind == "training":
                self.history.add(event)
                if isinstance(event, Started):
                    self.run = open_run(self._learning)
                    return {"run", "runs"}
        return set()

    def _is_given_up(self) -> bool:
        """Whether what is being read is not wanted any more."""
        job = self.jobs["import"]
        return job is not None and job.is_stopping

    def _take_new_table(self, loaded: loading.Loaded, incoming: _Incoming) -> set[str]:
        """Use the table that was read, unless it is not wanted any more. It counts from the moment in which
        project.json names it; whoever is killed before has the table of before, with all its edits."""
        if self._is_given_up():
            return set()
        self.saving.emit()  # edits that wait are made to the table that they were asked for
        self.edits.finish_now()
        now = self.edits.log
        if now is not None and now is not loaded.log and now.record != loaded.before:
            self._fit_again = loaded  # an edit was made or taken back meanwhile
            return set()
        more = tuple(str(file) for file in incoming.files[1:])
        config = self.config
        for path, new in {"data.file": str(incoming.files[0]), "data.more_files": more, **loaded.options}.items():
            config = edit.change(config, path, new)
        config, snapshot = _with_roles(config, loaded), loaded.table.folder.name
        loaded.log.write_down()
        if self.project is None:
            name = incoming.files[0].stem
            self.project = create_project(incoming.folder, name, config=config, snapshot=snapshot, stamp=loaded.stamp)
        else:
            project = replace(self.project, config=config, snapshot=snapshot, stamp=loaded.stamp)
            save_project(project)
            self.project = project
        self.config, self._is_tidy = config, False
        return self._take_table(loaded)

    def _take_table(self, loaded: loading.Loaded) -> set[str]:
        """Show a table that the project names, and let it be edited."""
        loaded.log.write_down()
        self.config = _with_roles(self.config, loaded)
        if loaded.log is not self.edits.log:
            self.edits.open(loaded.log)
        self.table, self.guess = loaded.log.table, loaded.guess
        for problem in loaded.told:
            self.problem.emit(problem)
        self._prepare_rows()
        return {"project", "config", "table", "roles"}

    def _end_of_import(self, outcome: Outcome) -> None:
        loaded, self._fit_again = self._fit_again, None
        incoming, self._incoming, self._incoming_test = self._incoming, None, None
        if loaded is not None and incoming is not None and outcome.state == "finished":
            task = partial(
                loading.fit_edits,
                table=loaded.table.with_edits(()),
                now=self.edits.log,
                is_same_file=incoming.is_same_file,
                options=loaded.options,
                stamp=loaded.stamp,
            )
            title = self.tr("Making your changes again")
            if self._begin("import", title, task, heavy=False):
                self._incoming = incoming
        elif self.project is None and incoming is not None:  # nothing came, so that no project begins here
            with suppress(OSError):
                snapshots.tidy(incoming.folder / DATA_FOLDER, ())
                (incoming.folder / DATA_FOLDER).rmdir()
                incoming.folder.rmdir()
        elif self.test_table is None and self.config.data.test_file:  # it could not be read, as is said below
            self._use_test_file("", None)

    def _tidy(self) -> None:
        """Remove the snapshots that nobody uses any more: only while nothing at all runs that may read one."""
        if self.project is not None and not self._is_tidy and not Job.running():
            self._is_tidy = True
            with suppress(OSError):  # they are removed the next time
                self.project.tidy()

    def _take_edits(self) -> None:
        """The table after an edit, an undo or a redo; its rows are looked at again."""
        if self.edits.table is not None:
            self.table = self.edits.table
            self._prepare_rows()
            self._tell("table", "dataset", "findings", "facts")

    def _train(self, folder: Path, task: Work) -> None:
        if self._begin("training", self.tr("Training"), task):
            self._warm.drop()
            self._learning, self.history = folder, replay(folder)
            self._tell("run", "job")

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

    def _hold_run(self, run: Run | None) -> None:
        self._warm.drop()
        self.run = run
        self.history = replay(run.folder) if run is not None else History()
        self._look_at_run()

    def _look_at_run(self) -> None:
        from studio.evaluation.report import Report

        self.report, self.run_status, self.exports, self._tried = None, "ready", {}, False
        if self.run is None:
            return
        self.run_status, self.exports = self.run.status(), exports(self.run.folder)
        self._tried = was_tried(self.run.folder)
        try:
            self.report = Report.of_run(self.run.folder)
        except Problem as problem:
            self.problem.emit(problem)

    def _note_tried(self) -> None:
        if self.run is None:
            return
        self._tried = True
        try:
            note_tried(self.run.folder)
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))

    def _forget(self) -> None:
        self._hold_run(None)
        self.edits.open(None)
        self.project, self.table, self.test_table, self.guess = None, None, None, None
        self.config = Config()
        self._prepare_rows()

    def _refuse_while_busy(self) -> bool:
        busy = next(iter(self.jobs.running.values()), None)
        return self._refuse(busy, self.tr("“{title}” belongs to this project."))

    def _refuse(self, job: Job | None, why: str) -> bool:
        if job is not None:
            self.problem.emit(
                Problem(
                    self.tr("Something is still running."),
                    why.format(title=job.title),
                    self.tr("Wait until it ends, or stop it first."),
                )
            )
        return job is not None


def _with_roles(config: Config, loaded: loading.Loaded) -> Config:
    """The choices, with other roles where the columns that had them are not there."""
    from studio import flow

    if {config.data.input, config.data.target} <= set(loaded.table.columns):
        return config
    for path, new in {**flow.settings_of(loaded.guess), "data.group": ""}.items():
        config = edit.change(config, path, new)
    return config
