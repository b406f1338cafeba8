"""The check-up: the quick checks on a sample, then on all rows, then every check that takes seconds.

In: a Table, what its columns are for, the goal. Out: Stages of Findings, the worst first. It can be stopped between two
checks and within the long ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from studio.config.goals import TaskKind
from studio.data.checkup import (
    bias,
    doubles,
    gaps,
    giveaway,
    groups,
    labels,
    language,
    leaks,
    lengths,
    marking,
    near,
    offence,
    privacy,
    spellings,
    suspicious,
    texts,
    totals,
    unused,
)
from studio.data.checkup.cells import Stopped
from studio.data.checkup.finding import COMPARED, Finding, braked, looked_at, ordered
from studio.data.checkup.rows import Rows
from studio.data.roles.columns import Columns
from studio.data.table.table import Table

Check = Callable[[Rows, Callable[[], bool]], Iterator[Finding]]
QUICK: tuple[Check, ...] = (  # causes before what follows from them
    totals.check,
    gaps.check,
    spellings.check,
    doubles.check,
    labels.check,
    texts.check,
    lengths.check,
    marking.check,
)
THOROUGH: tuple[Check, ...] = (  # those that take seconds, the most telling first
    giveaway.check,
    leaks.check,
    near.check,
    privacy.check,
    unused.check,
    groups.check,
    suspicious.check,
    bias.check,
    offence.check,
    language.check,
)
SAMPLE = 5_000  # rows that give a first answer, in stretches evenly over the table …
_STRETCHES = 25  # … few enough to be read within a second from a table of any size
SCANNED = 1_000_000  # rows at most in which words and marks are looked for
LEARNED = 120_000  # rows at most that a quick classifier judges
BOUNDS: dict[Check, int] = {  # the others look at every row of any table
    texts.check: SCANNED,
    privacy.check: SCANNED,
    offence.check: SCANNED,
    language.check: SCANNED,
    giveaway.check: COMPARED,
    bias.check: COMPARED,
    near.check: COMPARED,
    suspicious.check: LEARNED,
}


@dataclass(frozen=True)
class Stage:
    """The findings so far; `is_whole` once they are about every row, and `is_last` when no check is still to come."""

    findings: tuple[Finding, ...]
    is_whole: bool
    is_last: bool


def check_up(
    table: Table,
    columns: Columns,
    *,
    kind: TaskKind,
    test_table: Table | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Stage]:
    """What the quick checks find in a sample, what they find in all rows, then that and what each further check finds,
    always the worst first. Columns that are not chosen yet ("") are not looked at. The last Stage is the whole answer;
    there is none after a stop."""
    numbers = table.numbers
    test = _test_rows(test_table, columns, kind, should_stop)
    if len(numbers) > SAMPLE:
        sample = Rows(table, columns, kind, _stretches(numbers), test, should_stop)
        found = _found(QUICK, sample, should_stop)
        if should_stop():
            return
        yield Stage(ordered(found), is_whole=False, is_last=False)
    rows = Rows(table, columns, kind, numbers, test, should_stop)
    found = _found(QUICK, rows, should_stop)
    if should_stop():
        return
    yield Stage(ordered(found), is_whole=True, is_last=False)
    for check in THOROUGH:
        found += _found((check,), rows, should_stop)
        if should_stop():
            return
        yield Stage(ordered(found), is_whole=True, is_last=check is THOROUGH[-1])


def findings(
    table: Table,
    columns: Columns,
    *,
    kind: TaskKind,
    test_table: Table | None = None,
    only_quick: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Finding, ...]:
    """The whole answer at once, or that of the quick checks; empty where it was stopped."""
    checks = QUICK if only_quick else QUICK + THOROUGH
    rows = Rows(table, columns, kind, table.numbers, _test_rows(test_table, columns, kind, should_stop), should_stop)
    found = _found(checks, rows, should_stop)
    return () if should_stop() else ordered(found)


def _stretches(numbers: Sequence[int]) -> list[int]:
    """Row numbers of the sample, ascending."""
    length, step = SAMPLE // _STRETCHES, len(numbers) / _STRETCHES
    return [numbers[int(stretch * step) + place] for stretch in range(_STRETCHES) for place in range(length)]


def _test_rows(table: Table | None, columns: Columns, kind: TaskKind, should_stop: Callable[[], bool]) -> Rows | None:
    """The rows of the test file; None where it has not the columns to read, which is told where it is split."""
    if table is None or not set(columns.read) <= set(table.columns):
        return None
    return Rows(table, columns, kind, table.numbers, None, should_stop)


def _found(checks: Sequence[Check], rows: Rows, should_stop: Callable[[], bool]) -> list[Finding]:
    found: list[Finding] = []
    for check in checks:
        some = rows.at_most(BOUNDS.get(check, len(rows.numbers)))
        try:
            total = len(rows.numbers)
            found += [braked(looked_at(one, len(some.numbers), total), total) for one in check(some, should_stop)]
        except Stopped:
            return []
        if should_stop():
            return []
    return found
