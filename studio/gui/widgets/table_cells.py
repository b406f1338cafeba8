"""The cells of the table: how they are measured, painted, and edited in place.

In: a TableModel and where a cell lies. Out: paint; `edited` with a row's number, a column and its new text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from studio.data.checkup.blanks import with_blanks
from studio.gui import theme
from studio.gui.widgets.cell_editor import LabelEditor, TextEditor
from studio.gui.widgets.cell_text import LINE_HEIGHT, height_of, paint_lines
from studio.gui.widgets.chip import HEIGHT, ChipKind, LabelColours, chip_width, paint_chip
from studio.gui.widgets.role_header import PADDING
from studio.gui.widgets.table_model import TableModel

ROOM_ABOVE = 10
ROW_HEIGHT = 39
_WIDEST_LEAST = 350  # pixels that an editor takes where its column is narrower
_NARROW_BELOW = 100  # pixels
_EDGE = 3  # pixels of the mark on an edited cell
_TALLEST_EDITOR = 0.6  # of the view
_NEW_LINE = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier  # with Enter, in a text
Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """A cell is text of up to three lines, or a chip in the column of labels."""

    edited = Signal(int, str, str)
    editor_grown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label_column = ""
        self.quiet_columns: frozenset[str] = frozenset()
        self.mark = ""
        self.labels: Sequence[str] = ()
        self.colours = LabelColours()

    def show_labels(self, column: str, labels: Sequence[str], frequent: Sequence[str]) -> None:
        """The column of labels, all labels, and the most frequent ones, which get colours. Those of another column
        get others."""
        if column != self.label_column:
            self.colours = LabelColours()
        self.label_column, self.labels = column, labels
        self.colours.meet(frequent)

    def is_label(self, model: TableModel, column: int) -> bool:
        """Whether a column's cells are labels."""
        return bool(self.label_column) and model.columns[column] == self.label_column and column != model.note_column

    def _is_quiet(self, model: TableModel, column: int) -> bool:
        return model.columns[column] in self.quiet_columns and column != model.note_column

    def _is_narrow(self, model: TableModel, column: int, width: int) -> bool:
        """Whether a column that nobody uses has no room for words in lines: it shows the beginning of one."""
        return width < _NARROW_BELOW and self._is_quiet(model, column)

    def height(self, model: TableModel, row: int, widths: Sequence[int]) -> int:
        """Pixels that a row takes: those of its tallest cell."""
        tallest = 0
        if model.is_here(row):
            for column, width in enumerate(widths):
                if self.is_label(model, column) or self._is_narrow(model, column, width):
                    continue
                if text := model.cell(row, column):
                    tallest = max(tallest, height_of(text, width - 2 * PADDING))
        return max(ROW_HEIGHT, tallest + 2 * ROOM_ABOVE)

    def paint_cell(
        self, painter: QPainter, rect: QRect, model: TableModel, row: int, column: int, *, chosen: bool, focused: bool
    ) -> None:
        """Paint one cell; `chosen`: its row is selected, `focused`: the keyboard is at it."""
        text = model.cell(row, column)
        ground = theme.color("accent_wash" if chosen else "surface")
        if chosen:
            painter.fillRect(rect, ground)
        painter.save()
        painter.setClipRect(rect)
        width = rect.width() - 2 * PADDING
        x, y = rect.x() + PADDING, rect.y() + ROOM_ABOVE
        if not text and not model.is_here(row):
            self._paint_waiting(painter, rect)
        elif text and self.is_label(model, column):
            ratio = painter.device().devicePixelRatioF()
            chip = _chip(text, self.colours.of(text), width, ratio, theme.theme().is_dark)
            painter.drawPixmap(x, y - 1, chip)
        elif text:
            painter.setPen(theme.color("soft" if self._is_quiet(model, column) else "text"))
            if self._is_narrow(model, column, rect.width()):
                _paint_begin(painter, x, y, text, width)
            else:
                paint_lines(painter, x, y, text, width, self.mark, ground)
        if model.before(row, column) is not None:
            painter.fillRect(rect.x(), rect.y() + 6, _EDGE, rect.height() - 13, theme.color("accent"))
        painter.restore()
        if focused:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def _paint_waiting(self, painter: QPainter, rect: QRect) -> None:
        """A row that is being read."""
        line = QColor(theme.color("line"))
        wide = max(24, min(rect.width() - 2 * PADDING, 180) * 2 // 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(line)
        painter.drawRoundedRect(rect.x() + PADDING, rect.y() + ROOM_ABOVE + 5, wide, 8, 4, 4)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, TableModel)
        if self.is_label(model, index.column()):
            editor: QWidget = LabelEditor(self.labels, parent)
        else:
            editor = TextEditor(parent)
            editor.grown.connect(self.editor_grown)
        name = self.tr("{column} in row {number}")
        editor.setAccessibleName(
            name.format(column=model.columns[index.column()], number=f"{model.number_at(index.row()) + 1:,}")
        )
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, LabelEditor | TextEditor) and not editor.is_begun:
            editor.begin(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        shown = index.model()
        if isinstance(editor, LabelEditor | TextEditor) and isinstance(shown, TableModel):
            text = editor.text()
            if text != shown.cell(index.row(), index.column()):
                self.edited.emit(shown.number_at(index.row()), shown.columns[index.column()], text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        rect: QRect = option.rect
        parent = editor.parentWidget()
        room = parent.rect() if parent is not None else rect
        wide = max(rect.width(), min(_WIDEST_LEAST, room.width()))
        tall = max(rect.height(), editor.sizeHint().height())
        if isinstance(editor, TextEditor):
            tall = min(max(rect.height(), editor.height_for(wide)), round(room.height() * _TALLEST_EDITOR))
        else:
            tall = min(tall, ROW_HEIGHT)
        left = max(0, min(rect.x(), room.width() - wide))
        editor.setGeometry(left, max(0, min(rect.y(), room.height() - tall)), wide, tall)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter, Tab and leaving take it, Esc gives up; in a text Shift+Enter and Alt+Enter begin a new line."""
        if not isinstance(editor, QWidget):
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.key() == Qt.Key.Key_Escape:
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
            elif enter and isinstance(editor, TextEditor) and event.modifiers() & _NEW_LINE:
                editor.new_line()
            elif enter or event.key() == Qt.Key.Key_Tab:
                self._take(editor)
            else:
                return False
            return True
        if event.type() == QEvent.Type.FocusOut and not _is_inside(editor):
            self._take(editor)
        return False

    def _take(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)


@lru_cache(maxsize=512)
def _chip(text: str, kind: ChipKind, room: int, ratio: float, is_dark: bool) -> QPixmap:
    """A chip, painted once for each label; `is_dark` is there because its colours follow."""
    words = with_blanks(text)[:200].replace("\n", " ")
    wide = max(1, min(room, math.ceil(chip_width(words))))
    image = QPixmap(round(wide * ratio), round(HEIGHT * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_chip(painter, 0, 0, words, kind, wide)
    painter.end()
    return image


def _paint_begin(painter: QPainter, x: int, y: int, text: str, width: int) -> None:
    """Paint the beginning of a text in one line."""
    painter.setFont(theme.font("body"))
    metrics = painter.fontMetrics()
    words = " ".join(text[:200].split())
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)
    painter.drawText(QRect(x, y, width, round(LINE_HEIGHT)), Qt.AlignmentFlag.AlignVCenter, shown)


def _is_inside(editor: QWidget) -> bool:
    """Whether the keyboard went to a part of the editor, such as its list."""
    now = QApplication.activePopupWidget() or QApplication.focusWidget()
    return now is not None and (now is editor or editor.isAncestorOf(now))
