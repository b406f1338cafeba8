"""Some rows of a table in some order: what is searched, filtered and sorted, as row numbers.

In: a Table with its edits. Out: numbers of rows; the rows themselves are read when they come into view (pages.py).
Searching and filtering give the numbers piece by piece, from the top; `combine` puts them together with an order from
order.py. Deleted rows are never among them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from studio.data.table.edits import missing_column
from studio.data.table.pages import as_array, pieces
from studio.data.table.table import Table

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from studio.data.table.pages import RowNumbers

_MANY = 300  # hits in one piece
TestKind = Literal["equals", "contains", "empty", "one of", "longer"]


@dataclass(frozen=True)
class CellTest:
    """What a cell has to be: exactly one of `texts` ("equals", "one of"), have `texts[0]` in it whatever the case
    ("contains"), hold nothing but blanks ("empty"), or have more than `characters` ("longer"). `negated` turns it."""

    kind: TestKind
    texts: tuple[str, ...] = ()
    characters: int = 0
    negated: bool = False


def search(
    table: Table, text: str, columns: Sequence[str] | None = None, *, should_stop: Callable[[], bool]
) -> Iterator[NDArray[np.int64]]:
    """Rows in which one of the columns (None: any) contains `text`, whatever the case; every row for ""."""
    names = list(table.columns if columns is None else columns)
    return _where(table, names, lambda cells: _contains(cells, text), should_stop)


def where(table: Table, column: str, test: CellTest, *, should_stop: Callable[[], bool]) -> Iterator[NDArray[np.int64]]:
    """Rows whose cell in `column` passes the test."""
    holds = _test(test)
    return _where(table, [column], (lambda cells: ~holds(cells)) if test.negated else holds, should_stop)


def combine(table: Table, order: RowNumbers | None = None, *filters: NDArray[np.int64]) -> range | NDArray[np.int64]:
    """The rows of `order` (None: all that are used, from the top) that are in every filter. No cell is read: 10
    million rows take a fraction of a second."""
    import numpy as np

    if order is None and not filters and isinstance(table.numbers, range):
        return table.numbers
    numbers = as_array(table.numbers if order is None else order)
    for some in filters:
        held = np.zeros(table.rows, np.bool_)
        held[some] = True
        numbers = numbers[held[numbers]]
    return numbers


def gathered(found: Iterator[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The pieces of a search or a filter as one."""
    import numpy as np

    return np.concatenate([np.empty(0, np.int64), *found])


Mask = Any  # an array of bool, one a cell


def _where(
    table: Table, columns: Sequence[str], test: Callable[[pa.Array], Mask], should_stop: Callable[[], bool]
) -> Iterator[NDArray[np.int64]]:
    import numpy as np

    for name in columns:
        if name not in table.columns:
            raise missing_column(name, table.columns)
    used = np.ones(table.rows, np.bool_)
    used[table.overlay.deleted] = False
    return _found(table, columns, test, used, should_stop)


def _found(
    table: Table,
    columns: Sequence[str],
    test: Callable[[pa.Array], Mask],
    used: NDArray[np.bool_],
    should_stop: Callable[[], bool],
) -> Iterator[NDArray[np.int64]]:
    import numpy as np

    for piece in pieces(table, columns, should_stop=should_stop):
        hit = np.zeros(piece.cells.num_rows, np.bool_)
        for cells in piece.cells.columns:
            hit |= test(cells)
        hit &= used[piece.start : piece.start + len(hit)]
        yield np.flatnonzero(hit).astype(np.int64) + piece.start


def _test(test: CellTest) -> Callable[[pa.Array], Mask]:
    import pyarrow as pa
    import pyarrow.compute as pc

    match test.kind:
        case "contains":
            return lambda cells: _contains(cells, test.texts[0])
        case "empty":
            return lambda cells: _mask(pc.or_(pc.utf8_is_space(cells), pc.equal(pc.binary_length(cells), 0)))
        case "longer":
            return lambda cells: _mask(pc.greater(pc.utf8_length(cells), test.characters))
        case _:
            values = pa.array(test.texts, pa.string())
            return lambda cells: _mask(pc.is_in(cells, value_set=values))


def _contains(cells: pa.Array, text: str) -> Mask:
    """Looks through the whole piece as one string of bytes, which is many times faster than cell by cell. A text of
    plain letters needs only those made small; others are compared as Unicode makes them small."""
    import numpy as np
    import pyarrow.compute as pc

    hit = np.zeros(len(cells), np.bool_)
    if not text:
        return ~hit
    if not text.isascii():
        cells = pc.utf8_lower(cells)
    offsets = np.frombuffer(cells.buffers()[1], np.int32, len(cells) + 1, cells.offset * 4)
    if cells.buffers()[2] is None or offsets[0] == offsets[-1]:
        return hit
    data = cells.buffers()[2].slice(int(offsets[0]), int(offsets[-1] - offsets[0])).to_pybytes().lower()
    wanted = text.lower().encode("utf-8", "surrogatepass")
    if (at := data.find(wanted)) < 0:
        return hit
    ends, row, rows = (offsets[1:] - offsets[0]).tolist(), 0, list[int]()
    while at >= 0:
        if len(rows) > _MANY:  # where nearly every cell has it, looking cell by cell is faster
            return _mask(pc.match_substring(cells, text, ignore_case=True))
        row = bisect_right(ends, at, row)
        if at + len(wanted) <= ends[row]:
            rows.append(row)
            at = data.find(wanted, ends[row])
        else:  # it only seems so: one cell's end and the next one's beginning
            at = data.find(wanted, at + 1)
    hit[rows] = True
    return hit


def _mask(found: pa.Array) -> Mask:
    return found.to_numpy(zero_copy_only=False)
