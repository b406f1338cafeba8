"""One column's cells, by row number, read like a dict and held as few bytes.

In: row numbers, and how their cells are read. Out: a Cells. Up to a million are held as Arrow strings, which take a
third of what Python's take; more are read anew each time that somebody goes through them. Python's own texts are there
a few thousand at a time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

HELD = 1_000_000  # cells
_BLOCK = 10_000  # cells that are Python's at a time


class Stopped(Exception):
    """Somebody asked to stop while cells were read. Raised by `Cells` and caught by check_up.py alone."""


class Cells(Mapping[int, str]):
    """The cells of the rows `numbers` (ascending). `read` gives them in order as arrays without nulls, and `at` those
    of some rows."""

    def __init__(
        self,
        numbers: Sequence[int],
        read: Callable[[], Iterator[pa.Array]],
        at: Callable[[Sequence[int]], list[str]],
    ) -> None:
        self._numbers, self._read, self._at = numbers, read, at
        self._held: list[pa.Array] | None = None
        self._starts: list[int] = []
        self._decoded: tuple[int, list[str]] = (-1, [])

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[int]:
        return iter(self._numbers)

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and self._place(row) is not None

    def __getitem__(self, row: int) -> str:
        place = self._place(row)
        if place is None:
            raise KeyError(row)
        held = self._arrays()
        if held is None:
            return self._at([row])[0]
        number = bisect_right(self._starts, place) - 1
        known, texts = self._decoded
        if number == known + 1:  # somebody goes through them in order
            known, texts = self._decoded = number, held[number].to_pylist()
        if number == known:
            return texts[place - self._starts[number]]
        return str(held[number][place - self._starts[number]].as_py())

    def of(self, numbers: Sequence[int]) -> dict[int, str]:
        """The cells of some of the rows, by number."""
        if self._arrays() is None:
            return dict(zip(numbers, self._at(numbers), strict=True))
        return {row: self[row] for row in numbers}

    def blocks(self) -> Iterator[tuple[Sequence[int], list[str]]]:
        """All cells in order with their row numbers, some thousands at a time."""
        start = 0
        for array in self._arrays() or self._read():
            for first in range(0, len(array), _BLOCK):
                texts = array.slice(first, _BLOCK).to_pylist()
                yield self._numbers[start : start + len(texts)], texts
                start += len(texts)

    def items(self) -> ItemsView[int, str]:
        return _Items(self)

    def values(self) -> ValuesView[str]:
        return _Values(self)

    def _arrays(self) -> list[pa.Array] | None:
        """What is held; None where it is too much."""
        if self._held is None and len(self) <= HELD:
            self._held = list(self._read())
            self._starts = [0, *accumulate(map(len, self._held))][:-1]
        return self._held

    def _place(self, row: int) -> int | None:
        if isinstance(self._numbers, range):
            return self._numbers.index(row) if row in self._numbers else None
        place = bisect_left(self._numbers, row)
        return place if place < len(self._numbers) and self._numbers[place] == row else None


class _Items(ItemsView[int, str]):
    _mapping: Cells

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for numbers, texts in self._mapping.blocks():
            yield from zip(numbers, texts, strict=True)


class _Values(ValuesView[str]):
    _mapping: Cells

    def __iter__(self) -> Iterator[str]:
        for _, texts in self._mapping.blocks():
            yield from texts
