"""Cells of a table by the rows that are shown, decoded page by page when they come into view.

In: a Table and the numbers of the rows to show, in order. Out: cells, at once where they lie near each other in the
file; where a page takes in much of it, as in a sorted table, `came` says when its rows were read. What is not looked at
any more is let go.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio.data.table.pages import PageReader, as_array
from studio.data.table.table import Table
from studio.gui.job import Control, Job, Outcome
from studio.problems import Problem, explain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.data.table.pages import RowNumbers

PAGE = 256  # rows
PAGES_KEPT = 32
_SCATTERED = 32  # rows of a page whose rows lie far from each other
_NEAR = 6  # row groups of the file that a page may touch to be read at once; so many stay decoded
Cells = tuple[str, ...]


class Page:
    """`cells` by row, and for those that were edited what stood there before, by (row, column)."""

    def __init__(self, cells: Sequence[Cells], before: dict[tuple[int, int], str]) -> None:
        self.cells, self.before = cells, before


class TablePages(QObject):
    """The pages of one Table, edited or not."""

    came = Signal(int, int)  # the first and the last row of a page that was waited for
    problem = Signal(object)  # Problem: the rows cannot be read

    def __init__(self, table: Table, numbers: RowNumbers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table, self._numbers = table, numbers
        self._reader = PageReader(table)
        self._bare = PageReader(table.with_edits(table.taken)) if table.overlay.columns else self._reader
        self._starts = _group_starts(table) if not isinstance(numbers, range) else None
        near = self._is_near(numbers[:PAGE])
        self._size = PAGE if near else _SCATTERED
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._wanted: list[int] = []  # pages that are waited for, the last one first
        self._reading: Job | None = None
        self._failed = False

    def row(self, row: int) -> Cells | None:
        """The cells of a shown row; None while they are being read."""
        page = self._page(row)
        return page.cells[row % self._size] if page is not None and row % self._size < len(page.cells) else None

    def before(self, row: int, column: int) -> str | None:
        """What stood in a cell that was edited; None for any other."""
        page = self._pages.get(row // self._size)
        return page.before.get((row % self._size, column)) if page is not None else None

    def let_go(self) -> None:
        """Nothing is wanted any more: what is still being read is dropped."""
        self._wanted.clear()
        if self._reading is not None:
            self._reading.stop()
            self._reading = None

    def _page(self, row: int) -> Page | None:
        number = row // self._size
        found = self._pages.get(number)
        if found is not None:
            self._pages.move_to_end(number)
            return found
        if self._failed:
            return None
        numbers = self._numbers[number * self._size : (number + 1) * self._size]
        if not self._is_near(numbers):
            self._ask_for(number)
            return None
        try:
            found = _decoded(self._table, self._reader, self._bare, numbers)
        except (Problem, OSError) as error:
            self._fail(explain(error))
            return None
        self._keep(number, found)
        return found

    def _is_near(self, numbers: RowNumbers) -> bool:
        import numpy as np

        if isinstance(numbers, range) or self._starts is None:
            return True
        return len(np.unique(np.searchsorted(self._starts, as_array(numbers), side="right"))) <= _NEAR

    def _keep(self, number: int, page: Page) -> None:
        self._pages[number] = page
        if len(self._pages) > PAGES_KEPT * (PAGE // self._size):
            self._pages.popitem(last=False)

    def _fail(self, problem: Problem) -> None:
        if not self._failed:
            self._failed = True
            QTimer.singleShot(0, self, lambda: self.problem.emit(problem))  # not in the middle of painting

    def _ask_for(self, number: int) -> None:
        """Read a page on a thread; what was asked for last comes first, and what has been scrolled past never."""
        if number in self._wanted:
            self._wanted.remove(number)
        self._wanted = [number, *self._wanted[:2]]
        if self._reading is None:
            self._read_next()

    def _read_next(self) -> None:
        if not self._wanted:
            return
        number = self._wanted.pop(0)
        numbers = self._numbers[number * self._size : (number + 1) * self._size]
        task = partial(_read, table=self._table, number=number, numbers=numbers)
        self._reading = Job(task, title=self.tr("Reading rows"), heavy=False)
        self._reading.happened.connect(self._take)
        self._reading.ended.connect(self._end)
        self._reading.start()

    def _take(self, events: list[object]) -> None:
        if self.sender() is not self._reading:
            return
        for event in events:
            if isinstance(event, tuple):
                number, page = event
                self._keep(number, page)
                first = number * self._size
                self.came.emit(first, first + len(page.cells) - 1)

    def _end(self, outcome: Outcome) -> None:
        if self.sender() is not self._reading:
            return
        self._reading = None
        if outcome.problem is not None:
            self._fail(outcome.problem)
        self._wanted = [number for number in self._wanted if number not in self._pages]
        self._read_next()


def _read(_: Control, table: Table, number: int, numbers: RowNumbers) -> Iterator[object]:
    yield number, _decoded(table, PageReader(table), PageReader(table.with_edits(table.taken)), numbers)


def _decoded(table: Table, reader: PageReader, bare: PageReader, numbers: RowNumbers) -> Page:
    """The cells of some rows; where edits may have changed them, also what stands in the snapshot."""
    import numpy as np

    cells = reader.at(numbers)
    changed = table.overlay.columns
    if not any(len(one.renamed) or np.isin(as_array(numbers), one.rows).any() for one in changed.values()):
        return Page(cells, {})
    before = {
        (row, column): was[column]
        for row, (now, was) in enumerate(zip(cells, bare.at(numbers), strict=True))
        if now != was
        for column in range(len(now))
        if now[column] != was[column]
    }
    return Page(cells, before)


def _group_starts(table: Table) -> NDArray[np.int64]:
    """The numbers of the first rows of the file's groups."""
    import numpy as np
    import pyarrow.parquet as pq

    meta = pq.read_metadata(table.file)
    sizes = [meta.row_group(group).num_rows for group in range(meta.num_row_groups)]
    return np.cumsum([0, *sizes[:-1]], dtype=np.int64)
