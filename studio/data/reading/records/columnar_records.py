"""Conversations and other known structures in columns of lists and records.

In: a ColumnarSource. Out: the same Source, or one whose rows are unfolded as those of a JSON file with the same
records would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from studio.data.reading.records.arrow_files import HEAD_TEXT, damage
from studio.data.reading.records.arrow_text import BROKEN
from studio.data.reading.records.conversations import SetAside
from studio.data.reading.records.json_text import text_of
from studio.data.reading.records.shapes import Record, Shape, recognise, unfold
from studio.data.reading.records.typed_columns import NESTED_ROWS, ColumnarSource
from studio.data.reading.records.unfold import SAMPLE, Unfolding
from studio.data.reading.source import Portion, Rejected, Retold, Source
from studio.data.table.table import Reading

_MOST_KEPT = 100_000  # characters of a row that is set aside
_HEAD = 2_000  # records that a preview looks at


def unfolded(source: ColumnarSource, *, only_head: bool) -> Source:
    """The Source whose rows are what the records stand for. The given one where that changes nothing; lists alone stay
    JSON text. `only_head` takes the columns from the first records."""
    import pyarrow as pa

    sample = list(_sample(source))
    shape = recognise([without_gaps(record) for record in sample])
    has_records = any(pa.types.is_struct(text.type) for text in source.texts)
    if not has_records and not _changes(shape, sample):
        return _shaped(source, shape) if shape else source
    found = Records(source, Unfolding([without_gaps(record) for record in sample]), only_head)
    found.learn()
    return found


def _sample(source: ColumnarSource) -> Iterator[dict[str, Any]]:
    """The first records; fewer where they are very long."""
    size = 0
    for _, record in islice(_records(source, SAMPLE), SAMPLE):
        if not isinstance(record, str):
            yield record
            size += sum(len(cell) for cell in record.values() if isinstance(cell, str))
        if size > HEAD_TEXT:
            return


def _changes(shape: Shape | None, sample: list[dict[str, Any]]) -> bool:
    for record in sample:
        try:
            if shape and list(unfold(shape, record)) != [record]:
                return True
        except SetAside:
            return True
    return False


def _shaped(source: ColumnarSource, shape: Shape) -> Source:
    """A table whose columns make a known structure as they stand."""
    return Retold(source, lambda told: replace(told, sentence=f"{told.sentence}: {shape.title}", shape=shape.name))


@dataclass
class Records:
    """Records that unfold to rows; see Source."""

    source: ColumnarSource
    unfolding: Unfolding
    only_head: bool
    columns: tuple[str, ...] = field(default=(), init=False)

    def learn(self) -> None:
        """Read the records once for their columns."""
        records = _records(self.source, NESTED_ROWS)
        for _, record in islice(records, _HEAD) if self.only_head else records:
            if not isinstance(record, str):
                self.unfolding.learn(self._whole(record))
        self.columns = self.unfolding.columns or self.source.columns

    def head(self, rows: int) -> Portion:
        """The first `rows` rows."""
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for number, record in islice(_records(self.source, min(rows, NESTED_ROWS)), _HEAD):
            self._add(number, record, kept, rejected)
            if len(kept) >= rows or sum(len(cell) for row in kept[-1:] for cell in row) * len(kept) > HEAD_TEXT:
                break
        return Portion(kept[:rows], rejected)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        kept: list[list[str]] = []
        rejected: list[Rejected] = []
        for number, record in _records(self.source, NESTED_ROWS):
            self._add(number, record, kept, rejected)
            if len(kept) + len(rejected) >= NESTED_ROWS:
                yield Portion(kept, rejected)
                kept, rejected = [], []
        yield Portion(kept, rejected)

    def reading(self, rejected: int) -> Reading:
        """How the file was read."""
        reading, shape = self.source.reading(rejected), self.unfolding.shape
        told = f": {shape.title}" if shape else "; records become columns, lists stand as JSON"
        return replace(reading, sentence=self.source.title() + told, shape=shape.name if shape else "")

    def _whole(self, record: Record) -> Record:
        return without_gaps(record) if self.unfolding.shape else record

    def _add(self, number: int, record: Record | str, kept: list[list[str]], rejected: list[Rejected]) -> None:
        if isinstance(record, str):
            rejected.append(Rejected(number, "Some of its characters cannot be read.", record))
            return
        try:
            kept += self.unfolding.rows(self._whole(record))
        except SetAside as aside:
            rejected.append(Rejected(number, aside.reason, text_of(dict(record))[:_MOST_KEPT]))


def _records(source: ColumnarSource, rows: int) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Every row's number and record; where characters in it cannot be read, the rest of it as text."""
    with damage(source.given):
        for first, batch in source.batches(rows):
            columns = [text.values(column) for text, column in zip(source.texts, batch.columns, strict=True)]
            for place, cells in enumerate(zip(*columns, strict=True)):
                record = dict(zip(source.columns, cells, strict=True))
                if any(cell is BROKEN for cell in cells):
                    known = {name: "�" if cell is BROKEN else cell for name, cell in record.items()}
                    yield first + place, text_of(known)[:_MOST_KEPT]
                else:
                    yield first + place, record


def without_gaps(record: Record) -> dict[str, Any]:
    """The record without keys that stand for nothing inside its lists: columns give every turn of a conversation the
    keys of all."""
    return {name: [_dense(each) for each in value] if isinstance(value, list) else value
            for name, value in record.items()}  # fmt: skip


def _dense(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _dense(each) for name, each in value.items() if each is not None}
    return [_dense(each) for each in value] if isinstance(value, list) else value
