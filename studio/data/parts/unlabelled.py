"""Rows that have a text and no label: they tell what the texts are like.

In: a Dataset of labelled texts. Out: Rows without a target.
"""

from __future__ import annotations

from collections.abc import Iterator

from studio.data.checkup.sameness import sameness_hashes
from studio.data.parts.dataset import Dataset, Row, rows_at
from studio.data.parts.split import NO_TARGET
from studio.data.reading.given_parts import Part

MOST_UNLABELLED = 10_000  # more tell hardly more about what texts are like, and each is read at every look
_KEPT_APART: tuple[Part, ...] = ("watching", "test")


def count_unlabelled(dataset: Dataset) -> int:
    """How many rows have a text and no label."""
    return len(dataset.left_out.get(NO_TARGET["label"], ()))


def unlabelled(dataset: Dataset) -> Iterator[Row]:
    """Up to MOST_UNLABELLED of them, evenly taken, but for those whose text is also a watching or a test row's."""
    numbers = dataset.left_out.get(NO_TARGET["label"], ())
    stride = max(1, -(-len(numbers) // MOST_UNLABELLED))
    apart = {
        same
        for part in _KEPT_APART
        if dataset.parts.get(part)
        for same in sameness_hashes([row.input for row in dataset.rows(part)]).tolist()
    }
    for row in rows_at(dataset.table, dataset.columns, numbers[::stride]):
        if sameness_hashes([row.input])[0] not in apart:
            yield row
