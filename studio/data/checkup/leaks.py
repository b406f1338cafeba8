"""Rows for testing that are also learned.

In: Rows with a test file, or with a column that names each row's part. Out: the training rows that also stand among the
test rows, exactly and nearly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studio.counting import counted
from studio.data.checkup.alike import alike, joined, sketch
from studio.data.checkup.finding import COMPARED, Finding, Fix, finding, looked_at, row_name
from studio.data.checkup.rows import Rows
from studio.data.reading.given_parts import Part, part_of
from studio.data.table.edits import DeleteRows
from studio.data.table.pages import as_array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_LEARNED, _ASKED = 1, 2  # what becomes of a row, as its part says


@dataclass(frozen=True)
class _Side:
    """Rows that are learned, or that are asked: `rows` of `of`, each with a hash of its text's key."""

    of: Rows
    rows: Numbers
    hashes: Numbers


@dataclass(frozen=True)
class _Sides:
    """The rows that are learned and those that are asked; `where` ends a note about the latter."""

    learned: _Side
    asked: _Side
    noun: str
    where: str


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """Leaks between training and test; nothing where there are no test rows yet (the split never makes any)."""
    import numpy as np

    sides = _sides(rows)
    if sides is None or not len(sides.learned.rows) or not len(sides.asked.rows):
        return
    learned, asked = sides.learned, sides.asked
    is_both = np.isin(learned.hashes, asked.hashes)
    questions = int(np.isin(asked.hashes, learned.hashes).sum())
    each, first = np.unique(asked.hashes, return_index=True)
    of = asked.rows[first[np.searchsorted(each, learned.hashes[is_both])]]
    notes = {
        row: f"also {row_name(other)}{sides.where}"
        for row, other in zip(learned.rows[is_both].tolist(), of.tolist(), strict=True)
    }
    yield finding(
        "leaks", notes, "wrong",
        lambda n: counted(n, "1 training row also stands", "{} training rows also stand")
        + f" among the {sides.noun} ({questions:,} of those)",
        f"No training row also stands among the {sides.noun}",
        "What was learned by heart is no test. Delete these rows from training; the test keeps its own.",
        fix=_delete, notes=notes,
    )  # fmt: skip
    if not rows.contexts:  # the same question about two texts is two questions
        yield from _near(sides, ~is_both, should_stop)


def _near(sides: _Sides, are_new: NDArray[np.bool_], should_stop: Callable[[], bool]) -> Iterator[Finding]:
    total, known = int(are_new.sum()), len(sides.asked.rows)
    learned = _keys(sides.learned.of, _evenly(sides.learned.rows[are_new]))
    asked = _keys(sides.asked.of, _evenly(sides.asked.rows))
    one = sketch(list(learned), should_stop)
    other = sketch(list(asked), should_stop)
    if one is None or other is None:
        return
    notes: dict[int, str] = {}
    of_learned, of_asked = list(learned.values()), list(asked.values())
    for earlier, later, share in alike(joined(one, other), should_stop, across=len(learned)):
        of = row_name(of_asked[later - len(learned)][0])
        for row in of_learned[earlier]:
            notes.setdefault(row, f"{min(share, 0.99):.0%} the same as {of}{sides.where}")
    found = finding(
        "near_leaks", notes, "look",
        lambda n: counted(n, "1 training row is nearly the same as one", "{} training rows are nearly the same as one")
        + f" of the {sides.noun}",
        f"No training row is nearly the same as one of the {sides.noun}",
        "What was nearly learned is an easy test: the result looks better than it is. Delete those that ask the same.",
        fix=_delete, notes=notes, ranked=True,
    )  # fmt: skip
    yield looked_at(found, min(total, COMPARED) + min(known, COMPARED), total + known)


def _evenly(rows: Numbers) -> list[int]:
    """At most so many of the rows as are compared, evenly taken."""
    step = max(1.0, len(rows) / COMPARED)
    return [int(rows[int(place * step)]) for place in range(min(len(rows), COMPARED))]


def _keys(of: Rows, numbers: Sequence[int]) -> dict[str, list[int]]:
    """The row numbers of each key."""
    some = replace(of, numbers=numbers) if len(numbers) < len(of.numbers) else of
    return some.distinct


def _sides(rows: Rows) -> _Sides | None:
    import numpy as np

    if rows.test is not None and rows.test.columns.read:
        learned, asked = _Side(rows, *rows.hashes), _Side(rows.test, *rows.test.hashes)
        return _Sides(learned, asked, "rows of the test file", " of the test file")
    if not rows.columns.part or not rows.texts:
        return None
    known: dict[str, int] = {}
    codes = []
    for _, cells in rows.cells(rows.columns.part).blocks():
        known.update({cell: _code(part_of(cell)) for cell in set(cells) - known.keys()})
        codes.append(np.array([known[cell] for cell in cells], np.int8))
    numbers, hashes = rows.hashes
    of = np.concatenate(codes)[np.searchsorted(as_array(rows.numbers), numbers)]
    learned, asked = (_Side(rows, numbers[of == code], hashes[of == code]) for code in (_LEARNED, _ASKED))
    return _Sides(learned, asked, "watching and test rows", "")


def _code(part: Part | None) -> int:
    return 0 if part is None else _LEARNED if part == "training" else _ASKED


def _delete(numbers: list[int]) -> tuple[Fix, ...]:
    return (Fix("Delete from training", (DeleteRows(tuple(sorted(numbers))),), "The rows for testing stay."),)
