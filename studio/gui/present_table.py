"""The present table: read from files, read again, and edited.

In: files, and how they are read. Out: the project's table with its edits, and `problem` for those that could not
be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.config import edit, paths
from studio.config.config import Config
from studio.config.samples import prompts_of
from studio.data.roles.columns import columns_of, settings_of
from studio.data.table import snapshots
from studio.data.table.edit_log import EDITS_FILE
from studio.gui.choices import Choices
from studio.gui.job import Job, Outcome
from studio.gui.table_edits import TableEdits
from studio.gui.work import loading
from studio.problems import Problem, Where, explain
from studio.runs.hold import hold, is_held, let_go
from studio.runs.project import DATA_FOLDER, create_project, free_folder, save_project

if TYPE_CHECKING:
    from studio.data.reading.options import ReadOptions
    from studio.data.table.table import Table


@dataclass(frozen=True)
class _Incoming:
    """Files that are being read, the project's folder for them, and whether they are those that were read before."""

    files: tuple[Path, ...]
    folder: Path
    is_same_file: bool


@dataclass(frozen=True)
class CameIn:
    """A table that was read and took the place of the one `before`. `is_same_file`: of the same file, or of a newer
    one; `is_same_name`: from the same place on the disk; `is_read_alike`: in the way it was told to be read before.
    `chosen_again`: the columns that had roles are gone, and others have them now."""

    loaded: loading.Loaded
    before: Table
    is_same_file: bool
    is_same_name: bool
    is_read_alike: bool
    chosen_again: bool


