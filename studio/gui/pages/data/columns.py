"""What the columns are for, as chips at their heads, and the menu there: roles, order, conditions, a look at it.

In: the session's choices. Out: chips by column, and a QMenu whose entries do what they say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from studio.config import edit
from studio.config.goals import GOALS
from studio.data.roles.columns import columns_of
from studio.gui import words
from studio.gui.pages.data.table import TablePanel
from studio.gui.session import Session
from studio.gui.widgets.chip import ChipKind
from studio.gui.work.browsing import SortedBy

_LOOKED_AT = 200  # rows that say whether a column holds numbers
_NUMBERS = 0.95  # share of their filled cells


def _tr(words: str) -> str:
    return QCoreApplication.translate("Columns", words)


def chips_of(session: Session) -> dict[str, tuple[str, ChipKind]]:
    """What each column is for, with the colour of its chip. A column that is for nothing has none."""
    data, goal = session.config.data, GOALS[session.config.task.kind]
    columns = columns_of(data)
    chips: dict[str, tuple[str, ChipKind]] = {
        columns.part: (_tr("part"), "plain"),
        columns.group: (_tr("group"), "plain"),
        columns.system: (_tr("instruction"), "plain"),
        columns.earlier: (_tr("earlier turns"), "plain"),
    }
    beside = {
        "context": _tr("text with the answer"), "start": _tr("where it begins"),
        "answers": _tr("all right answers"), "rejected": _tr("worse answer"),
        "negative": _tr("not it"), "score": _tr("good or bad") if goal.compares else _tr("how well it fits"),
    }  # fmt: skip
    chips |= {getattr(columns, role): (said, "plain") for role, said in beside.items() if role in goal.roles}
    chips |= {name: (_tr("text to read"), "accent") for name in columns.read}
    if goal.target:
        chips[columns.target] = (words.translated(goal.noun), "accent" if goal.has_labels else "good")
    return {name: chip for name, chip in chips.items() if name}


class ColumnMenus(QObject):
    """Makes the menu of a column."""

    def __init__(
        self, session: Session, panel: TablePanel, about: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._panel, self._about, self._window = session, panel, about, parent

    def menu(self, column: str) -> QMenu:
        """What can be done with a column; its role and its order are ticked."""
        menu = QMenu(self._window)
        self._add_roles(menu, column)
        menu.addSeparator()
        self._add_orders(menu, column)
        menu.addSeparator()
        menu.addAction(_tr("Only rows where…"), lambda: self._panel.ask.ask_rows(column))
        menu.addAction(_tr("Go to row…"), self._panel.ask_row)
        data, kind = self._session.config.data, self._session.config.task.kind
        if column == data.target and GOALS[kind].has_labels:
            menu.addAction(_tr("Change a label everywhere…"), self._panel.row_actions.ask_any_label)
        menu.addAction(_tr("About this column"), lambda: self._about(column))
        return menu

    def _add_roles(self, menu: QMenu, column: str) -> None:
        data, goal = self._session.config.data, GOALS[self._session.config.task.kind]
        target = "label" if goal.has_labels else "answer"
        now = "text" if column in columns_of(data).read else target if column == data.target else "other"
        roles = {"text": _tr("Text to read"), "label": _tr("Label"), "answer": _tr("Answer")}
        roles |= {role: words.translated(edit.entry(f"data.{role}").words.title) for role in goal.roles}
        if now == "other":
            now = next((role for role in goal.roles if getattr(data, role) == column), now)
        group = QActionGroup(menu)
        for role, said in (*roles.items(), ("other", _tr("Not used"))):
            _ticked(group, menu.addAction(said, partial(self._set_role, column, role)), now == role)

    def _add_orders(self, menu: QMenu, column: str) -> None:
        as_number = self.holds_numbers(column)
        up = _tr("Smallest first") if as_number else _tr("Sort A to Z")
        down = _tr("Largest first") if as_number else _tr("Sort Z to A")
        sort = self._panel.rows.query.sort
        here = sort if sort is not None and sort.column == column else None
        group = QActionGroup(menu)
        for said, descending in ((up, False), (down, True)):
            action = menu.addAction(said, partial(self._panel.sort_by, SortedBy(column, descending, as_number)))
            _ticked(group, action, here is not None and here.descending == descending)
        _ticked(group, menu.addAction(_tr("As in the file"), partial(self._panel.sort_by, None)), sort is None)

    def holds_numbers(self, column: str) -> bool:
        """Whether the cells of a column are numbers, by its first rows."""
        model = self._panel.model
        if column not in model.columns:
            return False
        place = model.columns.index(column)
        cells = [model.cell(row, place).strip() for row in range(min(_LOOKED_AT, model.rowCount()))]
        filled = [cell for cell in cells if cell]
        return bool(filled) and sum(map(_is_number, filled)) >= _NUMBERS * len(filled)

    def _set_role(self, column: str, role: str) -> None:
        session, data = self._session, self._session.config.data
        goal = GOALS[session.config.task.kind]
        free = {f"data.{one}": "" for one in goal.roles if getattr(data, one) == column}  # it has one role at a time
        if role == "text":
            problem = session.change_all(free) or session.set_role(column, "input")
        elif role in ("label", "answer"):
            problem = session.change_all(free) or session.set_role(column, "target")
            if goal.has_labels != (role == "label"):
                session.change("task.kind", "classify" if role == "label" else "answer")
        else:
            free |= {f"data.{one}": "" for one in ("input", "target") if getattr(data, one) == column}
            problem = session.change_all(free | ({f"data.{role}": column} if role in goal.roles else {}))
        if problem is not None:
            session.problem.emit(problem)


def _ticked(group: QActionGroup, action: QAction, on: bool) -> None:
    action.setCheckable(True)
    action.setChecked(on)
    group.addAction(action)


def _is_number(cell: str) -> bool:
    if not cell.isascii() or "_" in cell or cell[-1] not in "0123456789.":
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return True
