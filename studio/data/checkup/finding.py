"""What the check-up finds: a Finding, its rows, and how it is mended.

In: row numbers and words. Out: the types that all checks share. Knows nothing of how they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from studio.data.checkup.blanks import with_blanks
from studio.data.table.edits import DeleteRows, Edit

Severity = Literal["good", "look", "wrong"]
COMPARED = 200_000  # rows at most that are compared with each other, evenly taken; a Finding says so
DRASTIC = 0.2  # share of all rows from which on deleting them is not offered first
MOST_ROWS = 10_000  # row numbers that a finding carries; its count is always whole


@dataclass(frozen=True)
class Fix:
    """One way of mending: a short `title` for its button ("Delete 48 repeats"), the edits that do it, and in a sentence
    what they do, where the title leaves that open. One that is `drastic` deletes so much of the table that its rows are
    to be looked at first; its title says how much."""

    title: str
    edits: tuple[Edit, ...]
    meaning: str = ""
    drastic: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing found: its `kind`, how many rows (`count`), their 0-based numbers (`rows`, at most 10,000, the most
    telling first), how much it matters, a short title that begins with its number, and what follows from it (nothing
    where it is good news). `column` is the one that it is about, where it is one; `notes` say something beside a row;
    `fixes` are the ways of mending it, the usual one first.

    Titles go into the model's card, which others read. Columns' names and labels may stand in them, because the model
    shows its labels to everybody; where another cell does, `outside` is a title without it."""

    kind: str
    count: int
    rows: tuple[int, ...]
    severity: Severity
    title: str
    meaning: str = ""
    column: str = ""
    notes: tuple[tuple[int, str], ...] = ()
    fixes: tuple[Fix, ...] = ()
    outside: str = ""


def finding(
    kind: str,
    rows: Iterable[int],
    bad: Severity,
    words: Callable[[int], str],
    good: str,
    meaning: str = "",
    *,
    fix: Callable[[list[int]], tuple[Fix, ...]] = lambda rows: (),
    notes: Mapping[int, str] | None = None,
    ranked: bool = False,
    column: str = "",
) -> Finding:
    """A Finding about these rows, with the title that `words` makes of their count; good news where there are none. The
    rows come in the table's order, or as they are given where they are `ranked`; `notes` by row number."""
    numbers = list(rows) if ranked else sorted(rows)
    count = len(numbers)
    if not count:
        return Finding(kind, 0, (), "good", good)
    carried = tuple(numbers[:MOST_ROWS])
    beside = tuple((row, notes[row]) for row in carried if row in notes) if notes else ()
    return Finding(kind, count, carried, bad, words(count), meaning, column, beside, fix(numbers))


def delete_rows(rows: Sequence[int]) -> tuple[Fix, ...]:
    """To mend it by deleting these rows."""
    return (Fix("Delete these rows", (DeleteRows(tuple(rows)),)),)


def looked_at(one: Finding, count: int, total: int) -> Finding:
    """The Finding as one about `count` of `total` rows: where those are not all, its title says so, and its fixes say
    that they change no other row."""
    if count >= total:
        return one
    words = "Changes only rows that were looked at."
    fixes = tuple(replace(fix, meaning=f"{fix.meaning} {words}".strip()) for fix in one.fixes)
    return replace(one, title=f"{one.title}, in {count:,} of {total:,} rows looked at", fixes=fixes)


def braked(one: Finding, total: int) -> Finding:
    """The Finding with every fix that deletes more than a fifth of `total` rows marked and saying so: “Delete 100 of
    153 rows”."""

    def brake(fix: Fix) -> Fix:
        count = len({row for edit in fix.edits if isinstance(edit, DeleteRows) for row in edit.rows})
        if count <= DRASTIC * total:
            return fix
        return replace(fix, title=f"Delete {count:,} of {total:,} rows", drastic=True)

    return replace(one, fixes=tuple(map(brake, one.fixes)))


def listed(names: Sequence[str]) -> str:
    """The first three names, the blanks around them made visible, and how many more there are."""
    shown = ", ".join(f"“{with_blanks(name)}”" for name in names[:3])
    return shown + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first; among equals as they came. Good news about a column comes before that nothing was found."""
    order: dict[Severity, int] = {"wrong": 0, "look": 1, "good": 2}
    return tuple(sorted(findings, key=lambda one: (order[one.severity], one.severity == "good" and not one.column)))


def row_name(row: int) -> str:
    """A row as people count: "row 1" is the first."""
    return f"row {row + 1:,}"
