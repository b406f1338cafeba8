"""The passages of a table, in which a model that was trained on it searches.

In: a Dataset, or a Table of its own. Out: different passages, in their order, and what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from studio.data.checkup.finding import listed
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.data.table.table import Table
from studio.events import Event, Warned
from studio.problems import Problem, Where
from studio.stopping import never

_PARTS: tuple[Part, ...] = ("training", "watching", "test")


def passages_of(dataset: Dataset, *, should_stop: Callable[[], bool] = never) -> Iterator[str]:
    """Every different passage of the rows that are used, of training rows first; it ends early where it was stopped."""
    seen: set[str] = set()
    for part in _PARTS:
        for row in dataset.rows(part):
            if should_stop():
                return
            for text in (row.target, row.negative):
                key = sameness_key(text)
                if key and key not in seen:
                    seen.add(key)
                    yield text


@dataclass(frozen=True)
class Passages:
    """The different passages of a table, and how many of its rows have none (`empty`) or one that stands further up
    (`doubled`)."""

    texts: tuple[str, ...]
    empty: int = 0
    doubled: int = 0

    def notices(self) -> Iterator[Event]:
        """What is told of rows that are not searched by themselves."""
        rows = len(self.texts) + self.empty + self.doubled
        if self.empty:
            have = "has no passage and is" if self.empty == 1 else "have no passage and are"
            yield Warned(f"{self.empty:,} of {rows:,} rows {have} left out.", "Fill in the empty cells.")
        if self.doubled:
            repeat = "repeats a passage" if self.doubled == 1 else "repeat passages"
            yield Warned(
                f"{self.doubled:,} of {rows:,} rows {repeat} further up: each passage is searched once.",
                "Nothing is to be done if that is as you want it.",
            )


def passages_in(table: Table, column: str) -> Passages:
    """The passages of a table's column that is called as the run's passages are, or of its only column. Raises a
    Problem where there is neither."""
    if column not in table.columns and len(table.columns) > 1:
        raise Problem(
            f"The file has no column “{column}”.",
            f"It has the columns {listed(table.columns)}.",
            f"Call the column with the passages “{column}”, or choose a file with that column alone.",
            Where(table.reading.file),
        )
    cells = table.column(column if column in table.columns else table.columns[0])
    found: dict[str, str] = {}
    empty = doubled = 0
    for cell in cells:
        key = sameness_key(cell)
        empty += not key
        doubled += key in found
        if key:
            found.setdefault(key, cell)
    return Passages(tuple(found.values()), empty, doubled)
