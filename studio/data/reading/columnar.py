"""Parquet, Arrow and Feather files: every cell as the text that a person would write for it.

In: a file that pyarrow reads. Out: a Source. Rows pass through in small portions, whatever the file's size; a file
that unfolds to more than any table is refused.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from studio.data.reading.arrow_text import ColumnText, as_bytes, is_nested
from studio.data.reading.header import unique_names
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Given, Portion, Rejected
from studio.data.table import Reading
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 50_000  # in a portion, at most
_NESTED_ROWS = 2_000  # where Python takes lists and records apart
_PORTION = 64 << 20  # bytes of text in a portion, unless one row has more
MOST_CELLS = 5_000_000_000  # rows × columns; beyond, a file is made to fill the disk
MOST_TEXT = 200_000_000_000  # bytes
_BUFFER = 1 << 20  # bytes that are read at once of each column


class Container(Protocol):
    """An open file format: its schema, and its rows as they are kept."""

    kind: Literal["parquet", "arrow"]
    title: str

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        ...

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """All rows in order, about `rows` at once where the format has a choice."""
        ...


def is_columnar(head: bytes) -> bool:
    """Whether a file that begins with these bytes is meant for this reader."""
    return head.startswith((b"PAR1", b"PARE", b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"))


def open_columnar(
    given: Given,
    options: ReadOptions = ReadOptions(),
    *,
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> ColumnarSource:
    """The Source of a Parquet, Arrow or Feather file; nothing in `options` applies to it. Raises a Problem where the
    file is damaged, encrypted, or unfolds to more than any table."""
    with _damage(given):
        container = _container(given)
        return ColumnarSource(given, container, should_stop)


@dataclass
class ColumnarSource:
    """A file of typed columns; see Source."""

    given: Given
    container: Container
    should_stop: Callable[[], bool] = lambda: False
    columns: tuple[str, ...] = field(init=False)
    _texts: list[ColumnText] = field(init=False)

    def __post_init__(self) -> None:
        self._texts = self._fresh()
        self.columns = tuple(text.name for text in self._texts)
        if not self.columns:
            raise _problem(self.given, "has no columns", "It holds nothing that could be read.", "Choose another file.")

    def head(self, rows: int) -> Portion:
        """The first `rows` rows."""
        import pyarrow as pa

        kept: list[pa.RecordBatch] = []
        rejected: list[Rejected] = []
        count = 0
        for portion in self._read(min(rows, ROWS)):
            batch = portion.rows
            assert isinstance(batch, pa.RecordBatch)
            kept.append(batch.slice(0, rows - count))
            rejected += portion.rejected
            count += kept[-1].num_rows
            if count == rows:
                break
        table = pa.Table.from_batches(kept, pa.schema([(name, pa.string()) for name in self.columns]))
        merged = table.combine_chunks().to_batches()
        return Portion(merged[0] if merged else _no_rows(self.columns), rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        yield from self._read(ROWS)

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        return Reading(
            file=str(self.given.original),
            encoding="utf-8",
            delimiter="",
            quote="",
            rejected=rejected,
            sentence=self._sentence(),
            kind=self.container.kind,
            part=self.given.part,
            parts=self.given.parts,
            doubts=self._doubts(),
        )

    def _fresh(self) -> list[ColumnText]:
        schema = self.container.schema
        features = _features(schema)
        names = unique_names(schema.names, len(schema.names))
        return [ColumnText(name, kept.type, features.get(kept.name)) for name, kept in zip(names, schema, strict=True)]

    def _read(self, rows: int) -> Iterator[Portion]:
        self._texts = self._fresh()
        if any(text.is_nested for text in self._texts):
            rows = min(rows, _NESTED_ROWS)
        first, total = 1, 0
        with _damage(self.given):
            for whole in self.container.batches(rows):
                for batch, weight in _slices(whole, rows):
                    if self.should_stop():
                        return
                    total += weight
                    _check_size(self.given, (first + batch.num_rows) * len(self.columns), total)
                    yield self._portion(batch, first)
                    first += batch.num_rows

    def _portion(self, batch: pa.RecordBatch, first: int) -> Portion:
        import pyarrow as pa

        cells = [text.write(column) for text, column in zip(self._texts, batch.columns, strict=True)]
        table = pa.RecordBatch.from_arrays(cells, names=list(self.columns))
        if not any(column.null_count for column in cells):
            return Portion(table)
        return _set_aside(table, batch, first)

    def _sentence(self) -> str:
        columns = len(self.columns)
        parts = [f"{self.container.title}, {columns:,} column{'s' if columns != 1 else ''}"]
        if named := [text.name for text in self._texts if text.is_named]:
            parts.append(f"the numbers in {_listed(named)} are shown as the labels that they stand for")
        if nested := [text.name for text in self._texts if text.is_nested]:
            parts.append(f"lists and records in {_listed(nested)} as JSON")
        return "; ".join(parts)

    def _doubts(self) -> tuple[str, ...]:
        said = []
        for text in self._texts:
            if text.nulls and text.empties:
                said.append(
                    f"In “{text.name}”, {_cells(text.nulls)} without a value and {_cells(text.empties)} with an empty "
                    "text both stand as empty."
                )
            if text.in_base64:
                said.append(f"In “{text.name}”, {_cells(text.in_base64)} of bytes that are no text stand as base64.")
            if text.unlabelled:
                said.append(
                    f"In “{text.name}”, {_cells(text.unlabelled)} with −1, which means no label, stand as empty."
                )
            if text.unknown_labels:
                said.append(f"In “{text.name}”, {_cells(text.unknown_labels)} with a number that stands for no label.")
        return tuple(said)


@dataclass
class _Parquet:
    path: Path
    kind: Literal["parquet", "arrow"] = "parquet"
    title: str = "Parquet"

    @property
    def schema(self) -> pa.Schema:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            return file.schema_arrow

    def size(self) -> tuple[int, int]:
        """Rows × columns, and bytes when unpacked, as the file says."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            meta = file.metadata
            return meta.num_rows * meta.num_columns, sum(
                meta.row_group(group).total_byte_size for group in range(meta.num_row_groups)
            )

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path, pre_buffer=False, buffer_size=_BUFFER) as file:
            for group in range(file.metadata.num_row_groups):
                fitting = min(rows, self._fitting(file, group))
                yield from file.iter_batches(batch_size=fitting, row_groups=[group])

    def _fitting(self, file: Any, group: int) -> int:
        """How many rows of a group can be unfolded at once. A text that is kept once and repeated in every row is the
        only thing that grows beyond what is in the file, so the longest of these decides."""
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        meta = file.metadata.row_group(group)
        repeated = [
            meta.column(place).path_in_schema
            for place in range(meta.num_columns)
            if meta.column(place).physical_type == "BYTE_ARRAY"
            and meta.column(place).has_dictionary_page
            and meta.column(place).total_uncompressed_size > _PORTION // ROWS
        ]
        longest = _PORTION // ROWS
        schema = file.schema_arrow
        for name in set(repeated) & {kept.name for kept in schema if not is_nested(kept.type)}:
            with pq.ParquetFile(self.path, read_dictionary=[name], pre_buffer=False, buffer_size=_BUFFER) as again:
                batch = next(again.iter_batches(batch_size=1, row_groups=[group], columns=[name]), None)
            if batch is not None and hasattr(batch.column(0), "dictionary"):
                longest = max(longest, pc.max(pc.binary_length(batch.column(0).dictionary)).as_py() or 0)
        return max(1, _PORTION // longest)


@dataclass
class _Arrow:
    """An Arrow file or stream; Feather's second version is an Arrow file."""

    path: Path
    is_stream: bool
    kind: Literal["parquet", "arrow"] = "arrow"
    title: str = "Arrow"

    @property
    def schema(self) -> pa.Schema:
        with self._open() as reader:
            return reader.schema

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        with self._open() as reader:
            if self.is_stream:
                for batch in reader:
                    yield _sound(batch)
            else:
                for number in range(reader.num_record_batches):
                    yield _sound(reader.get_batch(number))

    @contextmanager
    def _open(self) -> Iterator[Any]:
        import pyarrow as pa

        opened = pa.ipc.open_stream if self.is_stream else pa.ipc.open_file
        with pa.memory_map(str(self.path)) as source, opened(source) as reader:
            yield reader


@dataclass
class _Feather:
    """Feather's first version, which pyarrow reads whole."""

    path: Path
    kind: Literal["parquet", "arrow"] = "arrow"
    title: str = "Feather"

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


def _container(given: Given) -> Container:
    with given.path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PARE"):
        raise _encrypted(given)
    if head.startswith(b"PAR1"):
        parquet = _Parquet(given.path)
        cells, text = parquet.size()
        _check_size(given, cells, text)
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


def _slices(batch: pa.RecordBatch, rows: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Pieces of at most `rows` rows and about _PORTION bytes, each with its bytes."""
    start = 0
    while start < batch.num_rows:
        size = min(rows, batch.num_rows - start)
        piece = batch.slice(start, size)
        while (weight := sum(map(_weight, piece.columns))) > _PORTION and size > 1:
            size = max(1, min(size // 2, size * _PORTION // weight))
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
        if not (types.is_binary(kind.value_type) or types.is_string(kind.value_type)
                or types.is_large_string(kind.value_type) or types.is_large_binary(kind.value_type)):  # fmt: skip
            return 16 * len(array)
        return int(pc.sum(pc.binary_length(array.dictionary).take(array.indices)).as_py() or 0)
    if types.is_struct(kind):
        return sum((_weight(array.field(place)) for place in range(kind.num_fields)), 8 * len(array))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return 8 * len(array) + _weight(array.flatten())
    if types.is_list_view(kind) or types.is_large_list_view(kind):
        return 16 * (pc.sum(pc.list_value_length(array)).as_py() or 0)
    if types.is_string(kind) or types.is_binary(kind) or types.is_large_string(kind) or types.is_large_binary(kind):
        return int(pc.sum(pc.binary_length(array)).as_py() or 0)
    return max(16 * len(array), int(array.nbytes))


def _set_aside(table: pa.RecordBatch, raw: pa.RecordBatch, first: int) -> Portion:
    """The rows of `table` with broken characters apart from the others, as they stand in `raw`."""
    import numpy as np
    import pyarrow as pa

    broken = np.array([np.asarray(column.is_null()) for column in table.columns])
    rejected = []
    for place in np.flatnonzero(broken.any(axis=0)).tolist():
        names = [name for name, is_broken in zip(table.schema.names, broken[:, place], strict=True) if is_broken]
        cells = [
            _shown(column, place) if is_broken else text[place].as_py()
            for column, text, is_broken in zip(raw.columns, table.columns, broken[:, place], strict=True)
        ]
        rejected.append(
            Rejected(first + place, f"Some characters in {_listed(names)} cannot be read.", "\t".join(cells))
        )
    return Portion(table.filter(pa.array(~broken.any(axis=0))), rejected)


def _shown(column: pa.Array, place: int) -> str:
    """A cell with broken characters, with � for each of them as far as it can be shown at all."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column, place = column.dictionary, column.indices[place].as_py()
    if is_nested(column.type) or pa.types.is_run_end_encoded(column.type):
        return "�"
    return str(as_bytes(column)[place].as_py().decode(errors="replace"))


def _no_rows(columns: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.array([], pa.string()) for _ in columns], names=list(columns))


def _features(schema: pa.Schema) -> Mapping[str, Any]:
    """What the `datasets` library wrote about the columns."""
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError):
        return {}
    return features if isinstance(features, dict) else {}


