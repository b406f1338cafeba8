"""Any file that holds a table to a snapshot: every cell as text, every row kept or set aside with its reason.

In: a file as people have it, or several. Out: the events of reading it, and a folder with the table, the rows set
aside and how it was read; or a quick preview from the head of the file. This module only chooses who reads.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from studio.atomic import put_folder, unnamed_folder
from studio.counting import counted
from studio.data.reading.delimited.by_names import by_names
from studio.data.reading.delimited.delimited import open_delimited
from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.beside import with_others_told
from studio.data.reading.packed.container import unpack
from studio.data.reading.packed.kinds import kind_of, refuse
from studio.data.reading.packed.packed import Stopped
from studio.data.reading.records.columnar import open_columnar
from studio.data.reading.records.in_cells import with_structures
from studio.data.reading.records.nested import open_nested
from studio.data.reading.several.folder import open_folder
from studio.data.reading.several.united import open_files
from studio.data.reading.sheets.workbook import open_workbook
from studio.data.reading.snapshot import Written, write_snapshot
from studio.data.reading.source import Given, Source
from studio.data.reading.text import likely as text
from studio.data.reading.text.likely import Likely
from studio.data.reading.text.plain import open_text
from studio.data.table.snapshots import keep_snapshot
from studio.data.table.table import Reading
from studio.events import Event, Imported, Progressed, Warned
from studio.problems import Problem, Where

if TYPE_CHECKING:
    import pyarrow as pa

MOST_COLUMNS = 20_000  # a workbook can have 16,384
_SCRATCH = "scratch"  # for what comes out of an archive; beside the snapshot, where there is room for it


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, and how it would be read; `reading.rejected` counts among these rows."""

    reading: Reading
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Opens(Protocol):
    def __call__(
        self, given: Given, options: ReadOptions, *, only_head: bool, should_stop: Callable[[], bool]
    ) -> Source: ...


_OF_TEXT: tuple[_Opens, ...] = (open_delimited, open_text)


