"""How the rows of a snapshot lie in their file, and how some of them are read.

In: a Table. Out: all rows piece by piece, or the cells of a few rows; edits are applied on the way. The file is open
only while it is read: a snapshot that is not used any more can go, also where open files may not.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from numpy.typing import NDArray

    from studio.data.table.table import Table

    RowNumbers = Sequence[int] | NDArray[np.int64]  # rows of a table by their number from 0, in some order

ROW_GROUP = 10_000  # rows that are decoded to show one: more make scrolling slow, fewer the file's list of them long
_GROUP_BYTES = 4 << 20  # of long texts fewer rows make a group
_LEAST_ROWS = 500
_SHOWN_COLUMNS = 10  # of a wide table only some columns are read at once
_THREADS = 2
_AHEAD = 3  # row groups that are decoded before they are asked for


class Piece(NamedTuple):
    """Rows `start`, `start` + 1 …: `cells` are strings without nulls, one column each."""

    start: int
    cells: pa.RecordBatch

    @property
    def numbers(self) -> range:
        """The rows' numbers in the table."""
        return range(self.start, self.start + self.cells.num_rows)


def rows_in_group(batch: pa.RecordBatch) -> int:
    """How many rows of a table that begins with `batch` go into one row group of its file."""
    if not batch.num_rows:
        return ROW_GROUP
    shown = batch.nbytes / batch.num_rows * min(1.0, _SHOWN_COLUMNS / max(1, batch.num_columns))
    return int(min(ROW_GROUP, max(_LEAST_ROWS, _GROUP_BYTES / max(1.0, shown))))


def open_writer(file: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer for table.parquet. LZ4 takes half the time of Snappy to read and the same room; a dictionary is for
    labels, and a text that would fill one is written as it is."""
    import pyarrow.parquet as pq

    return pq.ParquetWriter(file, schema, compression="lz4", dictionary_pagesize_limit=64 << 10)


def pieces(table: Table, columns: Sequence[str], *, should_stop: Callable[[], bool] = lambda: False) -> Iterator[Piece]:
    """Every row in order, deleted ones too (`table.numbers` leaves those out), with edits applied. Ends early when
    `should_stop` says so: who needs to know asks it again."""
    file = _Groups(table)
    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for group in range(file.count + _AHEAD):
            if should_stop():
                break
            if group < file.count:
                waiting.append(pool.submit(file.read, group, columns))
            if group >= _AHEAD:
                start = int(file.starts[group - _AHEAD])
                for batch in waiting.popleft().result().to_batches():
                    yield Piece(start, _edited(table, batch, range(start, start + batch.num_rows)))
                    start += batch.num_rows
        for future in waiting:
            future.cancel()


class PageReader:
    """Cells by row number; the last few row groups stay decoded. One reader belongs to one Table: after an edit make
    another. Not for several threads at once."""

    def __init__(self, table: Table, columns: Sequence[str] | None = None, *, keep: int = 6) -> None:
        self._table = table
        self._columns = list(table.columns if columns is None else columns)
        self._file = _Groups(table)
        self._keep = keep
        self._decoded: OrderedDict[int, pa.Table] = OrderedDict()

    @property
    def starts(self) -> NDArray[np.int64]:
        """The numbers of the first row of each group that is decoded at once, and of the row after the last."""
        return self._file.starts

    def page(self, start: int, stop: int) -> list[tuple[str, ...]]:
        """The cells of rows `start` up to, not including, `stop`; fewer where the table ends before."""
        return self.at(range(start, min(stop, self._file.rows)))

    def at(self, numbers: RowNumbers) -> list[tuple[str, ...]]:
        """The cells of any rows, in the order asked for."""
        import numpy as np
        import pyarrow as pa

        wanted = as_array(numbers)
        if not len(wanted) or not self._columns:
            return [()] * len(wanted)
        groups = np.searchsorted(self._file.starts, wanted, side="right") - 1
        order = np.argsort(groups, kind="stable")
        each, first = np.unique(groups[order], return_index=True)
        places = np.split((wanted - self._file.starts[groups])[order], first[1:])
        taken = list(self._taken([(int(group), rows) for group, rows in zip(each, places, strict=True)]))
        columns = []
        for place, name in enumerate(self._columns):
            cells = pa.chunked_array([chunk for one in taken for chunk in one.column(place).chunks], pa.string())
            columns.append(self._table.overlay.applied(name, one_array(cells), wanted[order]).to_pylist())
        found: list[tuple[str, ...]] = list(zip(*columns, strict=True))
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return [found[place] for place in back.tolist()]

    def _taken(self, wanted: list[tuple[int, NDArray[np.int64]]]) -> Iterator[pa.Table]:
        """The rows of each group; many groups, as in a sorted table, are decoded side by side and not kept."""
        if len(wanted) <= self._keep:
            yield from (self._group(group).take(rows) for group, rows in wanted)
            return
        with ThreadPoolExecutor(_THREADS) as pool:
            yield from pool.map(lambda one: self._file.read(one[0], self._columns).take(one[1]), wanted)

    def _group(self, group: int) -> pa.Table:
        if group not in self._decoded:
            self._decoded[group] = self._file.read(group, self._columns)
            if len(self._decoded) > self._keep:
                self._decoded.popitem(last=False)
        self._decoded.move_to_end(group)
        return self._decoded[group]


class _Groups:
    """The row groups of a table's file: `starts` are the numbers of their first rows, and of the row after the last."""

    def __init__(self, table: Table) -> None:
        import numpy as np
        import pyarrow.parquet as pq

        self._path = table.file
        self._meta = pq.read_metadata(self._path)
        self.count: int = self._meta.num_row_groups
        sizes = [self._meta.row_group(group).num_rows for group in range(self.count)]
        self._blank = len(table.taken)  # rows behind the last one; what stands in them is in the edits
        if self._blank:
            sizes.append(self._blank)
            self.count += 1
        self.starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        self.rows = int(self.starts[-1])

    def read(self, group: int, columns: Sequence[str]) -> pa.Table:
        """One group, decoded."""
        import pyarrow.parquet as pq

        if self._blank and group == self.count - 1:
            return blank_rows(columns, self._blank)
        with pq.ParquetFile(self._path, metadata=self._meta) as file:
            return file.read_row_group(group, columns=list(columns), use_threads=False).select(list(columns))


def blank_rows(names: Sequence[str], count: int) -> pa.Table:
    """Rows of empty cells."""
    import pyarrow as pa

    return pa.table([pa.array([""] * count, pa.string())] * len(names), names=list(names))


def as_array(numbers: RowNumbers) -> NDArray[np.int64]:
    """Row numbers as an array, without going through them one by one where that can be."""
    import numpy as np

    if isinstance(numbers, range):
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.int64)
    return np.asarray(numbers, np.int64)


def filled(cells: pa.Array) -> pa.Array:
    """The cells without nulls: an empty cell is ""."""
    import pyarrow.compute as pc

    return pc.fill_null(cells, "") if cells.null_count else cells


def one_array(cells: pa.ChunkedArray) -> pa.Array:
    """Few cells as one array without nulls."""
    import pyarrow as pa

    return filled(pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], pa.string()))


def _edited(table: Table, batch: pa.RecordBatch, numbers: range) -> pa.RecordBatch:
    import pyarrow as pa

    names = batch.schema.names
    edited = [
        table.overlay.applied(name, filled(cells), numbers) for name, cells in zip(names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(edited, names=names)
