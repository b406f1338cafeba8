"""The rows that a check looks at.

In: a Table, what its columns are for, the goal. Out: Rows: texts, labels, keys and which texts are alike, each read or
made once and kept while the check-up goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from studio.config.config import TaskKind
from studio.data.checkup.alike import Alike, Sketch, alike, sketch
from studio.data.checkup.sameness import sameness_key
from studio.data.roles.columns import Columns, input_texts
from studio.data.table.table import Table


@dataclass(frozen=True)
class Rows:
    """The rows `numbers` of a table, all of it or a sample. `test` are the rows of a test file, where there is one."""

    table: Table
    columns: Columns
    kind: TaskKind
    numbers: Sequence[int]
    test: Rows | None = None
    _sketches: list[Sketch] = field(default_factory=list, repr=False, compare=False)
    _pairs: list[list[Alike]] = field(default_factory=list, repr=False, compare=False)

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
    def distinct(self) -> dict[str, list[int]]:
        """The row numbers of every key, the keys in the order in which they first stand in the table."""
        rows: dict[str, list[int]] = {}
        for row, key in self.keys.items():
            rows.setdefault(key, []).append(row)
        return rows

    def sketch(self, should_stop: Callable[[], bool]) -> Sketch | None:
        """The distinct keys prepared for comparing; None where it was stopped."""
        if not self._sketches:
            made = sketch(list(self.distinct), should_stop)
            if made is None:
                return None
            self._sketches.append(made)
        return self._sketches[0]

    def alike(self, should_stop: Callable[[], bool]) -> list[Alike]:
        """Pairs of places in `distinct` whose texts are nearly the same; empty where it was stopped."""
        if not self._pairs:
            sketched = self.sketch(should_stop)
            pairs = alike(sketched, should_stop) if sketched is not None else []
            if should_stop():
                return []
            self._pairs.append(pairs)
        return self._pairs[0]

    @cached_property
    def by_label(self) -> dict[str, list[int]]:
        """The row numbers of every label that is not blank; empty where there are no labels to learn."""
        rows: dict[str, list[int]] = {}
        if self.kind == "classify":
            for row, label in self.targets.items():
                if label and not label.isspace():
                    rows.setdefault(label, []).append(row)
        return rows
