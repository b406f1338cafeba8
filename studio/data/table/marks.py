"""Rows known again by what they hold.

In: row numbers of a table. Out: a RowMark each: a short sum of the row's cells as they lie in the snapshot, and which
one it is of the rows that hold the same. With them the rows are found in another snapshot of the same columns, also
where they moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from studio.data.table.pages import PageReader, pieces
from studio.data.table.table import Table

if TYPE_CHECKING:
    import pyarrow as pa


_FEW = 2_000  # values up to which Arrow, which learns them anew for each piece, finds them sooner than Python


class RowMark(NamedTuple):
    """`sum` of a row's cells (16 hexadecimal digits); it is number `which` (from 0, from the top) of `of` such rows."""

    sum: str
    which: int
    of: int


def marks_of(table: Table, columns: Sequence[str], rows: Sequence[int]) -> dict[int, RowMark]:
    """The RowMark of each row, over these columns; edits do not count. One column is read whole, the others where it is
    like that of a row asked for."""
    bare = table.with_edits(())
    wanted = sorted(set(rows))
    held = PageReader(bare, columns).at(wanted)
    sums = {row: row_sum(cells) for row, cells in zip(wanted, held, strict=True)}
    seen: Counter[str] = Counter()
    which: dict[int, int] = {}
    for row, found in _alike(bare, columns, held, set(sums.values()), lambda: False):
        if row in sums:
            which[row] = seen[found]
        seen[found] += 1
    return {row: RowMark(sums[row], which[row], seen[sums[row]]) for row in wanted}


def places_of(
    table: Table, columns: Sequence[str], sums: set[str], *, should_stop: Callable[[], bool] = lambda: False
) -> Mapping[str, list[int]]:
    """The numbers of all rows that have one of these sums over `columns`, in order; edits do not count."""
    found: dict[str, list[int]] = {}
    for row, one in _alike(table.with_edits(()), columns, None, sums, should_stop):
        found.setdefault(one, []).append(row)
    return found


def row_sum(cells: Sequence[str]) -> str:
    """A sum over a row's cells; where one cell ends and the next begins counts too."""
    return _sum("".join(f"{len(cell)}:{cell}" for cell in cells))


def _sum(text: str) -> str:
    return blake2b(text.encode("utf-8"), digest_size=8).hexdigest()


def _alike(
    table: Table,
    columns: Sequence[str],
    held: Sequence[tuple[str, ...]] | None,
    sums: set[str],
    should_stop: Callable[[], bool],
) -> Iterator[tuple[int, str]]:
    """Rows with one of these sums, in order. Where it is known what such rows hold, only those are looked at whose
    cells in the most telling column are among it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not sums or not columns:
        return
    if held is None:
        for piece in pieces(table, columns, should_stop=should_stop):
            for row, one in zip(piece.numbers, _sums(piece.cells), strict=True):
                if one in sums:
                    yield row, one
        return
    telling = max(range(len(columns)), key=lambda place: (len({cells[place] for cells in held}), len(held[0][place])))
    values = {cells[telling] for cells in held}
    value_set = pa.array(values, pa.string())
    reader = PageReader(table, columns)
    for piece in pieces(table, [columns[telling]], should_stop=should_stop):
        cells = piece.cells.column(0)
        if len(values) <= _FEW:
            near = pc.indices_nonzero(pc.is_in(cells, value_set=value_set)).to_numpy().astype(np.int64)
        else:
            near = np.flatnonzero([cell in values for cell in cells.to_pylist()])
        if len(near):
            rows = near + piece.start
            for row, found in zip(rows.tolist(), reader.at(rows), strict=True):
                if (one := row_sum(found)) in sums:
                    yield row, one


def _sums(cells: pa.RecordBatch) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = []
    for column in cells.columns:
        parts += [pc.utf8_length(column).cast(pa.string()), column]
    # “3:abc1:d”: a colon after each length, nothing after each text
    joined = [
        pc.binary_join_element_wise(length, text, ":") for length, text in zip(parts[::2], parts[1::2], strict=True)
    ]
    return map(_sum, pc.binary_join_element_wise(*joined, "").to_pylist())
