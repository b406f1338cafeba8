"""Any CSV or TSV file to a snapshot: every cell as text, every row kept or set aside with its reason.

In: a file as people have it. Out: the events of reading it, and a folder with the table, the rows set aside and how
it was read; or a quick preview from the head of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.atomic import atomic_folder
from studio.data.reading.options import ReadOptions
from studio.data.reading.plan import Plan, make_plan
from studio.data.reading.records import until_cut
from studio.data.reading.snapshot import write_snapshot
from studio.data.reading.source import Rejected
from studio.data.table import Reading
from studio.events import Event, Imported, Progressed, Warned
from studio.problems import Problem, Where


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, and how it would be read; `reading.rejected` counts among these rows."""

    reading: Reading
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Stopped(Exception):
    """The user asked to stop; what stood in the folder stays."""


def preview(file: Path, options: ReadOptions = ReadOptions(), *, rows: int = 200) -> Preview:
    """The first `rows` rows, from the head of the file alone; raises a Problem for what is no table."""
    plan, lines, is_all = make_plan(file, options, only_head=True)
    kept: list[tuple[str, ...]] = []
    rejected = 0
    for record in until_cut(plan.records(iter(lines)), is_all=is_all):
        if isinstance(record, Rejected):
            rejected += 1
        else:
            kept.append((*record, *[""] * (len(plan.columns) - len(record))))
        if len(kept) == rows:
            break
    return Preview(plan.reading(rejected), plan.columns, tuple(kept))


def read_table(
    file: Path,
    folder: Path,
    options: ReadOptions = ReadOptions(),
    *,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Read `file` into the snapshot `folder`, ending with Imported. What stood in `folder` stays when the reading
    is stopped (then nothing more is yielded) or ends with a Problem."""
    yield Progressed("Looking at the file")
    plan, _, _ = make_plan(file, options, should_stop=should_stop)
    if should_stop():
        return
    try:
        with atomic_folder(folder) as fresh:
            for written in write_snapshot(plan, fresh):
                if should_stop():
                    raise _Stopped
                yield Progressed("Reading the rows", written.rows)
            _check(plan, written.rows, written.rejected)
    except _Stopped:
        return
    if written.rejected:
        yield _set_aside(file, written.rejected)
    yield Imported(str(folder), written.rows, written.rejected)


def _check(plan: Plan, rows: int, rejected: int) -> None:
    if rows:
        return
    where = Where(str(plan.file))
    if rejected:
        raise Problem(
            f"No row of “{plan.file.name}” could be read.",
            f"None of its {rejected:,} rows has the {len(plan.columns):,} cells that the first row leads to expect.",
            "Choose the delimiter and the quote yourself, or save the file again as CSV.",
            where,
        )
    raise Problem(
        f"“{plan.file.name}” has a header and no rows.",
        f"Its columns are {', '.join(plan.columns)}; below them is nothing.",
        "Choose a file with rows. If the first line is a row itself, write a line with the columns' names above it.",
        where,
    )


def _set_aside(file: Path, rejected: int) -> Warned:
    if rejected == 1:
        return Warned(f"1 row of {file.name} could not be read and is set aside.", "Look at it beside the table.")
    return Warned(
        f"{rejected:,} rows of {file.name} could not be read and are set aside.", "Look at them beside the table."
    )
