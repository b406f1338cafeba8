"""The table: hairlines, role chips in the header, labels as chips, cells of up to three lines.

In: a TableModel, the columns' roles, the labels. Out: `role_asked` when the menu at a column's head is wanted,
`menu_asked` for that of a row, `edited` and `delete_asked` for what is to be changed. Rows are measured when they come
into view and nothing is kept for the others (row_lane.py), so that ten million rows open and scroll like ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QTableView, QWidget

from studio.data.table.pages import as_array
from studio.gui import theme
from studio.gui.widgets.chip import ChipKind, LabelColours
from studio.gui.widgets.column_widths import shared, wanted_width
from studio.gui.widgets.fade import HEIGHT as FADE_HEIGHT
from studio.gui.widgets.fade import Fade
from studio.gui.widgets.number_column import NoHeader, NumberColumn
from studio.gui.widgets.role_header import PADDING, RoleHeader
from studio.gui.widgets.row_choice import ChosenRows
from studio.gui.widgets.row_lane import RowLane
from studio.gui.widgets.table_cells import ROW_HEIGHT, CellDelegate, Index
from studio.gui.widgets.table_model import TableModel

_WHEEL = 60  # pixels of one notch
_NOTE = 200  # pixels that the notes of a finding take at least
_LOOKED_AT = 40  # rows that say how wide their columns want to be


class TableView(ChosenRows):
    """A QTableView in the house's clothes; `role_asked` gives a column's name and where its menu opens."""

    role_asked = Signal(str, QPoint)
    menu_asked = Signal(int, int, QPoint)  # row, column, where
    edited = Signal(int, str, str)  # a row's number, a column, the new text
    delete_asked = Signal()
    copy_asked = Signal()
    opened = Signal(int)  # a row whose cells cannot be edited in their place: Enter, F2 or a double click

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placing = self._spreading = False
        self._by_hand: dict[str, int] = {}  # widths that columns were dragged to
        self._head, self._cells = RoleHeader(self), CellDelegate(self)
        self.setVerticalHeader(NoHeader(self))
        self._numbers = NumberColumn(self, self.lane.in_view, self._number_words)
        self._numbers.clicked.connect(self.choose_row)
        self._again = QTimer(self, interval=0, singleShot=True)
        self._again.timeout.connect(self._measure_again)
        self.setHorizontalHeader(self._head)
        self.setItemDelegate(self._cells)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        for button in self.findChildren(QAbstractButton):  # Qt's own for the corner
            button.hide()
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.setAccessibleName(self.tr("Table"))
        self._cells.edited.connect(self.edited)
        self._cells.editor_grown.connect(self.updateEditorGeometries)
        self._head.asked.connect(self._ask_role)
        self._head.sectionResized.connect(self._widths_changed)
        self._fade = Fade(self)
        for moved in (self.verticalScrollBar().valueChanged, self.verticalScrollBar().rangeChanged):
            moved.connect(self._fade_numbers)
        theme.theme().theme_changed.connect(self.viewport().update)

    def _make_lane(self) -> RowLane:
        return RowLane(self._measure_row, ROW_HEIGHT)

    def setModel(self, model: Any) -> None:
        """Show a TableModel."""
        super().setModel(model)
        if isinstance(model, TableModel):
            model.came.connect(self._rows_came)
            model.modelAboutToBeReset.connect(self._empty)

    def _empty(self) -> None:
        """Other rows come. Until they are there, nothing is laid out: the head may still be about the old columns."""
        self._placing = True
        self.lane.begin(0)

    def reset(self) -> None:
        """The model shows other rows: begin at the first."""
        super().reset()
        if hasattr(self, "_fade"):
            self._placing = False
            self.lane.begin(self.shown.rowCount())
            self.updateGeometries()

    @property
    def shown(self) -> TableModel:
        """The model; an empty one before there is any."""
        model = self.model()
        return model if isinstance(model, TableModel) else TableModel()

    def show_roles(
        self,
        chips: Mapping[str, tuple[str, ChipKind]],
        *,
        label: str,
        labels: Sequence[str],
        frequent: Sequence[str] = (),
        offers: bool,
    ) -> None:
        """Say what the columns are for: chips by column, the column of labels, all labels and the most frequent ones,
        and whether there is a menu at the head of a column."""
        self._head.chips = dict(chips)
        self._head.bare = self.shown.note_column
        self._head.offer(offers)
        if label != self._cells.label_column:
            self._again.start()
        self._cells.show_labels(label, labels, frequent)
        self._cells.quiet_columns = frozenset(self.shown.columns) - chips.keys() if chips else frozenset()
        self._head.viewport().update()
        self.viewport().update()

    def set_mark(self, text: str) -> None:
        """Mark this text wherever it stands."""
        self._cells.mark = text
        self.viewport().update()

    def show_sort(self, sort: tuple[str, bool] | None) -> None:
        """Say at its head by which column rows are sorted, and whether downwards."""
        self._head.sort = sort
        self._head.viewport().update()

    def begin_table(self) -> None:
        """Another table: no width was chosen by hand yet, no label has a colour, and what is used comes into view."""
        self._by_hand = {}
        self._cells.colours = LabelColours()
        self.spread()
        self.show_used()

    def show_used(self) -> None:
        """Scroll sideways as far as it takes to see the columns that are for something, the first of them above all."""
        used = [n for n, name in enumerate(self.shown.columns) if name in self._head.chips]
        if used:
            room, first, last = self.viewport().width(), min(used), max(used)
            beyond = self._head.sectionPosition(last) + self._head.sectionSize(last) - room
            self.horizontalScrollBar().setValue(max(0, min(beyond, self._head.sectionPosition(first))))

    def spread(self) -> None:
        """Share the width among the columns by how long their texts are; rows are measured anew. What was dragged by
        hand stays."""
        model = self.shown
        if not model.columnCount():
            return
        rows = range(min(_LOOKED_AT, model.rowCount()))
        wanted = []
        for column in range(model.columnCount()):
            extra = 2 * PADDING + 4 + (18 if self._cells.is_label(model, column) else 0)
            wide = wanted_width([model.cell(row, column)[:200] for row in rows], self.fontMetrics())
            wanted.append(wide + extra if wide else 0)
        self._head.stack(False)
        widths = self._shared(wanted)
        if any(widths[n] < self._head.width_wanted(name) for n, name in self._used()):
            self._head.stack(True)
            widths = self._shared(wanted)
        self._spreading = True
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._spreading = False
        self._measure_again()

    def _used(self) -> list[tuple[int, str]]:
        return [(n, name) for n, name in enumerate(self.shown.columns) if name in self._head.chips]

    def _shared(self, wanted: Sequence[int]) -> list[int]:
        """The widths of all columns: those chosen by hand, and the others' shares of the rest."""
        model, names = self.shown, self.shown.columns
        free = [n for n, name in enumerate(names) if name not in self._by_hand]
        heads = [_NOTE if n == model.note_column else self._head.width_wanted(names[n]) for n in free]
        short = [min(head, self._head.width_wanted(names[n], short=True)) for n, head in zip(free, heads, strict=True)]
        matter = [at for at, n in enumerate(free) if names[n] in self._head.chips or n == model.note_column]
        room = self.viewport().width() - sum(self._by_hand.get(name, 0) for name in names)
        shares = shared(max(240, room), [wanted[n] for n in free], heads, matter, short) if free else []
        widths = [self._by_hand.get(name, 0) for name in names]
        for n, share in zip(free, shares, strict=True):
            widths[n] = max(share, _NOTE) if n == model.note_column else share
        return widths

    # ── where rows lie ──

    def _number_words(self, row: int) -> str:
        return str(self.shown.headerData(row, Qt.Orientation.Vertical))

    def _measure_row(self, row: int) -> int:
        model = self.shown
        return self._cells.height(model, row, [self._head.sectionSize(n) for n in range(model.columnCount())])

    def _widths_changed(self, column: int, _old: int, width: int) -> None:
        columns = self.shown.columns
        if not (self._spreading or self._placing) and column < len(columns) and width:
            self._by_hand[columns[column]] = width
        self._again.start()
        self.viewport().update()

    def _measure_again(self) -> None:
        self.lane.forget()
        self.lane.settle()
        self.updateGeometries()

    def _rows_came(self, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self.lane.forget(row)
        self.lane.settle()
        self._place_bar()
        self.moved()

    def updateGeometries(self) -> None:
        """Lay out the head, the numbers and the scroll bars."""
        if self._placing or not hasattr(self, "_fade"):
            return
        self._placing = True
        rows = self.lane.rows
        wide = self._numbers.width_for(self._number_words(self._widest_number()) if rows else "1")
        head = self._head.minimumHeight()
        self.setViewportMargins(wide, head, 0, 0)
        view = self.viewport().geometry()
        self._head.setGeometry(view.left(), view.top() - head, view.width(), head)
        self._numbers.setGeometry(view.left() - wide, view.top() - head, wide, view.height() + head)
        self._numbers.head = head
        self._numbers.lower()
        across = self.horizontalScrollBar()
        across.setPageStep(view.width())
        across.setSingleStep(20)
        across.setRange(0, max(0, self._head.length() - view.width()))
        self._head.setOffset(across.value())
        self._placing = False
        self.lane.resize(view.height())
        self.lane.settle()
        self._place_bar()
        self.moved()

    def _widest_number(self) -> int:
        """A row whose number is as long as any."""
        numbers = self.shown.numbers
        return len(numbers) - 1 if isinstance(numbers, range) else int(as_array(numbers).argmax())

    def _place_bar(self) -> None:
        """Let the scroll bar say where the rows are."""
        self._placing = True
        bar = self.verticalScrollBar()
        bar.setPageStep(max(1, self.lane.view * self.lane.unit // ROW_HEIGHT))
        bar.setSingleStep(self.lane.unit)
        bar.setRange(0, self.lane.most)
        bar.setValue(self.lane.value)
        self._placing = False

    def moved(self) -> None:
        """Paint anew; what lies over a cell goes with it."""
        self.viewport().update()
        self._numbers.update()
        self.updateEditorGeometries()

    def place_changed(self) -> None:
        """The rows lie elsewhere: scroll bar and paint follow."""
        self._place_bar()
        self.moved()

    def scrollContentsBy(self, dx: int, _dy: int) -> None:
        if dx:
            self._head.setOffset(self.horizontalScrollBar().value())
        if not self._placing:
            self.lane.go(self.verticalScrollBar().value())
        self.moved()

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, turned = event.pixelDelta(), event.angleDelta()
        if abs(turned.x()) > abs(turned.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().wheelEvent(event)
            return
        self.scroll_by(-(pixels.y() if not pixels.isNull() else round(turned.y() * _WHEEL / 120)))
        event.accept()

    def scroll_by(self, pixels: int) -> None:
        """Scroll down, or up."""
        before = self.lane.first, self.lane.above
        self.lane.scroll(pixels)
        if (self.lane.first, self.lane.above) != before:
            self.place_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()
        self._fade.place()
        self._fade_numbers()
        if event.size().width() != event.oldSize().width():
            self.spread()

    def _fade_numbers(self, *_: int) -> None:
        """The fades cover the row numbers too, which lie beside what scrolls."""
        for edge in (self._fade.top, self._fade.bottom):
            edge.setGeometry(edge.geometry().adjusted(-edge.x(), 0, 0, 0))

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a cell into view, clear of the fades at the edges."""
        if not index.isValid():
            return
        self.lane.show(index.row(), FADE_HEIGHT)
        across, left = self.horizontalScrollBar(), self._head.sectionPosition(index.column())
        wide = min(self._head.sectionSize(index.column()), self.viewport().width())
        across.setValue(max(left + wide - self.viewport().width(), min(across.value(), left)))
        self.place_changed()

    # ── paint and keys ──

    def paintEvent(self, event: QPaintEvent) -> None:
        model, clip = self.shown, event.rect()
        painter = QPainter(self.viewport())
        chosen, current = self.selectionModel(), self.currentIndex()
        here = current if self.hasFocus() or self.viewport().hasFocus() else QModelIndex()
        columns = [
            (n, self._head.sectionViewportPosition(n), self._head.sectionSize(n)) for n in range(len(model.columns))
        ]
        columns = [one for one in columns if one[1] <= clip.right() and one[1] + one[2] > clip.left()]
        line = theme.color("line")
        for row, top, height in self.lane.in_view():
            if top > clip.bottom() or top + height <= clip.top():
                continue
            is_chosen = chosen is not None and chosen.isSelected(model.index(row, 0))
            for column, left, wide in columns:
                focused = here.row() == row and here.column() == column
                rect = QRect(left, top, wide, height)
                self._cells.paint_cell(painter, rect, model, row, column, chosen=is_chosen, focused=focused)
            painter.setPen(line)
            painter.drawLine(clip.left(), top + height - 1, clip.right(), top + height - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete):
            self.delete_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in self._opening() and self.state() != self.State.EditingState:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.shown.table is None:
            self._open(self.indexAt(event.position().toPoint()))
        else:
            super().mouseDoubleClickEvent(event)

    def _opening(self) -> tuple[Qt.Key, ...]:
        """The keys that open a row, or the editor over a cell, for which Qt itself knows F2."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return keys if self.shown.table is not None else (*keys, Qt.Key.Key_F2)

    def _open(self, index: Index) -> None:
        if self.shown.table is not None:
            self.edit(index)
        elif index.isValid():
            self.opened.emit(index.row())

    def edit_at(self, row: int, column: int) -> None:
        """Open the editor over a cell."""
        self.setCurrentIndex(self.shown.index(row, column))
        self.edit(self.currentIndex())

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: Qt would look through every row."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == event.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            if not self.selectionModel().isSelected(index):
                self.setCurrentIndex(index)
            place = self.visualRect(index).bottomLeft() + QPoint(PADDING, 0) if by_key else event.pos()
            self.menu_asked.emit(index.row(), index.column(), self.viewport().mapToGlobal(place))

    def _ask_role(self, section: int) -> None:
        self.role_asked.emit(self.shown.columns[section], self._head.menu_place(section))
