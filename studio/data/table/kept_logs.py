"""The log of edits that fits a table: the present one, the one of an earlier reading brought back, or one made again.

In: a Table that was just read or opened, the log's file, whether it is the same original as before. Out: an EditLog for
it, and what has to be told. No log is ever thrown away: one that does not fit lies beside, under its snapshot's sum.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from studio.data.table.edit_log import EditLog, LeftOver, snapshot_sum
from studio.data.table.replay import replay
from studio.data.table.table import Table
from studio.problems import Problem, Where

MOST_TOLD = 4  # changes that could not be made again, each with its reason; more are counted


class Taken(NamedTuple):
    """The log, and what of the changes is not as it was; None where nothing has to be told."""

    log: EditLog
    told: Problem | None = None


def log_for(table: Table, file: Path, *, is_same_file: bool = True) -> Taken:
    """The log of edits in `file`, fitted to `table`. Edits that were made to another reading of the same file are made
    again where their rows are surely the same; those of another file stay with that file."""
    table = table.with_edits(())
    try:
        log = EditLog(file, table)
    except Problem as problem:
        told = _set_aside(file, table, problem.why)
        return Taken(EditLog(file, table), told)
    if log.groups and not log.is_stale:
        return Taken(log)
    earlier = kept_log(file, snapshot_sum(table))
    if log.is_stale:
        shutil.copyfile(file, kept_log(file, log.snapshot))
    if not log.is_stale or not is_same_file:
        return _brought_back(log, file, earlier, table)
    again = replay(log, table)
    assert again is not None  # nobody stops it
    log.begin_anew(again.groups, again.left_over)
    return Taken(log, _left(again.left_over))


def kept_log(file: Path, snapshot: str) -> Path:
    """Where the edits of a snapshot lie while another one is used."""
    return file.with_name(f"{file.stem}-{snapshot}{file.suffix}")


def _brought_back(log: EditLog, file: Path, earlier: Path, table: Table) -> Taken:
    """The edits that this very table had before, else none."""
    lost = len(log.groups)
    if earlier.exists():
        shutil.copyfile(earlier, file)
    elif lost:
        file.unlink()
    else:
        return Taken(log)
    told = None
    if lost:
        told = Problem(
            f"{_changes(lost)} stay with the file that they were made to.",
            "This is another file, so its rows are other rows.",
            "Read the earlier file again, and they are there again.",
            Where(table.reading.file),
        )
    return Taken(EditLog(file, table), told)


def _left(left: tuple[LeftOver, ...]) -> Problem | None:
    if not left:
        return None
    count = sum(one.count for one in left)
    cells = "1 of your changes" if count == 1 else f"{count:,} of your changes"
    return Problem(
        f"{cells} could not be made again.",
        " ".join(f"“{one.title}”: {one.reason}" for one in left[:MOST_TOLD])
        + (f" And {len(left) - MOST_TOLD:,} more." if len(left) > MOST_TOLD else ""),
        "Make them again where they still matter. All of them are kept, and come back where the file is read as it was "
        "before.",
    )


def _set_aside(file: Path, table: Table, why: str) -> Problem:
    number = 1
    while (aside := file.with_name(f"{file.stem}-damaged-{number}{file.suffix}")).exists():
        number += 1
    file.rename(aside)
    return Problem(
        "The list of your changes to this table could not be read.",
        why,
        f"The list was put aside as “{aside.name}” in the project’s folder; make the changes again.",
        Where(table.reading.file),
    )


def _changes(count: int) -> str:
    return "Your change" if count == 1 else f"Your {count:,} changes"
