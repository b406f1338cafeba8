"""A Dataset: a Table whose columns have roles and whose rows have a part.

In: a Table, roles and a split. Out: the rows of training, watching and test, with input and target.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from studio.data.table import Table

Part = Literal["training", "watching", "test"]


class Row(NamedTuple):
    """One row: its 0-based `number` in the table, the text to read, and the label or answer to learn."""

    number: int
    input: str
    target: str


@dataclass(frozen=True)
class Dataset:
    """`parts` hold 0-based row numbers; `left_out` maps a reason in words to the rows that cannot be used
    (no answer, no text; one that ends in "(test file)" is about that file's rows). `labels` are those of the table.
    `test_table` is set where the test rows come from a file of their own."""

    table: Table
    input: str
    target: str
    parts: dict[Part, tuple[int, ...]]
    left_out: dict[str, tuple[int, ...]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    test_table: Table | None = None

    def rows(self, part: Part) -> Iterator[Row]:
        """The rows of one part, in the order of `parts`."""
        table = self.test_table if part == "test" and self.test_table is not None else self.table
        inputs, targets = table.column(self.input), table.column(self.target)
        for number in self.parts[part]:
            yield Row(number, inputs[number], targets[number])
