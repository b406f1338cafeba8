"""Which rows of the table are shown, and in what order: search, conditions and sorting, each found on a thread.

In: a Table, some of its rows to begin with, and a RowQuery. Out: `ready` with the row numbers. What was found stays
known until the table is another one, so that taking one condition away does not look for the others again. Knows no
widgets.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.data.table.table import Table
from studio.gui.job import Job, Outcome
from studio.gui.work.browsing import Arranged, Found, RowQuery, arranged, find_rows, in_use

if TYPE_CHECKING:
    from studio.data.table.pages import RowNumbers

_AT_ONCE = 200_000  # rows whose numbers are put together without a thread


class TableRows(QObject):
    """`query` is what is wanted, `shown` what the rows that were given last are."""

    ready = Signal(object)  # the row numbers
    busy = Signal(bool)  # whether something is being looked for
    problem = Signal(object)  # Problem

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.query = self.shown = RowQuery()
        self._base: RowNumbers | None = None
        self._known: dict[Any, Any] = {}
        self._job: Job | None = None
        self._made: RowNumbers = range(0)

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked for."""
        return self._job is not None

    def begin(self, table: Table | None) -> None:
        """Another table: all of its rows."""
        self._drop()
        self.table, self._base, self._known = table, None, {}
        self.query = RowQuery()
        self._find()

    def take_edited(self, table: Table) -> None:
        """The same table after an edit: rows that are gone leave at once, the rest is found anew."""
        self._drop()
        self.table, self._known = table, {}
        if self.query.keys:
            self._tell(in_use(table, self._made))
        self._find()

    def begin_with(self, base: RowNumbers | None, query: RowQuery | None = None) -> None:
        """Only these rows, in this order; None: all."""
        self._base = base
        self.query = query if query is not None else self.query
        self._find()

    def ask(self, query: RowQuery) -> None:
        """Other conditions, or another order."""
        self.query = query
        self._find()

    def stop(self) -> None:
        """Do not look any further; what was shown stays."""
        self._drop()
        self.query = self.shown
        self.ready.emit(self._made)

    def _drop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self._job = None
            self.busy.emit(False)

    def _find(self) -> None:
        self._drop()
        table, keys = self.table, self.query.keys
        self._known = {key: found for key, found in self._known.items() if key in keys}
        missing = tuple(key for key in keys if key not in self._known)
        if table is None:
            self._tell(range(0))
        elif not missing and (table.rows <= _AT_ONCE or not (keys or self._base is not None)):
            self._tell(arranged(table, self._base, self.query, self._known))
        else:
            task = partial(
                find_rows, table=table, base=self._base, query=self.query, known=dict(self._known), missing=missing
            )
            title = self.tr("Sorting") if self.query.sort in missing else self.tr("Searching")
            self._job = Job(task, title=title, heavy=False)
            self._job.happened.connect(self._take)
            self._job.ended.connect(self._end)
            self._job.start()
            self.busy.emit(True)

    def _take(self, events: list[object]) -> None:
        if self.sender() is not self._job:
            return
        for event in events:
            if isinstance(event, Found):
                self._known[event.key] = event.numbers
            elif isinstance(event, Arranged):
                self._job = None
                self.busy.emit(False)
                self._tell(event.numbers)

    def _end(self, outcome: Outcome) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        self.query = self.shown
        self.busy.emit(False)
        if outcome.problem is not None:
            self.problem.emit(outcome.problem)
        self.ready.emit(self._made)

    def _tell(self, numbers: RowNumbers) -> None:
        self._made, self.shown = numbers, self.query
        self.ready.emit(numbers)
