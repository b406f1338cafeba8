"""The rows that a check looks at.

In: a Table, what its columns are for, the goal. Out: Rows: texts, labels and keys, each read once and kept while the
check-up goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from studio.config.config import TaskKind
from studio.data.columns import Columns, input_texts
from studio.data.sameness import sameness_key
from studio.data.table import Table


@dataclass(frozen=True)
class Rows:
    """The rows `numbers` of a table, all of it or a sample. `test` are the rows of a test file, where there is one."""

    table: Table
    columns: Columns
    kind: TaskKind
    numbers: Sequence[int]
    test: Rows | None = None

    @cached_property
    def texts(self) -> dict[int, str]:
        """What the model reads, by row number; empty where no column is chosen."""
        if not (self.columns.input or self.columns.template):
            return {}
        every = input_texts(self.table, self.columns)
        return {row: every[row] for row in self.numbers}

    @cached_property
    def targets(self) -> dict[int, str]:
        """The labels or answers, by row number; empty where no column is chosen."""
        return self.cells(self.columns.target) if self.columns.target else {}

    def cells(self, column: str) -> dict[int, str]:
        """The cells of any column, by row number."""
        every = self.table.column(column)
        return {row: every[row] for row in self.numbers}

    @cached_property
    def keys(self) -> dict[int, str]:
        """The sameness key of every text that is not blank, by row number."""
        return {row: sameness_key(text) for row, text in self.texts.items() if text and not text.isspace()}

    @cached_property
    def by_label(self) -> dict[str, list[int]]:
        """The row numbers of every label that is not blank; empty where there are no labels to learn."""
        rows: dict[str, list[int]] = {}
        if self.kind == "classify":
            for row, label in self.targets.items():
                if label and not label.isspace():
                    rows.setdefault(label, []).append(row)
        return rows
