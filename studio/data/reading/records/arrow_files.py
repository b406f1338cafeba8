"""Parquet, Arrow and Feather files as batches of typed columns.

In: a file that pyarrow reads. Out: its schema and its rows in small pieces, whatever the file's size; a Problem where
it is damaged, encrypted, or unfolds to more than any table.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from studio.data.reading.records.arrow_text import as_bytes, bytes_in, is_bytes
from studio.data.reading.source import Given
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 50_000  # in a piece, at most
_PIECE = 64 << 20  # bytes of text in a piece, unless one row has more
MOST_CELLS = 5_000_000_000  # rows × columns; beyond, a file is made to fill the disk
MOST_TEXT = 200_000_000_000  # bytes
_BELIEVED = 2_000_000_000  # bytes; up to here any growth is believed
_GROWTH = 1_000  # times its size, at most, that a file unfolds to; tables hardly reach a hundred
HEAD_TEXT = 16 << 20  # bytes of the rows that are looked at first
_BUFFER = 1 << 20  # bytes that are read at once of each column


class Container(Protocol):
    """An open file format: its schema, and its rows as they are kept."""

    kind: Literal["parquet", "arrow"]
    title: str

    @property
    def doubt(self) -> str:
        """What is uncertain about the file as a whole, in a sentence; "" if nothing."""
        ...

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        ...

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """All rows in order, about `rows` at once where the format has a choice."""
        ...


@dataclass
class _Parquet:
    path: Path
    kind: Literal["parquet", "arrow"] = "parquet"
    title: str = "Parquet"
    doubt: str = ""

    @property
    def schema(self) -> pa.Schema:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            return file.schema_arrow

    def cells(self) -> int:
        """Rows × columns, as the file says."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            return int(file.metadata.num_rows * max(1, len(file.schema_arrow.names)))

    def unfolded(self) -> int:
        """The bytes that the columns take once they are unpacked, as the file says; a page is unpacked whole, however
        few rows are asked for."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            known = file.metadata
            return sum(max(0, known.row_group(group).total_byte_size) for group in range(known.num_row_groups))

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path, pre_buffer=False, buffer_size=_BUFFER) as file:
            repeated = [kept.name for kept in file.schema_arrow if is_bytes(kept.type)]
            missing = file.metadata.num_rows
            for group in range(file.metadata.num_row_groups):
                for batch in file.iter_batches(batch_size=self._fitting(repeated, group, rows), row_groups=[group]):
                    missing -= batch.num_rows
                    yield batch
            if missing:
                raise pa.ArrowInvalid("the rows are not as many as the file says")

    def _fitting(self, names: Sequence[str], group: int, rows: int) -> int:
        """How many rows of a group can be unfolded at once. A text that is kept once and repeated in every row is the
        only thing that grows beyond what is in the file, so the longest of these decides. The file's own words about
        its columns are never asked: where they are damaged, reading them ends the program."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        if not names:
            return rows
        longest = _PIECE // ROWS
        with pq.ParquetFile(self.path, read_dictionary=names, pre_buffer=False, buffer_size=_BUFFER) as file:
            first = next(file.iter_batches(batch_size=1, row_groups=[group], columns=names), None)
        for column in first.columns if first else ():
            if pa.types.is_dictionary(column.type) and is_bytes(column.dictionary.type):
                longest = max(longest, pc.max(pc.binary_length(column.dictionary)).as_py() or 0)
        return max(1, min(rows, _PIECE // longest))


@dataclass
class _Arrow:
    """An Arrow file or stream; Feather's second version is an Arrow file."""

    path: Path
    is_stream: bool
    kind: Literal["parquet", "arrow"] = "arrow"
    title: str = "Arrow"

    @property
    def doubt(self) -> str:
        """A stream ends with a mark; without it, it may have been cut between two batches."""
        with self.path.open("rb") as stream:
            stream.seek(-min(4, self.path.stat().st_size), os.SEEK_END)
            is_whole = not self.is_stream or stream.read() == bytes(4)
        return "" if is_whole else "The file has no mark at its end; rows may be missing."

    @property
    def schema(self) -> pa.Schema:
        with self._open() as (_, reader):
            return reader.schema

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        with self._open() as (source, reader):
            if self.is_stream:
                for batch in reader:
                    yield _sound(batch)
                if source.tell() < source.size():
                    raise pa.ArrowInvalid("the stream ends before the file")
            else:
                for number in range(reader.num_record_batches):
                    yield _sound(reader.get_batch(number))

    @contextmanager
    def _open(self) -> Iterator[tuple[Any, Any]]:
        import pyarrow as pa

        opened = pa.ipc.open_stream if self.is_stream else pa.ipc.open_file
        with pa.memory_map(str(self.path)) as source, opened(source) as reader:
            yield source, reader


@dataclass
class _Feather:
    """Feather's first version, which pyarrow reads whole."""

    path: Path
    kind: Literal["parquet", "arrow"] = "arrow"
    title: str = "Feather"
    doubt: str = ""

    @property
    def schema(self) -> pa.Schema:
        return self._table().schema

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        for batch in self._table().to_batches(max_chunksize=rows):
            yield _sound(batch)

    def _table(self) -> pa.Table:
        from pyarrow import feather

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return feather.read_table(self.path, memory_map=True)


def open_container(given: Given) -> Container:
    """The reader for what the file's first bytes say it is."""
    with given.path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PARE"):
        raise _encrypted(given)
    if head.startswith(b"PAR1"):
        parquet = _Parquet(given.path)
        check_size(given, parquet.cells(), parquet.unfolded())
        return parquet
    if head.startswith(b"FEA1"):
        return _Feather(given.path)
    return _Arrow(given.path, is_stream=not head.startswith(b"ARROW1"))


def _sound(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch, once it is sure that its parts point to nothing outside it. Texts are looked at as bytes: broken
    characters cost a row and not the file."""
    import pyarrow as pa

    pa.RecordBatch.from_arrays([as_bytes(c) for c in batch.columns], names=batch.schema.names).validate(full=True)
    return batch


def pieces(batch: pa.RecordBatch, rows: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Pieces of at most `rows` rows and about _PIECE bytes, each with its bytes."""
    start = 0
    while start < batch.num_rows:
        size = min(rows, batch.num_rows - start)
        piece = batch.slice(start, size)
        while (weight := sum(map(_weight, piece.columns))) > _PIECE and size > 1:
            size = max(1, min(size // 2, size * _PIECE // weight))
            piece = batch.slice(start, size)
        yield piece, weight
        start += size


def _weight(array: pa.Array) -> int:
    """About how many bytes the cells take as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types, kind = pa.types, array.type
    if isinstance(kind, pa.BaseExtensionType):
        return _weight(array.storage)
    if types.is_run_end_encoded(kind):
        return len(array) * max(8, _weight(array.values))
    if types.is_dictionary(kind):
        if not is_bytes(kind.value_type) or types.is_string_view(kind.value_type):
            return 16 * len(array)
        return int(pc.sum(pc.binary_length(array.dictionary).take(array.indices)).as_py() or 0)
    if types.is_struct(kind):
        return sum((_weight(array.field(place)) for place in range(kind.num_fields)), 8 * len(array))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return 8 * len(array) + _weight(array.flatten())
    if types.is_list_view(kind) or types.is_large_list_view(kind):
        return 16 * (pc.sum(pc.list_value_length(array)).as_py() or 0)
    if is_bytes(kind):
        return bytes_in(array)
    return max(16 * len(array), int(array.nbytes))


def check_size(given: Given, cells: int, text: int) -> None:
    """Raise a Problem for more than any table has."""
    most = min(MOST_TEXT, max(_BELIEVED, _GROWTH * given.path.stat().st_size))
    if cells > MOST_CELLS or text > most:
        raise told(
            given,
            "unfolds to more than a table holds",
            f"Its contents grow to {cells:,} cells or {text // 10**9:,} GB of text, as in files that are made to fill "
            "a disk.",
            "Choose another file. If you trust it, save a part of it as a file of its own.",
        )


@contextmanager
def damage(given: Given) -> Iterator[None]:
    """pyarrow's complaints about a file's contents as a Problem; a disk that fails is told as what it is."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        if "ncrypt" in str(error) or "ecrypt" in str(error):
            raise _encrypted(given) from error
        raise told(
            given,
            "could not be read",
            "It is damaged, cut off, or not the kind of file that its first bytes announce.",
            "Copy or download it again, or open it in the program that made it and save it anew.",
        ) from error


def _encrypted(given: Given) -> Problem:
    return told(
        given,
        "is encrypted",
        "Its contents can be read with its key alone.",
        "Open it in the program that made it and save it without encryption.",
    )


def told(given: Given, what: str, why: str, fix: str) -> Problem:
    """A Problem about the file, whose name begins `what`."""
    return Problem(f"“{given.name}” {what}.", why, fix, Where(str(given.original)))
