"""What the table view shows: rows read from the Parquet snapshot when they come into view.

In: a Table and the row numbers to show (all, or some in any order), or cells that lie in memory. Out: cells, and the
numbers of the rows. The snapshot is never copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from studio.data.table.pages import as_array
from studio.data.table.table import Table
from studio.gui.widgets.table_pages import TablePages
from studio.problems import explain

if TYPE_CHECKING:
    from studio.data.table.pages import RowNumbers

_LONG = 120  # characters from which on a cell is told whole in its tooltip
_MOST = 2_000  # characters of a tooltip
Index = QModelIndex | QPersistentModelIndex


class TableModel(QAbstractTableModel):
    """Rows of a Table, or the rows that were set aside. `number_at` gives a shown row's number in the table; with
    `notes` a first column says something about some rows."""

    came = Signal(int, int)  # first and last of shown rows that were being read
    problem = Signal(object)  # Problem: the rows cannot be read

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = ()
        self.table: Table | None = None  # the Table whose rows are shown
        self._pages: TablePages | None = None
        self._fixed: Sequence[Sequence[str]] | None = None
        self._numbers: RowNumbers = range(0)
        self._numbered = "{number}"
        self._notes: Mapping[int, str] = {}
        self._pending: dict[tuple[int, str], str] = {}  # cells by row number and column, until the edit is written down

    def show_table(self, table: Table | None, numbers: RowNumbers | None = None, notes: Mapping[int, str] = {}) -> None:
        """Show these rows of a Table; None shows all that are used. `notes` by row number."""
        self.beginResetModel()
        self._let_go()
        self._fixed, self._numbered, self.table, self._notes = None, "{number}", table, notes
        self._pending.clear()
        numbers = range(0) if table is None else table.numbers if numbers is None else numbers
        self._numbers = numbers if isinstance(numbers, range) else as_array(numbers)
        self.columns = table.columns if table is not None else ()
        if notes:
            self.columns = (self._note_name(), *self.columns)
        if table is not None:
            self._begin(table)
        self.endResetModel()

    def _begin(self, table: Table) -> None:
        try:
            self._pages = TablePages(table, self._numbers, self)
        except OSError as error:
            self.problem.emit(explain(error))
            return
        self._pages.came.connect(self._rows_came)
        self._pages.problem.connect(self.problem)

    def show_cells(
        self,
        columns: tuple[str, ...],
        cells: Sequence[Sequence[str]],
        numbers: RowNumbers,
        *,
        numbered: str = "{number}",
    ) -> None:
        """Show rows that lie in memory; `numbers`, counted from 0, are shown beside them in the words `numbered`."""
        self.beginResetModel()
        self._let_go()
        self.table, self._notes, self._numbered = None, {}, numbered
        self.columns, self._fixed = columns, cells
        self._numbers = numbers if isinstance(numbers, range) else as_array(numbers)
        self.endResetModel()

    def _let_go(self) -> None:
        if self._pages is not None:
            self._pages.let_go()
            self._pages.deleteLater()
        self._pages = None

    def _note_name(self) -> str:
        name = self.tr("note")
        return name if name not in self.columns else self.tr("what was noticed")

    @property
    def numbers(self) -> RowNumbers:
        """The numbers of the shown rows, in their order."""
        return self._numbers

    @property
    def note_column(self) -> int:
        """The column of notes; -1 where there is none."""
        return 0 if self._notes else -1

    def number_at(self, row: int) -> int:
        """The 0-based number of a shown row in its table."""
        return int(self._numbers[row])

    def row_of(self, number: int) -> int:
        """Where the row with this number is shown; where it is not, the next one that is, -1 without any. Looks
        through all numbers only where they are in no order."""
        import numpy as np

        if not len(self._numbers):
            return -1
        if isinstance(self._numbers, range):
            return min(max(0, number - self._numbers.start), len(self._numbers) - 1)
        numbers = as_array(self._numbers)
        found = np.flatnonzero(numbers == number)
        if len(found):
            return int(found[0])
        return min(int(np.count_nonzero(numbers < number)), len(numbers) - 1)

    def is_here(self, row: int) -> bool:
        """Whether the cells of a shown row have been read."""
        return self._pages is None or self._pages.row(row) is not None

    def before(self, row: int, column: int) -> str | None:
        """What stood in an edited cell; None for any other."""
        return self._pages.before(row, self._place(column)) if self._pages is not None else None

    def _place(self, column: int) -> int:
        """Where a column stands in the table, which has no notes."""
        return column - (1 if self._notes else 0)

    def expect(self, number: int, column: str, text: str) -> None:
        """Show this text already, while the edit is being written down."""
        self._pending[number, column] = text
        self._tell_row(number)

    def expect_nothing(self) -> None:
        """No edit is being written down: cells hold what they hold."""
        numbers = {number for number, _ in self._pending}
        self._pending.clear()
        for number in numbers:
            self._tell_row(number)

    def _tell_row(self, number: int) -> None:
        row = self.row_of(number)
        if row >= 0:
            self._rows_came(row, row)

    def _rows_came(self, first: int, last: int) -> None:
        self.came.emit(first, last)
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def can_edit(self, column: int) -> bool:
        """Whether the cells of a column are the table's own."""
        return self.table is not None and column != self.note_column

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        can_edit = self.can_edit(index.column()) and self.is_here(index.row())
        return flags | Qt.ItemFlag.ItemIsEditable if can_edit else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._told(index.row(), index.column())
        return None

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; "" while it is being read."""
        if self._fixed is not None:
            return self._fixed[row][column]
        if self._pages is None:
            return ""
        if column == self.note_column:
            return self._notes.get(self.number_at(row), "")
        if self._pending:
            expected = self._pending.get((self.number_at(row), self.columns[column]))
            if expected is not None:
                return expected
        cells = self._pages.row(row)
        return cells[self._place(column)] if cells is not None else ""

    def _told(self, row: int, column: int) -> str | None:
        """The tooltip, never read as markup: a long text whole, and what an edited cell held."""
        text, before = self.cell(row, column), self.before(row, column)
        told = [text[:_MOST] + ("…" if len(text) > _MOST else "")] if len(text) > _LONG or "\n" in text else []
        if before is not None:
            told.append(self.tr("was: {text}").format(text=before[:_MOST] if before else self.tr("nothing")))
        words = escape("\n\n".join(told))
        return f'<p style="white-space:pre-wrap">{words}</p>' if told else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.columns[section]
        return self._numbered.format(number=f"{self.number_at(section) + 1:,}")
