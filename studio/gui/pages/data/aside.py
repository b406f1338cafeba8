"""The rows set aside in the place of the table: what they are, how they are saved, and how one is mended and taken in.

In: a Table, what is searched, the view that shows them. Out: `edits_asked` with the row that is taken in, `save_asked`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.data.table.aside import Split, split_raw
from studio.data.table.edits import AppendRow
from studio.data.table.shifted import Joined, joined
from studio.data.table.table import Table
from studio.gui.pages.data.mend import MendDialog
from studio.gui.widgets.button import Button
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView

SAMPLE_ROWS = 300  # that say what the cells of a column look like
MOST_SHOWN = 10_000  # rows at once: a hundred thousand take a second to read


class _Aside(NamedTuple):
    place: int  # among all rows that were set aside
    line: int
    reason: str
    text: str


class AsideLine(QWidget):
    """The buttons above the rows set aside; hidden where other rows are shown."""

    edits_asked = Signal(object, str)  # edits, what they do in words
    save_asked = Signal()

    def __init__(self, view: TableView, model: TableModel) -> None:
        super().__init__()
        self._view, self._model = view, model
        self._table: Table | None = None
        self._all: list[_Aside] | None = None  # not read yet
        self._shown: list[_Aside] = []
        self._busy = False
        self._taken: tuple[str, int] | None = None  # what is being taken in, in words, and its row counted from 1
        self.mend = Button(self.tr("Mend and take it in…"), "small", clicked=self._mend_current)
        self.save = Button(self.tr("Save them as a file…"), "small", clicked=self.save_asked.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 10)
        row.setSpacing(8)
        row.addWidget(self.mend)
        row.addWidget(self.save)
        self.note = Elided("", kind="secondary", tone="soft")
        row.addWidget(self.note, 1)
        self.hide()
        view.opened.connect(self.mend_row)

    def begin(self, table: Table | None) -> None:
        """Another table, or this one after an edit."""
        self._table, self._all = table, None

    def block(self, busy: bool) -> None:
        """Whether another change is being made."""
        self._busy = busy
        self._check()

    def show_rows(self, search: str) -> None:
        """Show those that hold what is searched, with their lines and their reasons."""
        wanted = search.casefold()
        found = [row for row in self._read(search) if wanted in f"{row.reason}\n{row.text}".casefold()]
        self._shown = found[:MOST_SHOWN]
        self.note.setText(self._told(found if search else None))
        names = (self.tr("why it was set aside"), self.tr("as it stands in the file"))
        at = 0 if self.isHidden() else max(0, self._view.currentIndex().row())  # where one was taken in, the next
        cells = [[row.reason, row.text] for row in self._shown]
        lines = [row.line - 1 for row in self._shown]
        self._model.show_cells(names, cells, lines, numbered=self.tr("line {number}"))
        self._view.show_roles({}, label="", labels=(), offers=False)
        self._view.spread()
        if self._shown:
            self._view.setCurrentIndex(self._model.index(min(at, len(self._shown) - 1), 0))
        self.show()
        self._check()

    def _read(self, search: str) -> list[_Aside]:
        """The rows among which is searched: all; the first ones where nothing is."""
        if self._table is None:
            return []
        if self._all is None and (search or self._table.aside <= MOST_SHOWN):
            self._all = [_aside(place, row) for place, row in self._table.rejected_at()]
        if self._all is not None:
            return self._all
        return [_aside(place, row) for place, row in self._table.rejected_at(MOST_SHOWN)]

    def _told(self, found: list[_Aside] | None) -> str:
        """That these rows are not learned from, how many are not shown; `found` where some are looked for."""
        told = self.tr("Not in the table, not learned from.")
        every = len(found) if found is not None else self._table.aside if self._table else 0
        if every <= len(self._shown):
            return told
        first = self.tr("The first {shown} of {every} are shown; the file that is saved holds all.")
        return f"{told} {first.format(shown=f'{len(self._shown):,}', every=f'{every:,}')}"

    def _check(self) -> None:
        nothing = "" if self._shown else self.tr("There is no row to mend.")
        self.mend.set_blocked(self.tr("Another change is being made.") if self._busy else nothing)

    def _mend_current(self) -> None:
        self.mend_row(max(0, self._view.currentIndex().row()))

    def mend_row(self, row: int) -> None:
        """Ask for the cells of a row that is shown here."""
        table = self._table
        if self.isHidden() or self._busy or table is None or row >= len(self._shown):
            return
        aside = self._shown[row]
        self._view.setCurrentIndex(self._model.index(row, 0))
        title = self.tr("Line {number}").format(number=f"{aside.line:,}")
        split = split_raw(aside.text, table.reading, len(table.columns))
        better = _put_together(table, split)
        dialog = MendDialog(title, aside.reason, aside.text, table.columns, split, self, better=better)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(lambda cells: self._take(table, aside, cells))
        dialog.open()

    def _take(self, table: Table, aside: _Aside, cells: tuple[str, ...]) -> None:
        edit = AppendRow(table.rows, table.columns, cells, aside.place, aside.text)
        words = self.tr("Line {number} taken into the table").format(number=f"{aside.line:,}")
        self._taken = (words, edit.number + 1)
        self.edits_asked.emit((edit,), words)

    def row_of(self, done: str) -> int:
        """The row that was just taken in, counted from 1, where this is what is said of it; else 0."""
        taken = self._taken
        if taken is None or done != f"{taken[0]}.":
            return 0
        self._taken = None
        return taken[1]


def _aside(place: int, row: Mapping[str, object]) -> _Aside:
    return _Aside(place, int(str(row.get("line", 1))), str(row.get("reason", "")), str(row.get("text", "")))


def _put_together(table: Table, split: Split) -> Joined | None:
    """The cells of a row that has too many, as they fit the columns best; None where they are too few, or right."""
    if not split.over or not table.reading.delimiter:
        return None
    sample = table.sample(SAMPLE_ROWS)
    return joined((*split.cells, *split.over), table.reading.delimiter, [sample[name] for name in table.columns])
