"""A Table: rows as they were in the file, every cell as text, kept as a Parquet snapshot in a folder.

In: a folder written by read.py, and the edits made since. Out: columns and rows on demand, with the edits applied;
nothing is held in memory, and the snapshot stays as it is.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.data.table.edits import AppendRow, Edit, appended, check_edits, missing_column
from studio.data.table.overlay import Overlay, overlay_of
from studio.data.table.pages import PageReader, as_array, blank_rows, filled, open_writer, pieces, rows_in_group
from studio.problems import Problem

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

TABLE_FILE = "table.parquet"
READING_FILE = "reading.json"
_RENAMED = {"part": "member", "parts": "members"}  # in the reading.json of snapshots from before
_ASIDE = 1_000  # rows set aside that are read at once
REJECTED_FILE = "rejected.parquet"  # columns: line (int64), reason (string), text (string, the raw line)


@dataclass(frozen=True)
class Reading:
    """How a file was read. `kind` is what it was ("delimited", "workbook", "json", "lines", "parquet", "arrow", "text",
    "folder"), `sentence` tells the reading in words; `certain` is 0..1, and `doubts` say in one sentence each what it
    is less certain of. `skip` counts the lines above the table. `member` of `members` was read, where there was a
    choice. `shape` names a known structure of the rows ("" where there is none; see shapes.py)."""

    file: str
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True
    rejected: int = 0
    certain: float = 1.0
    sentence: str = ""
    kind: str = "delimited"
    skip: int = 0
    member: str = ""
    members: tuple[str, ...] = ()
    shape: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """`rows` rows of text under `columns`, in `folder`, with `edits` made to them. `rows` is what the snapshot holds,
    and behind it the rows set aside that were taken back; rows keep their numbers (0 to `rows` - 1) also where some are
    deleted, and `numbers` are those that are used."""

    folder: Path
    columns: tuple[str, ...]
    rows: int
    reading: Reading
    edits: tuple[Edit, ...] = ()

    @property
    def file(self) -> Path:
        """The snapshot's rows."""
        return self.folder / TABLE_FILE

    def with_edits(self, edits: Sequence[Edit]) -> Table:
        """The same snapshot with these edits, in order, instead of those it has. No cell is read. Raises a Problem for
        a column or a row that is not there."""
        done, known = tuple(edits), len(self.edits)
        follows = done[:known] == self.edits
        new, rows = (done[known:], self.rows) if follows else (done, self.read_rows)
        taken = [edit.aside for edit in self.taken] if follows and appended(new) else ()
        check_edits(new, self.columns, rows, aside=self.reading.rejected, taken=taken)
        return replace(self, edits=done, rows=self.read_rows + len(appended(done)))

    @cached_property
    def read_rows(self) -> int:
        """How many rows were read from the file: those that the snapshot holds."""
        return self.rows - len(self.taken)

    @cached_property
    def taken(self) -> tuple[AppendRow, ...]:
        """The rows set aside that were taken into the table."""
        return appended(self.edits)

    @property
    def aside(self) -> int:
        """How many rows are set aside. Read, taken and still set aside are all rows of the file."""
        return self.reading.rejected - len(self.taken)

    def is_edit_of(self, other: Table) -> bool:
        """Whether this is the same snapshot, opened once, with other edits or the same."""
        return self.reading is other.reading and self.folder == other.folder and self.read_rows == other.read_rows

    @cached_property
    def overlay(self) -> Overlay:
        """What the edits change, worked out once."""
        return overlay_of(self.edits)

    @cached_property
    def numbers(self) -> Sequence[int]:
        """The 0-based numbers of the rows that are used, in order: all but the deleted ones."""
        import numpy as np

        deleted = self.overlay.deleted
        return np.delete(np.arange(self.rows), deleted).data.toreadonly() if len(deleted) else range(self.rows)

    def arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """The columns as Arrow strings, every row with its edits; deleted rows stay in place."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = list(self.columns if columns is None else columns)
        with pq.ParquetFile(self.file, memory_map=True) as file:
            read = file.read(columns=names).select(names)
        if self.taken:
            read = pa.concat_tables([read, blank_rows(names, len(self.taken))])
        for place, name in enumerate(names):
            if name in self.overlay.columns:
                start, chunks = 0, []
                for chunk in read.column(place).chunks:
                    whole = filled(chunk)
                    chunks.append(self.overlay.applied(name, whole, range(start, start + len(chunk))))
                    start += len(chunk)
                read = read.set_column(place, name, pa.chunked_array(chunks, pa.string()))
        return read

    def column(self, name: str) -> list[str]:
        """One column's cells, every row in order with its edits (deleted rows stay in place); an empty cell is ""."""
        if name not in self.columns:
            raise missing_column(name, self.columns)
        return [cell or "" for cell in self.arrow([name]).column(0).to_pylist()]

    def cells(self, row: int) -> list[str]:
        """One row's cells with its edits, in the order of the columns."""
        if not 0 <= row < self.rows:
            raise Problem(f"There is no row {row + 1:,}.", f"The table has {self.rows:,} rows.")
        return list(PageReader(self).at([row])[0])

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> dict[str, list[str]]:
        """About `rows` rows by column (all of them, or some), evenly over those that are used; reads a few row
        groups."""
        import numpy as np

        names = self.columns if columns is None else columns
        reader, numbers = PageReader(self, names), as_array(self.numbers)
        group_of = np.searchsorted(reader.starts, numbers, side="right")
        groups = np.unique(group_of)  # that have a row in use
        numbers = numbers[np.isin(group_of, groups[:: max(1, len(groups) // 4)])]
        cells = reader.at(numbers[:: max(1, len(numbers) // max(1, rows))])
        return {name: [row[place] for row in cells] for place, name in enumerate(names)}

    def materialise(self, folder: Path, *, should_stop: Callable[[], bool] = lambda: False) -> NDArray[np.int64]:
        """Write the rows that are used, as they are now, into `folder` (made if it is not there) as a snapshot of its
        own; a piece at a time. Out: for each row number here, its number there, -1 for a deleted one. After a stop
        the snapshot is not whole, and the folder has to go."""
        import numpy as np
        import pyarrow as pa

        used = np.ones(self.rows, np.bool_)
        used[self.overlay.deleted] = False
        folder.mkdir(parents=True, exist_ok=True)
        schema = pa.schema([(name, pa.string()) for name in self.columns])
        with open_writer(folder / TABLE_FILE, schema) as writer:
            for piece in pieces(self, self.columns, should_stop=should_stop):
                here = used[piece.start : piece.start + piece.cells.num_rows]
                kept = piece.cells if here.all() else piece.cells.filter(pa.array(here))
                if kept.num_rows:
                    writer.write_batch(kept, row_group_size=rows_in_group(kept))
        self._copy_aside(folder)
        write_reading(folder, replace(self.reading, rejected=self.aside))
        return np.where(used, np.cumsum(used) - 1, -1).astype(np.int64)

    def _copy_aside(self, folder: Path) -> None:
        """Copy the rows that are still set aside."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / REJECTED_FILE
        if not path.exists():
            return
        if not self.taken:
            shutil.copyfile(path, folder / REJECTED_FILE)
            return
        left = pq.read_table(path)
        gone = {edit.aside for edit in self.taken}
        pq.write_table(left.filter(pa.array([place not in gone for place in range(left.num_rows)])), folder / path.name)

    def rejected(self, most: int | None = None) -> list[dict[str, object]]:
        """The rows that are still set aside, or the first few: line number, reason, raw text."""
        return [row for _, row in islice(self._each_aside(), most)]

    def rejected_at(self, most: int | None = None) -> list[tuple[int, dict[str, object]]]:
        """All of them, or the first few, each with its place among all rows that the reading set aside."""
        return list(islice(self._each_aside(), most))

    def _each_aside(self) -> Iterator[tuple[int, dict[str, object]]]:
        import pyarrow.parquet as pq

        path, gone, place = self.folder / REJECTED_FILE, {edit.aside for edit in self.taken}, 0
        if not path.exists():
            return
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ASIDE):
                yield from ((at, row) for at, row in enumerate(batch.to_pylist(), place) if at not in gone)
                place += batch.num_rows


def open_table(folder: Path) -> Table:
    """The Table in a snapshot folder."""
    import pyarrow.parquet as pq

    try:
        values: dict[str, Any] = dict(json.loads((folder / READING_FILE).read_text(encoding="utf-8")))
        meta = pq.read_schema(folder / TABLE_FILE)
        rows = pq.read_metadata(folder / TABLE_FILE).num_rows
    except (OSError, ValueError, TypeError) as error:
        raise Problem(
            "The imported table cannot be opened.",
            "Its snapshot is missing or damaged.",
            "Import the original file again; it was never changed.",
        ) from error
    known = {f.name for f in fields(Reading)}
    tuples: dict[str, Any] = {
        _RENAMED.get(name, name): tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    reading = Reading(**{name: value for name, value in tuples.items() if name in known})
    return Table(folder, tuple(meta.names), rows, reading)


def write_reading(folder: Path, reading: Reading) -> None:
    """Write reading.json beside the snapshot."""
    (folder / READING_FILE).write_text(json.dumps(asdict(reading), ensure_ascii=False, indent=1), encoding="utf-8")
