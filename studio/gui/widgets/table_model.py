"""What the table view shows: rows read from the Parquet snapshot when they come into view.

In: a Table, and the row numbers to show (all, or some). Out: cells. One row group and some pages are in
memory; the snapshot is never copied.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.data.table import TABLE_FILE, Table

PAGE = 256
PAGES_KEPT = 32
Index = QModelIndex | QPersistentModelIndex
Cells = list[list[str]]


class TablePages:
    """Cells of a snapshot by row number; pages of rows are decoded when asked for and the oldest are let go. The file
    is open only while it is read, so that another import can replace it at any time."""

    def __init__(self, table: Table) -> None:
        import pyarrow.parquet as pq

        self._path, self._width = table.folder / TABLE_FILE, len(table.columns)
        self._starts = [0]
        with pq.ParquetFile(self._path) as file:
            for group in range(file.num_row_groups):
                self._starts.append(self._starts[-1] + file.metadata.row_group(group).num_rows)
        self._group: tuple[int, Any] = (-1, None)
        self._pages: OrderedDict[int, Cells] = OrderedDict()

    def row(self, number: int) -> list[str]:
        """The cells of one row, in the order of the columns; an empty cell is ""."""
        page = number // PAGE
        if page not in self._pages:
            self._pages[page] = self._decode(page * PAGE)
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        return self._pages[page][number % PAGE]

    def _decode(self, start: int) -> Cells:
        found: Cells = []
        last = min(start + PAGE, self._starts[-1])
        while start < last:
            group = next(n for n, first in enumerate(self._starts[1:]) if start < first)
            end = min(last, self._starts[group + 1])
            piece = self._read(group).slice(start - self._starts[group], end - start)
            columns = [column.to_pylist() for column in piece.columns]
            found += [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
            start = end
        # A snapshot that is being replaced may be shorter than it was; its new table follows in a moment.
        return found + [[""] * self._width] * (PAGE - len(found))

    def _read(self, group: int) -> Any:
        import pyarrow.parquet as pq

        if self._group[0] != group:
            with pq.ParquetFile(self._path) as file:
                self._group = (group, file.read_row_group(min(group, file.num_row_groups - 1)))
        return self._group[1]


class TableModel(QAbstractTableModel):
    """Rows of a Table, or the rows that were set aside. `number_at` gives a shown row's number in the table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = ()
        self._pages: TablePages | None = None
        self._fixed: Cells | None = None
        self._numbers: Sequence[int] = range(0)
        self._numbered = "{number}"

    def show_table(self, table: Table | None, numbers: Sequence[int] | None = None) -> None:
        """Show these rows of a Table; None shows all of them."""
        self.beginResetModel()
        self._fixed, self._numbered = None, "{number}"
        self.columns = table.columns if table is not None else ()
        self._pages = TablePages(table) if table is not None else None
        self._numbers = numbers if numbers is not None else range(table.rows if table is not None else 0)
        self.endResetModel()

    def show_cells(
        self, columns: tuple[str, ...], cells: Cells, numbers: Sequence[int], *, numbered: str = "{number}"
    ) -> None:
        """Show rows that lie in memory; `numbers`, counted from 0, are shown beside them in the words `numbered`."""
        self.beginResetModel()
        self._pages, self._numbered = None, numbered
        self.columns, self._fixed, self._numbers = columns, cells, numbers
        self.endResetModel()

    def number_at(self, row: int) -> int:
        """The 0-based number of a shown row in its table."""
        return self._numbers[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        text = self._cell(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return text[:2000] if len(text) > 120 or "\n" in text else None
        return text

    def _cell(self, row: int, column: int) -> str:
        if self._fixed is not None:
            return self._fixed[row][column]
        return self._pages.row(self._numbers[row])[column] if self._pages is not None else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.columns[section]
        return self._numbered.format(number=f"{self._numbers[section] + 1:,}")
