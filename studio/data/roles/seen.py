"""The columns of a table by their profiles, and what a look at them finds.

In: a Table, the profiles of its columns. Out: Seen, of which one asks for the columns with a meaning; the type Found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.config.goals import TaskKind
from studio.data.reading.names import Role
from studio.data.reading.several.united import SPLIT
from studio.data.roles.profile import ColumnProfile
from studio.data.table.table import Table

COUNTED = 200_000  # rows up to which repeats are counted in all of them
REPEATED = 1.2  # rows for each different value, from which on rows belong together


@dataclass(frozen=True)
class Found:
    """The decision, before what goes along is added; `also` are more columns that are read, each with its role. `own`
    are further columns of the goal, by their names in Columns."""

    goal: TaskKind
    input: str
    target: str
    reason: str
    template: str = ""
    shape: str = ""
    also: tuple[tuple[str, Role], ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)


class Seen:
    """The columns of a table by their profiles."""

    def __init__(self, table: Table, columns: Sequence[ColumnProfile], cells: dict[str, list[str]]) -> None:
        self.table = table
        self.cells = cells
        parts = sorted((c.name for c in columns if c.names_parts), key=lambda name: name != SPLIT)
        self.part = next(iter(parts), "")
        self.columns = [c for c in columns if c.name not in parts]  # files may be named after their part, too
        readable = [c for c in self.columns if c.may_be_read]
        self.readable = [c for c in readable if c.said not in {"other", "worse", "system", "earlier"}] or readable
        self.texts = [c for c in self.readable if not c.may_label]
        self.shape = table.reading.shape

    def said(self, *meanings: str, readable: bool = True) -> list[ColumnProfile]:
        """The columns with one of these meanings, whole names first, in the order of the meanings."""
        found = [c for c in self.columns if c.meaning in meanings and (c.may_be_read or not readable)]
        return sorted(found, key=lambda c: (not c.is_whole, meanings.index(c.meaning or ""), c.place))

    def labelled(self, *, numeric: float = 1.0, bits: bool = True) -> bool:
        """Whether a column is named a label and can be one: with at most this share of numbers, and of 0 and 1 alone
        only where `bits` may be."""
        named = [c for c in self.columns if c.said == "label" and c.may_label]
        return any(c.numeric <= numeric and (bits or not c.is_bit) for c in named)

    @property
    def main_text(self) -> ColumnProfile | None:
        """The text that is named so, else the longest one; None where there is none."""
        return max(self.texts, key=lambda c: (c.said == "text", c.length), default=None)

    def named(self, name: str) -> ColumnProfile | None:
        return next((c for c in self.columns if c.name.strip().casefold() == name), None)

    def repeats(self, name: str) -> float:
        """How many rows there are for each different cell, blanks aside."""
        whole = self.table.rows <= COUNTED
        cells = [cell for cell in (self.table.column(name) if whole else self.cells[name]) if cell.strip()]
        return len(cells) / max(1, len(set(cells)))
