"""What was chosen, and what the rows are good for with it: the half of the session that exists before any run.

In: choices from editors, a table. Out: a checked Config, saved with the project; the rows, looked at again whenever
a choice asks for it; automatic values and a forecast. Knows nothing of runs and pages.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from operator import is_
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from studio.config import edit
from studio.config.automatic import Automatic, automatic, resolved
from studio.config.config import Config
from studio.config.goals import GOALS
from studio.data.checkup.finding import ordered
from studio.data.reading.options import ReadOptions
from studio.data.roles.columns import Columns, settings_of
from studio.gui.job import Outcome, Work
from studio.gui.jobs import Jobs, Kind
from studio.gui.work import loading, preparing
from studio.problems import Problem, explain
from studio.runs.hold import hold
from studio.runs.project import Project, reading_sum, save_project

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.data.checkup.finding import Finding
    from studio.data.parts.dataset import Dataset
    from studio.data.roles.roles import Guess
    from studio.data.table.table import Table
    from studio.models.fit import Forecast
    from studio.tokens.lengths import Lengths

SAVE_AFTER_MS = 300

_ROLE_PATHS = frozenset(settings_of(Columns()))  # what the columns are for
# A change of one of these makes the check-up begin anew; how the rows are split does not matter to it.
_CHECK_PATHS = _ROLE_PATHS | {"task.kind", "task.several"}
# A change of one of these makes the rows be split and measured again.
_LOOK_PATHS = _CHECK_PATHS | {
    "data.watching_share",
    "data.test_share",
    "task.instruction",
    "task.chat_template",
    "task.reading",
    "task.no_answer",
    "task.pairing",
    "task.query_prefix",
    "task.passage_prefix",
    "task.windows",
    "model.base",
    "model.family",
    "model.size",
    "model.units",
    "model.vocabulary",
    "training.seed",
}


class Choices(QObject):
    """Topics of `changed`: opened (another project, or none), project, config, table, roles, dataset, findings, facts,
    run, runs, job, report, exports, station."""

    changed = Signal(object)  # frozenset[str] of topics
    saving = Signal()  # whoever still waits for more typing hands over what there is
    problem = Signal(object)  # Problem, to be shown over the page

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self.config = Config()
        self.table: Table | None = None
        self.test_table: Table | None = None
        self.guess: Guess | None = None
        self.dataset: Dataset | None = None
        self.checked = preparing.Checked()
        self._cuts: tuple[Finding, ...] = ()
        self._about: tuple[tuple[object, ...], object] = ((None, None), ())  # what the findings are about, edits aside
        self._old_check = self._old_cuts = False  # found in the rows, or at the limit, before the last change
        self._check_again = self._cut_again = False  # those that run are about what was chosen before
        self._cut_at: int | None = None  # the limit that they are about
        self._first_texts: tuple[str, ...] = ()
        self.measured = preparing.Measured()
        self.trouble: Problem | None = None  # why there is no dataset or no model, shown in place
        self.automatic: dict[str, Automatic] = {}
        self.jobs = Jobs(self)
        self.jobs.ended.connect(self._drop_unanswered)
        self._is_tidy = True  # no snapshot lies there that is not used any more
        self._incoming_test: Path | None = None  # the test file being read
        self._prepare_again = False  # the look that runs is about what was chosen before: another one follows it
        self._save_soon = QTimer(self, interval=SAVE_AFTER_MS, singleShot=True)
        self._save_soon.timeout.connect(self.save)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the check-up found so far and what the length limit cuts, the worst first."""
        return ordered((*self.checked.findings, *self._cuts))

    @property
    def is_stale(self) -> bool:
        """Whether findings are still those before the last change, because the new ones are being looked for."""
        return self._old_check or self._old_cuts

    @property
    def is_counting_cuts(self) -> bool:
        """Whether it is still to come what the length limit cuts, because rows, model or limit are new."""
        if "prepare" in self.jobs:
            return self.table is not None
        limit = resolved(self.config, self.automatic).task.max_tokens
        if self.dataset is None or self.base is None or limit is None:
            return False
        return limit != self._cut_at or "cuts" in self.jobs

    @property
    def forecast(self) -> Forecast | None:
        """What a run of these choices would take; a run that ended meanwhile has made it surer."""
        return self.measured.forecast(resolved(self.config, self.automatic))

    def change(self, path: str, new: Any) -> Problem | None:
        """Set one choice. What is wrong with it comes back for the editor to show, and nothing changes."""
        return self.change_all({path: new})

    def change_all(self, choices: dict[str, Any]) -> Problem | None:
        """Set several choices at once, with one signal."""
        config = self.config
        try:
            for path, new in choices.items():
                config = edit.change(config, path, new)
        except Problem as problem:
            return problem
        if config != self.config:
            different = {path for path in choices if edit.value(config, path) != edit.value(self.config, path)}
            self.config = config
            self._work_out_automatic()
            self._save_soon.start()
            self._tell("config", *(["roles"] if different & _ROLE_PATHS else []))
            in_pieces = "task.max_tokens" in different and GOALS[config.task.kind].whole_text  # each of them is a row
            if different & _LOOK_PATHS or in_pieces:
                self._prepare_rows(anew=bool(different & _CHECK_PATHS))
            elif "task.max_tokens" in different:
                self._find_cuts()
        return None

    def set_role(self, column: str, role: Literal["input", "target"]) -> Problem | None:
        """Let the model read, or learn, this column; where the other role had it, the two are exchanged."""
        data = self.config.data
        other = "target" if role == "input" else "input"
        choices: dict[str, Any] = {f"data.{role}": column}
        if getattr(data, other) == column:
            choices[f"data.{other}"] = getattr(data, role)
        return self.change_all(choices)

    def import_test_file(self, file: Path, options: ReadOptions | None = None) -> None:
        """Read a file whose rows are kept for judging; then no rows of the table are set apart for it."""
        if self.project is None:
            return
        told = options or ReadOptions()
        task = partial(loading.load_test_table, file=file, home=self.project.data_folder, options=told)
        if self._begin("import", self.tr("Reading {name}").format(name=file.name), task, heavy=False):
            self._incoming_test = file

    def drop_test_file(self) -> None:
        """Judge on rows of the table itself again; runs keep their own copy of what they are judged on."""
        self._use_test_file("", None)

    def _use_test_file(self, file: str, table: Table | None) -> None:
        self.test_table = table
        self.config = edit.change(self.config, "data.test_file", file)
        if self.project is not None:
            self.project = replace(self.project, test_snapshot=table.folder.name if table is not None else "")
        self._is_tidy = False
        self.save()
        self._prepare_rows()
        self._tell("config", "dataset", "facts")

    @property
    def facts(self) -> Facts | None:
        """What automatic values depend on; None until rows and model are measured."""
        return self.measured.facts

    @property
    def lengths(self) -> Lengths | None:
        """The training rows' lengths in tokens."""
        return self.measured.lengths

    @property
    def base(self) -> Path | None:
        """The folder of the model to start from."""
        return self.measured.base

    @property
    def prompts(self) -> tuple[str, ...]:
        """The user's own examples; rows that are kept for watching until there are some."""
        own = self.project.prompts if self.project is not None else ()
        return own or self._first_texts

    def set_prompts(self, prompts: tuple[str, ...]) -> None:
        """Watch these examples over time."""
        if self.project is not None:
            kept = tuple(text.strip() for text in prompts if text.strip())[: preparing.MOST_PROMPTS]
            self.project = replace(self.project, prompts=kept)
            self._save_soon.start()
            self._tell("project")

    @property
    def is_agreed(self) -> bool:
        """Whether somebody said that this very reading of the file is right."""
        return (
            self.project is not None
            and self.table is not None
            and self.project.agreed == reading_sum(self.table.reading)
        )

    def agree(self) -> None:
        """Remember with the project that this reading is right."""
        if self.project is not None and self.table is not None:
            self.project = replace(self.project, agreed=reading_sum(self.table.reading))
            self._save_soon.start()
            self._tell("project")

    def save(self) -> None:
        """Write the project's choices now."""
        self.saving.emit()
        self._save_soon.stop()
        if self.project is None:
            return
        self.project = replace(self.project, config=self.config)
        try:
            hold(self.project.folder)
            save_project(self.project)
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))

    def _tell(self, *topics: str) -> None:
        self.changed.emit(frozenset(topics))

    def _begin(self, kind: Kind, title: str, task: Work, *, heavy: bool = True) -> bool:
        try:
            self.jobs.begin(kind, title, task, heavy=heavy)
        except Problem as problem:
            self.problem.emit(problem)
            return False
        self._tell("job")
        return True

    def look_again(self) -> None:
        """Look at the rows and the model once more: what is chosen has come to this computer only now."""
        self._prepare_rows()

    def _prepare_rows(self, *, anew: bool = True) -> None:
        """Split and measure the rows; unless only the parts change, check them `anew`. What was found before an edit is
        kept until the new answer is there; what is about other columns or another file goes at once."""
        self.dataset, self.trouble, self._first_texts = None, None, ()
        self._cut_at = None
        (read, chosen), (read_before, chosen_before) = self._subject(), self._about
        self._about = (read, chosen)
        if chosen != chosen_before or not all(map(is_, read, read_before)):
            self.checked, self._cuts = preparing.Checked(), ()
            self._old_check = self._old_cuts = False
        self._old_cuts = bool(self._cuts)
        if anew:
            self._old_check = bool(self.checked.findings)
            if not self._old_check:
                self.checked = preparing.Checked()
        self._measure(preparing.Measured())
        void: tuple[Kind, ...] = ("check", "cuts") if anew else ("cuts",)
        for kind in void:
            if (job := self.jobs[kind]) is not None:
                job.stop()
        if (running := self.jobs["prepare"]) is not None:
            self._prepare_again = True
            running.stop()
        elif self.table is not None:
            task = partial(preparing.prepare, config=self.config, table=self.table, test_table=self.test_table)
            self._begin("prepare", self.tr("Looking at the rows"), task, heavy=False)

    def _subject(self) -> tuple[tuple[object, ...], object]:
        """What findings are about, besides the cells: the readings of the tables, which edits leave as they are, and
        what the columns are for."""
        read = tuple(table.reading if table is not None else None for table in (self.table, self.test_table))
        return read, tuple(edit.value(self.config, path) for path in sorted(_CHECK_PATHS))

    def _drop_unanswered(self, kind: Kind, _: Outcome) -> None:
        """What was found before goes where no new answer comes, because the search failed or was stopped for good."""
        if "prepare" in self.jobs.running or kind in self.jobs.running:
            return
        if kind == "check" and self._old_check and not self._check_again:
            self.checked, self._old_check = preparing.Checked(), False
        elif kind == "cuts" and self._old_cuts and not self._cut_again:
            self._cuts, self._old_cuts = (), False

    def _check_rows(self) -> None:
        """Begin the check-up, unless an older one still has to end; it is begun anew when that has ended."""
        if (job := self.jobs["check"]) is not None:
            self._check_again = job.is_stopping  # one that still holds goes on
            return
        self._check_again = False
        if self.table is not None and (self._old_check or not self.checked.is_last):
            task = partial(preparing.check, config=self.config, table=self.table, test_table=self.test_table)
            self._begin("check", self.tr("Checking the rows"), task, heavy=False)

    def _find_cuts(self) -> None:
        """Find the rows that the present limit cuts; an older search ends first."""
        config = resolved(self.config, self.automatic)
        limit = config.task.max_tokens
        if self.dataset is None or self.base is None or limit is None:
            if "prepare" not in self.jobs.running:  # no new ones come
                self._cuts, self._old_cuts = (), False
            return
        if limit == self._cut_at:
            return
        self._old_cuts = bool(self._cuts)
        if (job := self.jobs["cuts"]) is not None:
            job.stop()
            self._cut_again = True
            return
        self._cut_at = limit
        task = partial(preparing.find_cuts, config=config, dataset=self.dataset, base=self.base)
        self._begin("cuts", self.tr("Measuring the rows"), task, heavy=False)

    def _take_check(self, event: preparing.Checked | preparing.Cut) -> set[str]:
        if isinstance(event, preparing.Checked):
            if self._old_check and not event.is_last:
                return set()  # a part of the new answer would look healthier than the rows are
            self.checked, self._old_check = event, False
        else:
            self._cuts, self._old_cuts = event.findings, self._cut_again
        return {"findings"}

    def _take_prepared(self, event: preparing.Prepared | preparing.Measured) -> set[str]:
        if self._prepare_again:  # of rows or columns that are not chosen any more
            return set()
        self.trouble = event.problem
        if isinstance(event, preparing.Measured):
            self._measure(event)
            return {"facts"}
        self.dataset, self._first_texts = event.dataset, event.prompts
        self._measure(preparing.Measured())
        return {"dataset", "facts"}

    def _measure(self, measured: preparing.Measured) -> None:
        self.measured = measured
        self._work_out_automatic()

    def _work_out_automatic(self) -> None:
        facts = self.measured.facts
        self.automatic = automatic(self.config, facts) if facts is not None else {}
