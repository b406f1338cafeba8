"""Files that become tables: the rows to learn from, and those of a test file.

In: files, the folder of the project's snapshots, the log of the table that is used now. Out: the flow's events, then
`Loaded` or `TestLoaded`; a Preview of their first rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.problems import Problem

if TYPE_CHECKING:
    from studio.data.reading.options import ReadOptions
    from studio.data.reading.stamp import Stamp
    from studio.data.roles.roles import Guess
    from studio.data.table.edit_log import EditLog
    from studio.data.table.groups import Record
    from studio.data.table.table import Table
    from studio.gui.job import Control


PREVIEW_ROWS = 50


@dataclass(frozen=True)
class Loaded:
    """A file became a table, and this is what its columns seem to be. `log` holds the edits that were made to it, with
    those of the table `before` made again; it is written by who takes the table up. `told` says what of them was not,
    `options` how the file was told to be read, and `stamp` how it was on the disk just before; `is_unchanged`: the
    table `before` was read from the same bytes."""

    table: Table
    guess: Guess
    log: EditLog
    before: Record | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[Problem, ...] = ()
    stamp: Stamp | None = None
    is_unchanged: bool = False


@dataclass(frozen=True)
class TestLoaded:
    """A second file became the table of the rows that are kept for judging; `told` is what was told of its reading."""

    table: Table
    told: ReadOptions


@dataclass(frozen=True)
class Stamped:
    """How files are on the disk now; `known` is how they were when they were read. `now` is None where they cannot be
    looked at, and `missing` the first that is not there."""

    known: Stamp
    now: Stamp | None
    missing: Path | None = None


def load_table(
    control: Control,
    files: Sequence[Path],
    home: Path,
    options: ReadOptions | None,
    *,
    now: EditLog | None,
    is_same_file: bool,
    known: Stamp | None = None,
    lost: Path | None = None,
) -> Iterator[object]:
    """Read files into a snapshot of its own in `home`, make the edits of the table that is used `now` again in it, and
    guess the columns' roles. That table stays as it is; what comes of this is used by nobody before it is taken up.
    `known` is how the files were when that table was read from them. Where there is none because it was `lost`, its
    edits are those in this file."""
    from studio import flow
    from studio.data.reading.options import ReadOptions
    from studio.data.reading.stamp import stamp_of
    from studio.data.table.edit_log import record_of
    from studio.data.table.table import open_table
    from studio.events import Imported

    before = record_of(lost) if lost is not None else None
    told, stamp = options or ReadOptions(), stamp_of(files)
    folder = None
    for event in flow.import_snapshot(files, home, told, should_stop=control.should_stop):
        folder = Path(event.folder) if isinstance(event, Imported) else folder
        yield event
    if folder is not None:
        values = {f"data.{name}": value for name, value in asdict(told).items()}
        table = _of_file(open_table(folder), files[0])
        is_unchanged = is_same_file and stamp is not None and known == stamp == stamp_of(files)
        yield from fit_edits(
            control,
            table,
            now=now,
            is_same_file=is_same_file,
            is_unchanged=is_unchanged,
            options=values,
            stamp=stamp,
            before=before,
        )


def fit_edits(
    control: Control,
    table: Table,
    *,
    now: EditLog | None,
    is_same_file: bool,
    is_unchanged: bool,
    options: Mapping[str, Any],
    stamp: Stamp | None,
    before: Record | None = None,
) -> Iterator[object]:
    """The edits that a table begins with, as they are at this moment, and the roles of its columns. `before` are those
    of a table that is lost."""
    from studio.data.roles.roles import guess_roles
    from studio.data.table.take_up import take_up

    if now is not None and now.file.parent == table.folder and now.table.reading == table.reading:
        yield Loaded(now.table, guess_roles(now.table), now, now.record, options, (), stamp)  # the same table
        return
    before = now.record if now is not None else before
    taken = take_up(
        table, before, is_same_file=is_same_file, is_unchanged=is_unchanged, should_stop=control.should_stop
    )
    if taken is not None and not control.should_stop():
        guess = guess_roles(taken.log.table)
        yield Loaded(taken.log.table, guess, taken.log, before, options, taken.told, stamp, is_unchanged)


def open_again(
    control: Control, table: Table, test_file: Path | None, home: Path, test_told: ReadOptions
) -> Iterator[object]:
    """The edits and the roles of a table that was imported before; a test file that was chosen and never read is read
    now."""
    from studio.data.roles.roles import guess_roles
    from studio.data.table.take_up import take_up

    taken = take_up(table)
    assert taken is not None  # nobody stops it: without them no edit can be made
    yield Loaded(taken.log.table, guess_roles(taken.log.table), taken.log, told=taken.told)
    if test_file is not None:
        yield from load_test_table(control, test_file, home, test_told)


def load_test_table(control: Control, file: Path, home: Path, options: ReadOptions) -> Iterator[object]:
    """Read a file of rows that are kept for judging into a snapshot of its own in `home`."""
    from studio import flow
    from studio.data.table.table import open_table
    from studio.events import Imported

    for event in flow.import_snapshot(file, home, options, should_stop=control.should_stop):
        yield event
        if isinstance(event, Imported) and not control.should_stop():
            yield TestLoaded(_of_file(open_table(Path(event.folder)), file), options)


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

    now = stamp_of(files)
    yield Stamped(known, now, None if now is not None else first_missing(files))


def first_missing(files: Sequence[Path]) -> Path | None:
    """The first of these files that is not there; None where all are."""
    return next((file for file in files if not os.path.exists(file)), None)  # never raises, unlike Path.exists


def _of_file(table: Table, file: Path) -> Table:
    """The table; it may have been read before, when its file lay elsewhere."""
    return replace(table, reading=replace(table.reading, file=str(file)))
