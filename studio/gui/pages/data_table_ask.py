"""One question in a line above the rows: which rows, which row to go to, what a label is to be called.

In: what is asked about. Out: `tested`, `renamed`, `gone_to` with the answer; Esc or the cross takes the line away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from studio.data.view import CellTest
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.text import Text

_MOST_LABELS = 2_000
Asked = Literal["", "rows", "label", "number"]
Kind = Literal["contains", "equals", "empty", "filled", "longer"]


class AskLine(QWidget):
    """Hidden until something is asked; the keyboard goes to the field."""

    tested = Signal(str, object)  # column, CellTest
    renamed = Signal(str, str, str)  # column, before, after
    gone_to = Signal(int)  # 1-based number
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: Asked = ""
        self._column, self._before = "", ""
        self._words = Elided("")
        self.kind = QComboBox()
        for words, kind in (
            (self.tr("contains"), "contains"), (self.tr("is"), "equals"), (self.tr("is empty"), "empty"),
            (self.tr("is not empty"), "filled"), (self.tr("is longer than"), "longer"),
        ):  # fmt: skip
            self.kind.addItem(words, kind)
        self.kind.setAccessibleName(self.tr("What the column has to hold"))
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.field, self.labels = QLineEdit(), QComboBox()
        self.field.setMinimumWidth(110)
        self.labels.setMinimumWidth(140)
        self._digits = QRegularExpressionValidator(QRegularExpression("[0-9][0-9, ]*"), self)
        self._typed = QLineEdit()
        self.labels.setLineEdit(self._typed)
        self._typed.returnPressed.connect(self.take)
        self.labels.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._unit = Text(self.tr("characters"), tone="soft")
        self._take = Button("", "small", clicked=self.take)
        self._cross = IconButton("close", self.tr("Close (Esc)"), clicked=self.close_it)
        self.field.returnPressed.connect(self.take)
        self.field.textChanged.connect(self._check)
        self.labels.editTextChanged.connect(self._check)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 10)
        row.setSpacing(8)
        for widget in (self._words, self.kind, self.field, self.labels, self._unit, self._take):
            row.addWidget(widget, 20 if widget in (self.field, self.labels) else 0)
        row.addStretch(1)
        row.addWidget(self._cross)
        self.hide()

    def ask_rows(self, column: str, kind: Kind = "contains") -> None:
        """Which rows are wanted, by what a column holds."""
        self._column = column
        self._open("rows", self.tr("Only rows where {column}").format(column=_short(column)), self.tr("Show"))
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._kind_changed()

    def ask_label(self, column: str, before: str, labels: Sequence[str]) -> None:
        """What a label is to be called everywhere."""
        self._column, self._before = column, before
        self.labels.clear()
        self.labels.addItems([label for label in labels[:_MOST_LABELS] if label != before])
        words = self.tr("Change “{label}” everywhere to").format(label=_short(before))
        self._open("label", words, self.tr("Change"))
        self.labels.setCurrentIndex(-1)
        self.labels.setEditText(before)
        self.labels.setAccessibleName(words)
        self._typed.selectAll()
        self.labels.setFocus()
        self._check()

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
        self._take.setText(take)
        self.field.setValidator(None)  # type: ignore[arg-type]
        self.field.setPlaceholderText("")
        self.field.clear()
        self.field.setAccessibleName(words)
        self.kind.setVisible(asked == "rows")
        self.labels.setVisible(asked == "label")
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
        text, asked = self.field.text(), self.asked
        self.close_it()
        if asked == "number":
            self.gone_to.emit(_whole(text))
        elif asked == "label":
            self.renamed.emit(self._column, self._before, self.labels.currentText())
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
