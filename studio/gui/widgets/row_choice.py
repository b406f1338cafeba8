"""A table view over rows that a RowLane places: which cell lies where, where the keys lead, which rows are selected.

In: a RowLane. Out: cells by place and places by cell, and the numbers of the selected rows. What Qt's own view takes
from a vertical header, which keeps a record of every row, comes from the lane here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from studio.gui.widgets.row_lane import RowLane
from studio.gui.widgets.table_cells import Index
from studio.gui.widgets.table_model import TableModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Action = QAbstractItemView.CursorAction


class Kept(NamedTuple):
    """What is seen and selected, by the rows' numbers: the row at the top edge, how much of it lies beyond, the cell
    that the keyboard is at, and the selected rows."""

    first: int
    above: int
    current: tuple[int, int] | None
    chosen: NDArray[np.int64]


class ChosenRows(QTableView):
    """Several rows can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lane = self._make_lane()
        self._pressed, self._mouse = -1, 0  # the row at which the mouse was pressed, and how high it is
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def _make_lane(self) -> RowLane:
        raise NotImplementedError

    def place_changed(self) -> None:
        """The rows lie elsewhere."""

    @property
    def shown(self) -> TableModel:
        """The model."""
        raise NotImplementedError

    def rowHeight(self, row: int) -> int:
        """Pixels that a row takes."""
        return self.lane.height(row)

    def rowAt(self, y: int) -> int:
        """The row at a height in the view; -1 for none."""
        return self.lane.row_at(y)

    def visualRect(self, index: Index) -> QRect:
        """Where a cell lies in the view; far from it, about where."""
        if not index.isValid():
            return QRect()
        head, row = self.horizontalHeader(), index.row()
        top = self.lane.top_of(row)
        is_near = -self.lane.view < top < 2 * self.lane.view
        height = self.lane.height(row) if is_near else self.lane.usual
        return QRect(head.sectionViewportPosition(index.column()), top, head.sectionSize(index.column()), height)

    def indexAt(self, place: QPoint) -> QModelIndex:
        """The cell at a place in the view."""
        row, column = self.lane.row_at(place.y()), self.horizontalHeader().logicalIndexAt(place.x())
        return self.shown.index(row, column) if row >= 0 and column >= 0 else QModelIndex()

    def verticalOffset(self) -> int:
        """Pixels above the view, about: asked for with every frame, so that nothing is added up for it."""
        return self.lane.first * self.lane.usual + self.lane.above

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the rows that a rectangle touches; while the mouse draws it, those from where it was pressed."""
        first, last = self._nearest(rect.top()), self._nearest(rect.bottom())
        if self.state() == self.State.DragSelectingState and self._pressed >= 0:
            first, last = sorted((self._pressed, self._nearest(self._mouse)))
        self.selectionModel().select(self._rows(first, last), command)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse = round(event.position().y())
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier or self._pressed < 0:
            self._pressed = self.lane.row_at(self._mouse)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = round(event.position().y())
        super().mouseMoveEvent(event)

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:
        """What is painted anew when the selection changes."""
        return QRegion(self.viewport().rect())

    def _nearest(self, y: int) -> int:
        row = self.lane.row_at(y)
        return row if row >= 0 else 0 if y < 0 else self.lane.rows - 1

    def _rows(self, first: int, last: int) -> QItemSelection:
        model = self.shown
        if not model.rowCount():
            return QItemSelection()
        return QItemSelection(model.index(first, 0), model.index(last, model.columnCount() - 1))

    def moveCursor(self, action: Action, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key leads from the current cell; Home and End are the first row and the last."""
        model, now = self.shown, self.currentIndex()
        rows, columns = model.rowCount(), model.columnCount()
        if not rows or not columns:
            return QModelIndex()
        if not now.isValid():
            return model.index(self.lane.first, 0)
        row, column = now.row(), now.column()
        match action:
            case Action.MoveUp:
                row -= 1
            case Action.MoveDown:
                row += 1
            case Action.MoveLeft | Action.MovePrevious:
                column -= 1
            case Action.MoveRight | Action.MoveNext:
                column += 1
            case Action.MoveHome:
                row = 0
            case Action.MoveEnd:
                row = rows - 1
            case Action.MovePageUp:
                row = min(row - 1, self._nearest(self.lane.top_of(row) - self._page()))
            case Action.MovePageDown:
                row = max(row + 1, self._nearest(self.lane.top_of(row) + self._page()))
        return model.index(min(max(0, row), rows - 1), min(max(0, column), columns - 1))

    def _page(self) -> int:
        return max(self.lane.usual, self.lane.view - 2 * self.lane.usual)

    def choose_row(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select a row by its number: alone, with Ctrl as well, with Shift all up to it."""
        flags = QItemSelectionModel.SelectionFlag
        now = self.currentIndex()
        here = self.shown.index(row, max(0, now.column()))
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if modifiers & Qt.KeyboardModifier.ShiftModifier and now.isValid():
            first, last = sorted((now.row(), row))
            self.selectionModel().select(self._rows(first, last), flags.ClearAndSelect)
            return
        with_others = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self.selectionModel().setCurrentIndex(here, flags.NoUpdate)
        self.selectionModel().select(self._rows(row, row), flags.Toggle if with_others else flags.ClearAndSelect)

    def chosen_numbers(self) -> NDArray[np.int64]:
        """The numbers of the selected rows, in the order in which they are shown."""
        import numpy as np

        from studio.data.table.pages import as_array

        ranges = self.selectionModel().selection()
        spans = sorted({(one.top(), one.bottom()) for one in (ranges.at(n) for n in range(ranges.count()))})
        numbers = self.shown.numbers
        return np.concatenate([np.empty(0, np.int64), *(as_array(numbers[top : low + 1]) for top, low in spans)])

    def keep(self) -> Kept:
        """What is seen and selected now, to come back to after other rows were put in."""
        model, now = self.shown, self.currentIndex()
        first = model.number_at(self.lane.first) if model.rowCount() else 0
        current = (model.number_at(now.row()), now.column()) if now.isValid() else None
        return Kept(first, self.lane.above, current, self.chosen_numbers())

    def come_back(self, kept: Kept) -> None:
        """Show and select the same rows, as far as they are there."""
        model = self.shown
        if not model.rowCount():
            return
        first = model.row_of(kept.first)
        same = model.number_at(first) == kept.first
        self.lane.begin(model.rowCount(), first, kept.above if same else 0)
        self.choose(kept.chosen)
        if kept.current is not None:
            here = model.index(model.row_of(kept.current[0]), min(kept.current[1], model.columnCount() - 1))
            self.selectionModel().setCurrentIndex(here, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.place_changed()

    def choose(self, numbers: NDArray[np.int64]) -> None:
        """Select the rows with these numbers."""
        chosen = QItemSelection()
        for first, last in _spans(self._rows_with(numbers)):
            chosen.merge(self._rows(first, last), QItemSelectionModel.SelectionFlag.Select)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _rows_with(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        import numpy as np

        shown = self.shown.numbers
        if not len(numbers):
            return numbers
        if isinstance(shown, range):
            rows = np.sort(numbers) - shown.start
            return rows[(rows >= 0) & (rows < len(shown))]
        return np.flatnonzero(np.isin(shown, numbers)).astype(np.int64)


def _spans(rows: NDArray[np.int64]) -> Sequence[tuple[int, int]]:
    """Ascending rows as first and last of those that follow each other."""
    import numpy as np

    if not len(rows):
        return ()
    breaks = np.flatnonzero(np.diff(rows) != 1)
    firsts, lasts = rows[np.append(0, breaks + 1)], rows[np.append(breaks, len(rows) - 1)]
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]
