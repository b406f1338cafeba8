"""The present run: trained, tried, judged and exported; and the other runs of the project.

In: the choices and the table, or a run's folder. Out: the run with its history, report and exports.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.config.generation import GenerationConfig
from studio.config.goals import GOALS
from studio.events import Event, Started
from studio.gui.job import Job, StillRunning, Work
from studio.gui.present_table import PresentTable
from studio.gui.work import running, searching, trying
from studio.problems import Problem, explain
from studio.runs.exports import Proof, exports
from studio.runs.history import History, replay
from studio.runs.project import delete_run
from studio.runs.run import Run, Status, open_run
from studio.runs.tried import note_tried, was_tried

if TYPE_CHECKING:
    from studio.data.reading.options import ReadOptions
    from studio.evaluation.report import Report


class PresentRun(PresentTable):
    """The run that Train, Try, Judge and Export are about."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.run_status: Status = "ready"
        self.history = History()
        self.report: Report | None = None
        self.exports: dict[str, Proof] = {}
        self._tried = False
        self._learning = Path()  # the folder of the run that was started last
        self._warm, self._shelves = trying.Warm(), searching.Shelves()

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

    def answer(self, questions: dict[trying.Side, trying.Question], generation: GenerationConfig | None = None) -> bool:
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

    def weigh(self, texts: dict[trying.Side, trying.Begun]) -> bool:
        """Ask each side how likely the tokens of its text were; False where it could not start."""
        if self.run is None:
            return False
        task = partial(trying.weigh, warm=self._warm, folder=self.run.folder, texts=texts)
        return self._begin("trying", self.tr("Weighing words"), task)

    def read_text(self, text: str) -> bool:
        """Let the tuned model sort or rate one text; False where it could not start."""
        if self.run is None:
            return False
        task = partial(trying.read_text, warm=self._warm, folder=self.run.folder, text=text)
        has_labels = GOALS[self.run.config.task.kind].has_labels
        title = self.tr("Sorting a text") if has_labels else self.tr("Rating a text")
        return self._begin("trying", title, task)

    def search(self, query: str, file: Path | None = None) -> bool:
        """Let tuned and untouched model search in the run's own passages, or in those of a file; False where it could
        not start."""
        if self.run is None:
            return False
        task = partial(
            searching.search, warm=self._warm, shelves=self._shelves, folder=self.run.folder, query=query, file=file
        )
        return self._begin("trying", self.tr("Searching"), task)

    def find_answer(self, question: str, text: str) -> bool:
        """Let the tuned model find an answer in a text; False where it could not start."""
        if self.run is None:
            return False
        task = partial(trying.find_answer, warm=self._warm, folder=self.run.folder, question=question, text=text)
        return self._begin("trying", self.tr("Finding an answer"), task)

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

    def _take_training(self, event: Event) -> set[str]:
        """Add an event of training to the history; the first one says that the run is there."""
        self.history.add(event)
        if not isinstance(event, Started):
            return set()
        self.run = open_run(self._learning)
        return {"run", "runs"}

    def _train(self, folder: Path, task: Work) -> None:
        if self._begin("training", self.tr("Training"), task):
            self._forget_model()
            self._learning, self.history = folder, replay(folder)
            self._tell("run", "job")

    def _forget_model(self) -> None:
        """Free the memory that the model which was tried, and what it read, take."""
        self._warm.drop()
        self._shelves.drop()

    def _hold_run(self, run: Run | None) -> None:
        self._forget_model()
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

    def _refuse_while_busy(self) -> bool:
        busy = next(iter(self.jobs.running.values()), None)
        return self._refuse(busy, self.tr("“{title}” belongs to this project."))

    def _refuse(self, job: Job | None, why: str) -> bool:
        if job is not None:
            self.problem.emit(
                StillRunning(
                    job,
                    self.tr("Something is still running."),
                    why.format(title=job.title),
                    self.tr("Wait until it ends, or stop it first."),
                )
            )
        return job is not None
