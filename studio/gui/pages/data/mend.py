"""Mending a row that was set aside: its text as it stands in the file, and beside it a field for every column.

In: the row's line, reason and text, the columns, and its cells as far as they could be told apart; where they are too
many, also as they fit the columns best. Out: `taken` with the cells as they are to be in the table. Nothing is stripped
from what is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio.counting import counted
from studio.data.checkup.blanks import with_blanks
from studio.data.checkup.finding import listed
from studio.data.table.aside import Split
from studio.data.table.shifted import Joined
from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.page import FlowScroll
from studio.gui.widgets.text import Text

_LINE = 21  # pixels of a line of text
_MOST_LINES = 3  # of a field
_TALLEST = 660  # pixels of the dialog: it fits over the smallest usual screen
_NAME = 150  # pixels of a column's name
_MOST_IN_A_COLUMN = 8  # fields; more stand in two columns beside each other


class MendDialog(QDialog):
    """Asks for the cells of one row. `better` is how they may be put together where there are too many; they are shown
    so, and as they stood on a click."""

    taken = Signal(object)  # the cells

    def __init__(
        self, title: str, reason: str, raw: str, columns: Sequence[str], split: Split, parent: QWidget | None = None,
        *, better: Joined | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._split, self._better, self._columns = split, better, tuple(columns)
        self._is_better = better is not None
        self._given = better.cells if better is not None else tuple(split.cells)
        self.setWindowTitle(self.tr("Mend a row"))
        self.setMinimumSize(QSize(560, 380))
        self.raw = _field(raw, self.tr("As it stands in the file"))
        self.raw.setReadOnly(True)
        self.over = Text(tone="warn", wrap=True)
        self.turn = Button("", "small", clicked=self._turn)
        self.fields = [_field(cell, name) for name, cell in zip(columns, self._given, strict=True)]
        self._begun = [field.toPlainText() for field in self.fields]  # line ends are the field's own
        self.take = Button(self.tr("&Take it into the table"), "primary", clicked=self._take)
        self._lay_out(title, reason)
        for field in self.fields:
            field.textChanged.connect(self._check)
        self._say_split()
        self._check()
        if self.fields:
            self.fields[0].setFocus()

    def _lay_out(self, title: str, reason: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(Text(title, kind="heading"))
        column.addWidget(Text(reason, tone="soft", wrap=True))
        column.addWidget(Text(self.tr("As it stands in the file"), kind="secondary", tone="soft"))
        column.addWidget(self.raw)
        said = QHBoxLayout()
        said.setSpacing(12)
        said.addWidget(self.over, 1)
        said.addWidget(self.turn, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(said)
        fields = FlowScroll(spacing=0)
        fields.add(self._grid())
        column.addWidget(fields, 1)
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

    def _grid(self) -> QWidget:
        """The fields, each with its column's name before it."""
        inside, many = QWidget(), len(self.fields)
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        high = many if many <= _MOST_IN_A_COLUMN else -(-many // 2)
        for place, (name, field) in enumerate(zip(self._columns, self.fields, strict=True)):
            words = Elided(with_blanks(name), kind="secondary", tone="soft")
            words.setFixedWidth(_NAME)
            words.setBuddy(field)
            row, side = place % high, 2 * (place // high)
            grid.addWidget(words, row, side)
            grid.addWidget(field, row, side + 1)
            grid.setColumnStretch(side + 1, 1)
        tallest = sum(max(field.height() for field in self.fields[row::high]) + 8 for row in range(high))
        self.resize(760 if many == high else 940, min(_TALLEST, tallest + self.raw.height() + 250))
        return inside

    def _turn(self) -> None:
        """Show the cells put together, or as they stood."""
        assert self._better is not None
        self._is_better = not self._is_better
        self._given = self._better.cells if self._is_better else tuple(self._split.cells)
        for field, cell in zip(self.fields, self._given, strict=True):
            field.setPlainText(cell)
        self._begun = [field.toPlainText() for field in self.fields]
        self._say_split()
        self._check()

    def _say_split(self) -> None:
        if self._better is not None and self._is_better:
            self.over.setText(_put_together(self._better, self._columns))
        else:
            self.over.setText(_left_over(self._split.over) if self._split.over else "")
        self.over.set_tone("" if self._is_better else "warn")
        self.over.setVisible(bool(self.over.text()))
        self.turn.setText(self.tr("Show them as they stood") if self._is_better else self.tr("Put them together"))
        self.turn.setVisible(self._better is not None)

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
    lines = min(_MOST_LINES, max(1, text.count("\n") + 1 + len(text) // 70))
    field.document().setDocumentMargin(3)
    field.setFixedHeight(lines * _LINE + 19)
    field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return field


def _put_together(better: Joined, columns: Sequence[str]) -> str:
    if len(better.columns) > 1:
        told = _tr("The sign between cells seems to stand in texts as well. So cells were put together: {names}.")
        return told.replace("{names}", listed([columns[place] for place, _ in better.columns]))
    place, count = better.columns[0]
    told = _tr("The sign between cells seems to stand in a text as well. So {count} cells became one: {names}.")
    return told.replace("{count}", f"{count:,}").replace("{names}", listed([columns[place]]))


def _left_over(cells: Sequence[str]) -> str:
    one, many = _tr("There is no column for one cell:"), _tr("There is no column for {count} cells:")
    return f"{counted(len(cells), one, many)} {listed(cells)}"


def _tr(words: str) -> str:
    return QCoreApplication.translate("MendDialog", words)
