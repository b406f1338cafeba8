"""Which rows are one text, and the parts of a few long texts.

In: a Table of texts and row numbers. Out: where a text begins; for few long texts each one's first rows for training,
the next for watching, its end for the test. A text file is read in passages; passages that follow each other in one
file are one text, and a text is never put together over a gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.data.parts.dealing import MOST_TEST, MOST_WATCHING
from studio.data.table.pages import as_array
from studio.data.table.table import Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.data.table.pages import RowNumbers

    Numbers = NDArray[np.int64]

FEW_TEXTS = 20  # fewer of these cannot be dealt whole: one of them might be a tenth of all, or half
_TEXT, _FILE = "text", "file"  # the columns that prose is read into


def file_column(table: Table) -> str | None:
    """The column that says which file a passage is of; "" where all are of one file, None where rows are no passages,
    so that each is a text of its own."""
    if table.reading.kind == "text":
        return ""
    is_prose = table.reading.kind == "folder" and table.columns[:2] == (_TEXT, _FILE)
    return _FILE if is_prose else None


def begins(table: Table, numbers: RowNumbers) -> NDArray[np.bool_]:
    """For each of these row numbers (ascending) whether a text begins there: every row where they are no passages, else
    the first one of a file, and one before which a row is missing."""
    import numpy as np

    rows = as_array(numbers)
    column = file_column(table)
    found = np.ones(len(rows), np.bool_)
    if column is None or len(rows) < 2:
        return found
    found[1:] = np.diff(rows) != 1
    if column:
        files = np.unique(np.asarray(table.column(column), dtype=object), return_inverse=True)[1]
        found[1:] |= np.diff(files[rows]) != 0
    return found


def few_texts(table: Table, numbers: RowNumbers) -> bool:
    """Whether these rows are the passages of so few texts that each has to give a stretch of itself to every part."""
    return file_column(table) is not None and int(begins(table, numbers).sum()) < FEW_TEXTS


def stretches(table: Table, numbers: RowNumbers, shares: tuple[float, float]) -> tuple[Numbers, Numbers, Numbers]:
    """Training, watching and test rows: of each text the first rows, the next and the last ones, by the `shares` for
    watching and test. No more rows watch or test than where rows are dealt by chance."""
    import numpy as np

    rows = as_array(numbers)
    starts = np.flatnonzero(begins(table, numbers))
    texts = np.split(rows, starts[1:])
    watch_most, test_most = (max(1, most // len(texts)) for most in (MOST_WATCHING, MOST_TEST))
    parts: tuple[list[Numbers], ...] = ([], [], [])
    for text in texts:
        test = _share(len(text), shares[1], test_most)
        watching = _share(len(text), shares[0], watch_most)
        if watching + test >= len(text):
            watching = test = 0  # too short to be cut: it is learned
        middle, last = len(text) - watching - test, len(text) - test
        for part, rows_of in zip(parts, (text[:middle], text[middle:last], text[last:]), strict=True):
            part.append(rows_of)
    training, watched, tested = (np.concatenate(part) for part in parts)
    return training, watched, tested


def _share(rows: int, share: float, most: int) -> int:
    return min(most, max(1, round(share * rows))) if share > 0 else 0
