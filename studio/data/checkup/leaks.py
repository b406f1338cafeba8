"""Rows for testing that are also learned.

In: Rows with a test file, or with a column that names each row's part. Out: the training rows that also stand among the
test rows, exactly and nearly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studio.data.checkup.alike import alike, joined, sketch
from studio.data.checkup.finding import Finding, Fix, counted, finding, row_name
from studio.data.checkup.rows import Rows
from studio.data.reading.given_parts import part_of
from studio.data.table.edits import DeleteRows


@dataclass(frozen=True)
class _Sides:
    """The rows of every key that is learned, and of every key that is asked; `where` ends a note about the latter."""

    learned: dict[str, list[int]]
    asked: dict[str, list[int]]
    noun: str
    where: str


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Leaks between training and test; nothing where there are no test rows yet (the split never makes any)."""
    sides = _sides(rows)
    if sides is None or not sides.learned or not sides.asked:
        return
    both = {key: numbers for key, numbers in sides.learned.items() if key in sides.asked}
    questions = sum(len(sides.asked[key]) for key in both)
    yield finding(
        "leaks", (row for numbers in both.values() for row in numbers), "wrong",
        lambda n: counted(n, "1 training row also stands", "{} training rows also stand")
        + f" among the {sides.noun} ({questions:,} of those)",
        f"No training row also stands among the {sides.noun}",
        "What was learned by heart is no test. Delete these rows from training; the test keeps its own.",
        fix=_delete,
        notes={row: f"also {row_name(sides.asked[key][0])}{sides.where}" for key, own in both.items() for row in own},
    )  # fmt: skip
    yield from _near(sides, should_stop)


def _near(sides: _Sides, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    learned = [key for key in sides.learned if key not in sides.asked]
    asked = list(sides.asked)
    one = sketch(learned, should_stop)
    other = sketch(asked, should_stop)
    if one is None or other is None:
        return
    notes: dict[int, str] = {}
    for earlier, later, share in alike(joined(one, other), should_stop, across=len(learned)):
        of = row_name(sides.asked[asked[later - len(learned)]][0])
        for row in sides.learned[learned[earlier]]:
            notes.setdefault(row, f"{min(share, 0.99):.0%} the same as {of}{sides.where}")
    yield finding(
        "near_leaks", notes, "look",
        lambda n: counted(n, "1 training row is nearly the same as one", "{} training rows are nearly the same as one")
        + f" of the {sides.noun}",
        f"No training row is nearly the same as one of the {sides.noun}",
        "What was nearly learned is an easy test: the result looks better than it is. Delete those that ask the same.",
        fix=_delete, notes=notes, ranked=True,
    )  # fmt: skip


def _sides(rows: Rows) -> _Sides | None:
    if rows.test is not None and rows.test.columns.read:
        return _Sides(rows.distinct, rows.test.distinct, "rows of the test file", " of the test file")
    if not rows.columns.part or not rows.texts:
        return None
    learned: dict[str, list[int]] = {}
    asked: dict[str, list[int]] = {}
    parts = rows.cells(rows.columns.part)
    part_by_value = {value: part_of(value) for value in set(parts.values())}
    for row, key in rows.keys.items():
        part = part_by_value[parts[row]]
        if part is not None:
            (learned if part == "training" else asked).setdefault(key, []).append(row)
    return _Sides(learned, asked, "watching and test rows", "")


def _delete(numbers: list[int]) -> tuple[Fix, ...]:
    return (Fix("Delete from training", (DeleteRows(tuple(sorted(numbers))),), "The rows for testing stay."),)
