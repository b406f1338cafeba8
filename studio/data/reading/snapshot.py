"""Rows to Parquet: the table, the rows set aside, and how the file was read.

In: a Source and an empty folder. Out: the snapshot's three files, and how many rows are written so far. Knows nothing
of the kinds of files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studio.data.reading.apart import is_apart
from studio.data.reading.source import Portion, Rejected, Source
from studio.data.reading.strings import number_array, text_array
from studio.data.table.pages import ROW_GROUP, rows_in_group
from studio.data.table.table import REJECTED_FILE, TABLE_FILE, write_reading

if TYPE_CHECKING:
    import pyarrow as pa

_WAITING_ROWS = 65_536  # rows are written once so many wait …
_WAITING_BYTES = 16 << 20  # … or so many bytes of them
_LOOSE_CHARACTERS = 4 << 20  # of rows that came as lists, until they become one batch
_TRIED = 5_000  # rows that show whether values repeat


class Written(NamedTuple):
    """So far: rows kept, what was set aside, and how much of that is no row at all (see apart.py)."""

    rows: int
    rejected: int
    apart: int = 0


def write_snapshot(source: Source, folder: Path) -> Iterator[Written]:
    """Write the whole snapshot into `folder`; the last Written holds the totals."""
    files = _Files(source.columns, folder)
    try:
        for portion in source.portions():
            if portion.again:
                files.close()
                files = _Files(source.columns, folder)
            files.add(portion)
            yield files.written
        files.finish()
    finally:
        files.close()
    write_reading(folder, source.reading(files.written.rejected))
    yield files.written


class _Files:
    """The two Parquet files while they are written."""

    def __init__(self, columns: Sequence[str], folder: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.written = Written(0, 0)
        self._folder = folder
        self._schema = pa.schema([(name, pa.string()) for name in columns])
        self._aside_schema = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())])
        self._table: pq.ParquetWriter | None = None
        self._aside = pq.ParquetWriter(folder / REJECTED_FILE, self._aside_schema)
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = self._waiting_bytes = 0
        self._loose: list[Sequence[str]] = []
        self._loose_characters = 0

    def add(self, portion: Portion) -> None:
        """Write a portion; small ones wait until there are enough rows for a group."""
        import pyarrow as pa

        if isinstance(portion.rows, pa.RecordBatch):
            self._gather()
            self._wait(pa.RecordBatch.from_arrays(portion.rows.columns, schema=self._schema))
            count = portion.rows.num_rows
        else:
            # an Arrow array for each column of a few rows at a time takes seconds where there are thousands of columns
            self._loose += portion.rows
            self._loose_characters += sum(sum(map(len, row)) for row in portion.rows)
            count = len(portion.rows)
            if len(self._loose) >= _WAITING_ROWS or self._loose_characters >= _LOOSE_CHARACTERS:
                self._gather()
        if self._waiting_rows >= _WAITING_ROWS or self._waiting_bytes >= _WAITING_BYTES:
            self.finish()
        self._set_aside(portion.rejected)
        rows, rejected, apart = self.written
        apart += sum(is_apart(row.reason) for row in portion.rejected)
        self.written = Written(rows + count, rejected + len(portion.rejected), apart)

    def close(self) -> None:
        """End both files."""
        if self._table is not None:
            self._table.close()
        self._aside.close()

    def finish(self) -> None:
        """Write what waits, and a file without rows where there are none."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._gather()
        if not self._waiting and self._table is not None:
            return
        rows = pa.Table.from_batches(self._waiting, self._schema)
        if self._table is None:
            repeated = [name for place, name in enumerate(self._schema.names) if _repeats(rows.column(place))]
            self._table = pq.ParquetWriter(
                self._folder / TABLE_FILE,
                self._schema,
                use_dictionary=repeated,
                compression="lz4",
                write_statistics=False,  # the least and the greatest text of a group: nobody asks, and it takes a fifth
            )
        size = rows_in_group(self._waiting[0]) if self._waiting else ROW_GROUP
        self._table.write_table(rows, row_group_size=size)
        self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0

    def _gather(self) -> None:
        """The rows that came as lists, as one batch that waits."""
        import pyarrow as pa

        if self._loose:
            columns = zip(*self._loose, strict=True)
            self._wait(pa.RecordBatch.from_arrays([text_array(cells) for cells in columns], schema=self._schema))
            self._loose, self._loose_characters = [], 0

    def _wait(self, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self._waiting.append(batch)
            self._waiting_rows += batch.num_rows
            self._waiting_bytes += batch.nbytes

    def _set_aside(self, rejected: Sequence[Rejected]) -> None:
        import pyarrow as pa

        if rejected:
            lines, reasons, texts = zip(*rejected, strict=True)
            columns = [number_array(lines), text_array(reasons), text_array(texts)]
            self._aside.write_table(pa.Table.from_arrays(columns, schema=self._aside_schema))


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether a column holds the same few values again and again, as labels do; a dictionary is then smaller, and
    otherwise only slow."""
    first = column.slice(0, _TRIED).to_pylist()
    return len(set(first)) * 4 < len(first)
