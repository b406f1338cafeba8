"""Which columns the model reads and learns, to be chosen on the Goal page as at the head of the table.

In: the table's columns and the present roles. Out: roles, through the session.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from studio.config import edit
from studio.config.goals import GOALS, MORE_ROLES, Goal
from studio.data.roles.columns import columns_of
from studio.gui import words
from studio.gui.session import Session
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text
from studio.problems import Problem

NEEDED = ("input", "target", "context")  # the others may stay without a column
BETWEEN = 8  # pixels
SHORTEST = 8  # letters that a name keeps where there is little room


class ColumnChoice(QComboBox):
    """A choice whose text is shortened to its room instead of being cut in mid-letter."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(SHORTEST)

    def shown_text(self) -> str:
        """What can be read on it now."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width() - 2
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class ColumnsCard(Card):
    """Choices in two columns, those that the goal needs; away where there is no table."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(self.tr("Columns"), padding=18, parent=parent)  # without a parent it would open as a window
        self._session = session
        self.choices = {role: ColumnChoice() for role in ("input", "target", *MORE_ROLES)}
        self._words = {role: Text(kind="secondary", tone="soft") for role in self.choices}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        for role, box in self.choices.items():
            box.activated.connect(partial(self._choose, role))
        self._place(list(self.choices))
        self.add(self._grid)
        session.changed.connect(self._refresh)
        self._refresh(frozenset({"table"}))

    def _refresh(self, topics: frozenset[str]) -> None:
        if topics & {"table", "roles", "config", "project"}:
            self._show()

    def _place(self, roles: list[str]) -> None:
        """Two beside each other, in this order."""
        for place, role in enumerate(roles):
            row, column = divmod(place, 2)
            self._grid.addWidget(self._words[role], 3 * row, column)
            self._grid.addWidget(self.choices[role], 3 * row + 1, column)
        for row in range(len(roles) // 2 + 1):  # air between a pair and the names of the next
            self._grid.setRowMinimumHeight(3 * row + 2, BETWEEN if 2 * (row + 1) < len(roles) else 0)

    def _show(self) -> None:
        table, config = self._session.table, self._session.config
        self.setVisible(table is not None)
        goal = GOALS[config.task.kind]
        wanted = ["input", *(["target"] if goal.target else []), *goal.roles]
        self._place(wanted)
        for role, box in self.choices.items():
            box.setVisible(role in wanted)
            self._words[role].setVisible(role in wanted)
            if role not in wanted:
                continue
            name = self._name(role, goal)
            self._words[role].setText(name)
            box.setAccessibleName(name)
            box.blockSignals(True)
            box.clear()
            several = role == "input" and bool(config.data.template)
            spread = role == "target" and bool(config.data.label_columns) and not config.data.target
            box.addItem(self._nothing(role, several or spread), "")
            for column in table.columns if table is not None else ():
                box.addItem(column, column)
            box.setCurrentIndex(0 if several else max(0, box.findData(getattr(config.data, role))))
            told = columns_of(config.data).read if several else config.data.label_columns if spread else ()
            box.setToolTip(", ".join(told) or getattr(config.data, role))
            box.blockSignals(False)

    def _name(self, role: str, goal: Goal) -> str:
        if role == "target":
            is_better = goal.compares and not self._session.config.data.score
            answer = self.tr("Better answer") if is_better else self.tr("Answer to learn")
            return {
                "label": self.tr("Label to learn"),
                "number": self.tr("Number to learn"),
                "passage": self.tr("Passage to find"),
            }.get(goal.target, self.tr("Answer") if goal.compares and not is_better else answer)
        if role == "score" and goal.compares:
            return self.tr("Says whether it is good")
        if role == "input" and goal.target in ("passage", "text") and "context" in goal.roles:
            return self.tr("Question")
        return words.translated(edit.entry(f"data.{role}").words.title)

    def _nothing(self, role: str, several: bool) -> str:
        if several:
            return self.tr("Several columns")
        return self.tr("Choose a column") if role in NEEDED else self.tr("None")

    def _choose(self, role: str, place: int) -> None:
        column = str(self.choices[role].itemData(place))
        session = self._session
        if role == "input" and session.config.data.template:
            problem = self._read_one(column) if column else None
        else:
            if column and role in ("input", "target"):
                problem = session.set_role(column, "input" if role == "input" else "target")
            else:
                problem = session.change(f"data.{role}", column)
        if problem is not None:
            session.problem.emit(problem)
            self._show()

    def _read_one(self, column: str) -> Problem | None:
        """Read this column alone instead of a text from several; where it was to be learned, the two are exchanged."""
        data = self._session.config.data
        choices = {"data.template": "", "data.input": column}
        if column == data.target:
            choices["data.target"] = data.input
        return self._session.change_all(choices)
