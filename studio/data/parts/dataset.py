"""A Dataset: a Table whose columns have roles and whose rows have a part.

In: a Table, its Columns and a split. Out: the rows of training, watching and test, with input and target.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from studio.data.parts.stretches import begins
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns, text_maker
from studio.data.roles.numbers import form_called, number_in
from studio.data.roles.several import labels_in
from studio.data.roles.target import target_maker
from studio.data.table.pages import ROW_GROUP, PageReader, as_array, pieces
from studio.data.table.table import Table
from studio.problems import Problem, Where
from studio.stopping import never

if TYPE_CHECKING:
    import pyarrow as pa

_LONG = ("context", "rejected", "negative")  # columns beside text and target whose cells can be long
Said = tuple[str, str]  # who ("user", "assistant", "system") and what


class Row(NamedTuple):
    """One row: its 0-based `number` in the table, the text to read, and what to learn ("" where there is nothing). In
    a conversation also its own standing instruction (`system`) and what was said before the text (`earlier`). The other
    cells are those of the columns of the same name (see Columns), "" where there is none. `labels` are those in the
    target where a row can have several, `value` is the number in it where it is read as one. `pair` are the two cells
    that the text is put together from where it is a pair and has both."""

    number: int
    input: str
    target: str
    system: str = ""
    earlier: tuple[Said, ...] = ()
    context: str = ""
    start: str = ""
    answers: str = ""
    rejected: str = ""
    negative: str = ""
    score: str = ""
    labels: tuple[str, ...] = ()
    value: float | None = None
    pair: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """`parts` hold 0-based row numbers, ascending; `left_out` maps a reason in words to the rows that cannot be used
    (no answer, no text; one that ends in "(test file)" is about that file's rows). `labels` are those of the training
    rows, `frequent` the dozen that most usable rows have, the most frequent first. `test_table` is set where the test
    rows come from a file of their own."""

    table: Table
    columns: Columns
    parts: Mapping[Part, Sequence[int]]
    left_out: Mapping[str, Sequence[int]] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    test_table: Table | None = None
    frequent: tuple[str, ...] = ()

    def rows(self, part: Part) -> Iterator[Row]:
        """The rows of one part, in the order of `parts`."""
        return rows_at(self._table_of(part), self.columns, self.parts[part])

    def texts(self, part: Part) -> Iterator[Row]:
        """The rows of one part as whole texts: passages of one file that follow each other are put together again, into
        a Row with the number of the first of them."""
        starts = begins(self._table_of(part), self.parts[part])
        waiting: list[Row] = []
        for row, is_first in zip(self.rows(part), starts.tolist(), strict=True):
            if is_first and waiting:
                yield _together(waiting)
                waiting = []
            waiting.append(row)
        if waiting:
            yield _together(waiting)

    def row(self, part: Part, place: int) -> Row:
        """The row at one place of a part."""
        return next(rows_at(self._table_of(part), self.columns, [self.parts[part][place]]))

    def every(self, part: Part, step: int) -> Iterator[Row]:
        """Each `step`-th row of a part, from the first on."""
        return rows_at(self._table_of(part), self.columns, self.parts[part][::step])

    def targets(self, part: Part, *, should_stop: Callable[[], bool] = never) -> Counter[str]:
        """How many rows of a part have each label (or answer); of some rows only where it was stopped."""
        import pyarrow as pa
        import pyarrow.compute as pc

        counts: Counter[str] = Counter()
        learned = self.columns.learned
        if not learned:
            return counts
        targets_of = target_maker(self.columns)
        for cells in self._cells(part, learned, should_stop):
            made = cells.column(0) if self.columns.target else pa.array(targets_of(cells.to_pydict()), pa.string())
            for pair in pc.value_counts(made).to_pylist():
                for label in labels_in(pair["values"], self.columns.sign):
                    counts[label] += pair["counts"]
        return counts

    def numbers(self, part: Part) -> list[float]:
        """The number of each row of a part, where numbers are learned."""
        form = form_called(self.columns.form)
        cells = (
            cell for some in self._cells(part, [self.columns.target], never) for cell in some.column(0).to_pylist()
        )
        return [number for cell in cells if (number := number_in(cell, form)) is not None]

    def longest(self, part: Part, count: int, *, should_stop: Callable[[], bool] = never) -> Iterator[Row]:
        """The rows of a part with the most characters in what is read and learned, the longest first; none where it
        was stopped."""
        import numpy as np
        import pyarrow.compute as pc

        lengths = [np.zeros(0, np.int64)]
        beside = [name for role, name in self.columns.beside.items() if role in _LONG]
        names = [name for name in (*self.columns.read, *self.columns.learned, *beside) if name]
        for cells in self._cells(part, list(dict.fromkeys(names)), should_stop):
            lengths.append(sum(pc.utf8_length(column).to_numpy().astype(np.int64) for column in cells.columns))
        if should_stop():
            return iter(())
        places = np.argsort(-np.concatenate(lengths), kind="stable")[:count]
        numbers = as_array(self.parts[part])[places]
        return rows_at(self._table_of(part), self.columns, numbers.tolist())

    def _table_of(self, part: Part) -> Table:
        return self.test_table if part == "test" and self.test_table is not None else self.table

    def _cells(self, part: Part, columns: Sequence[str], should_stop: Callable[[], bool]) -> Iterator[pa.RecordBatch]:
        """The cells of a part's rows, piece by piece; it ends early where it was stopped."""
        import numpy as np
        import pyarrow as pa

        numbers = as_array(self.parts[part])
        for piece in pieces(self._table_of(part), columns, should_stop=should_stop):
            first, last = np.searchsorted(numbers, [piece.start, piece.start + piece.cells.num_rows])
            yield piece.cells.take(pa.array(numbers[first:last] - piece.start))


def _together(rows: Sequence[Row]) -> Row:
    return rows[0] if len(rows) == 1 else rows[0]._replace(input="".join(row.input for row in rows))


def rows_at(table: Table, columns: Columns, numbers: Sequence[int]) -> Iterator[Row]:
    """These rows of a table, in this order, read some thousands at a time; numbers that ascend are read fastest. The
    target is "" where the table does not have it, as in a file to be answered."""
    texts_of = text_maker(table, columns)
    beside = {role: name for role, name in columns.beside.items() if name in table.columns}
    learned = columns.learned if all(name in table.columns for name in columns.learned) else ()
    others = [name for name in (*learned, columns.earlier, *beside.values()) if name in table.columns]
    targets_of, read, pair = target_maker(columns), _target_reader(columns), columns.pair
    names = list(dict.fromkeys([*columns.read, *others]))
    reader = PageReader(table, names)
    for start in range(0, len(numbers), ROW_GROUP):
        some = numbers[start : start + ROW_GROUP]
        found = reader.at(some)
        cells: dict[str, Sequence[str]] = dict(zip(names, zip(*found, strict=True), strict=True))
        nothing = ("",) * len(found)
        targets, earlier = targets_of(cells) if learned else nothing, cells.get(columns.earlier, nothing)
        values = zip(*(cells[name] for name in beside.values()), strict=True) if beside else repeat(())
        pairs = zip(*(cells[name] for name in pair), strict=True) if pair else repeat(())
        texts = zip(some, texts_of(cells), targets, earlier, values, pairs, strict=False)
        for row, text, target, before, along, both in texts:
            turns = _turns(before, row, table) if before else ()
            is_pair = bool(both) and all(map(str.strip, both))
            more: dict[str, Any] = {**dict(zip(beside, along, strict=True)), **read(target)}
            yield Row(row, text, target, earlier=turns, pair=both if is_pair else (), **more)


def _target_reader(columns: Columns) -> Callable[[str], dict[str, Any]]:
    """What a cell to learn says where it is not taken as it stands: several labels, or a number."""
    if columns.sign:
        return lambda target: {"labels": labels_in(target, columns.sign)}
    if columns.form:
        form = form_called(columns.form)
        return lambda target: {"value": number_in(target, form)}
    return lambda target: {}


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
