"""Mending a row that was set aside: its text as it stands in the file, and beside it a field for every column.

In: the row's line, reason and text, the columns, and its cells as far as they could be told apart. Out: `taken` with
the cells as they are to be in the table. Nothing is stripped from what is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import listed
from studio.data.table.aside import Split
from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text

_LINE = 21  # pixels of a line of text
_MOST_LINES = 6  # of a field


class MendDialog(QDialog):
    """Asks for the cells of one row."""

    taken = Signal(object)  # the cells

    def __init__(
        self, title: str, reason: str, raw: str, columns: Sequence[str], split: Split, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._given = tuple(split.cells)
        self.setWindowTitle(self.tr("Mend a row"))
        self.setMinimumSize(QSize(560, 420))
        self.resize(760, 620)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(Text(title, kind="heading"))
        column.addWidget(Text(reason, tone="soft", wrap=True))
        self.raw = _field(raw, self.tr("As it stands in the file"))
        self.raw.setReadOnly(True)
        name = Text(self.tr("As it stands in the file"), kind="secondary", tone="soft")
        column.addWidget(name)
        column.addWidget(self.raw)
        self.over = Text(_left_over(split.over), tone="warn", wrap=True)
        self.over.setVisible(bool(split.over))
        column.addWidget(self.over)
        self.fields = [_field(cell, name) for name, cell in zip(columns, split.cells, strict=True)]
        self._begun = [field.toPlainText() for field in self.fields]  # line ends are the field's own
        fields = FlowScroll(spacing=4)
        for title_of, field in zip(columns, self.fields, strict=True):
            words = Text(with_blanks(title_of), kind="secondary", tone="soft", wrap=True)
            words.setBuddy(field)
            fields.add(words)
            fields.add(field)
            fields.column.addSpacing(8)
            field.textChanged.connect(self._check)
        column.addWidget(fields, 1)
        self.take = Button(self.tr("&Take it into the table"), "primary", clicked=self._take)
        cancel = Button(self.tr("Cancel"), clicked=self.reject)
        cancel.setAutoDefault(False)
        self.take.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Text(self.tr("It can be undone; the file stays as it is."), kind="secondary", tone="soft"))
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.take)
        column.addLayout(row)
        self._check()
        if self.fields:
            self.fields[0].setFocus()

    def cells(self) -> tuple[str, ...]:
        """What is written now, byte for byte: a field that was not touched gives back what it was given."""
        return tuple(
            given if field.toPlainText() == begun else field.toPlainText()
            for field, begun, given in zip(self.fields, self._begun, self._given, strict=True)
        )

    def _check(self) -> None:
        empty = not any(cell.strip() for cell in self.cells())
        self.take.set_blocked(self.tr("Every cell is empty.") if empty else "")

    def _take(self) -> None:
        self.taken.emit(self.cells())
        self.accept()


def _field(text: str, name: str) -> QPlainTextEdit:
    field = QPlainTextEdit(text)
    field.setFont(theme.font("body"))
    field.setTabChangesFocus(True)
    field.setAccessibleName(name)
    lines = min(_MOST_LINES, max(1, text.count("\n") + 1 + len(text) // 90))
    field.setFixedHeight(lines * _LINE + 26)
    field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return field


def _left_over(cells: Sequence[str]) -> str:
    from PySide6.QtCore import QCoreApplication

    def tr(words: str) -> str:
        return QCoreApplication.translate("MendDialog", words)

    one, many = tr("There is no column for one cell:"), tr("There is no column for {count} cells:")
    return f"{counted(len(cells), one, many)} {listed(cells)}"
