"""A total or a remark that stands below the table and was read as its last row.

In: Rows. Out: a Finding with the last one or two rows, told only where they look like that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from studio.counting import counted
from studio.data.checkup.finding import Finding, Fix, finding
from studio.data.checkup.rows import Rows
from studio.data.checkup.scan import clip
from studio.data.reading.delimited.looks import look_of
from studio.data.reading.delimited.preamble import TOTAL
from studio.data.table.edits import DeleteRows

_LAST = 2  # rows that may stand below the table
_BEFORE = 20  # rows above them that show what a row of the table looks like
_FEWEST = 5  # of those: fewer show nothing
_USUAL = 0.9  # share of them in which a column that is usually filled is
_LONGEST = 30  # characters of a total's name


def check(rows: Rows, should_stop: Callable[[], bool]) -> Iterator[Finding]:
    """The last rows of the whole table that name a total, or leave most of what the others fill empty."""
    numbers = rows.table.numbers
    before = [rows.table.cells(row) for row in numbers[-_BEFORE - _LAST : -_LAST]]
    if len(before) < _FEWEST or should_stop():
        return
    usual = [place for place in range(len(before[0])) if _share(before, place) >= _USUAL]
    found: dict[int, str] = {}
    for row in reversed(numbers[-_LAST:]):
        cells = rows.table.cells(row)
        if not _is_odd(cells, usual, before):
            break
        found[int(row)] = f"“{clip(' · '.join(cell for cell in cells if cell.strip()))}”"
    if found:
        yield finding(
            "totals", found, "look",
            lambda n: counted(n, "1 row, the last one, looks", "{} rows, the last ones, look")
            + " like a total or a remark",
            "", "It would be learned like the other rows. Delete it if it is no example.",
            fix=lambda row: (Fix(counted(len(row), "Delete it", "Delete them"), (DeleteRows(tuple(row)),)),),
            notes=found,
        )  # fmt: skip


def _is_odd(cells: Sequence[str], usual: Sequence[int], before: Sequence[Sequence[str]]) -> bool:
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    if not filled:
        return False  # an empty row is told as such
    missing = [place for place in usual if not cells[place].strip()]
    first, others = cells[filled[0]].strip(), filled[1:]
    if len(first) <= _LONGEST and TOTAL.fullmatch(first):
        # “Total nonsense” is a text like any other where the row is whole and its other cells are as ever.
        words = [place for place in others if any(look_of(row[place]) != "number" for row in before)]
        return bool(missing) or any(look_of(cells[place]) == "number" for place in words)
    return len(usual) > 2 and 2 * len(missing) > len(usual)


def _share(rows: Sequence[Sequence[str]], place: int) -> float:
    return sum(bool(row[place].strip()) for row in rows) / len(rows)
