"""A Dataset: a Table whose columns have roles and whose rows have a part.

In: a Table, its Columns and a split. Out: the rows of training, watching and test, with input and target.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns, input_texts
from studio.data.table.table import Table
from studio.problems import Problem, Where

Said = tuple[str, str]  # who ("user", "assistant", "system") and what


class Row(NamedTuple):
    """One row: its 0-based `number` in the table, the text to read, and the label or answer to learn. In a
    conversation also its own standing instruction (`system`) and what was said before the text (`earlier`)."""

    number: int
    input: str
    target: str
    system: str = ""
    earlier: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """`parts` hold 0-based row numbers; `left_out` maps a reason in words to the rows that cannot be used
    (no answer, no text; one that ends in "(test file)" is about that file's rows). `labels` are those of the table.
    `test_table` is set where the test rows come from a file of their own."""

    table: Table
    columns: Columns
    parts: dict[Part, tuple[int, ...]]
    left_out: dict[str, tuple[int, ...]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    test_table: Table | None = None

    def rows(self, part: Part) -> Iterator[Row]:
        """The rows of one part, in the order of `parts`."""
        table = self.test_table if part == "test" and self.test_table is not None else self.table
        return rows_at(table, self.columns, self.parts[part])


def rows_at(table: Table, columns: Columns, numbers: Iterable[int]) -> Iterator[Row]:
    """These rows of a table, in this order; the target is "" where the table does not have it, as in a file to be
    answered."""
    inputs = input_texts(table, columns)
    nothing = [""] * len(inputs)

    def cells(name: str) -> list[str]:
        return table.column(name) if name in table.columns else nothing

    targets, systems, earlier = cells(columns.target), cells(columns.system), cells(columns.earlier)
    for number in numbers:
        said = _turns(earlier[number], number, table) if earlier[number] else ()
        yield Row(number, inputs[number], targets[number], systems[number], said)


def _turns(cell: str, number: int, table: Table) -> tuple[Said, ...]:
    """The turns in a cell of JSON: a list of objects with "role" and "content"."""
    try:
        return tuple((str(turn["role"]), str(turn["content"])) for turn in json.loads(cell))
    except (ValueError, TypeError, KeyError) as error:
        raise Problem(
            f"The earlier turns of row {number + 1:,} cannot be understood.",
            "They should be a JSON list of turns, each with a “role” and a “content”.",
            "Choose another column for the earlier turns, or none.",
            Where(table.reading.file),
        ) from error
