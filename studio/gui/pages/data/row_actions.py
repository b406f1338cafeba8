"""What is done with the rows that are selected: cells are changed, labels renamed, rows deleted and copied.

In: the view, its model, and the line in which a new label is asked for. Out: `edits_asked` with what is to be changed
and its title, `told` with words about what was copied, `problem`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.pages import PageReader
from studio.gui.job import Job
from studio.gui.pages.data.table_ask import AskLine
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.work.browsing import LabelCount, count_label
from studio.problems import Problem, explain

if TYPE_CHECKING:
    pass

_MOST_DELETED = 100_000  # rows at once
_MOST_COPIED = 10_000  # rows


class RowActions(QObject):
    """Answers the view's keys, its editors and its menu."""

    edits_asked = Signal(object, str)  # edits, what they do in words
    told = Signal(str)
    problem = Signal(object)  # Problem

    def __init__(self, view: TableView, model: TableModel, ask: AskLine) -> None:
        super().__init__(view)
        self._view, self._model, self._ask = view, model, ask
        self._label = ""
        self._labels: Sequence[str] = ()
        self._counting: Job | None = None
        view.menu_asked.connect(self._open_menu)
        view.edited.connect(self._edit)
        view.delete_asked.connect(self.delete)
        view.copy_asked.connect(self.copy)
        ask.renamed.connect(self.rename)
        ask.count_wanted.connect(self._count)
        ask.closed.connect(self._stop_counting)

    def show_labels(self, column: str, labels: Sequence[str]) -> None:
        """The column of labels, and all of them."""
        self._label, self._labels = column, labels

    def ask_any_label(self) -> None:
        """Ask which label is to be called something else everywhere: at first the one of the current row."""
        model, now = self._model, self._view.currentIndex()
        here = ""
        if now.isValid() and model.table is not None and self._label in model.columns:
            here = model.cell(now.row(), model.columns.index(self._label))
        self._ask.ask_any_label(self._label, self._labels, here)

    def _edit(self, number: int, column: str, text: str) -> None:
        self._model.expect(number, column, text)
        words = self.tr("“{column}” in row {number} changed").format(column=column, number=f"{number + 1:,}")
        self.edits_asked.emit((SetCells(column, ((number, text),)),), words)

    def rename(self, column: str, before: str, after: str) -> None:
        """Let every cell of a column that is `before` be `after`."""
        words = self.tr("“{before}” became “{after}”").format(before=with_blanks(before), after=with_blanks(after))
        self.edits_asked.emit((ReplaceValue(column, before, after),), words)

    def _count(self, column: str, label: str) -> None:
        """Count the rows with a label, for the question about it."""
        self._stop_counting()
        table = self._model.table
        if table is None:
            return
        task = partial(count_label, table=table, column=column, label=label)
        self._counting = Job(task, title=self.tr("Counting rows"), heavy=False)
        self._counting.happened.connect(self._take_count)
        self._counting.start()

    def _take_count(self, events: list[object]) -> None:
        for event in events:
            if self.sender() is self._counting and isinstance(event, LabelCount):
                self._ask.show_count(*event)

    def _stop_counting(self) -> None:
        if self._counting is not None:
            self._counting.stop()
            self._counting = None

    def delete(self) -> None:
        """Delete the selected rows; it can be undone."""
        if self._model.table is None:
            return
        numbers = self._view.chosen_numbers()
        if len(numbers) > _MOST_DELETED:
            what = self.tr("{count} rows are too many to delete at once.").format(count=f"{len(numbers):,}")
            fix = self.tr("Select up to {count} rows.").format(count=f"{_MOST_DELETED:,}")
            self.problem.emit(Problem(what, self.tr("Each one is written down, so that it can come back."), fix))
        elif len(numbers):
            words = counted(len(numbers), self.tr("{count} row deleted"), self.tr("{count} rows deleted"))
            self.edits_asked.emit((DeleteRows(tuple(sorted(numbers.tolist()))),), words)

    def copy(self) -> None:
        """Put the current cell on the clipboard, or where several rows are selected those, tab-separated as tables take
        them."""
        numbers, now, table = self._view.chosen_numbers(), self._view.currentIndex(), self._model.table
        if len(numbers) <= 1 or table is None:
            if now.isValid():
                QGuiApplication.clipboard().setText(self._model.cell(now.row(), now.column()))
                self.told.emit(self.tr("The cell was copied."))
            return
        some = numbers[:_MOST_COPIED]
        try:
            rows = PageReader(table).at(some)
        except (Problem, OSError) as error:
            self.problem.emit(explain(error))
            return
        QGuiApplication.clipboard().setText("\n".join("\t".join(map(_quoted, row)) for row in rows))
        first = self.tr("The first {count} rows were copied.")
        words = first if len(numbers) > len(some) else self.tr("{count} rows were copied.")
        self.told.emit(words.format(count=f"{len(some):,}"))

    def _open_menu(self, row: int, column: int, place: QPoint) -> None:
        self.menu(row, column).popup(place)

    def menu(self, row: int, column: int) -> QMenu:
        """What can be done with the selected rows, and with the cell under the mouse."""
        menu, model = QMenu(self._view), self._model
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(self._view.chosen_numbers())
        if model.can_edit(column):
            menu.addAction(self.tr("Edit the cell") + "\tF2", lambda: self._view.edit_at(row, column))
        copies = counted(count, self.tr("Copy the cell"), self.tr("Copy {count} rows"))
        menu.addAction(copies + "\t" + self.tr("Ctrl+C"), self.copy)
        rename = self._renaming(row, column)
        if rename is not None:
            menu.addAction(self.tr("Change this label everywhere…"), rename)
        if model.table is not None:
            menu.addSeparator()
            deletes = counted(count, self.tr("Delete the row"), self.tr("Delete {count} rows"))
            menu.addAction(deletes + "\t" + self.tr("Del"), self.delete)
        return menu

    def _renaming(self, row: int, column: int) -> Callable[[], object] | None:
        """Asks for another name, where the cell is a label."""
        model = self._model
        if not (model.can_edit(column) and self._label and model.columns[column] == self._label):
            return None
        text = model.cell(row, column)
        return (lambda: self._ask.ask_label(self._label, text, self._labels)) if text else None


def _quoted(cell: str) -> str:
    """As other programs take a cell from the clipboard."""
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in '\t\r\n"') else cell
