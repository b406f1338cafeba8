"""One check on a small table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.config.goals import TaskKind
from studio.data.checkup.check_up import Check
from studio.data.checkup.finding import Finding
from studio.data.checkup.rows import Rows
from studio.data.roles.columns import Columns
from tests.data.tables import table_of

NAMES = ("text", "label")


def rows_of(
    folder: Path,
    cells: Sequence[Sequence[str]],
    *,
    names: Sequence[str] = NAMES,
    columns: Columns = Columns("text", "label"),
    kind: TaskKind = "classify",
    test: Sequence[Sequence[str]] = (),
) -> Rows:
    """All rows of a table with these cells, with a test file of the rows `test` where there are some."""
    table = table_of(folder, names, cells)
    tested = table_of(folder, names, test, "test.csv") if test else None
    beside = Rows(tested, columns, kind, tested.numbers) if tested is not None else None
    return Rows(table, columns, kind, table.numbers, beside)


def told(check: Check, rows: Rows) -> dict[str, Finding]:
    """What a check finds, by kind."""
    return {finding.kind: finding for finding in check(rows, lambda: False)}
