"""Files that become tables: the rows to learn from, and those of a test file.

In: files, the folder for their snapshot, the file of the edits. Out: the flow's events, then `Loaded` or `TestLoaded`;
a Preview of their first rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.problems import Problem

if TYPE_CHECKING:
    from studio.data.reading.options import ReadOptions
    from studio.data.reading.stamp import Stamp
    from studio.data.roles.roles import Guess
    from studio.data.table.edit_log import EditLog
    from studio.data.table.table import Table
    from studio.gui.job import Control


PREVIEW_ROWS = 50


@dataclass(frozen=True)
class Loaded:
    """A file became a table, and this is what its columns seem to be. `log` holds the edits that were made to it, again
    where it was read anew, and `told` says what of them was not. `options` say how the file was told to be read, and
    `stamp` how it was on the disk just before."""

    table: Table
    guess: Guess
    log: EditLog
    options: Mapping[str, Any] = field(default_factory=dict)
    told: Problem | None = None
    stamp: Stamp | None = None


@dataclass(frozen=True)
class TestLoaded:
    """A second file became the table of the rows that are kept for judging; `told` is what was told of its reading."""

    table: Table
    told: ReadOptions


@dataclass(frozen=True)
class Stamped:
    """How files are on the disk now; `known` is how they were when they were read. None: one is not there."""

    known: Stamp
    now: Stamp | None


def load_table(
    control: Control,
    files: Sequence[Path],
    folder: Path,
    options: ReadOptions | None,
    edits: Path,
    *,
    is_same_file: bool,
) -> Iterator[object]:
    """Read files into the snapshot `folder`, take up the log in the file `edits`, and guess the columns' roles. Once
    the new snapshot is there, a stop comes too late: the window has to show what lies on the disk."""
    from studio import flow
    from studio.data.reading.options import ReadOptions
    from studio.data.reading.stamp import stamp_of
    from studio.data.roles.roles import guess_roles
    from studio.data.table.kept_logs import log_for
    from studio.data.table.table import open_table
    from studio.events import Imported

    told, stamp = options or ReadOptions(), stamp_of(files)
    is_there = False
    for event in flow.import_table(files, folder, told, should_stop=control.should_stop):
        is_there = is_there or isinstance(event, Imported)
        yield event
    if is_there:
        log, problem = log_for(open_table(folder), edits, is_same_file=is_same_file)
        values = {f"data.{name}": value for name, value in asdict(told).items()}
        yield Loaded(log.table, guess_roles(log.table), log, values, problem, stamp)


def open_again(
    control: Control, table: Table, edits: Path, test_file: Path | None, test_folder: Path, test_told: ReadOptions
) -> Iterator[object]:
    """The roles of a table that was imported before; a test file that was chosen and never read is read now."""
    from studio.data.roles.roles import guess_roles
    from studio.data.table.kept_logs import log_for

    log, problem = log_for(table, edits)
    yield Loaded(log.table, guess_roles(log.table), log, told=problem)
    if test_file is not None:
        yield from load_test_table(control, test_file, test_folder, test_told)


def load_test_table(control: Control, file: Path, folder: Path, options: ReadOptions) -> Iterator[object]:
    """Read a file of rows that are kept for judging into the snapshot `folder`."""
    from studio import flow
    from studio.data.table.table import open_table

    yield from flow.import_table(file, folder, options, should_stop=control.should_stop)
    if not control.should_stop():
        yield TestLoaded(open_table(folder), options)


def first_rows(control: Control, files: Sequence[Path], options: ReadOptions, *, with_likely: bool) -> Iterator[object]:
    """How files would be read, with their first rows: a Preview; and where it is wanted the encodings that fit."""
    from studio.data.reading.packed.packed import Stopped
    from studio.data.reading.read import likely_encodings, preview

    file = files[0] if len(files) == 1 else files
    try:
        found = preview(file, options, rows=PREVIEW_ROWS, should_stop=control.should_stop)
    except Stopped:
        return
    yield found
    if with_likely and found.reading.kind in {"delimited", "text"}:
        yield likely_encodings(files[0], options, should_stop=control.should_stop)


def stamp_now(_: Control, files: Sequence[Path], known: Stamp) -> Iterator[object]:
    """Look whether files are still as they were."""
    from studio.data.reading.stamp import stamp_of

    yield Stamped(known, stamp_of(files))
