"""The rows that a check looks at.

In: a Table, what its columns are for, the goal. Out: Rows: texts, labels, keys and which texts are alike, each read or
made once and kept while the check-up goes on. What grows with the table is held as numbers and Arrow strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from studio.config.goals import GOALS, Goal, TaskKind
from studio.data.checkup.alike import Alike, alike, sketch
from studio.data.checkup.cells import Cells, Stopped
from studio.data.checkup.sameness import sameness_hashes, sameness_keys
from studio.data.roles.columns import Columns, text_maker
from studio.data.roles.several import labels_in
from studio.data.table.edits import missing_column
from studio.data.table.pages import ROW_GROUP, PageReader, as_array, pieces
from studio.data.table.row_tuple import RowTuple
from studio.data.table.table import Table
from studio.stopping import never

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

MOST_LABELS = 100_000  # so many different labels are texts: no list of rows is made for each
_SPARSE = 4  # where fewer than one row in so many is looked at, only their row groups are read


@dataclass(frozen=True)
class Rows:
    """The rows `numbers` of a table, all of it or a sample. `test` are the rows of a test file, where there is one.
    Reading cells asks `should_stop`, and raises Stopped."""

    table: Table
    columns: Columns
    kind: TaskKind
    numbers: Sequence[int]
    test: Rows | None = None
    should_stop: Callable[[], bool] = never
    _pairs: list[list[Alike]] = field(default_factory=list, repr=False, compare=False)
    _some: dict[int, Rows] = field(default_factory=dict, repr=False, compare=False)

    def at_most(self, count: int) -> Rows:
        """So many of the rows, evenly over the table; all of them where there are no more."""
        if len(self.numbers) <= count:
            return self
        if count not in self._some:
            step = len(self.numbers) / count
            numbers = [self.numbers[int(place * step)] for place in range(count)]
            self._some[count] = replace(self, numbers=numbers, _pairs=[], _some={})
        return self._some[count]

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The cells of some columns, row by row in order, some thousands at a time. Raises Stopped."""
        import pyarrow as pa

        numbers = as_array(self.numbers)
        if _SPARSE * len(numbers) < self.table.rows:
            reader = PageReader(self.table, columns)
            schema = pa.schema([(name, pa.string()) for name in columns])
            for start in range(0, len(numbers), ROW_GROUP):
                self._ask()
                cells = list(zip(*reader.at(numbers[start : start + ROW_GROUP]), strict=True))
                yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in cells], schema=schema)
            return
        for piece in pieces(self.table, columns, should_stop=self.should_stop):
            first, last = numbers.searchsorted([piece.start, piece.start + piece.cells.num_rows])
            is_whole = last - first == piece.cells.num_rows
            yield piece.cells if is_whole else piece.cells.take(pa.array(numbers[first:last] - piece.start))
        self._ask()

    @cached_property
    def texts(self) -> Cells:
        """What the model reads, by row number; empty where no column is chosen."""
        import pyarrow as pa

        if not (self.columns.input or self.columns.template):
            return Cells((), lambda: iter(()), lambda _: [])
        if not self.columns.template:
            return self.cells(self.columns.input)
        names, texts_of = self.columns.read, text_maker(self.table, self.columns)

        def read() -> Iterator[pa.Array]:
            for batch in self.batches(names):
                yield pa.array(texts_of(batch.to_pydict()), pa.string())

        def at(numbers: Sequence[int]) -> list[str]:
            found = zip(*PageReader(self.table, names).at(numbers), strict=True)
            return texts_of(dict(zip(names, found, strict=True)))

        return Cells(self.numbers, read, at)

    @property
    def goal(self) -> Goal:
        """What the table is for."""
        return GOALS[self.kind]

    @cached_property
    def targets(self) -> Cells:
        """The labels or answers, by row number; empty where no column is chosen."""
        target = self.columns.target
        return self.cells(target) if target else Cells((), lambda: iter(()), lambda _: [])

    @cached_property
    def contexts(self) -> Cells:
        """The texts in which the answers are looked for, by row number; empty where the goal has none."""
        name = self.columns.context if "context" in self.goal.roles else ""
        return self.cells(name) if name else Cells((), lambda: iter(()), lambda _: [])

    def cells(self, column: str) -> Cells:
        """The cells of any column, by row number."""
        if column not in self.table.columns:
            raise missing_column(column, self.table.columns)
        for known, name in (("texts", self.columns.input), ("targets", self.columns.target)):
            if column == name and known in self.__dict__ and not (known == "texts" and self.columns.template):
                return self.texts if known == "texts" else self.targets
        return Cells(
            self.numbers,
            lambda: (batch.column(0) for batch in self.batches([column])),
            lambda numbers: [cells[0] for cells in PageReader(self.table, [column]).at(numbers)],
        )

    @cached_property
    def keys(self) -> dict[int, str]:
        """The sameness key of every text that is not blank, by row number. Of a large table they take much memory;
        `hashes` tell which are equal."""
        return {
            row: key
            for numbers, texts in self.texts.blocks()
            for row, text, key in zip(numbers, texts, sameness_keys(texts), strict=True)
            if text and not text.isspace()
        }

    @cached_property
    def distinct(self) -> dict[str, list[int]]:
        """The row numbers of every key, the keys in the order in which they first stand in the table."""
        rows: dict[str, list[int]] = {}
        for row, key in self.keys.items():
            rows.setdefault(key, []).append(row)
        return rows

    @cached_property
    def hashes(self) -> tuple[Numbers, Numbers]:
        """The rows whose text is not blank, and a hash of each one's sameness key; a question is the same only about
        the same text."""
        import numpy as np

        rows, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for numbers, texts in self.texts.blocks():
            filled = np.fromiter((text != "" and not text.isspace() for text in texts), np.bool_, len(texts))
            rows.append(as_array(numbers)[filled])
            if self.contexts:
                about = self.contexts.of(numbers)
                texts = [f"{text}\n{about[row]}" for row, text in zip(numbers, texts, strict=True)]
            hashes.append(sameness_hashes(texts)[filled])
        return np.concatenate(rows), np.concatenate(hashes)

    @cached_property
    def repeated(self) -> list[list[int]]:
        """The row numbers of every key that is there more than once, in the order in which the keys first stand in the
        table."""
        import numpy as np

        rows, hashes = self.hashes
        return [rows[same].tolist() for same in groups_of(np.unique(hashes, return_inverse=True)[1])]

    def alike(self, should_stop: Callable[[], bool]) -> list[Alike]:
        """Pairs of places in `distinct` whose texts are nearly the same; empty where it was stopped."""
        if not self._pairs:
            sketched = sketch(list(self.distinct), should_stop)
            pairs = alike(sketched, should_stop) if sketched is not None else []
            if should_stop():
                return []
            self._pairs.append(pairs)
        return self._pairs[0]

    @cached_property
    def by_label(self) -> dict[str, RowTuple]:
        """The row numbers of every label that is not blank; empty where there are no labels to learn, or so many that
        they are none."""
        import numpy as np

        if not self.goal.has_labels or not self.targets:
            return {}
        if self.columns.sign:
            return self._by_one_of_several()
        code_of: dict[str, int] = {}
        codes: list[Numbers] = []
        for _, labels in self.targets.blocks():
            codes.append(np.array([code_of.setdefault(label, len(code_of)) for label in labels], np.int64))
            if len(code_of) > MOST_LABELS:
                return {}
        every, rows = np.concatenate(codes), as_array(self.numbers)
        starts = np.cumsum(np.bincount(every, minlength=len(code_of)))[:-1]
        each = np.split(rows[np.argsort(every, kind="stable")], starts)
        return {
            label: RowTuple(some) for label, some in zip(code_of, each, strict=True) if label and not label.isspace()
        }

    def _by_one_of_several(self) -> dict[str, RowTuple]:
        rows: dict[str, list[int]] = {}
        for numbers, cells in self.targets.blocks():
            for number, cell in zip(numbers, cells, strict=True):
                for label in labels_in(cell, self.columns.sign):
                    rows.setdefault(label, []).append(number)
        return {label: RowTuple(some) for label, some in rows.items()} if len(rows) <= MOST_LABELS else {}

    def _ask(self) -> None:
        if self.should_stop():
            raise Stopped


def groups_of(codes: Numbers) -> Iterator[Numbers]:
    """The places of every code that is there more than once, the codes in the order in which they first stand there."""
    import numpy as np

    several = np.flatnonzero(np.bincount(codes)[codes] > 1)
    order = several[np.argsort(codes[several], kind="stable")]
    starts = np.flatnonzero(np.diff(codes[order])) + 1
    yield from sorted(np.split(order, starts), key=lambda same: int(same[0])) if len(order) else ()
