"""Where rows of different heights lie on the screen, of which only those near the view are ever measured.

In: how many rows there are, and a way to measure one. Out: the rows in view with their places, and a place on the
scroll bar. Nothing is kept for each row, so that ten million take no longer than ten. Knows nothing of Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

_LONGEST_BAR = 1 << 30  # what a scroll bar counts with is an int
_KNOWN = 20_000  # heights that are kept
_WALK = 300  # rows that are added up one by one; beyond them every row counts as one of the usual height


class Placed(NamedTuple):
    """A row, the pixels from the top of the view to its top, and its height."""

    row: int
    top: int
    height: int


class RowLane:
    """`first` is the row at the top edge, of which `above` pixels lie beyond it. Whatever is measured anew, that row
    stays where it is."""

    def __init__(self, measure: Callable[[int], int], usual: int) -> None:
        self._measure, self.usual = measure, usual
        self.rows = self.view = 0
        self.first = self.above = 0
        self._heights: dict[int, int] = {}
        self._end: tuple[int, int] | None = None

    def begin(self, rows: int, first: int = 0, above: int = 0) -> None:
        """Another set of rows, shown from `first` on."""
        self.rows = rows
        self.forget()
        self._put(first, above)

    def resize(self, view: int) -> None:
        """So many pixels are seen."""
        self.view, self._end = max(0, view), None

    def forget(self, row: int | None = None) -> None:
        """Measure this row, or all, anew when they are asked for."""
        self._end = None
        if row is None:
            self._heights.clear()
        else:
            self._heights.pop(row, None)

    def height(self, row: int) -> int:
        """Pixels that a row takes."""
        known = self._heights.get(row)
        if known is None:
            if len(self._heights) >= _KNOWN:
                self._heights.clear()
            known = self._heights[row] = self._measure(row)
        return known

    def scroll(self, pixels: int) -> None:
        """Move on by so many pixels, or back."""
        self._put(self.first, self.above + pixels)

    def show(self, row: int, margin: int = 0) -> None:
        """Move as little as needed for the row to be seen whole, with `margin` pixels between it and the edges."""
        top, height = self.top_of(row), self.height(row)
        if top < margin:
            self._put(row, -margin)
        elif top + height > self.view - margin:
            self._put(row, min(0, height + margin - self.view))  # of one that is taller, the beginning counts

    def settle(self) -> None:
        """Stay within the rows; called after heights or the size changed."""
        self._put(self.first, self.above)

    def in_view(self) -> list[Placed]:
        """The rows that are seen, from the top."""
        found: list[Placed] = []
        row, top = self.first, -self.above
        while row < self.rows and top < self.view:
            height = self.height(row)
            found.append(Placed(row, top, height))
            row, top = row + 1, top + height
        return found

    def row_at(self, y: int) -> int:
        """The row at a height in the view, also beyond what is seen; -1 where there is none."""
        row, top = self.first, -self.above
        for _ in range(_WALK):
            if y < top:
                row -= 1
                if row < 0:
                    return -1
                top -= self._heights.get(row, self.usual)
            elif row < self.rows and y >= top + (height := self._known(row)):
                row, top = row + 1, top + height
            else:
                return row if row < self.rows else -1
        row += (y - top) // self.usual
        return row if 0 <= row < self.rows else -1

    def top_of(self, row: int) -> int:
        """Pixels from the top of the view to a row's top; exact near the view."""
        top = -self.above
        near = max(self.first - _WALK, min(row, self.first + _WALK))
        if near < self.first:
            top -= sum(self._known(one) for one in range(near, self.first))
        else:
            top += sum(self._known(one) for one in range(self.first, near))
        return top + (row - near) * self.usual

    @property
    def unit(self) -> int:
        """What one row counts on the scroll bar."""
        return max(1, min(self.usual, _LONGEST_BAR // max(1, self.rows)))

    @property
    def most(self) -> int:
        """The scroll bar's last value; 0 where all rows fit."""
        return self._value(*self._last())

    @property
    def value(self) -> int:
        """The scroll bar's value now."""
        return self._value(self.first, self.above)

    def go(self, value: int) -> None:
        """Go to where the scroll bar is."""
        row, rest = divmod(max(0, value), self.unit)
        if value >= self.most:
            self._put(*self._last())
        elif row < self.rows:
            self._put(row, rest * self.height(row) // self.unit)

    def _value(self, row: int, above: int) -> int:
        return row * self.unit + above * self.unit // self.height(row) if self.rows else 0

    def _known(self, row: int) -> int:
        return self._heights.get(row, self.usual)

    def _put(self, first: int, above: int) -> None:
        """Let `above` pixels of `first` lie beyond the top edge, or, where that is more or less than the row has, the
        same place counted from another row; never beyond the first row or the last."""
        first = max(0, min(first, self.rows - 1))
        if not self.rows:
            self.first = self.above = 0
            return
        while above < 0 and first > 0:
            first -= 1
            above += self.height(first)
        while first < self.rows - 1 and above >= (height := self.height(first)):
            above -= height
            first += 1
        self.first, self.above = min((first, max(0, above)), self._last())

    def _last(self) -> tuple[int, int]:
        """The place at which the last row ends at the bottom edge."""
        if self._end is None:
            row, room = self.rows, self.view
            while row > 0 and room > 0:
                row -= 1
                room -= self.height(row)
            self._end = (row, max(0, -room)) if self.rows else (0, 0)
        return self._end
