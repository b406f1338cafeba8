"""What a person changed in a table: cells, rows that are gone, labels that became one.

In: a Table and Edits in the order in which they were made. Out: the same Table with them applied; the snapshot itself
is never touched. Rows keep their numbers, also where some are deleted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SetCells:
    """New texts for cells of one column: pairs of a 0-based row number and the text."""

    column: str
    cells: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class DeleteRows:
    """Rows that are not used any more, by their 0-based numbers."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class ReplaceValue:
    """Every cell of a column that is exactly `before` becomes `after`: a label that is renamed or merged."""

    column: str
    before: str
    after: str


Edit = SetCells | DeleteRows | ReplaceValue
