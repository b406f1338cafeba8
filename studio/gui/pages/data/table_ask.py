"""One question in a line above the rows: which rows, which row to go to, what a label is to be called.

In: what is asked about, and how many rows a label has. Out: `count_wanted`; `tested`, `renamed`, `gone_to` with the
answer; Esc or the cross takes the line away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.table.view import CellTest
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.cell_editor import LabelBox
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.text import Text

Asked = Literal["", "rows", "label", "number"]
Kind = Literal["contains", "equals", "empty", "filled", "longer"]


class AskLine(QWidget):
    """Hidden until something is asked; the keyboard goes to the field."""

    tested = Signal(str, object)  # column, CellTest
    renamed = Signal(str, str, str)  # column, before, after
    gone_to = Signal(int)  # 1-based number
    count_wanted = Signal(str, str)  # column, label
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: Asked = ""
        self._column, self._before = "", ""
        self._labels: Sequence[str] = ()
        self._count = -1  # rows with the label; -1 while that is not known
        self._words = Elided("")
        self.kind = QComboBox()
        for words, kind in (
            (self.tr("contains"), "contains"), (self.tr("is"), "equals"), (self.tr("is empty"), "empty"),
            (self.tr("is not empty"), "filled"), (self.tr("is longer than"), "longer"),
        ):  # fmt: skip
            self.kind.addItem(words, kind)
        self.kind.setAccessibleName(self.tr("What the column has to hold"))
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.field, self.labels, self.which = QLineEdit(), LabelBox(), LabelBox()
        self.which.setEditable(False)
        self.which.setMinimumWidth(90)
        self.which.setAccessibleName(self.tr("The label that is to be changed"))
        self.which.currentIndexChanged.connect(self._which_changed)
        self.field.setMinimumWidth(110)
        self.labels.setMinimumWidth(110)
        self._digits = QRegularExpressionValidator(QRegularExpression("[0-9][0-9, ]*"), self)
        typed = self.labels.lineEdit()
        assert typed is not None  # it is there as long as any label can be typed
        self._typed = typed
        self._typed.returnPressed.connect(self.take)
        self._unit = Text(self.tr("characters"), tone="soft")
        self._to = Text(self.tr("everywhere to"))
        self.outcome = Text(kind="secondary", tone="soft", wrap=True)
        self._take = Button("", "small", clicked=self.take)
        self._cross = IconButton("close", self.tr("Close (Esc)"), clicked=self.close_it)
        self.field.returnPressed.connect(self.take)
        self.field.textChanged.connect(self._check)
        self.labels.editTextChanged.connect(self._check)
        for box in (self.labels, self.which):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 12, 10)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._words, self.which, self._to, self.kind, self.field, self.labels, self._unit, self._take):
            row.addWidget(widget, 20 if widget in (self.field, self.labels, self.which) else 0)
        row.addStretch(1)
        row.addWidget(self._cross)
        column.addLayout(row)
        column.addWidget(self.outcome)
        self.hide()

    def ask_rows(self, column: str, kind: Kind = "contains") -> None:
        """Which rows are wanted, by what a column holds."""
        self._column = column
        self._open("rows", self.tr("Only rows where {column}").format(column=_short(column)), self.tr("Show"))
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._kind_changed()

    def ask_label(self, column: str, before: str, labels: Sequence[str]) -> None:
        """What a label is to be called everywhere."""
        words = self.tr("Change “{label}” everywhere to").format(label=_short(with_blanks(before)))
        self._open("label", words, self.tr("Change"))
        self._column, self._labels = column, labels
        self._begin_label(before)

    def ask_any_label(self, column: str, labels: Sequence[str], first: str = "") -> None:
        """Which label is to be called something else everywhere, and what."""
        if not labels:
            return
        self._open("label", self.tr("Change"), self.tr("Change"))
        self._column, self._labels = column, labels
        self.which.blockSignals(True)
        self.which.show_labels(labels)
        if first in labels:
            self.which.setCurrentIndex(labels.index(first))
        self.which.blockSignals(False)
        self.which.show()
        self._to.show()
        self._begin_label(self.which.currentText())
        self.which.setFocus()

    def _which_changed(self, _index: int) -> None:
        if self.asked == "label" and not self.which.isHidden():
            self._begin_label(self.which.currentText())

    def _begin_label(self, before: str) -> None:
        self._before, self._count = before, -1
        self.labels.show_labels([label for label in self._labels if label != before])
        self.labels.setCurrentIndex(-1)
        self.labels.setEditText(before)
        words = self.tr("What “{label}” is to be called everywhere").format(label=_short(with_blanks(before)))
        self.labels.setAccessibleName(words)
        self._typed.selectAll()
        self.labels.setFocus()
        self._check()
        self.count_wanted.emit(self._column, before)

    def show_count(self, column: str, label: str, count: int) -> None:
        """How many rows have a label, where that is what is asked about."""
        if self.asked == "label" and (column, label) == (self._column, self._before):
            self._count = count
            self._check()

    @property
    def count(self) -> int:
        """The rows that have the label that was asked about last; -1 where that is not known."""
        return self._count

    def ask_number(self, rows: int) -> None:
        """Which row to go to."""
        self._open("number", self.tr("Go to row"), self.tr("Go"))
        self.field.setPlaceholderText(self.tr("1 to {count}").format(count=f"{rows:,}"))
        self.field.setValidator(self._digits)
        self.field.setFocus()
        self._check()

    def _open(self, asked: Asked, words: str, take: str) -> None:
        self.asked = asked
        self._words.setText(words)
        self._words.setMinimumWidth(min(90, self._words.sizeHint().width()))
        self._take.setText(take)
        self.field.setValidator(None)  # type: ignore[arg-type]
        self.field.setPlaceholderText("")
        self.field.clear()
        self.field.setAccessibleName(words)
        self.kind.setVisible(asked == "rows")
        self.labels.setVisible(asked == "label")
        for part in (self.which, self._to, self.outcome):
            part.hide()
        self.field.setVisible(asked in ("rows", "number"))
        self._unit.hide()
        self.show()

    def _kind_changed(self, _index: int = 0) -> None:
        kind = self.kind.currentData()
        if self.asked != "rows":
            return
        self.field.setVisible(kind in ("contains", "equals", "longer"))
        self._unit.setVisible(kind == "longer")
        self.field.setValidator(self._digits if kind == "longer" else None)  # type: ignore[arg-type]
        (self.field if self.field.isVisibleTo(self) else self._take).setFocus()
        self._check()

    def _check(self) -> None:
        self._take.set_blocked(self._missing())
        self.outcome.setText(self._outcome() if self.asked == "label" else "")
        self.outcome.setVisible(bool(self.outcome.text()))

    def _outcome(self) -> str:
        """What will be done: how many rows get which label, and whether there is one like it."""
        after = self.labels.currentText()
        if after == self._before:
            return ""
        change = f"“{_short(with_blanks(self._before))}” → “{_short(with_blanks(after))}”"
        rows = self.tr("All rows") if self._count < 0 else counted(
            self._count, self.tr("{count} row"), self.tr("{count} rows"))  # fmt: skip
        if not after:
            more = self.tr("These rows will have no label.")
        elif after in self._labels:
            more = self.tr("They join the rows that are called that already.")
        else:
            more = self.tr("No other row is called that.")
        return f"{rows}: {change}. {more}"

    def _missing(self) -> str:
        """Why there is no answer yet; "" where there is one."""
        if self.asked == "label":
            same = self.labels.currentText() == self._before
            return self.tr("It is called that already.") if same else ""
        kind = self.kind.currentData() if self.asked == "rows" else "longer"
        if kind in ("contains", "longer") and not self.field.text():
            return self.tr("Type something first.")
        return ""

    def take(self) -> None:
        """Give the answer, where there is one."""
        if self._missing():
            return
        text, asked, after = self.field.text(), self.asked, self.labels.currentText()
        self.close_it()
        if asked == "number":
            self.gone_to.emit(_whole(text))
        elif asked == "label":
            self.renamed.emit(self._column, self._before, after)
        elif asked == "rows":
            self.tested.emit(self._column, _test(self.kind.currentData(), text))

    def close_it(self) -> None:
        """Take the line away."""
        self.asked = ""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_it()
        else:
            super().keyPressEvent(event)


def _test(kind: Kind, text: str) -> CellTest:
    match kind:
        case "empty":
            return CellTest("empty")
        case "filled":
            return CellTest("empty", negated=True)
        case "longer":
            return CellTest("longer", characters=_whole(text))
        case "equals":
            return CellTest("equals", (text,))
        case _:
            return CellTest("contains", (text,))


def _whole(text: str) -> int:
    return int("".join(sign for sign in text if sign in "0123456789") or "0")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