def _check_size(given: Given, cells: int, text: int) -> None:
    if cells > MOST_CELLS or text > MOST_TEXT:
        raise _problem(
            given,
            "is larger than any table",
            f"Unpacked it holds {cells:,} cells and {text // 10**9:,} GB of text; more than "
            f"{MOST_CELLS:,} cells or {MOST_TEXT // 10**9:,} GB are not read.",
            "Choose another file, or save a part of this one.",
        )


@contextmanager
def _damage(given: Given) -> Iterator[None]:
    """pyarrow's complaints about a file's contents as a Problem; a disk that fails is told as what it is."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        if "ncrypt" in str(error) or "ecrypt" in str(error):
            raise _encrypted(given) from error
        raise _problem(
            given,
            "could not be read",
            "It is damaged, cut off, or not the kind of file that its first bytes announce.",
            "Copy or download it again, or open it in the program that made it and save it anew.",
        ) from error


def _encrypted(given: Given) -> Problem:
    return _problem(
        given,
        "is encrypted",
        "Its contents can be read with its key alone.",
        "Open it in the program that made it and save it without encryption.",
    )


def _problem(given: Given, what: str, why: str, fix: str) -> Problem:
    return Problem(f"“{given.name}” {what}.", why, fix, Where(str(given.original)))


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"
