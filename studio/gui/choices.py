"""What was chosen, and what the rows are good for with it: the half of the session that exists before any run.

In: choices from editors, a table. Out: a checked Config, saved with the project; the rows, looked at again whenever
a choice asks for it; automatic values and a forecast. Knows nothing of runs and pages.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from studio.config import edit
from studio.config.automatic import Automatic, automatic, resolved
from studio.config.config import Config
from studio.gui import work
from studio.gui.job import Work
from studio.gui.jobs import Jobs, Kind
from studio.problems import Problem, explain
from studio.runs.project import Project, save_project

if TYPE_CHECKING:
    from studio.config.automatic import Facts
    from studio.data.checkup import Finding
    from studio.data.dataset import Dataset
    from studio.data.roles import Guess
    from studio.data.table import Table
    from studio.models.fit import Forecast
    from studio.tokens.lengths import Lengths

SAVE_AFTER_MS = 300
MOST_PROMPTS = 3

# A change of one of these makes the rows be looked at again.
_LOOK_PATHS = frozenset(
    {
        "data.input",
        "data.target",
        "data.watching_share",
        "data.test_share",
        "task.kind",
        "task.instruction",
        "model.base",
        "training.seed",
    }
)


class Choices(QObject):
    """Topics of `changed`: project, config, table, roles, dataset, facts, run, runs, job, report, exports,
    station."""

    changed = Signal(object)  # frozenset[str] of topics
    problem = Signal(object)  # Problem, to be shown over the page

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self.config = Config()
        self.table: Table | None = None
        self.test_table: Table | None = None
        self.guess: Guess | None = None
        self.dataset: Dataset | None = None
        self.findings: tuple[Finding, ...] = ()
        self.measured = work.Measured()
        self.trouble: Problem | None = None  # why there is no dataset or no model, shown in place
        self.automatic: dict[str, Automatic] = {}
        self.forecast: Forecast | None = None
        self.jobs = Jobs(self)
        self._look_again = False
        self._saving = QTimer(self, interval=SAVE_AFTER_MS, singleShot=True)
        self._saving.timeout.connect(self.save)

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
            self._saving.start()
            self._tell("config", *(["roles"] if different & {"data.input", "data.target"} else []))
            if different & _LOOK_PATHS:
                self._look_at_rows()
        return None

    def set_role(self, column: str, role: Literal["input", "target"]) -> Problem | None:
        """Let the model read, or learn, this column; where the other role had it, the two are exchanged."""
        data = self.config.data
        other = "target" if role == "input" else "input"
        choices: dict[str, Any] = {f"data.{role}": column}
        if getattr(data, other) == column:
            choices[f"data.{other}"] = getattr(data, role)
        return self.change_all(choices)

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
        if self.project is not None and self.project.prompts:
            return self.project.prompts
        if self.dataset is None:
            return ()
        found: list[str] = []
        for row in self.dataset.rows("watching"):
            if row.input.strip() and row.input not in found:
                found.append(row.input)
            if len(found) == MOST_PROMPTS:
                break
        return tuple(found)

    def set_prompts(self, prompts: tuple[str, ...]) -> None:
        """Watch these examples over time."""
        if self.project is not None:
            kept = tuple(text.strip() for text in prompts if text.strip())[:MOST_PROMPTS]
            self.project = replace(self.project, prompts=kept)
            self._saving.start()
            self._tell("project")

    def save(self) -> None:
        """Write the project's choices now."""
        self._saving.stop()
        if self.project is None:
            return
        self.project = replace(self.project, config=self.config)
        try:
            save_project(self.project)
        except OSError as error:
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

    def _look_at_rows(self) -> None:
        self.dataset, self.findings, self.trouble = None, (), None
        self._measure(work.Measured())
        if (looking := self.jobs["look"]) is not None:
            self._look_again = True
            looking.stop()
        elif self.table is not None:
            task = partial(work.look, config=self.config, table=self.table, test_table=self.test_table)
            self._begin("look", self.tr("Looking at the rows"), task, heavy=False)

    def _measure(self, measured: work.Measured) -> None:
        self.measured = measured
        self._work_out_automatic()

    def _work_out_automatic(self) -> None:
        facts = self.measured.facts
        self.automatic = automatic(self.config, facts) if facts is not None else {}
        self.forecast = self.measured.forecast(resolved(self.config, self.automatic))
