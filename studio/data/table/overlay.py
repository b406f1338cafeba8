"""Edits applied to cells as they are read.

In: Edits in order. Out: an Overlay that says which rows are gone, and turns any piece of a column into what it is now.
It is made from the edits alone: no cell is read for it, and a column without edits passes through untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from studio.data.table.edits import AppendRow, DeleteRows, Edit, ReplaceValue, SetCells

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


class _Value:
    """A text that cells hold; where it was replaced, `into` leads to what they hold now."""

    __slots__ = ("into", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.into: _Value | None = None

    def now(self) -> _Value:
        last = self
        while last.into is not None:
            last = last.into
        here = self
        while here.into is not None and here.into is not last:  # the next question takes one step
            here.into, here = last, here.into
        return last


class ColumnMaker:
    """Follows the edits of one column in order, at the same cost whether few or many cells hold a value."""

    def __init__(self) -> None:
        self._current: dict[str, _Value] = {}  # text → the value whose cells hold it now
        self._renamed: dict[str, _Value] = {}  # a text in the snapshot that was replaced → what became of it
        self._cells: dict[int, _Value] = {}

    def set_cells(self, cells: Iterable[tuple[int, str]]) -> None:
        """These rows hold these texts."""
        for row, text in cells:
            self._cells[row] = self._value(text)

    def replace(self, before: str, after: str) -> None:
        """Whatever holds `before` holds `after`."""
        if before == after:
            return
        value, target = self._value(before), self._value(after)
        if before not in self._renamed:  # cells of the snapshot with this text held it until now
            self._renamed[before] = value
        value.into = target
        del self._current[before]

    def _value(self, text: str) -> _Value:
        return self._current.setdefault(text, _Value(text))

    def holds(self, text: str, *, in_snapshot: bool) -> bool:
        """Whether a cell may hold `text` now; `in_snapshot`: one does in the snapshot. Right as far as every edit
        followed so far found something to change."""
        return text in self._current or (in_snapshot and text not in self._renamed)

    def made(self) -> ColumnOverlay:
        """What became of the column."""
        import numpy as np

        rows = np.fromiter(self._cells, np.int64, len(self._cells))
        order = np.argsort(rows)
        texts = [value.now().text for value in self._cells.values()]
        return ColumnOverlay(
            {before: value.now().text for before, value in self._renamed.items()},
            rows[order],
            [texts[place] for place in order.tolist()],
        )


@dataclass(frozen=True, eq=False)
class ColumnOverlay:
    """`renamed` says what a text of the snapshot became everywhere; `rows` (ascending) hold `texts` of their own."""

    renamed: Mapping[str, str]
    rows: NDArray[np.int64]
    texts: Sequence[str]

    @cached_property
    def _arrow(self) -> tuple[pa.Array, pa.Array, pa.Array]:
        import pyarrow as pa

        before, after = list(self.renamed), list(self.renamed.values())
        return pa.array(before, pa.string()), pa.array(after, pa.string()), pa.array(self.texts, pa.string())

    def applied(self, cells: pa.Array, numbers: range | NDArray[np.int64]) -> pa.Array:
        """The cells of the rows `numbers` as they are now; a range goes up by one."""
        import pyarrow as pa
        import pyarrow.compute as pc

        before, after, texts = self._arrow
        if len(before):
            cells = pc.coalesce(pc.take(after, pc.index_in(cells, value_set=before)), cells)
        mask, places = self._here(numbers)
        if len(places):
            cells = pc.replace_with_mask(cells, pa.array(mask), texts.take(pa.array(places)))
        return cells

    def _here(self, numbers: range | NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of the rows have a text of their own, and where it stands in `texts`."""
        import numpy as np

        if isinstance(numbers, range):
            first, last = np.searchsorted(self.rows, [numbers.start, numbers.stop])
            mask = np.zeros(len(numbers), np.bool_)
            mask[self.rows[first:last] - numbers.start] = True
            return mask, np.arange(first, last, dtype=np.int64)
        if not len(self.rows):
            return np.zeros(len(numbers), np.bool_), np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self.rows, numbers), len(self.rows) - 1)
        mask = self.rows[places] == numbers
        return mask, places[mask].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Overlay:
    """What edits make of a table: columns that changed, and the rows that are gone (ascending numbers)."""

    columns: Mapping[str, ColumnOverlay]
    deleted: NDArray[np.int64]

    def applied(self, column: str, cells: pa.Array, numbers: range | NDArray[np.int64]) -> pa.Array:
        """The cells of `column` in the rows `numbers` as they are now."""
        changed = self.columns.get(column)
        return cells if changed is None else changed.applied(cells, numbers)


def overlay_of(edits: Iterable[Edit]) -> Overlay:
    """What these edits make of a table, in order: one that comes later sees what the earlier ones did."""
    import numpy as np

    makers: dict[str, ColumnMaker] = {}
    deleted: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    for edit in edits:
        if isinstance(edit, DeleteRows):
            deleted.append(np.array(edit.rows, np.int64))
        elif isinstance(edit, AppendRow):  # an empty row behind the last one, whose cells are set
            for name, text in zip(edit.columns, edit.cells, strict=True):
                makers.setdefault(name, ColumnMaker()).set_cells([(edit.number, text)])
        else:
            follow(makers.setdefault(edit.column, ColumnMaker()), edit)
    return Overlay({name: maker.made() for name, maker in makers.items()}, np.unique(np.concatenate(deleted)))


def follow(maker: ColumnMaker, edit: SetCells | ReplaceValue) -> None:
    """Tell the maker of the edit's column what the edit does."""
    if isinstance(edit, SetCells):
        maker.set_cells(edit.cells)
    else:
        maker.replace(edit.before, edit.after)
