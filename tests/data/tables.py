"""Small tables on disk for the tests of the data folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import read_table
from studio.data.table.table import Table, open_table
from studio.data.table.write import write_rows
from studio.events import Event


def imported(file: Path, options: ReadOptions = ReadOptions()) -> tuple[Table, list[Event]]:
    """The file's snapshot beside it, and the events of reading it."""
    folder = file.parent / f"{file.name} table"
    events = list(read_table(file, folder, options))
    return open_table(folder), events


def table_of(folder: Path, columns: Sequence[str], rows: Sequence[Sequence[str]], name: str = "rows.csv") -> Table:
    """A table with exactly these rows."""
    write_rows(folder / name, columns, rows)
    return imported(folder / name, ReadOptions("utf-8", ",", '"', True))[0]


def rows_of(table: Table) -> list[tuple[str, ...]]:
    """All rows of a table."""
    return list(zip(*(table.column(name) for name in table.columns), strict=True))
