"""How the rows split beside the table: the parts, where they come from, and how that is changed.

In: a dataset, the table's columns, what was guessed about them. Out: shares, a column that names the parts, one that
keeps rows together, a file to judge on; all through the session or the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.config import edit
from studio.config.goals import GOALS
from studio.counting import counted
from studio.data.parts.dealing import MOST_TEST, MOST_WATCHING
from studio.data.parts.split import BEYOND_WATCHING
from studio.gui import theme
from studio.gui.form import Field
from studio.gui.pages.data.files import FileActions
from studio.gui.pages.goal.columns import ColumnChoice
from studio.gui.session import Session
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.share_bar import ShareBar
from studio.gui.widgets.text import Text

if TYPE_CHECKING:
    from studio.data.parts.dataset import Dataset
from studio.data.reading.given_parts import Part

_PARTS: tuple[Part, ...] = ("training", "watching", "test")
_MOST: dict[Part, int] = {"watching": MOST_WATCHING, "test": MOST_TEST}  # rows
_COLORS = ("accent", "second", "good")


class SplitCard(Card):
    """How many rows teach, how many are watched meanwhile, how many are kept for the test, and from which file.
    `files` asks for a file to judge on, and how it is read. Where the rows cannot be split as it is chosen, that stands
    here, and so does the choice."""

    def __init__(self, session: Session, files: FileActions) -> None:
        super().__init__(self.tr("How it splits"))
        self._session = session
        self._bar = ShareBar()
        self._words = Text(tone="soft", wrap=True)
        names = (self.tr("Training"), self.tr("Watching"), self.tr("Test"))
        meanings = (self.tr("learned from"), self.tr("shows how learning goes"), self.tr("kept for judging"))
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
        self.few = Text(tone="warn", wrap=True)
        self.add(self.few)
        self.trouble = Text(tone="bad", wrap=True)
        self.add(self.trouble)
        self.proposal = GroupProposal(session)
        self.add(self.proposal)
        self.choose = Button(self.tr("Judge on a separate file…"), "small", clicked=files.choose_test)
        self.reread = Button(self.tr("Change how that file is read"), "small", clicked=files.change_test_reading)
        self.drop = Button(self.tr("Judge on this table's own rows"), "small", clicked=session.drop_test_file)
        self.change = Button(self.tr("Change the parts"), "small", clicked=self._unfold)
        self.choices = SplitChoices(session)
        self.choices.hide()
        for button in (self.change, self.choose, self.reread, self.drop):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.insertWidget(self.body.indexOf(self.change) + 1, self.choices)

    def _unfold(self) -> None:
        self.choices.setVisible(self.choices.isHidden())
        self.change.setText(self.tr("Change the parts") if self.choices.isHidden() else self.tr("Close"))

    def show_dataset(self, dataset: Dataset | None, test_file: str, *, busy: bool) -> None:
        """Show the parts of a dataset; without one there are only the choices that may be why, where any was made."""
        data = self._session.config.data
        chosen = bool(test_file or data.part_column or data.group) or not self.choices.isHidden()
        self.setVisible(dataset is not None or (chosen and self._session.table is not None))
        self.choose.setVisible(not test_file)
        self.drop.setVisible(bool(test_file))
        self.reread.setVisible(bool(test_file) and self._session.test_table is not None)
        for button in (self.choose, self.reread, self.drop):
            button.set_blocked(self.tr("The file is being read.") if busy else "")
        self.choices.refresh()
        self.proposal.refresh()
        trouble = self._session.trouble if dataset is None else None
        self.trouble.setText(f"{trouble.what} {trouble.why}" if trouble is not None else "")
        self.trouble.setVisible(trouble is not None)
        for widget in (self._bar, *self._parts):
            widget.setVisible(dataset is not None)
        name = Path(test_file).name
        self._words.setText(self.tr("Judged on {name}.").format(name=name) if test_file else "")
        self._words.setVisible(dataset is not None or bool(test_file))
        self.few.hide()
        if dataset is None:
            return
        self._say_few(dataset)
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
        judged = [self._judged_on(name)] if test_file else []
        self._words.setText(" ".join([how, *judged, *left_out]))

    def _say_few(self, dataset: Dataset) -> None:
        from studio.data.parts.notices import few_tested

        few = few_tested(dataset)
        self.few.setText(f"{few.what} {few.fix}" if few is not None else "")
        self.few.setVisible(few is not None)

    def _judged_on(self, name: str) -> str:
        """Which file is judged on and how it was read, with what is less than certain of that."""
        table = self._session.test_table
        if table is None:
            return self.tr("Judged on the rows of {name}.").format(name=name)
        told = self.tr("Judged on the rows of {name}, read as {sentence}.")
        return " ".join([told.format(name=name, sentence=table.reading.sentence), *table.reading.doubts])

    def _how(self, dataset: Dataset) -> str:
        columns = dataset.columns
        if columns.part:
            how = self.tr("As “{column}” says; no text stands in two parts.").format(column=columns.part)
        elif dataset.labels:
            told = self.tr("Same share of every label; rows with the same {what} stay together.")
            how = told.format(what=self._read())
        else:
            how = self.tr("Rows with the same {what} stay together.").format(what=self._read())
        if columns.context and not columns.group:
            how += " " + self.tr("So do all rows about the same “{column}”.").format(column=columns.context)
        if columns.group:
            how += " " + self.tr("So do rows with the same “{column}”.").format(column=columns.group)
        return how

    def _read(self) -> str:
        """What the cell that is read holds, as its goal calls it."""
        roles = GOALS[self._session.config.task.kind].roles
        return self.tr("question") if "context" in roles else self.tr("text")


class GroupProposal(QWidget):
    """Asks whether rows that seem to belong together stay together; away once it is settled."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._column = session, ""
        self.words = Text(wrap=True)
        self.keep = Button(self.tr("Keep them together"), "small", clicked=self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def refresh(self) -> None:
        """Ask about the column that the check-up found, or else the one that was guessed from the table."""
        session, data = self._session, self._session.config.data
        guessed = session.guess.columns.group if session.guess is not None else ""
        column = next((found.column for found in session.findings if found.kind == "groups" and found.column), guessed)
        known = session.table is not None and column in session.table.columns
        kept = {data.target, data.context, *([] if data.template else [data.input])}
        settled = data.group or data.part_column or column in kept  # rows about one context stay together anyway
        self._column = column
        self.words.setText(
            self.tr("Rows with the same “{column}” are alike. Keep them together?").format(column=column)
        )
        self.setVisible(bool(column) and known and not settled and session.dataset is not None)

    def _keep(self) -> None:
        _change(self._session, "data.group", self._column)


class SplitChoices(QWidget):
    """The shares, the column that names the parts, and the column whose equal cells stay together."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        entries = {entry.path: entry for entry in edit.entries()}
        self.watching, self.test = (
            Field(session, entries[path], stacked=True) for path in ("data.watching_share", "data.test_share")
        )
        self.part, self.group = ColumnChoice(), ColumnChoice()
        self.shares_note = Text(kind="secondary", tone="soft", wrap=True)
        self.shares_note.setText(self.tr("A share counts only where that column names no rows of this part."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 10)
        column.setSpacing(8)
        for box, path in ((self.part, "data.part_column"), (self.group, "data.group")):
            words = entries[path].words
            name = Text(words.title)
            name.setBuddy(box)
            column.addWidget(name)
            column.addWidget(box)
            box.setAccessibleName(words.title)
            box.setAccessibleDescription(words.help)
            box.setToolTip(words.help)
            box.activated.connect(partial(self._choose, box, path))
        self.caps = {part: Text(kind="secondary", tone="soft", wrap=True) for part in _MOST}
        for field, cap in zip((self.watching, self.test), self.caps.values(), strict=True):
            column.addWidget(field)
            column.addWidget(cap)
        column.addWidget(self.shares_note)

    def refresh(self) -> None:
        """Show the session's choices and the table's columns. What is being written or chosen stays as it is."""
        table, data = self._session.table, self._session.config.data
        for field in (self.watching, self.test):
            if self.window().focusWidget() is not field.editor.widget:  # also while another program is in front
                field.refresh()
        self.test.setVisible(not data.test_file)
        self.shares_note.setVisible(bool(data.part_column))
        self._say_caps()
        columns = table.columns if table is not None else ()
        _fill(self.part, self.tr("Shared out by chance"), columns, data.part_column, without={data.input, data.target})
        nothing = self.tr("Only rows with the same text")
        _fill(self.group, nothing, columns, data.group, without={data.input, data.target})

    def _say_caps(self) -> None:
        """Say where a share, or the column that names the parts, would be more rows than are ever set apart."""
        dataset, data = self._session.dataset, self._session.config.data
        parts = dict(dataset.parts) if dataset is not None else {}
        if data.test_file:
            parts.pop("test", None)
        rows = sum(map(len, parts.values()))
        for (part, most), share in zip(_MOST.items(), (data.watching_share, data.test_share), strict=True):
            self.caps[part].setText(self.tr("= {most} rows, never more than that").format(most=f"{most:,}"))
            count = len(parts.get(part, ()))
            capped = share * rows > most >= count > 0
            if dataset is not None and dataset.columns.part:  # the column may name rows of this part: no share counts
                beyond = part == "watching" and BEYOND_WATCHING in dataset.left_out
                capped = count == most and (capped or beyond)
            self.caps[part].setVisible(capped)

    def _choose(self, box: ColumnChoice, path: str, place: int) -> None:
        _change(self._session, path, str(box.itemData(place)))


def _fill(box: ColumnChoice, none: str, columns: Sequence[str], chosen: str, *, without: set[str]) -> None:
    """Have the columns in a list, and in any case the one that is chosen; an open list of the same columns stays."""
    offered = ["", *(name for name in columns if name not in without or name == chosen)]
    offered += [chosen] if chosen not in offered else []
    box.blockSignals(True)
    if offered != [box.itemData(place) for place in range(box.count())]:
        box.clear()
        for name in offered:
            box.addItem(name or none, name)
    box.setCurrentIndex(offered.index(chosen))
    box.blockSignals(False)


def _change(session: Session, path: str, new: str) -> None:
    problem = session.change(path, new)
    if problem is not None:
        session.problem.emit(problem)


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
