"""Snapshots written as they are, in small row groups, for the tests that do not ask how a file is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from studio.data.table.table import REJECTED_FILE, TABLE_FILE, Reading, Table, open_table, write_reading


def snapshot(
    folder: Path, columns: Sequence[str], rows: Sequence[Sequence[str]], *, group: int = 3, rejected: int = 0
) -> Table:
    """A table with exactly these rows, `group` of them in a row group."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(columns))]
    pq.write_table(pa.table(cells, names=list(columns)), folder / TABLE_FILE, row_group_size=group)
    aside = {"line": [*range(rejected)], "reason": ["It is short."] * rejected, "text": ["a;“b”\nc"] * rejected}
    schema = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())])
    pq.write_table(pa.table(aside, schema=schema), folder / REJECTED_FILE)
    write_reading(folder, Reading("rows.csv", rejected=rejected))
    return open_table(folder)


def cells_of(table: Table) -> list[list[str]]:
    """All rows as they are now, deleted ones too."""
    return [list(row) for row in zip(*(table.column(name) for name in table.columns), strict=True)]


class Model:
    """What a table should be after edits, kept as plain lists."""

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.columns = list(columns)
        self.cells = [list(row) for row in rows]
        self.gone: set[int] = set()

    def do(self, edit: object) -> None:
        """Make one edit."""
        from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells

        if isinstance(edit, DeleteRows):
            self.gone |= set(edit.rows)
        elif isinstance(edit, SetCells):
            for row, text in edit.cells:
                self.cells[row][self.columns.index(edit.column)] = text
        elif isinstance(edit, ReplaceValue):
            place = self.columns.index(edit.column)
            for row in self.cells:
                if row[place] == edit.before:
                    row[place] = edit.after

    @property
    def numbers(self) -> list[int]:
        """The rows that are used."""
        return [row for row in range(len(self.cells)) if row not in self.gone]
