"""The table: hairlines, role chips in the header, labels as chips, cells of up to three lines.

In: a TableModel, the columns' roles, the labels. Out: `role_asked` when another role is wanted for a
column. Rows take their height when they come into view, so that a million rows open at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio.gui import theme
from studio.gui.widgets.cell_text import height_of, paint_lines
from studio.gui.widgets.chip import ChipKind, kind_of_label, paint_chip
from studio.gui.widgets.fade import HEIGHT as FADE_HEIGHT
from studio.gui.widgets.fade import Fade
from studio.gui.widgets.role_header import PADDING, RoleHeader
from studio.gui.widgets.table_model import TableModel

ROOM_ABOVE = 10
ROW_HEIGHT = 39
SHORTEST_LONG = 180  # pixels that a column of long texts keeps where others press
Index = QModelIndex | QPersistentModelIndex


class NumberHeader(QHeaderView):
    """Row numbers, right-aligned, on the same hairlines as the rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setDefaultSectionSize(ROW_HEIGHT)
        self.setMinimumSectionSize(ROW_HEIGHT)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def sizeHint(self) -> QSize:
        last = str(self.model().headerData(self.count() - 1, Qt.Orientation.Vertical)) if self.count() else "1"
        return QSize(max(48, self.fontMetrics().horizontalAdvance(last) + 2 * PADDING + 4), 0)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.setFont(theme.font("secondary"))
        painter.setPen(theme.color("soft"))
        words = str(self.model().headerData(section, Qt.Orientation.Vertical))
        place = rect.adjusted(0, ROOM_ABOVE + 1, -PADDING, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, words)
        painter.setPen(theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


class CellDelegate(QStyledItemDelegate):
    """Paints a cell: text of up to three lines, or a chip in the column of labels."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label_column = ""
        self.labels: Sequence[str] = ()
        self.quiet_columns: frozenset[str] = frozenset()
        self.mark = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        model = index.model()
        assert isinstance(model, TableModel)
        name, text = model.columns[index.column()], str(index.data() or "")
        painter.save()
        painter.setClipRect(rect)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("accent_wash"))
        width = rect.width() - 2 * PADDING
        x, y = rect.x() + PADDING, rect.y() + ROOM_ABOVE
        if name == self.label_column and text:
            paint_chip(painter, x, y - 1, text, kind_of_label(text, self.labels), width)
        else:
            painter.setPen(theme.color("soft" if name in self.quiet_columns else "text"))
            paint_lines(painter, x, y, text, width, self.mark)
        painter.setPen(theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.restore()


class TableView(QTableView):
    """A QTableView in the house's clothes; `role_asked` gives a column's name and where its menu opens."""

    role_asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head, self._cells = RoleHeader(self), CellDelegate(self)
        self._measuring = QTimer(self, interval=0, singleShot=True)
        self._measuring.timeout.connect(self._measure)
        self.setHorizontalHeader(self._head)
        self.setVerticalHeader(NumberHeader(self))
        self.setItemDelegate(self._cells)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Table"))
        self._head.asked.connect(self._ask_role)
        self._head.sectionResized.connect(self._measure_soon)
        self.verticalScrollBar().valueChanged.connect(self._measure_soon)
        self._fade = Fade(self)
        for moved in (self.verticalScrollBar().valueChanged, self.verticalScrollBar().rangeChanged):
            moved.connect(self._fade_numbers)
        theme.theme().theme_changed.connect(self.viewport().update)

    def show_roles(
        self, chips: Mapping[str, tuple[str, ChipKind]], *, label: str, labels: Sequence[str], offers: bool
    ) -> None:
        """Say what the columns are for: chips by column, the column of labels, all labels, and whether a role
        can be chosen at the head of a column."""
        model = self.model()
        self._head.chips = dict(chips)
        self._head.offer(offers)
        self._cells.label_column, self._cells.labels = label, labels
        if isinstance(model, TableModel):
            self._cells.quiet_columns = frozenset(model.columns) - chips.keys() if chips else frozenset()
        self._head.viewport().update()
        self.viewport().update()

    def set_mark(self, text: str) -> None:
        """Mark this text wherever it stands."""
        self._cells.mark = text
        self.viewport().update()

    def spread(self) -> None:
        """Share the width among the columns by how long their texts are; rows are measured anew."""
        model = self.model()
        if not isinstance(model, TableModel) or not model.columnCount():
            return
        room = max(240, self.viewport().width())
        wanted = [self._wanted(model, column) for column in range(model.columnCount())]
        least = [self._head.width_wanted(name) for name in model.columns]
        widths = _share(room, wanted, least)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._measure_soon()

    def _wanted(self, model: TableModel, column: int) -> int:
        metrics = self.fontMetrics()
        cells = [str(model.index(row, column).data() or "")[:200] for row in range(min(40, model.rowCount()))]
        widths = sorted(metrics.horizontalAdvance(cell) for cell in cells) or [0]
        extra = 18 if model.columns[column] == self._cells.label_column else 0
        return widths[math.ceil(0.9 * (len(widths) - 1))] + 2 * PADDING + 4 + extra

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex() if event.reason() == event.Reason.Keyboard else self.indexAt(event.pos())
        if index.isValid():
            self._head.ask(index.column())

    def _ask_role(self, section: int) -> None:
        model = self.model()
        if isinstance(model, TableModel):
            self.role_asked.emit(model.columns[section], self._head.menu_place(section))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
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
        super().scrollTo(index, hint)
        bar, box = self.verticalScrollBar(), self.visualRect(index)
        above, below = FADE_HEIGHT - box.top(), box.bottom() + FADE_HEIGHT - self.viewport().height()
        if below > 0:
            bar.setValue(bar.value() + min(below, max(0, box.top())))
        elif above > 0:
            bar.setValue(bar.value() - above)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure_soon()

    def _measure_soon(self, *_: int) -> None:
        self._measuring.start()

    def _measure(self) -> None:
        """Give the rows in view, and a few around them, the height of their tallest cell."""
        model = self.model()
        if not isinstance(model, TableModel) or not model.rowCount():
            return
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height())
        last = model.rowCount() - 1 if last < 0 else last
        grown = 0
        for row in range(max(0, first - 8), min(model.rowCount(), last + 9)):
            height = self._height(model, row)
            if height != self.rowHeight(row):
                grown += height - self.rowHeight(row) if row < first else 0
                self.setRowHeight(row, height)
        if grown:  # rows above grew: what is read stays where it is
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + grown)

    def _height(self, model: TableModel, row: int) -> int:
        tallest = (
            max(
                height_of(str(model.index(row, column).data() or ""), self.columnWidth(column) - 2 * PADDING)
                for column in range(model.columnCount())
                if model.columns[column] != self._cells.label_column
            )
            if model.columnCount() > 1
            else height_of(str(model.index(row, 0).data() or ""), self.columnWidth(0) - 2 * PADDING)
        )
        return max(ROW_HEIGHT, tallest + 2 * ROOM_ABOVE)


def _share(room: int, wanted: Sequence[int], least: Sequence[int]) -> list[int]:
    """Widths for the columns: what they want where there is room, else short ones whole and long ones by share."""
    widths = [max(72, low, min(want, 220)) for want, low in zip(wanted, least, strict=True)]
    rest = room - sum(widths)
    long = [n for n, want in enumerate(wanted) if want > widths[n]]
    need = sum(wanted[n] - widths[n] for n in long)
    if rest > 0 and long:
        for n in long:
            widths[n] += round(rest * (wanted[n] - widths[n]) / need)
    widest = wanted.index(max(wanted)) if wanted else 0
    rest = room - sum(widths)
    if widths and (rest > 0 or widths[widest] + rest >= SHORTEST_LONG):
        widths[widest] += rest  # what is left over, or a little too much, goes to the longest texts
    return widths
