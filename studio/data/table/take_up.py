"""The edits that a table begins with: its own, and with them those of the reading before, made again.

In: a Table that was just read or opened, the Record of what was done before, whether it is the same original. Out: its
EditLog, not yet written, and what has to be told. Every log stays with its snapshot; none is thrown away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from studio.data.table.edit_log import EDITS_FILE, EditLog, snapshot_sum
from studio.data.table.groups import LeftOver, Record
from studio.data.table.replay import replay
from studio.data.table.table import Table
from studio.problems import Problem, Where

MOST_TOLD = 4  # changes that could not be made again, each with its reason; more are counted


class TakenUp(NamedTuple):
    """The log, and what has to be told. Its `write_down` is for whoever begins to use the table: until then nothing is
    on the disk, and dropping the log undoes nothing."""

    log: EditLog
    told: tuple[Problem, ...] = ()


def take_up(
    table: Table,
    before: Record | None = None,
    *,
    is_same_file: bool = True,
    is_unchanged: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> TakenUp | None:
    """The log of `table`; None after a stop. What was done `before`, to another reading of the same file, is made again
    where its rows are surely the same, as far as it did not come here earlier; what was undone there is undone here
    too; what was done to another file stays with that file. `is_unchanged`: the file has the same bytes as before."""
    table = table.with_edits(())
    file = table.folder / EDITS_FILE
    told: list[Problem] = []
    _bring_back(file, table)
    try:
        log = EditLog(file, table)
    except Problem as problem:
        told.append(_set_aside(file, problem.why))
        log = EditLog(file, table)
    if log.is_stale:  # an older version was ended between reading the file and making the edits again
        before, is_same_file = log.record, True
        shutil.copyfile(file, _by_sum(file, log.snapshot))
        log.begin_anew()
    if before is None:
        return TakenUp(log, tuple(told))
    known = log.seen.union(group.name for group in log.groups)
    new = tuple(group for group in before.groups if group.name not in known)
    if not is_same_file:
        return TakenUp(log, (*told, _stays(len(new), table)) if new else tuple(told))
    left = _take_back(log, before.taken_back, should_stop)
    if left is None:
        return None
    if new:
        again = replay(replace(before, groups=new), log.table, is_unchanged=is_unchanged, should_stop=should_stop)
        if again is None:
            return None
        log.carry_over(again.groups, again.left_over, [group.name for group in new])
        left = (*left, *again.left_over)
    return TakenUp(log, (*told, *_left(left)))


def _take_back(log: EditLog, names: frozenset[str], should_stop: Callable[[], bool]) -> tuple[LeftOver, ...] | None:
    """Undo here what was undone in the reading before; out comes what of the rest depended on it. None after a stop."""
    if names <= log.taken_back:
        return ()
    rest = tuple(group for group in log.groups if group.name not in names)
    seen, left_over, taken_back = log.seen, log.left_over, log.taken_back | names
    if len(rest) == len(log.groups):
        log.carry_over((), (), (), names)
        return ()
    bare = log.table.with_edits(())
    again = replay(replace(log.record, groups=rest), bare, is_unchanged=True, should_stop=should_stop)
    if again is None:
        return None
    log.begin_anew()
    log.carry_over(again.groups, (*left_over, *again.left_over), seen, taken_back)
    return again.left_over


def _by_sum(file: Path, snapshot: str) -> Path:
    """Where older versions kept the edits of a snapshot while another one was used."""
    return file.parent.parent / f"{file.stem}-{snapshot}{file.suffix}"


def _bring_back(file: Path, table: Table) -> None:
    """Edits that an older version kept under the table's sum lie with it from now on."""
    earlier = _by_sum(file, snapshot_sum(table))
    if earlier.exists() and not file.exists():
        os.replace(earlier, file)


def _left(left: tuple[LeftOver, ...]) -> tuple[Problem, ...]:
    if not left:
        return ()
    count = sum(one.count for one in left)
    cells = "1 of your changes" if count == 1 else f"{count:,} of your changes"
    return (
        Problem(
            f"{cells} could not be made again.",
            " ".join(f"“{one.title}”: {one.reason}" for one in left[:MOST_TOLD])
            + (f" And {len(left) - MOST_TOLD:,} more." if len(left) > MOST_TOLD else ""),
            "Make them again where they still matter. All of them are kept, and come back where the file is read as it "
            "was before.",
        ),
    )


def _stays(count: int, table: Table) -> Problem:
    changes = "Your change stays" if count == 1 else f"Your {count:,} changes stay"
    return Problem(
        f"{changes} with the file that {'it was' if count == 1 else 'they were'} made to.",
        "This is another file, so its rows are other rows.",
        f"Read the earlier file again, and {'it is' if count == 1 else 'they are'} there again.",
        Where(table.reading.file),
    )


def _set_aside(file: Path, why: str) -> Problem:
    number = 1
    while (aside := file.with_name(f"{file.stem}-damaged-{number}{file.suffix}")).exists():
        number += 1
    file.rename(aside)
    return Problem(
        "The list of your changes to this table could not be read.",
        why,
        f"The list was put aside as “{aside.name}” in the folder of the table; make the changes again.",
        Where(str(aside)),
    )
