"""Finding rows by what is written in them.

In: a Table and a text. Out: row numbers, piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.data.table import Table
from studio.data.view import search


def find_rows(table: Table, text: str, *, should_stop: Callable[[], bool]) -> Iterator[list[int]]:
    """The 0-based numbers of rows in which any column contains `text`, whatever the case, piece by piece."""
    for found in search(table, text, should_stop=should_stop):
        yield found.tolist()
