"""One column at a glance, beside the table: how much of it is filled, what stands in it most, how long its texts are.

In: a Table and a column, and which column holds labels; all is counted on a thread. Out: `value_chosen` when the rows
with a value are wanted, `closed`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout

from studio.counting import counted
from studio.data.checkup.bias import Distribution
from studio.data.checkup.blanks import with_blanks
from studio.data.roles.columns import Columns
from studio.data.table.summary import Summary
from studio.gui.job import Job, Outcome
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.card import Card
from studio.gui.widgets.column_parts import ValueRow, Widths, number_words
from studio.gui.widgets.label_shares import LabelShares
from studio.gui.widgets.text import Text
from studio.gui.work.browsing import sum_up_column

if TYPE_CHECKING:
    from studio.data.table.table import Table

_MOST_VALUES = 8
_FEWEST_BARS = 4  # fewer say nothing
_PATIENCE_MS = 200  # until it is said that the column is being looked at


class ColumnCard(Card):
    """Hidden until it is asked about a column."""

    value_chosen = Signal(str, str)  # column, value
    closed = Signal()
    problem = Signal(object)  # Problem

    def __init__(self) -> None:
        cross = IconButton("close", self.tr("Close what is said about this column"))
        super().__init__(self.tr("About this column"), trailing=cross)
        cross.clicked.connect(self.close_it)
        self._cross = cross
        self.column, self._columns = "", Columns()
        self._table: Table | None = None
        self._looking: Job | None = None
        self._words = Text(tone="soft", wrap=True)
        self.add(self._words)
        self._inside = QVBoxLayout()
        self._inside.setContentsMargins(0, 4, 0, 0)
        self._inside.setSpacing(2)
        self.add(self._inside)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._say_waiting)
        self._stop = Button(self.tr("Stop looking"), "small", clicked=self.close_it)
        self.add(self._stop)
        self._stop.hide()
        self.hide()

    def show_column(self, table: Table, column: str, columns: Columns = Columns()) -> None:
        """Look at a column of the table; where `columns` name a label, also at how labels are spread over it."""
        self._drop()
        if column != self.column or self.isHidden():
            self._clear()
            self._words.setText("")
        self._table, self.column, self._columns = table, column, columns
        self.title.setText(self.tr("About “{column}”").format(column=column))
        self.setAccessibleName(self.title.text())
        self.show()
        self._looking = Job(
            partial(sum_up_column, table=table, column=column, columns=columns), title=self.title.text(), heavy=False
        )
        self._looking.happened.connect(self._take)
        self._looking.ended.connect(self._end)
        self._looking.start()
        self._patience.start()

    def show_table(self, table: Table | None) -> None:
        """The table was edited, or is another one."""
        if self.isHidden():
            return
        if table is None or self.column not in table.columns:
            self.close_it()
        elif table is not self._table:
            self.show_column(table, self.column, self._columns)

    def close_it(self) -> None:
        """Take the card away, and stop looking."""
        self._drop()
        self._clear()
        self.hide()
        self.closed.emit()

    def _drop(self) -> None:
        self._patience.stop()
        self._stop.hide()
        if self._looking is not None:
            self._looking.stop()
            self._looking = None

    def _say_waiting(self) -> None:
        if not self._inside.count():
            self._words.setText(self.tr("Every row of the column is being looked at…"))
        self._stop.show()

    def _take(self, events: list[object]) -> None:
        if self.sender() is self._looking:
            for event in events:
                if isinstance(event, Summary):
                    self._fill(event)
                elif isinstance(event, Distribution):
                    self._head(self.tr("Labels"))
                    self._inside.addWidget(LabelShares(event))
                    self._inside.addWidget(Text(event.sentence, kind="secondary", wrap=True))

    def _end(self, outcome: Outcome) -> None:
        if self.sender() is not self._looking:
            return
        self._drop()
        if outcome.problem is not None:
            self.close_it()
            self.problem.emit(outcome.problem)

    def _clear(self) -> None:
        while (item := self._inside.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _fill(self, found: Summary) -> None:
        self._clear()
        self._words.setText(self._counts(found))
        if found.values:
            self._head(self.tr("Most frequent"))
            most = max(count for _, count in found.values)
            for value, count in found.values[:_MOST_VALUES]:
                row = ValueRow(with_blanks(value), count, most, found.filled)
                row.clicked.connect(partial(self.value_chosen.emit, found.column, value))
                self._inside.addWidget(row)
            more = found.distinct - _MOST_VALUES
            if more > 0:
                words = counted(more, self.tr("and {count} more"), self.tr("and {count} more"))
                self._inside.addWidget(Text(words, kind="secondary", tone="soft"))
        if found.numbers is not None:
            self._head(self.tr("Numbers"))
            numbers = found.numbers
            words = self.tr("From {low} to {high}, half of them up to {median}; on average {mean}.").format(
                low=number_words(numbers.least), high=number_words(numbers.most),
                median=number_words(numbers.median), mean=number_words(numbers.mean),
            )  # fmt: skip
            if numbers.others:
                words += " " + counted(
                    numbers.others, self.tr("One cell is no number."), self.tr("{count} cells are no numbers.")
                )
            self._histogram([(one.low, one.high, one.count) for one in numbers.bins], words, "")
        elif found.lengths is not None:
            self._head(self.tr("Lengths"))
            lengths = found.lengths
            words = self.tr("Half of the texts have up to {median}, the longest {most} characters.").format(
                median=f"{lengths.median:,}", most=f"{lengths.most:,}"
            )
            self._histogram([(one.low, one.high, one.count) for one in lengths.bins], words, self.tr("characters"))

    def _counts(self, found: Summary) -> str:
        about = self.tr("about {count} different") if found.is_estimate else self.tr("{count} different")
        empty = counted(found.empty, self.tr("{count} empty"), self.tr("{count} empty"))
        return " · ".join(
            [
                self.tr("{count} filled").format(count=f"{found.filled:,}"),
                empty if found.empty else self.tr("none empty"),
                about.format(count=f"{found.distinct:,}"),
            ]
        )

    def _head(self, words: str) -> None:
        head = Text(words, kind="secondary", tone="soft")
        head.setMinimumHeight(30)
        head.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self._inside.addWidget(head)

    def _histogram(self, bins: list[tuple[float, float, int]], words: str, unit: str) -> None:
        if len(bins) >= _FEWEST_BARS:
            self._inside.addWidget(Widths(bins, words, unit))
        told = Text(words, kind="secondary", wrap=True)
        self._inside.addWidget(told)
