"""Which rows of the table are shown, and in what order: search, conditions and sorting, each found on a thread.

In: a Table, some of its rows to begin with, and a Choice. Out: `ready` with the row numbers. What was found stays known
until the table is another one, so that taking one condition away does not look for the others again. Knows no widgets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from studio.data.table.order import sort
from studio.data.table.pages import as_array
from studio.data.table.table import Table
from studio.data.table.view import CellTest, combine, gathered, search, where
from studio.gui.job import Control, Job, Outcome

if TYPE_CHECKING:
    from studio.gui.widgets.table_pages import Numbers

_AT_ONCE = 200_000  # rows whose numbers are put together without a thread


class SortedBy(NamedTuple):
    """A column, the way round, and whether its cells are numbers."""

    column: str
    descending: bool = False
    as_number: bool = False


@dataclass(frozen=True)
class Choice:
    """What a row has to have: a text in any column, and what each of some columns has to hold; and the order."""

    search: str = ""
    tests: tuple[tuple[str, CellTest], ...] = ()
    sort: SortedBy | None = None

    @property
    def keys(self) -> tuple[Any, ...]:
        """What has to be found, each by itself."""
        return (*([self.search] if self.search else []), *self.tests, *([self.sort] if self.sort is not None else []))


class TableRows(QObject):
    """`choice` is what is wanted, `shown` what the rows that were given last are."""

    ready = Signal(object)  # the row numbers
    busy = Signal(bool)  # whether something is being looked for
    problem = Signal(object)  # Problem

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.choice = self.shown = Choice()
        self._base: Numbers | None = None
        self._known: dict[Any, Any] = {}
        self._job: Job | None = None
        self._made: Numbers = range(0)

    @property
    def is_busy(self) -> bool:
        """Whether something is being looked for."""
        return self._job is not None

    def begin(self, table: Table | None) -> None:
        """Another table: all of its rows."""
        self._drop()
        self.table, self._base, self._known = table, None, {}
        self.choice = Choice()
        self._find()

    def take_edited(self, table: Table) -> None:
        """The same table after an edit: rows that are gone leave at once, the rest is found anew."""
        self._drop()
        self.table, self._known = table, {}
        if self.choice.keys:
            self._tell(_used(table, self._made))
        self._find()

    def begin_with(self, base: Numbers | None, choice: Choice | None = None) -> None:
        """Only these rows, in this order; None: all."""
        self._base = base
        self.choice = choice if choice is not None else self.choice
        self._find()

    def choose(self, choice: Choice) -> None:
        """Other conditions, or another order."""
        self.choice = choice
        self._find()

    def stop(self) -> None:
        """Do not look any further; what was shown stays."""
        self._drop()
        self.choice = self.shown
        self.ready.emit(self._made)

    def _drop(self) -> None:
        if self._job is not None:
            self._job.stop()
            self._job = None
            self.busy.emit(False)

    def _find(self) -> None:
        self._drop()
        table, keys = self.table, self.choice.keys
        self._known = {key: found for key, found in self._known.items() if key in keys}
        missing = tuple(key for key in keys if key not in self._known)
        if table is None:
            self._tell(range(0))
        elif not missing and (table.rows <= _AT_ONCE or not (keys or self._base is not None)):
            self._tell(_combined(table, self._base, self.choice, self._known))
        else:
            task = partial(
                _look, table=table, base=self._base, choice=self.choice, known=dict(self._known), missing=missing
            )
            title = self.tr("Sorting") if self.choice.sort in missing else self.tr("Searching")
            self._job = Job(task, title=title, heavy=False)
            self._job.happened.connect(self._take)
            self._job.ended.connect(self._end)
            self._job.start()
            self.busy.emit(True)

    def _take(self, events: list[object]) -> None:
        if self.sender() is not self._job:
            return
        for event in events:
            if isinstance(event, _Found):
                self._known[event.key] = event.numbers
            elif isinstance(event, _Made):
                self._job = None
                self.busy.emit(False)
                self._tell(event.numbers)

    def _end(self, outcome: Outcome) -> None:
        if self.sender() is not self._job:
            return
        self._job = None
        self.choice = self.shown
        self.busy.emit(False)
        if outcome.problem is not None:
            self.problem.emit(outcome.problem)
        self.ready.emit(self._made)

    def _tell(self, numbers: Numbers) -> None:
        self._made, self.shown = numbers, self.choice
        self.ready.emit(numbers)


class _Found(NamedTuple):
    key: Any
    numbers: Any


class _Made(NamedTuple):
    numbers: Numbers


def _look(
    control: Control,
    table: Table,
    base: Numbers | None,
    choice: Choice,
    known: dict[Any, Any],
    missing: tuple[Any, ...],
) -> Iterator[object]:
    """Find what is not known yet, and put all together."""
    for key in missing:
        found: Any
        if isinstance(key, SortedBy):
            sorting = sort(
                table,
                key.column,
                descending=key.descending,
                as_number=key.as_number,
                should_stop=control.should_stop,
            )
            found = sorting.numbers if sorting is not None else None
        elif isinstance(key, str):
            found = gathered(search(table, key, should_stop=control.should_stop))
        else:
            found = gathered(where(table, key[0], key[1], should_stop=control.should_stop))
        if control.should_stop():
            return
        known[key] = found
        yield _Found(key, found)
    yield _Made(_combined(table, base, choice, known))


def _combined(table: Table, base: Numbers | None, choice: Choice, known: dict[Any, Any]) -> Numbers:
    filters = [known[key] for key in choice.keys if key is not choice.sort]
    if choice.sort is None:
        return combine(table, None if base is None else _used(table, base), *filters)
    return combine(table, known[choice.sort], *filters, *([] if base is None else [as_array(base)]))


def _used(table: Table, numbers: Numbers) -> Numbers:
    """Those of the rows that are not deleted."""
    import numpy as np

    if not len(table.overlay.deleted):
        return numbers
    some = as_array(numbers)
    return some[~np.isin(some, table.overlay.deleted)]
