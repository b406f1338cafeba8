"""The passages of a table, in which a model that was trained on it searches.

In: a Dataset, or a Table of its own. Out: different passages, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.data.checkup.finding import listed
from studio.data.checkup.sameness import sameness_key
from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part
from studio.data.table.table import Table
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


def passages_in(table: Table, column: str) -> tuple[str, ...]:
    """Every different text of a table's column that is called as the run's passages are, or of its only column. Raises
    a Problem where there is neither."""
    if column not in table.columns and len(table.columns) > 1:
        raise Problem(
            f"The file has no column “{column}”.",
            f"It has the columns {listed(table.columns)}.",
            f"Call the column with the passages “{column}”, or choose a file with that column alone.",
            Where(table.reading.file),
        )
    cells = table.column(column if column in table.columns else table.columns[0])
    found: dict[str, str] = {}
    for cell in cells:
        if key := sameness_key(cell):
            found.setdefault(key, cell)
    return tuple(found.values())