class PresentTable(Choices):
    """The table that choices are about. It stays until another one is there; whatever runs may use it longer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._incoming: _Incoming | None = None  # what is being read
        self._fit_again: loading.Loaded | None = None  # a table that came while the present one was edited once more
        self.came: CameIn | None = None  # the last table that took the place of another one
        self.edits = TableEdits(self)
        self.edits.changed.connect(self._take_edits)
        self.edits.problem.connect(self.problem)
        self.jobs.idle.connect(self._tidy)

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
        try:
            hold(folder)
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))
            return
        task = partial(
            loading.load_table,
            files=files,
            home=folder / DATA_FOLDER,
            options=options,
            now=self.edits.log,
            is_same_file=is_same_file,
            known=self.project.stamp if self.project is not None else None,
            lost=self.project.data_folder / self.project.snapshot / EDITS_FILE
            if self.is_lost and self.project
            else None,
        )
        if self._begin("import", self.tr("Reading {name}").format(name=first.name), task, heavy=False):
            self._incoming = _Incoming(tuple(files), folder, is_same_file)
        elif self.project is None:
            _remove_empty(folder)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that the table was read from."""
        data = self.config.data
        is_known = self.table is not None or self.is_lost
        return tuple(map(Path, (data.file, *data.more_files))) if is_known and data.file else ()

    @property
    def is_lost(self) -> bool:
        """Whether the project names a table that cannot be opened; `read_again` brings it back."""
        return self.table is None and self.project is not None and bool(self.project.snapshot)

    def read_again(self) -> None:
        """Read the table's files once more, as they were told to be read; changes are made again."""
        from studio.flow import told_reading

        if self.files:
            self.import_files(self.files, told_reading(self.config))

    def take_newer(self, files: Sequence[Path]) -> None:
        """Let these files take the place of those that the table was read from: read in the same way, with the same
        changes made again."""
        from studio.flow import told_reading

        if self.files:
            self.import_files(files, told_reading(self.config), is_newer=True)

    def _is_given_up(self) -> bool:
        """Whether what is being read is not wanted any more."""
        job = self.jobs["import"]
        return job is not None and job.is_stopping

    def _take_loaded(self, loaded: loading.Loaded) -> set[str]:
        """Use a table that came: the one that is being read, or the one of a project that is opened."""
        new = self._incoming
        return self._take_table(loaded) if new is None else self._take_new_table(loaded, new)

    def _take_test_table(self, table: Table, told: ReadOptions) -> None:
        """Use a test file that was read, unless it is not wanted any more."""
        if self._is_given_up():
            return
        if self.project is not None:
            self.project = replace(self.project, test_told=told)
        self._use_test_file(str(self._incoming_test or self.config.data.test_file), table)

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
        told, snapshot = config, loaded.table.folder.name
        config = _with_roles(config, loaded)
        loaded.log.write_down()
        self.came = self._as_came(loaded, incoming, config, chosen_again=config is not told)
        if self.project is None:
            name = incoming.files[0].stem
            self.project = create_project(incoming.folder, name, config=config, snapshot=snapshot, stamp=loaded.stamp)
            if prompts := prompts_of(incoming.files[0], config.task.kind):
                self.project = replace(self.project, prompts=prompts)
                save_project(self.project)
        else:
            was = Path(self.config.data.file).stem
            is_given = self.project.name != was  # a name that was given stays, one that came from the file goes with it
            name = self.project.name if is_given else incoming.files[0].stem
            project = replace(self.project, name=name, config=config, snapshot=snapshot, stamp=loaded.stamp)
            save_project(project)
            self.project = project
        self.config, self._is_tidy = config, False
        return self._take_table(loaded)

    def _as_came(
        self, loaded: loading.Loaded, incoming: _Incoming, config: Config, *, chosen_again: bool
    ) -> CameIn | None:
        from studio.flow import told_reading

        before, is_alike = self.table, told_reading(config) == told_reading(self.config)
        if before is None:
            return None
        is_same_name = incoming.files == self.files
        return CameIn(loaded, before, incoming.is_same_file, is_same_name, is_alike, chosen_again)

    def _take_table(self, loaded: loading.Loaded) -> set[str]:
        """Show a table that the project names, and let it be edited."""
        loaded.log.write_down()
        if loaded.log is not self.edits.log:
            self.edits.open(loaded.log)
        self.table, self.guess = loaded.log.table, loaded.guess
        for problem in loaded.told:
            self.problem.emit(problem)
        self._prepare_rows()
        return {"project", "config", "table", "roles"}

    def _end_of_import(self, outcome: Outcome) -> None:
        loaded, self._fit_again = self._fit_again, None
        incoming, self._incoming = self._incoming, None
        test, self._incoming_test = self._incoming_test, None
        self._is_tidy = False  # what was stopped or failed may have left a snapshot
        if loaded is not None and incoming is not None and outcome.state == "finished":
            task = partial(
                loading.fit_edits,
                table=loaded.table.with_edits(()),
                now=self.edits.log,
                is_same_file=incoming.is_same_file,
                is_unchanged=loaded.is_unchanged,
                options=loaded.options,
                stamp=loaded.stamp,
            )
            title = self.tr("Making your changes again")
            if self._begin("import", title, task, heavy=False):
                self._incoming = incoming
        elif self.project is None and incoming is not None:  # nothing came, so that no project begins here
            _remove_empty(incoming.folder)
        elif self.test_table is None and test is not None and str(test) == self.config.data.test_file:
            self._go_without(test, outcome)

    def _go_without(self, test: Path, outcome: Outcome) -> None:
        """The project names a test file that did not come: one that cannot be read is let go, one whose reading was
        stopped is kept for the next time; both are said."""
        if outcome.state == "problem" and self.edits.log is not None:
            self._use_test_file("", None)
            problem = Problem(
                self.tr("{name} is not used for judging any more.").format(name=test.name),
                f"{outcome.problem.what} {outcome.problem.why}".strip() if outcome.problem is not None else "",
                self.tr("Choose it again once it can be read. Until then, rows of the table itself are set apart."),
                Where(str(test)),
            )
            QTimer.singleShot(0, self, partial(self.problem.emit, problem))  # after what is said of the reading itself
        else:
            problem = Problem(
                self.tr("{name} was not read.").format(name=test.name),
                self.tr("Opening the project was stopped before. The file stays chosen for judging."),
                self.tr("Open the project again to read it. Until then, rows of the table itself are set apart."),
                Where(str(test)),
            )
            self.problem.emit(problem)

    def _tidy(self) -> None:
        """Remove the snapshots that nobody uses any more: only while nothing at all runs that may read one."""
        if self.project is not None and not self._is_tidy and not Job.running():
            self._is_tidy = True
            if is_held(self.project.folder):  # otherwise another window may have read one that is not named yet
                with suppress(OSError):  # they are removed the next time
                    self.project.tidy()

    def _take_edits(self) -> None:
        """The table after an edit, an undo or a redo; its rows are looked at again."""
        if self.edits.table is not None:
            self.table = self.edits.table
            self._prepare_rows()
            self._tell("table", "dataset", "findings", "facts")


def _remove_empty(folder: Path) -> None:
    """Remove the folder of a project that did not come to be."""
    with suppress(OSError):
        if is_held(folder):
            snapshots.tidy(folder / DATA_FOLDER, ())
            if (folder / DATA_FOLDER).exists():
                (folder / DATA_FOLDER).rmdir()
            let_go(folder)
            folder.rmdir()


def _with_roles(config: Config, loaded: loading.Loaded) -> Config:
    """The choices; with other roles where no column has one yet, or one that the model reads or learns is not there. Of
    the other roles only those go whose columns are gone."""
    from studio import flow

    columns, there = columns_of(config.data), set(loaded.table.columns)
    main = {*columns.read, columns.input, columns.target} - {""}
    if main and main <= there:
        for path, name in settings_of(columns).items():
            if name and path != "data.template" and name not in there:
                config = edit.change(config, path, "")
        return config
    for path, new in {**flow.settings_of(loaded.guess), "data.group": ""}.items():
        config = edit.change(config, path, new)
    return config
