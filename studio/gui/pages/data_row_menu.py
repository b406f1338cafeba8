"""The menu of a row, and what it copies.

In: the view, and what can be done. Out: a QMenu; rows on the clipboard.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.widgets.text import counted

_MOST_COPIED = 10_000  # rows


def _tr(words: str) -> str:
    return QCoreApplication.translate("RowMenu", words)


def row_menu(
    view: TableView,
    model: TableModel,
    row: int,
    column: int,
    *,
    delete: Callable[[], object],
    copy: Callable[[], object],
    rename: Callable[[], object] | None,
) -> QMenu:
    """What can be done with the selected rows, and with the cell under the mouse; `rename` where it is a label."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    count = len(view.chosen_numbers())
    if model.can_edit(column):
        menu.addAction(_tr("Edit the cell") + "\tF2", lambda: view.edit_at(row, column))
    copies = _tr("Copy the cell") if count <= 1 else counted(count, _tr("Copy the row"), _tr("Copy {count} rows"))
    menu.addAction(copies + "\t" + _tr("Ctrl+C"), copy)
    if rename is not None:
        menu.addAction(_tr("Change this label everywhere…"), rename)
    if model.table is not None:
        menu.addSeparator()
        deletes = counted(count, _tr("Delete the row"), _tr("Delete {count} rows"))
        menu.addAction(deletes + "\t" + _tr("Del"), delete)
    return menu


def copy_rows(view: TableView, model: TableModel) -> str:
    """Put the current cell on the clipboard, or where several rows are selected those, tab-separated as tables take
    them; gives words for what was copied, "" for nothing."""
    numbers, now = view.chosen_numbers(), view.currentIndex()
    if len(numbers) <= 1 or model.table is None:
        if not now.isValid():
            return ""
        QGuiApplication.clipboard().setText(model.cell(now.row(), now.column()))
        return _tr("The cell was copied.")
    from studio.data.pages import PageReader

    some = numbers[:_MOST_COPIED]
    rows = PageReader(model.table).at(some)
    QGuiApplication.clipboard().setText("\n".join("\t".join(map(_quoted, row)) for row in rows))
    if len(numbers) > len(some):
        return _tr("The first {count} rows were copied.").format(count=f"{len(some):,}")
    return _tr("{count} rows were copied.").format(count=f"{len(some):,}")


def _quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(sign in cell for sign in '\t\r\n"') else cell
