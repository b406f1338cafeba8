"""Conversations that stand as JSON in the cells of an ordinary table.

In: a Source whose cells are text. Out: the same Source, or one whose rows are unfolded as those of a JSON file with the
same records would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from studio.data.reading.records.conversations import SetAside
from studio.data.reading.records.shapes import CHAT, JUDGED, PREFERENCE, SHAREGPT, TREE, Shape, recognise, unfold
from studio.data.reading.records.unfold import SAMPLE, Unfolding
from studio.data.reading.source import Portion, Rejected, Source
from studio.data.table.table import Reading

_MOST_KEPT = 100_000  # characters of a row that is set aside
_OPENING = ("[", "{")
_CONVERSATIONS = (CHAT, SHAREGPT, TREE, PREFERENCE, JUDGED)


def with_structures(source: Source, *, only_head: bool) -> Source:
    """The Source whose rows are what the JSON in its cells stands for; the given one where there is none."""
    sample = [dict(zip(source.columns, row, strict=True)) for row in _lists(source.head(SAMPLE))]
    if not any(cell.lstrip().startswith(_OPENING) for record in sample[:20] for cell in record.values()):
        return source
    shape = recognise(sample)
    if shape not in _CONVERSATIONS or not any(_changes(shape, record) for record in sample):
        return source
    return _Unfolded(source, Unfolding(sample), only_head=only_head)


def _changes(shape: Shape | None, record: Mapping[str, str]) -> bool:
    try:
        return list(unfold(shape, record)) != [record]
    except SetAside:
        return False


def _lists(portion: Portion) -> list[list[str]]:
    import pyarrow as pa

    if isinstance(portion.rows, pa.RecordBatch):
        columns = [column.to_pylist() for column in portion.rows.columns]
        return [list(cells) for cells in zip(*columns, strict=True)]
    return [list(cells) for cells in portion.rows]


class _Unfolded:
    """Reads the source twice: for the columns, then for the rows. `only_head` knows the first rows alone."""

    def __init__(self, source: Source, unfolding: Unfolding, *, only_head: bool) -> None:
        self._source, self._unfolding = source, unfolding
        first = [source.head(SAMPLE)] if only_head else source.portions()
        for portion in first:
            for cells in _lists(portion):
                unfolding.learn(dict(zip(source.columns, cells, strict=True)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the conversations have."""
        return self._unfolding.columns

    def head(self, rows: int) -> Portion:
        """The first `rows` rows."""
        return self._made(self._source.head(rows), 0)

    def portions(self) -> Iterator[Portion]:
        """Every row once."""
        seen = 0
        for portion in self._source.portions():
            seen = 0 if portion.again else seen
            yield self._made(portion, seen)
            seen += len(portion.rows)

    def reading(self, rejected: int) -> Reading:
        """How the source was read, and what its cells hold."""
        shape = self._unfolding.shape
        found = self._source.reading(rejected)
        if shape is None:
            return found
        return replace(found, sentence=f"{found.sentence}, with {shape.title} in its cells", shape=shape.name)

    def _made(self, portion: Portion, seen: int) -> Portion:
        kept: list[list[str]] = []
        aside = list(portion.rejected)
        for number, cells in enumerate(_lists(portion), start=seen + 1):
            try:
                kept += self._unfolding.rows(dict(zip(self._source.columns, cells, strict=True)))
            except SetAside as reason:  # lines are not known any more; the row's number among the rows is
                words = f"{reason.reason.rstrip('.')} (row {number:,})."
                aside.append(Rejected(number, words, "\t".join(cells)[:_MOST_KEPT]))
        return Portion(kept, aside, again=portion.again)
