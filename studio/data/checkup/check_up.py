"""The check-up: every check in turn, on a sample first, then on all rows.

In: a Table, what its columns are for, the goal. Out: Stages of Findings, the worst first. It can be stopped between two
checks and within the long ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studio.config.config import TaskKind
from studio.data.checkup import doubles, gaps, labels
from studio.data.checkup.finding import Finding, Severity
from studio.data.checkup.rows import Rows
from studio.data.columns import Columns
from studio.data.table import Table

Check = Callable[[Rows, Callable[[], bool]], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (gaps.check, doubles.check, labels.check)
SAMPLE = 5_000  # rows, evenly over the table, that give a first answer
_ORDER: dict[Severity, int] = {"wrong": 0, "look": 1, "good": 2}


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
    """What is found in a sample, then what is found in all rows, each the worst first. Columns that are not chosen yet
    ("") are not looked at. The last Stage is the whole answer; there is none after a stop."""
    numbers = table.numbers
    test = Rows(test_table, columns, kind, test_table.numbers) if test_table is not None else None
    if len(numbers) > SAMPLE:
        step = len(numbers) / SAMPLE
        sample = [numbers[int(place * step)] for place in range(SAMPLE)]
        yield from _stages(Rows(table, columns, kind, sample, test), should_stop, is_whole=False)
    yield from _stages(Rows(table, columns, kind, numbers, test), should_stop, is_whole=True)


def findings(table: Table, columns: Columns, *, kind: TaskKind, test_table: Table | None = None) -> tuple[Finding, ...]:
    """The whole answer at once."""
    stages = [*check_up(table, columns, kind=kind, test_table=test_table)]
    return stages[-1].findings


def _stages(rows: Rows, should_stop: Callable[[], bool], *, is_whole: bool) -> Iterator[Stage]:
    found: list[Finding] = []
    for number, check in enumerate(CHECKS):
        found += check(rows, should_stop)
        if should_stop():
            return
        found.sort(key=lambda one: _ORDER[one.severity])
        is_last = is_whole and number == len(CHECKS) - 1
        if is_last or number == len(CHECKS) - 1:
            yield Stage(tuple(found), is_whole, is_last)
