"""The Data page: the table as it was read, what its columns are for, its check-up, and how it splits.

In: the session's table, roles, findings and dataset. Out: a file to read, roles, another way of reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio.config.goals import GOALS
from studio.counting import counted
from studio.data.roles.columns import Columns, columns_of
from studio.data.table.table import Table
from studio.data.table.view import CellTest
from studio.events import Progressed
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.data.changes import TableChanges
from studio.gui.pages.data.checkup import CheckUpCard
from studio.gui.pages.data.column_card import ColumnCard
from studio.gui.pages.data.columns import ColumnMenus, chips_of
from studio.gui.pages.data.doubts import DoubtsBand, ReadingBar
from studio.gui.pages.data.files import FileActions
from studio.gui.pages.data.interrupted import InterruptedCard
from studio.gui.pages.data.lost import LostCard
from studio.gui.pages.data.missing import MissingBand
from studio.gui.pages.data.newer import NewerBand
from studio.gui.pages.data.read_again import ColumnsBand, read_again_words
from studio.gui.pages.data.split import SplitCard
from studio.gui.pages.data.start import StartPanel
from studio.gui.pages.data.table import TablePanel
from studio.gui.session import Session
from studio.gui.widgets.band import Bands
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.page import FlowScroll, Page
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.work.loading import Loaded
from studio.problems import Problem
from studio.runs.project import PROJECT_FILE

SIDE_WIDTH = 344
MOST_NAMES = 3  # of files that are one table; the others are counted
LOOK_AFTER_MS = 200  # the page is painted by then


class DataPage(Page):
    """`ask` opens the dialog for a file; `recent` are the folders of the projects that were open lately, the latest
    first; those that are opened from now on are added to them."""

    station = "data"

    def __init__(self, session: Session, ask: Ask, recent: Sequence[Path] = ()) -> None:
        self._reread = Button(self.tr("Change &how it is read"), clicked=lambda: self.files.change_reading())
        self._more = IconButton("more", self.tr("Another version of the file"), clicked=self._offer_files)
        self._more.setFixedSize(34, 34)
        self._next = Button(self.tr("&Next: choose a goal"), "primary", clicked=lambda: session.go_to("goal"))
        super().__init__(actions=(self._more, self._reread, self._next), is_short=True)
        self._session, self._recent = session, list(recent)
        self.files = FileActions(session, ask, self)
        self._shown: Table | None = None
        self._import: Job | None = None
        self._said = ""  # of the last reading, as long as nothing else was said since
        self._labels: tuple[str, ...] = ()  # while rows are looked at again, those that there were
        self._tests: Sequence[int] = ()
        self.interrupted = InterruptedCard(session)
        self._start = StartPanel(
            self.files.choose, self.files.choose_folder, session.open_sample, session.open, self.interrupted
        )
        self._table = TablePanel()
        self.about = ColumnCard()
        self.menus = ColumnMenus(session, self._table, self._look_at_column, self)
        self.changes = TableChanges(session, self._table, self)
        self._table.role_asked.connect(self._open_column_menu)
        self._table.save_asked.connect(self.files.save_rejected)
        self.files.told.connect(self._table.tell)
        self._table.problem.connect(self._tell_problem)
        self.about.problem.connect(self._tell_problem)
        self.about.value_chosen.connect(lambda name, value: self._table.add_test(name, CellTest("equals", (value,))))
        self._check_up = CheckUpCard(self._keep_together)
        self._split = SplitCard(session, self.files)
        self._check_up.shown.connect(self._table.show_finding)
        self._check_up.mended.connect(self.changes.mend)
        self.changes.told.connect(self._show_checks)
        self._doubts = DoubtsBand(self.files.change_reading, session.agree)
        self.newer, self.columns_changed = NewerBand(session), ColumnsBand()
        self.missing = MissingBand(self.files.find_missing)
        self.newer.missing.connect(self.missing.show_missing)
        self._bands = Bands(self.missing, self.columns_changed, self.newer, self._doubts)
        self._trouble = ProblemPanel()
        self._progress = ReadingBar(lambda: session.stop("import"))
        self._stack, self._side = QStackedWidget(), FlowScroll(width=SIDE_WIDTH)
        self.lost = LostCard(session)
        self._lay_out()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._table.focus_search)
        QShortcut(QKeySequence(self.tr("Ctrl+G")), self, self._table.ask_row)
        session.changed.connect(self._refresh)
        session.happened.connect(self._hear)
        self._refresh(frozenset({"table", "job"}))
        if recent:
            QTimer.singleShot(LOOK_AFTER_MS, self, partial(self._look_at_recent, recent))

    def _look_at_recent(self, recent: Sequence[Path]) -> None:
        if self.window().isVisible():
            self.interrupted.look(recent)

    def _lay_out(self) -> None:
        side = self._side
        side.add(self.about)
        side.add(self._check_up)
        side.add(self._split)
        filled = QWidget()
        row = QHBoxLayout(filled)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(20)
        row.addWidget(self._table, 1)
        row.addWidget(side)
        self._stack.addWidget(self._start)
        self._stack.addWidget(filled)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self._progress)
        column.addWidget(self._bands)
        column.addWidget(self._trouble)
        column.addWidget(self._stack, 1)
        column.insertWidget(1, self.lost)
        self.body.addLayout(column)

    def _refresh(self, topics: frozenset[str]) -> None:
        project = self._session.project
        if "project" in topics and project is not None:
            self._start.recent.forget(project.folder)
            self._recent = [project.folder, *(folder for folder in self._recent if folder != project.folder)]
        if topics & {"table", "project"}:
            self._show_table()
        if topics & {"table", "roles", "config", "dataset", "findings", "facts"}:
            self._show_roles()
            self._show_checks()
        if topics & {"table", "job"}:
            self._show_state(topics)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)  # before anything is painted

    def _show_table(self) -> None:
        table = self._session.table
        self._stack.setCurrentIndex(0 if table is None else 1)
        for button in (self._more, self._reread):
            button.setVisible(table is not None)
        self._next.setVisible(table is not None)
        if table is None:
            self._start.recent.show_projects([folder for folder in self._recent if (folder / PROJECT_FILE).exists()])
            self.head.say(
                self.tr("Start with your own table"),
                self.tr("Or take an example: its table is there, and you let a model learn from it."),
            )
        else:
            rows = counted(len(table.numbers), self.tr("{count} row"), self.tr("{count} rows"))
            self.head.say(rows, self._how_read(table))
        self._doubts.show_reading(table.reading if table is not None else None, agreed=self._session.is_agreed)
        if table is not self._shown:
            self._shown = table
            self._table.show_table(table)
            self.about.show_table(table)
            self.changes.show()

    def _how_read(self, table: Table) -> str:
        reading = table.reading
        parts = [self._files(table), self.tr("read as {sentence}").format(sentence=reading.sentence)]
        if table.aside:
            parts.append(counted(table.aside, self.tr("{count} row set aside"), self.tr("{count} rows set aside")))
        if table.taken:
            parts.append(self.tr("{count} taken in by you").format(count=f"{len(table.taken):,}"))
        deleted = table.rows - len(table.numbers)
        if deleted:
            parts.append(self.tr("{count} deleted by you").format(count=f"{deleted:,}"))
        return " · ".join(parts)

    def _files(self, table: Table) -> str:
        """The file's name; of several that are one table, how many they are and the first names."""
        first = table.reading.file
        data = self._session.config.data
        files = [data.file, *data.more_files] if data.more_files and first == data.file else [first]
        names = [Path(file).name for file in files]
        if len(names) == 1:
            return names[0]
        more = len(names) - MOST_NAMES
        listed = ", ".join(names[:MOST_NAMES]) + (self.tr(" and {count} more").format(count=more) if more > 0 else "")
        return self.tr("{count} files: {names}").format(count=f"{len(names):,}", names=listed)

    def _show_roles(self) -> None:
        session = self._session
        if session.table is None:
            return
        answers = not GOALS[session.config.task.kind].has_labels
        labels = session.dataset.labels if session.dataset is not None and not answers else self._labels
        self._labels = () if answers else labels
        self._table.show_roles(
            chips_of(session),
            label="" if answers else session.config.data.target,
            labels=self._labels,
            frequent=session.dataset.frequent if session.dataset is not None and not answers else (),
            test_rows=self._own_test_rows(),
        )

    def _own_test_rows(self) -> Sequence[int]:
        """Those of the table itself; while rows are looked at again, those that there were."""
        dataset = self._session.dataset
        if dataset is not None:
            self._tests = dataset.parts.get("test", ()) if dataset.test_table is None else ()
        elif "prepare" not in self._session.jobs:
            self._tests = ()
        return self._tests

    def _show_checks(self) -> None:
        session = self._session
        if session.table is None:
            self._trouble.clear()
            return
        checked = session.checked
        if session.is_stale:
            checked = replace(checked, is_whole=False, is_last=False)
        elif "cuts" in session.jobs:  # what the length limit cuts is still to come
            checked = replace(checked, is_last=False)
        self._check_up.show_findings(
            session.table, session.findings, checked=checked, changes=session.edits.stack.index(),
            busy=session.edits.is_busy, stale=session.is_stale,
        )  # fmt: skip
        self._table.take_findings(session.findings, is_whole=checked.is_whole, is_last=checked.is_last)
        self._split.show_dataset(session.dataset, session.config.data.test_file, busy="import" in session.jobs)
        self._order_keys()
        data_problem = session.trouble if session.dataset is None else None
        if data_problem is None:
            self._trouble.clear()
        else:
            self._trouble.show_problem(data_problem)
        blocked = (
            "" if session.dataset is not None else self.tr("The table cannot teach yet; see above what is missing.")
        )
        self._next.set_blocked(blocked)

    def _order_keys(self) -> None:
        """Tab goes down the side as the eye does: findings come and go, and new ones would be reached last."""
        stops = [*self._check_up.stops(), *self._split.findChildren(QWidget)]
        none, here = Qt.FocusPolicy.NoFocus, self.window()  # the list of a choice is a window of its own
        reached = [stop for stop in stops if stop.focusPolicy() != none and stop.window() is here]
        for before, after in pairwise(reached):
            QWidget.setTabOrder(before, after)

    def _show_state(self, topics: frozenset[str]) -> None:
        job = self._session.jobs["import"]
        self._progress.setVisible(job is not None)
        if job is not None:
            self._progress.say(job.title)
        if "opened" in topics:
            self.columns_changed.show_columns(None)
        if job is not None or "opened" in topics:
            self.newer.look()
        elif self._import is not None:
            self.newer.settle()  # what was found while it was read
        self._import = job
        self._start.setEnabled(job is None)
        busy = self.tr("The file is being read.") if job is not None else ""
        self._reread.set_blocked(busy)
        self._more.setEnabled(not busy)
        if self._said and "training" in self._session.jobs:
            self._table.forget(self._said)
            self._said = ""
        if "prepare" not in self._session.jobs.running:
            self._show_checks()

    def _hear(self, kind: str, events: list[object]) -> None:
        if kind == "import":
            for event in events:
                if isinstance(event, Progressed):
                    self._progress.advance(event)
                elif isinstance(event, Loaded):
                    self._tell_came(event)

    def _tell_came(self, loaded: Loaded) -> None:
        """Say what came of a reading, unless the table was only opened, is the first one, or was given up."""
        came, table = self._session.came, self._session.table
        if came is not None and came.loaded is loaded and table is not None:
            self._said = read_again_words(came, self._files(table))
            self._table.tell(self._said)
            self.columns_changed.show_columns(came)

    def shown(self) -> None:
        """The page came into view: the file may have been changed meanwhile."""
        self.newer.look()

    def _offer_files(self) -> None:
        self.files.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 2)))

    def _keep_together(self, column: str) -> None:
        problem = self._session.change("data.group", column)
        if problem is not None:
            self._session.problem.emit(problem)

    def _open_column_menu(self, column: str, place: QPoint) -> None:
        menu = self.menus.menu(column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _look_at_column(self, column: str) -> None:
        if self._session.table is not None:
            config = self._session.config
            columns = columns_of(config.data) if GOALS[config.task.kind].has_labels else Columns()
            self.about.show_column(self._session.table, column, columns)
            self._side.verticalScrollBar().setValue(0)

    def _tell_problem(self, problem: Problem) -> None:
        self._session.problem.emit(problem)
