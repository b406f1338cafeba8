"""How the rows split beside the table: the parts, where they come from, and how that is changed.

In: a dataset, the table's columns. Out: shares, a column that names the parts, one that keeps rows together, a file to
judge on; all through the session or the page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.config import edit
from studio.gui import theme
from studio.gui.form import Field
from studio.gui.pages.goal_columns import ColumnChoice
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.share_bar import ShareBar
from studio.gui.widgets.text import Text, counted

if TYPE_CHECKING:
    from studio.data.dataset import Dataset, Part

_PARTS: tuple[Part, ...] = ("training", "watching", "test")
_COLORS = ("accent", "second", "good")


class SplitCard(Card):
    """How many rows teach, how many are watched meanwhile, how many are kept for the test, and from which file.
    `choose_file` asks for a file to judge on, `drop_file` goes back to the table's own rows."""

    def __init__(self, session: Session, choose_file: Callable[[], object], drop_file: Callable[[], object]) -> None:
        super().__init__(self.tr("How it splits"))
        self._session = session
        self._bar = ShareBar()
        self._words = Text(tone="soft", wrap=True)
        names = (self.tr("Training"), self.tr("Watching"), self.tr("Test"))
        meanings = (self.tr("learned from"), self.tr("watched while learning"), self.tr("kept for judging"))
        hints = (
            self.tr("The model learns from these rows."),
            self.tr("Never learned from. While the model learns, it is measured on them a few times, to keep its best "
                    "moment."),
            self.tr("Never learned from. When everything is done, the model is judged on them, as on something new."),
        )  # fmt: skip
        self._parts = [PartLine(*words) for words in zip(names, meanings, hints, _COLORS, strict=True)]
        self.add(self._bar)
        self.body.addSpacing(2)
        for line in self._parts:
            self.add(line)
        self.body.addSpacing(2)
        self.add(self._words)
        self.choose = Button(self.tr("Judge on a separate file…"), "small", clicked=choose_file)
        self.drop = Button(self.tr("Judge on this table's own rows"), "small", clicked=drop_file)
        self.change = Button(self.tr("Change the parts"), "small", clicked=self._unfold)
        self.choices = SplitChoices(session)
        self.choices.hide()
        for button in (self.change, self.choose, self.drop):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self.choices)

    def _unfold(self) -> None:
        self.choices.setVisible(self.choices.isHidden())
        self.change.setText(self.tr("Change the parts") if self.choices.isHidden() else self.tr("Close"))

    def show_dataset(self, dataset: Dataset | None, test_file: str, *, busy: bool) -> None:
        """Show the parts of a dataset; without one there is only the way back from a test file, where one is used."""
        self.setVisible(dataset is not None or bool(test_file))
        self.choose.setVisible(not test_file)
        self.drop.setVisible(bool(test_file))
        for button in (self.choose, self.drop):
            button.set_blocked(self.tr("The file is being read.") if busy else "")
        self.choices.refresh()
        for widget in (self._bar, *self._parts):
            widget.setVisible(dataset is not None)
        name = Path(test_file).name
        self._words.setText(self.tr("Judged on {name}.").format(name=name))
        if dataset is None:
            return
        counts = [len(dataset.parts.get(part, ())) for part in _PARTS]
        for line, count in zip(self._parts, counts, strict=True):
            line.show_count(count)
        said = ", ".join(line.accessibleName() for line in self._parts)
        self._bar.set(list(zip(counts, _COLORS, strict=True)), name=said)
        how = self._how(dataset)
        left_out = [
            self.tr("{count} left out: {reason}.").format(count=f"{len(rows):,}", reason=reason)
            for reason, rows in dataset.left_out.items()
            if rows
        ]
        judged = [self.tr("Judged on the rows of {name}.").format(name=name)] if test_file else []
        self._words.setText(" ".join([how, *judged, *left_out]))

    def _how(self, dataset: Dataset) -> str:
        columns = dataset.columns
        if columns.part:
            how = self.tr("As “{column}” says; no text stands in two parts.").format(column=columns.part)
        elif dataset.labels:
            how = self.tr("Same share of every label; rows with the same text stay together.")
        else:
            how = self.tr("Rows with the same text stay together.")
        if columns.group:
            how += " " + self.tr("So do rows with the same “{column}”.").format(column=columns.group)
        return how


class SplitChoices(QWidget):
    """The shares, the column that names the parts, and the column whose equal cells stay together."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        entries = {entry.path: entry for entry in edit.entries()}
        self.fields = [
            Field(session, entries[path], stacked=True) for path in ("data.watching_share", "data.test_share")
        ]
        self.part, self.group = ColumnChoice(), ColumnChoice()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        for field in self.fields:
            column.addWidget(field)
        for box, path in ((self.part, "data.part_column"), (self.group, "data.group")):
            words = entries[path].words
            column.addWidget(Text(words.title))
            column.addWidget(box)
            box.setAccessibleName(words.title)
            box.setToolTip(words.help)
            box.activated.connect(partial(self._choose, box, path))

    def refresh(self) -> None:
        """Show the session's choices and the table's columns."""
        table, data = self._session.table, self._session.config.data
        for field in self.fields:
            field.refresh()
        taken = {data.input, data.target}
        for box, chosen, none in (
            (self.part, data.part_column, self.tr("By chance")),
            (self.group, data.group, self.tr("Nothing but equal texts")),
        ):
            box.blockSignals(True)
            box.clear()
            box.addItem(none, "")
            for name in table.columns if table is not None else ():
                if name not in taken:
                    box.addItem(name, name)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)

    def _choose(self, box: ColumnChoice, path: str, place: int) -> None:
        problem = self._session.change(path, str(box.itemData(place)))
        if problem is not None:
            self._session.problem.emit(problem)


class PartLine(QWidget):
    """A part of the rows: the colour that it has in the bar above, its name, what it is for, and how many rows."""

    def __init__(self, name: str, meaning: str, hint: str, color: str) -> None:
        super().__init__()
        self._name, self._color = name, color
        self.setToolTip(hint)
        self.setAccessibleDescription(hint)
        self.count = Text()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Text(name))
        row.addWidget(Text(meaning, kind="secondary", tone="soft"))
        row.addStretch(1)
        row.addWidget(self.count)
        theme.theme().theme_changed.connect(self.update)

    def show_count(self, count: int) -> None:
        """Say how many rows there are."""
        self.count.setText(counted(count, self.tr("{count} row"), self.tr("{count} rows")))
        self.setAccessibleName(f"{self._name}: {self.count.text()}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._color))
        painter.drawEllipse(QPointF(4, self.height() / 2), 4, 4)
