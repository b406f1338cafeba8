"""Several files as one table: their rows one after the other, their columns matched by name.

In: files that are open, or will be, and what stands beside their rows (a part, a file's name). Out: a Source. A cell
whose column is missing in its file is "", and that is told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from studio.data.reading.delimited.header import unique_names
from studio.data.reading.several.file_names import parts_named
from studio.data.reading.source import Portion, Rejected, Source
from studio.data.table.table import Reading
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import pyarrow as pa

SPLIT = "split"  # the column that says which part of the data a row belongs to
_STEADY = frozenset({"parquet", "arrow", "text", "workbook"})  # readers that never begin anew
_ORDER = ("training", "validation", "test")
_HELD = 32 << 20  # bytes that are held in memory until it is sure that a file's reader does not begin anew
_TOLD = 5  # files that are named in a sentence
_NAMELESS = "column "


@dataclass(frozen=True)
class Piece:
    """One file: what it is called (`title`), its `columns`, how to `open` it, and what stands `beside` each of its
    rows, by column; the `kind` and `shape` of its Reading."""

    title: str
    columns: tuple[str, ...]
    open: Callable[[], Source]
    beside: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    shape: str = ""

    @classmethod
    def of(cls, title: str, source: Source, beside: Mapping[str, str]) -> Piece:
        """A file that is open already."""
        reading = source.reading(0)
        return cls(title, source.columns, lambda: source, beside, reading.kind, reading.shape)


class United:
    """Pieces as one table; see Source."""

    def __init__(self, pieces: Sequence[Piece], reading: Reading, notes: Sequence[str] = ()) -> None:
        """`reading` says what is read (file, kind, parts …); its sentence is finished here. `notes` are told among its
        doubts."""
        self._pieces = [_with_names(piece, pieces[0]) for piece in pieces]
        self._own = tuple(dict.fromkeys(name for piece in self._pieces for name in piece.columns))
        self._beside = tuple(dict.fromkeys(name for piece in pieces for name in piece.beside))
        self._reading = reading
        self._notes = (*_gaps(self._own, self._pieces, pieces), *notes)
        self._read: list[tuple[Piece, Reading]] = []

    @property
    def columns(self) -> tuple[str, ...]:
        """The files' columns, then what stands beside the rows."""
        return unique_names([*self._own, *self._beside], len(self._own) + len(self._beside))

    def head(self, rows: int) -> Portion:
        """The first `rows` rows of the first files."""
        import pyarrow as pa

        kept: list[pa.RecordBatch] = []
        rejected: list[Rejected] = []
        count = 0
        self._read = []
        for piece in self._pieces:
            for portion in self._guarded(piece, _first(rows - count)):
                kept.append(self._batch(piece, portion))
                rejected += portion.rejected
                count += kept[-1].num_rows
            if count >= rows:
                break
        none = _as_batch([], self.columns)
        table = pa.Table.from_batches(kept, none.schema).combine_chunks()
        return Portion(table.to_batches()[0] if table.num_rows else none, rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once, file after file."""
        self._read = []
        for number, piece in enumerate(self._pieces):
            portions = self._guarded(piece, lambda source: source.portions())
            if number and piece.kind not in _STEADY:
                portions = _settled(portions, piece.columns)
            for portion in portions:
                yield Portion(self._batch(piece, portion), portion.rejected, portion.again)

    def reading(self, rejected: int) -> Reading:
        """How the files were read, in the words of the first."""
        first = self._read[0][1] if self._read else Reading("")
        doubts = [
            f"{piece.title}: {doubt}" if len(self._read) > 1 else doubt
            for piece, reading in self._read
            for doubt in reading.doubts
        ]
        shapes = {piece.shape for piece in self._pieces}
        return replace(
            self._reading,
            encoding=first.encoding,
            delimiter=first.delimiter,
            quote=first.quote,
            has_header=first.has_header,
            skip=first.skip,
            rejected=rejected,
            certain=min([self._reading.certain, *(reading.certain for _, reading in self._read)]),
            sentence=self._sentence(first),
            shape=shapes.pop() if len(shapes) == 1 else "",
            doubts=(*self._reading.doubts, *self._notes, *_few(doubts)),
        )

    def _sentence(self, first: Reading) -> str:
        count = len(self._pieces)
        files = f"{count:,} files as one table" if count > 1 else self._pieces[0].title
        said = [self._reading.sentence, f"{files}: {first.sentence}"]
        if SPLIT in self._beside:
            name = self.columns[len(self._own) + self._beside.index(SPLIT)]
            parts = dict.fromkeys(piece.beside.get(SPLIT, "") for piece in self._pieces)
            said.append(f"“{name}” says which file’s rows are for {' or '.join(part for part in parts if part)}")
        return "; ".join(part for part in said if part)

    def _guarded(self, piece: Piece, read: Callable[[Source], Iterable[Portion]]) -> Iterator[Portion]:
        """A file's portions, its name in every reason; then how it was read is remembered. A text that turns out to be
        none is set aside like a row."""
        try:
            source = piece.open()
        except Problem as problem:
            yield Portion([], [Rejected(1, f"{piece.title}: {problem.why or problem.what}", "")])
            return
        rejected = 0
        for portion in read(source):
            named = [row._replace(reason=f"{piece.title}: {row.reason}") for row in portion.rejected]
            rejected = len(named) + (0 if portion.again else rejected)
            yield portion._replace(rejected=named)
        reading = source.reading(rejected)
        if not self._read or reading.doubts or reading.certain < 1:
            self._read.append((piece, reading))

    def _batch(self, piece: Piece, portion: Portion) -> pa.RecordBatch:
        """A portion's rows as wide as the whole table."""
        import pyarrow as pa

        batch = _as_batch(portion.rows, piece.columns)
        count = batch.num_rows
        columns = [
            batch.column(piece.columns.index(name)) if name in piece.columns else _repeated("", count)
            for name in self._own
        ]
        columns += [_repeated(piece.beside.get(name, ""), count) for name in self._beside]
        return pa.RecordBatch.from_arrays(columns, names=list(self.columns))


def open_files(
    files: Sequence[Path],
    open_one: Callable[[Path], Source],
    *,
    reading: Reading | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Source:
    """Several chosen files as one table, each opened by `open_one`. Where their names say train, validation or test, a
    last column “split” holds it. Raises a Problem where files have no column in common."""
    where = reading or Reading(str(files[0]), kind="folder")
    if len(files) == 1:
        return open_one(files[0])
    titles = _titles(files)
    said = parts_named(titles)
    pieces = []
    for title, file in zip(titles, files, strict=True):
        if should_stop():
            break
        pieces.append(Piece.of(title, open_one(file), {SPLIT: said[title]} if any(said.values()) else {}))
    check_related(pieces, where.file)
    pieces.sort(key=lambda piece: part_order(piece.beside.get(SPLIT, "")))
    return United(pieces, where, split_notes(said))


def part_order(part: str) -> int:
    """A key that puts training first; what is no part comes last."""
    return _ORDER.index(part) if part in _ORDER else len(_ORDER)


def check_related(pieces: Sequence[Piece], file: str) -> None:
    """Raise a Problem where a file has no column of the others."""
    first = pieces[0]
    strange = [piece for piece in pieces if not are_related(first, piece)]
    if strange:
        raise Problem(
            "These files are not parts of one table.",
            f"“{first.title}” has {_names(first.columns)}; "
            + "; ".join(f"“{piece.title}” has {_names(piece.columns)}" for piece in strange[:_TOLD])
            + ".",
            "Choose files with the same columns, or one file alone. If the first line of a file is a row itself, say "
            "that there is no header.",
            Where(file),
        )


def are_related(one: Piece, other: Piece) -> bool:
    """Whether two files have a column in common, or the same number of columns where one names none."""
    if len(one.columns) == len(other.columns) and (_is_nameless(one) or _is_nameless(other)):
        return True
    return bool({name.casefold() for name in one.columns} & {name.casefold() for name in other.columns})


def split_notes(said: Mapping[str, str]) -> list[str]:
    """What there is to say about files that name no part beside others that do."""
    if not any(said.values()):
        return []
    silent = [title for title, part in said.items() if not part]
    return [f"Names no part, so “{SPLIT}” is empty there: {listed(silent)}."] if silent else []


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, a few and how many more."""
    more = f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else ""
    return ", ".join(f"“{name}”" for name in names[:_TOLD]) + more


def _with_names(piece: Piece, first: Piece) -> Piece:
    """The piece with its columns called as in the first file: where only capitals differ, or where it names none."""
    if len(piece.columns) == len(first.columns) and _is_nameless(piece):
        return replace(piece, columns=first.columns)
    same = {name.casefold(): name for name in first.columns}
    taken = set(piece.columns)
    return replace(
        piece,
        columns=tuple(
            known if (known := same.get(name.casefold(), name)) not in taken else name for name in piece.columns
        ),
    )


def _is_nameless(piece: Piece) -> bool:
    return all(name == f"{_NAMELESS}{place}" for place, name in enumerate(piece.columns, start=1))


def _gaps(own: Sequence[str], named: Sequence[Piece], given: Sequence[Piece]) -> Iterator[str]:
    for name in own:
        missing = [piece.title for piece in named if name not in piece.columns]
        if missing:
            yield f"“{name}” is missing in {listed(missing)}; it is empty there."
    renamed = [
        piece.title for piece, before in zip(named, given, strict=True)
        if _is_nameless(before) and piece.columns != before.columns
    ]  # fmt: skip
    if renamed:
        yield f"No header in {listed(renamed)}: the columns are taken in the order of “{given[0].title}”."


def _few(doubts: Sequence[str]) -> list[str]:
    more = len(doubts) - 2 * _TOLD
    return [*doubts[: 2 * _TOLD], *([f"And {more:,} more remarks of this kind."] if more > 0 else [])]


def _titles(files: Sequence[Path]) -> list[str]:
    """The files' names, with their folders where two are called the same."""
    names = [file.name for file in files]
    if len(set(names)) == len(names):
        return names
    shared = [Path(*file.parts[-2:]).as_posix() for file in files]
    return shared if len(set(shared)) == len(shared) else [file.as_posix() for file in files]


def _names(columns: Sequence[str]) -> str:
    return ("the columns " if len(columns) > 1 else "the column ") + listed(columns)


def _repeated(value: str, count: int) -> pa.Array:
    import pyarrow as pa

    return pa.repeat(pa.scalar(value, pa.string()), count)


def _first(rows: int) -> Callable[[Source], Iterable[Portion]]:
    return lambda source: [source.head(rows)]


def _as_batch(rows: pa.RecordBatch | Sequence[Sequence[str]], columns: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    if isinstance(rows, pa.RecordBatch):
        return rows
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pa.RecordBatch.from_arrays([pa.array([*column], pa.string()) for column in cells], names=list(columns))


def _settled(portions: Iterator[Portion], columns: Sequence[str]) -> Iterator[Portion]:
    """The portions once it is sure that the reader does not begin anew, so that the files before are read once. They
    wait in memory while they are few, else in a file that has no name."""
    import pyarrow as pa

    kept = pa.schema([(f"c{place}", pa.string()) for place in range(len(columns))])
    aside = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("text", pa.string())])
    with (
        tempfile.SpooledTemporaryFile(max_size=_HELD) as rows_file,
        tempfile.SpooledTemporaryFile(max_size=_HELD) as aside_file,
    ):
        rows, rejected = _fresh(rows_file, kept), _fresh(aside_file, aside)
        for portion in portions:
            if portion.again:
                rows, rejected = _fresh(rows_file, kept), _fresh(aside_file, aside)
            batch = _as_batch(portion.rows, columns)
            if batch.num_rows:
                rows.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=kept))
            if portion.rejected:
                cells = [pa.array(values) for values in zip(*portion.rejected, strict=True)]
                rejected.write_batch(pa.RecordBatch.from_arrays(cells, schema=aside))
        rows.close()
        rejected.close()
        for batch in _again(rows_file):
            yield Portion(batch)
        for batch in _again(aside_file):
            found = [Rejected(*row) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)]
            yield Portion([], found)


def _fresh(file: object, schema: pa.Schema) -> pa.RecordBatchStreamWriter:
    import pyarrow as pa

    stream = cast("IO[bytes]", file)
    stream.seek(0)
    stream.truncate()
    return pa.ipc.new_stream(stream, schema)


def _again(file: object) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    stream = cast("IO[bytes]", file)
    stream.seek(0)
    with pa.ipc.open_stream(stream) as batches:
        yield from batches