def open_source(
    file: Path,
    options: ReadOptions,
    scratch: Path,
    *,
    expected: Collection[str] = (),
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Source:
    """The reader for what the file holds. `scratch` is an empty folder that lives as long as the Source is used. Where
    the `expected` columns are not found in a text, its first line may name them and decides. Raises a Problem for what
    is no table."""
    given = unpack(file, options, scratch, only_head=only_head, should_stop=should_stop)
    match kind_of(given):
        case "delimited":
            opens: _Opens = open_delimited
        case "json" | "lines":
            opens = open_nested
        case "parquet" | "arrow":
            opens = open_columnar
        case "text":
            opens = open_delimited if options.delimiter is not None else open_text  # who tells it knows it is a table
        case "workbook":
            opens = open_workbook
        case "folder":
            within = _within(options, scratch, only_head, should_stop)
            return open_folder(given, options, open_one=within, only_head=only_head, should_stop=should_stop)
        case _:
            raise refuse(given)
    source = _opened(opens, given, options, only_head, should_stop)
    if opens in _OF_TEXT and not set(expected) <= set(source.columns):
        told = by_names(given, options, expected, encoding=source.reading(0).encoding)
        source = _opened(open_delimited, given, told, only_head, should_stop) if told else source
    return with_others_told(source, given, is_chosen=options.member is not None)


def _opened(
    opens: _Opens, given: Given, options: ReadOptions, only_head: bool, should_stop: Callable[[], bool]
) -> Source:
    source = opens(given, options, only_head=only_head, should_stop=should_stop)
    if len(source.columns) > MOST_COLUMNS:
        raise Problem(
            f"“{given.original.name}” has more than {MOST_COLUMNS:,} columns.",
            "A table to learn from has a few columns and many rows; this one may be turned on its side or be none.",
            "Choose a file with the texts below one another, or one without the other columns.",
            Where(str(given.original)),
        )
    return with_structures(source, only_head=only_head) if opens in {open_delimited, open_workbook} else source


def open_sources(
    file: Path | Sequence[Path],
    options: ReadOptions,
    scratch: Path,
    *,
    expected: Collection[str] = (),
    only_head: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Source:
    """As open_source, for several files that are one table as well."""
    if not isinstance(file, Path):
        if len(file) > 1:
            return open_files(file, _within(options, scratch, only_head, should_stop), should_stop=should_stop)
        [file] = file  # of one file a member can be told
    return open_source(file, options, scratch, expected=expected, only_head=only_head, should_stop=should_stop)


def _within(
    options: ReadOptions, scratch: Path, only_head: bool, should_stop: Callable[[], bool]
) -> Callable[[Path], Source]:
    """Opens one of several files, each with a scratch folder of its own; a member is chosen among the files and not
    within one."""

    def open_one(file: Path) -> Source:
        own = Path(tempfile.mkdtemp(dir=scratch))
        return open_source(file, replace(options, member=None), own, only_head=only_head, should_stop=should_stop)

    return open_one


def preview(
    file: Path | Sequence[Path],
    options: ReadOptions = ReadOptions(),
    *,
    rows: int = 200,
    should_stop: Callable[[], bool] = lambda: False,
) -> Preview:
    """The first `rows` rows, from the head of the file alone. Raises a Problem for what is no table, and Stopped."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        source = open_sources(file, options, Path(scratch), only_head=True, should_stop=should_stop)
        found = source.head(rows)
        if should_stop():
            raise Stopped
        return Preview(source.reading(len(found.rejected)), source.columns, _as_text(found.rows))


def likely_encodings(
    file: Path, options: ReadOptions = ReadOptions(), *, should_stop: Callable[[], bool] = lambda: False
) -> tuple[Likely, ...]:
    """The encodings that a text file fits, packed or not, best first; none for a folder."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        try:
            given = unpack(file, options, Path(scratch), only_head=True, should_stop=should_stop)
        except Stopped:
            return ()
        return text.likely_encodings(given.path, should_stop=should_stop) if given.path.is_file() else ()


def read_table(
    file: Path | Sequence[Path],
    folder: Path,
    options: ReadOptions = ReadOptions(),
    *,
    expected: Collection[str] = (),
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Read `file`, or several files as one table, into the snapshot `folder`, ending with Imported. What stood in
    `folder` stays when the reading is stopped (then nothing more is yielded) or ends with a Problem. `expected` are
    columns that a single file is to have: see open_source."""

    def put(fresh: Path) -> Path:
        put_folder(fresh, folder)
        return folder

    yield from _read(file, folder.parent, put, options, should_stop, expected)


def read_snapshot(
    file: Path | Sequence[Path],
    home: Path,
    options: ReadOptions = ReadOptions(),
    *,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """As read_table, into a folder of its own in `home`, which Imported names: what was read before stays beside it,
    and what is read again in the same way is the folder that is there."""
    yield from _read(file, home, keep_snapshot, options, should_stop)


def _read(
    file: Path | Sequence[Path],
    home: Path,
    put: Callable[[Path], Path],
    options: ReadOptions,
    should_stop: Callable[[], bool],
    expected: Collection[str] = (),
) -> Iterator[Event]:
    yield Progressed("Looking at the file")
    first = file if isinstance(file, Path) else file[0]
    try:
        with unnamed_folder(home) as fresh:
            scratch = fresh / _SCRATCH
            scratch.mkdir()
            source = open_sources(file, options, scratch, expected=expected, should_stop=should_stop)
            if should_stop():
                raise Stopped
            for written in write_snapshot(source, fresh):
                if should_stop():
                    raise Stopped
                yield Progressed("Reading the rows", written.rows)
            _check(source, written, first)
            shutil.rmtree(scratch)
            folder = put(fresh)
    except Stopped:
        return
    yield from _set_aside(first, written)
    yield Imported(str(folder), written.rows, written.rejected)


def _as_text(rows: pa.RecordBatch | Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    if isinstance(rows, Sequence):
        return tuple(tuple(row) for row in rows)
    return tuple(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def _check(source: Source, written: Written, file: Path) -> None:
    if written.rows:
        return
    where = Where(str(file))
    columns, is_delimited = source.columns, source.reading(written.rejected).kind == "delimited"
    if written.rejected and is_delimited:
        raise Problem(
            f"No row of “{file.name}” could be read.",
            f"None of its {written.rejected:,} rows has the {len(columns):,} cells that the first row leads to expect.",
            "Choose the delimiter and the quote yourself, or save the file again as CSV.",
            where,
        )
    if written.rejected:
        raise Problem(
            f"No row of “{file.name}” could be read.",
            f"All of its {written.rejected:,} rows are damaged or unlike the others.",
            "Choose another file, or save it again in the program that made it.",
            where,
        )
    raise Problem(
        f"“{file.name}” has {'a header' if is_delimited else 'columns'} and no rows.",
        f"It names {len(columns):,} column{'s' if len(columns) != 1 else ''}; below them is nothing.",
        "Choose a file with rows."
        + (
            " If the first line is a row itself, write a line with the columns' names above it." if is_delimited else ""
        ),
        where,
    )


def _set_aside(file: Path, written: Written) -> Iterator[Warned]:
    """What is told of what was set aside; where it is shown knows who shows it."""
    if apart := written.apart:
        lines = counted(apart, "1 line", "{} lines")
        words = (
            "is no row (a title, a remark, a total and the like)",
            "are no rows (titles, remarks, totals and the like)",
        )
        yield Warned(f"{lines} of {file.name} {words[apart > 1]} and {'are' if apart > 1 else 'is'} set aside.")
    if broken := written.rejected - apart:
        rows, are = counted(broken, "1 row", "{} rows"), "are" if broken > 1 else "is"
        yield Warned(f"{rows} of {file.name} could not be taken into the table and {are} set aside.")
