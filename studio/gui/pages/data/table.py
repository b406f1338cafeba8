"""The table with its search, its conditions and its order, and what can be changed in it.

In: a Table, roles, the test rows, findings. Out: the rows that are wanted; `role_asked` from a column's head,
`edits_asked` with what is to be changed and its title, `mended`, `undo_asked`, `redo_asked`, `save_asked` for the rows
set aside, `problem`. Knows no session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from studio.counting import counted
from studio.data.table.table import Table
from studio.data.table.view import CellTest
from studio.gui.pages.data.aside import AsideLine
from studio.gui.pages.data.row_actions import RowActions
from studio.gui.pages.data.table_ask import AskLine
from studio.gui.pages.data.table_bar import Showing, TableBar
from studio.gui.pages.data.table_finding import FindingBanner
from studio.gui.pages.data.table_rows import TableRows
from studio.gui.pages.data.table_state import StateLine
from studio.gui.pages.data.table_words import condition_words, sort_words
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.chip import ChipKind
from studio.gui.widgets.page import EmptyState
from studio.gui.widgets.table_model import TableModel
from studio.gui.widgets.table_view import TableView
from studio.gui.work.browsing import RowQuery, SortedBy

if TYPE_CHECKING:
    from studio.data.checkup.finding import Finding
    from studio.data.table.pages import RowNumbers


class TablePanel(Card):
    """A card that is all table. A filter says which rows are there; search, conditions and order work on those."""

    role_asked = Signal(str, QPoint)
    edits_asked = Signal(object, str)  # edits, what they do in words
    mended = Signal(object, object)  # Finding, Fix
    undo_asked = Signal()
    redo_asked = Signal()
    save_asked = Signal()
    problem = Signal(object)  # Problem

    def __init__(self) -> None:
        super().__init__(padding=0)
        self.body.setContentsMargins(1, 1, 1, 8)
        self.body.setSpacing(0)
        self._table: Table | None = None
        self._showing: Showing = "all"
        self._test_rows: Sequence[int] = ()
        self._roles: tuple[Mapping[str, tuple[str, ChipKind]], str, Sequence[str]] = ({}, "", ())
        self._frequent: Sequence[str] = ()
        self._key: object = None  # what the rows that are shown are
        self._missed = 0  # the row that was asked for and is not among those that are shown, counted from 1
        self._busy = self._stale = False  # a change is being made; the finding may not be true any more
        self.model, self.view = TableModel(self), TableView()
        self.view.setModel(self.model)
        self.rows = TableRows(self)
        self.bar, self._state, self.ask, self.banner = TableBar(), StateLine(), AskLine(), FindingBanner()
        self.row_actions = RowActions(self.view, self.model, self.ask)
        self.aside = AsideLine(self.view, self.model)
        self.search, self._buttons = self.bar.search, self.bar.buttons
        self._stack = QStackedWidget()
        self._nothing = EmptyState("", "")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for part in (self.bar, self.banner, self._state, self.aside, self.ask):
            self.add(part)
        self.add(HairLine())
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        self.add(self._stack, 1)

    def _connect(self) -> None:
        self.view.role_asked.connect(self.role_asked)
        self.model.problem.connect(self.problem)
        self.rows.ready.connect(self._show_rows)
        self.rows.busy.connect(self._say_busy)
        self.rows.problem.connect(self.problem)
        self.bar.search_changed.connect(self._search)
        self.bar.showing_chosen.connect(self._choose_showing)
        self.bar.undo_asked.connect(self.undo_asked)
        self.bar.redo_asked.connect(self.redo_asked)
        self._state.let_go.connect(self._let_go)
        self._state.undo_asked.connect(self.undo_asked)
        self._state.stop_asked.connect(self.rows.stop)
        self.ask.tested.connect(self.add_test)
        self.row_actions.edits_asked.connect(self.edits_asked)
        self.row_actions.problem.connect(self.problem)
        self.row_actions.told.connect(self.tell)
        self.aside.edits_asked.connect(self.edits_asked)
        self.aside.save_asked.connect(self.save_asked)
        self.ask.gone_to.connect(self.go_to)
        self.ask.closed.connect(lambda: self.view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.banner.mended.connect(self.mended)
        self.banner.left.connect(self.show_all)
        self._state.all_asked.connect(self._show_missed)
        self._state.row_asked.connect(self._show_row)

    # ── what is shown ──

    def show_table(self, table: Table | None) -> None:
        """Show a table from its first row; None empties the panel. The same table after an edit keeps its place, its
        selection, its search, its conditions and its order."""
        before, self._table = self._table, table
        self.aside.begin(table)
        if table is not None and before is not None and table.is_edit_of(before):
            self.rows.take_edited(table)
            return
        self._test_rows = ()
        self.bar.show_counts(aside=table.aside if table is not None else 0, test=0)
        self.bar.clear_search()
        if self.ask.asked:
            self.ask.close_it()
        self._state.tell_done("")
        self._set_showing("all")
        self.rows.begin(table)
        self.view.begin_table()

    def show_roles(
        self,
        chips: Mapping[str, tuple[str, ChipKind]],
        *,
        label: str,
        labels: Sequence[str],
        frequent: Sequence[str] = (),
        test_rows: Sequence[int],
    ) -> None:
        """Say what the columns are for, which labels there are and which most rows have, and which rows are kept for
        the test."""
        changed = self._roles[0] != chips
        others = self._test_rows is not test_rows
        self._roles, self._test_rows, self._frequent = (chips, label, labels), test_rows, frequent
        self.row_actions.show_labels(label, labels)
        aside = self._table.aside if self._table is not None else 0
        self.bar.show_counts(aside=aside, test=len(test_rows))
        if self._showing == "aside" and not aside:
            self._choose("all")
            return
        if self._showing == "test" and others and test_rows:
            self.rows.begin_with(test_rows)
        elif self._showing == "test" and others:
            self._choose("all")
        elif self._showing != "aside":
            self.view.show_roles(chips, label=label, labels=labels, frequent=self._frequent, offers=True)
            if changed:
                self.view.spread()
                self.view.show_used()

    def show_finding(self, finding: Finding) -> None:
        """Show the rows of a finding, in its order; what was searched and asked for is let go."""
        self.bar.clear_search()
        self._set_showing("some")
        self.banner.show_finding(finding)
        self._state.tell_done("")
        self.rows.begin_with(finding.rows, RowQuery())

    def take_findings(self, findings: Sequence[Finding], *, is_whole: bool, is_last: bool) -> None:
        """What was found so far, in a sample or in all rows (`is_whole`): the finding that is shown may be another one
        now, or gone, which is known once nothing more will be found (`is_last`). Until then nothing is mended by it."""
        old = self.banner.finding
        if self._showing != "some" or old is None:
            return
        self._stale = not (is_whole and old in findings)
        self._block()
        if not is_whole:
            return
        new = next((one for one in findings if (one.kind, one.column) == (old.kind, old.column) and one.rows), None)
        if new is None:
            if is_last:
                self._choose("all")
        elif new != old:
            self.banner.show_finding(new)
            self.rows.begin_with(new.rows)
            self._stale = False
            self._block()

    def _set_showing(self, showing: Showing) -> None:
        self._showing = showing
        self.bar.mark_showing(showing)
        if showing != "some":
            self.banner.show_finding(None)

    def _choose(self, showing: Showing) -> None:
        """Show these rows, and of those what is searched."""
        self._set_showing(showing)
        self._state.tell_done("")
        if showing == "aside":
            self._show_aside()
        else:
            self.rows.begin_with(self._test_rows if showing == "test" else None)
            if self.model.table is None and self.rows.is_busy:
                self._show_rows(range(0))  # what was set aside does not stand in for rows of the table

    def _choose_showing(self, showing: Showing) -> None:
        if showing == "all":
            self.show_all()
        else:
            self._choose(showing)

    def show_all(self) -> None:
        """Show every row: search, conditions and finding are let go, the order stays."""
        self.bar.clear_search()
        self.rows.query = RowQuery(sort=self.rows.query.sort)
        self._choose("all")

    def _show_missed(self) -> None:
        """Show all rows, and then the one that was not among those that were shown."""
        missed = self._missed
        self.show_all()
        self._missed = missed
        if not self.rows.is_busy:
            self._go_to_missed()

    def _show_row(self, number: int) -> None:
        """Show all rows, and this one, counted from 1."""
        self._missed = number
        self._show_missed()

    def _go_to_missed(self) -> None:
        missed, self._missed = self._missed, 0
        if missed:
            self.go_to(missed)

    def _show_rows(self, numbers: RowNumbers) -> None:
        """Show these rows; what is seen and selected stays, as far as it is there."""
        if self._showing == "aside":
            self._show_aside()
            return
        before, table = self.model.table, self._table
        kept = self.view.keep() if before is not None and table is not None and table.is_edit_of(before) else None
        finding = self.banner.finding
        key = (self._showing, self.rows.shown, finding.kind if finding is not None else "")
        stays, self._key = key == self._key, key
        if not stays:
            self._state.tell_missed("")
        notes = dict(finding.notes) if self._showing == "some" and finding is not None else {}
        columns = len(self.model.columns)
        self.model.show_table(table, numbers, notes)
        chips, label, labels = self._roles
        self.view.show_roles(chips, label=label, labels=labels, frequent=self._frequent, offers=table is not None)
        self.aside.hide()
        if kept is not None and stays:
            self.view.come_back(kept)
        elif kept is not None and self.model.rowCount():
            self.view.choose(kept.chosen)
        if columns != len(self.model.columns):
            self.view.spread()
        self._say()
        if self._showing == "all" and not (self.rows.shown.search or self.rows.shown.tests):
            self._go_to_missed()

    def _show_aside(self) -> None:
        """The rows set aside that hold what is searched."""
        self.aside.show_rows(self.rows.query.search)
        self._state.tell_missed("")
        self._say()

    def _say(self) -> None:
        query, shown = self.rows.shown, self.model.rowCount()
        if self._showing == "aside":
            query = RowQuery(self.rows.query.search)
        self.bar.mark_showing(self._showing, is_some=bool(query.search or query.tests))
        self.view.set_mark(query.search)
        self.view.show_sort(query.sort[:2] if query.sort is not None and self._showing != "aside" else None)
        conditions: list[str] = []
        if self._showing != "aside":
            conditions = [sort_words(query.sort)] if query.sort is not None else []
            conditions += [condition_words(column, test) for column, test in query.tests]
        words = ""
        if query.search:
            words = counted(shown, self.tr("Found in {count} row"), self.tr("Found in {count} rows"))
        elif query.tests:
            words = counted(shown, self.tr("{count} row"), self.tr("{count} rows"))
        self._state.say(conditions, words)
        self._say_nothing(query)
        empty = not shown and not self.rows.is_busy and (query.search or query.tests)
        self._stack.setCurrentIndex(1 if empty else 0)

    def _say_nothing(self, query: RowQuery) -> None:
        if query.tests:
            title, words = self.tr("No row is like this"), self.tr("Let one of the conditions above go.")
        else:
            title, words = self.tr("No row contains this"), self.tr("Try fewer letters.")
        wider = self.tr("It is looked for in these rows only; “All rows” shows the whole table again.")
        self._nothing.say(title, words if self._showing == "all" else wider)

    def _say_busy(self, busy: bool) -> None:
        sort = self.rows.query.sort
        sorting = sort is not None and sort != self.rows.shown.sort
        words = self.tr("Sorting all rows…") if sorting else self.tr("Looking at all rows…")
        self._state.tell_looking(words if busy else "")

    # ── search, conditions, order ──

    def _search(self, text: str) -> None:
        if self._showing == "aside":
            self.rows.query = replace(self.rows.query, search=text)
            self._show_aside()
        else:
            self.rows.ask(replace(self.rows.query, search=text))

    def add_test(self, column: str, test: CellTest) -> None:
        """Only rows whose cell in `column` passes; an older condition on the column is replaced."""
        self._leave_aside()
        others = tuple(one for one in self.rows.query.tests if one[0] != column)
        self.rows.ask(replace(self.rows.query, tests=(*others, (column, test))))

    def sort_by(self, sort: SortedBy | None) -> None:
        """Another order; None is that of the file."""
        self._leave_aside()
        self.rows.ask(replace(self.rows.query, sort=sort))

    def _leave_aside(self) -> None:
        if self._showing == "aside":
            self._set_showing("all")

    def _let_go(self, place: int) -> None:
        query = self.rows.shown
        if query.sort is not None:
            if place == 0:
                self.rows.ask(replace(query, sort=None))
                return
            place -= 1
        self.rows.ask(replace(query, tests=query.tests[:place] + query.tests[place + 1 :]))

    def go_to(self, number: int) -> None:
        """Show the row with this number, counted from 1; where it is not shown, say so."""
        if self._table is None or not self.model.rowCount():
            return
        self._missed = 0
        self._state.tell_missed("")
        wanted = max(0, min(number, self._table.rows) - 1)
        row = self.model.row_of(wanted)
        index = self.model.index(row, max(0, self.view.currentIndex().column()))
        self.view.setCurrentIndex(index)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        found = self.model.number_at(row)
        if found != number - 1:
            self._tell_missed(number, found + 1)

    def _tell_missed(self, number: int, found: int) -> None:
        assert self._table is not None
        is_some = self._showing != "all" or bool(self.rows.shown.search or self.rows.shown.tests)
        if 1 <= number <= self._table.rows and is_some:
            self._missed = number
            words = self.tr("Row {number} is not among these rows; this is row {found}.")
            self._state.tell_missed(words.format(number=f"{number:,}", found=f"{found:,}"))
        else:
            words = self.tr("There is no row {number}; this is row {found}.")
            self._state.tell_note(words.format(number=f"{number:,}", found=f"{found:,}"))

    def ask_row(self) -> None:
        """Ask which row to go to."""
        if self._table is not None and self.model.rowCount():
            self.ask.ask_number(self._table.rows)

    def focus_search(self) -> None:
        """Put the keyboard into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # ── changes ──

    def show_edits(self, undo: str, redo: str, *, busy: bool, done: str | None = None) -> None:
        """What can be undone, whether a change is being made, and what was just done (None: nothing new)."""
        self.bar.show_edits(undo, redo, busy=busy, known=self._table is not None)
        self._busy = busy
        self._block()
        self.aside.block(busy)
        if not busy:
            self.model.expect_nothing()
        if done is not None:
            row = self.aside.row_of(done)
            self._state.tell_done(done, row=row)

    def tell(self, words: str) -> None:
        """Say something that goes away with the next thing that is done."""
        self._state.tell_note(words)

    def forget(self, words: str) -> None:
        """What was told so is over, where it is still said."""
        self._state.forget(words)

    def _block(self) -> None:
        waits = self.tr("All rows are being looked at again.") if self._stale else ""
        self.banner.block(self.tr("Another change is being made.") if self._busy else waits)
