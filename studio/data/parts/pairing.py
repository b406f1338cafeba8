"""What the rows of a table to search tell, and what keeps them together.

In: a Dataset, or a Table and its Columns. Out: the Pairing that the rows have; the number in a cell, and the rows that
lack one; which rows share a passage.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING

from studio.config.pairing import Pairing
from studio.data.checkup.sameness import sameness_hashes, sameness_key
from studio.data.parts.dataset import Dataset
from studio.data.parts.dealing import joined
from studio.data.roles.columns import Columns
from studio.data.table.pages import pieces
from studio.data.table.table import Table
from studio.stopping import never

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

NO_NUMBER = "no number"
_LOOKED_AT = 20_000  # rows, evenly over the training part
_REPEATED = 1.2  # rows for each different query, from which on they are its candidates
_MOST_TIED, _LEAST_TIED = 0.1, 20  # of the rows in one group; groups
_WORDS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}


def pairing_of(dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> Pairing | None:
    """What the training rows tell; None where it was stopped. Numbers that are all 1 mark nothing as wrong; 1 and 0 for
    several passages of a query mark candidates; other numbers, and 1 and 0 for single pairs, are how alike texts are.
    """
    if not dataset.columns.score:
        return "passages"
    numbers: set[float] = set()
    queries: set[str] = set()
    rows = 0
    for row in dataset.every("training", max(1, -(-len(dataset.parts["training"]) // _LOOKED_AT))):
        if should_stop():
            return None
        found = number_of(row.score)
        if found is not None:
            numbers.add(found)
            queries.add(sameness_key(row.input))
            rows += 1
    if numbers == {1.0}:
        return "passages"
    if numbers <= {0.0, 1.0} and rows >= _REPEATED * len(queries):
        return "candidates"
    return "scores"


def unnumbered(table: Table, columns: Columns, rows: Numbers, *, should_stop: Callable[[], bool]) -> Numbers:
    """Those of `rows` (ascending) whose cell in the column of numbers holds none; nothing without such a column."""
    import numpy as np

    if not columns.score:
        return rows[:0]
    lacks = np.zeros(table.rows, np.bool_)
    for piece in pieces(table, [columns.score], should_stop=should_stop):
        cells = piece.cells.column(0).to_pylist()
        lacks[piece.start : piece.start + len(cells)] = [number_of(cell) is None for cell in cells]
    return rows[lacks[rows]]


def tied(table: Table, columns: Columns, keys: Numbers, rows: Numbers, *, should_stop: Callable[[], bool]) -> Numbers:
    """The `keys` of `rows`, made one where rows share a passage, directly or by way of others, so that no passage
    stands in two parts. Where that would tie too many together (one passage answers nearly everything, or there are
    few), the keys as they are: then only queries stay in one part."""
    import numpy as np

    passages = np.zeros(table.rows, np.int64)
    for piece in pieces(table, [columns.target], should_stop=should_stop):
        cells = piece.cells.column(0).to_pylist()
        passages[piece.start : piece.start + len(cells)] = sameness_hashes(cells)
    if not len(rows):
        return keys
    own = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    found = joined(own, passages[rows], np.ones(len(rows), np.bool_))
    sizes = np.unique(found, return_counts=True)[1]
    return found if len(sizes) >= _LEAST_TIED and sizes.max() <= _MOST_TIED * len(rows) else keys


def number_of(cell: str) -> float | None:
    """The number in a cell, with a decimal point or comma; 1 and 0 for true and false; None where there is none."""
    text = cell.strip().casefold()
    if text in _WORDS:
        return _WORDS[text]
    try:
        found = float(text if "." in text else text.replace(",", "."))
    except ValueError:
        return None
    return found if isfinite(found) else None
