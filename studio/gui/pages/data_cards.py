"""The cards beside the table: the check-up with its findings, and how the rows split.

In: findings and a dataset. Out: `shown` with the finding whose rows are wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.share_bar import ShareBar
from studio.gui.widgets.text import Text, counted

if TYPE_CHECKING:
    from studio.data.checkup.finding import Finding
    from studio.data.dataset import Dataset, Part
    from studio.data.table import Table

_TICK = 14  # pixels
_TONES = {"good": "good", "look": "warn", "wrong": "bad"}
_PARTS: tuple[Part, ...] = ("training", "watching", "test")
_COLORS = ("accent", "second", "good")


class CheckUpCard(Card):
    """Every finding with its number, what follows from it and, where there are rows to see, a button that shows them;
    then what is fine, in short lines. Numbers, ticks and words each begin on one line from top to bottom."""

    shown = Signal(object)

    def __init__(self) -> None:
        super().__init__(self.tr("Check-up"))
        self._words = Text(tone="soft", wrap=True)
        self.add(self._words)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.add(self._rows)

    def show_findings(self, table: Table, findings: tuple[Finding, ...], *, is_whole: bool) -> None:
        """Replace the list; until all rows are looked at (`is_whole`), say so."""
        aside = table.reading.rejected
        if aside:
            read = counted(table.rows, self.tr("{count} row was read"), self.tr("{count} rows were read"))
            read += self.tr(", {count} set aside.").format(count=f"{aside:,}")
        else:
            read = counted(table.rows, self.tr("{count} row was read."), self.tr("All {count} rows were read."))
        if is_whole:
            state = self.tr("Nothing has been changed.")
        elif findings:
            state = self.tr("This is what a sample shows; all rows are being looked at…")
        else:
            state = self.tr("Looking for doubles and gaps…")
        self._words.setText(f"{read} {state}")
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        numbers = QFontMetricsF(theme.font("strong"))
        split = {finding: _split(finding) for finding in findings}
        room = max([_TICK, *(round(numbers.horizontalAdvance(number)) + 1 for number, _ in split.values())])
        for place, finding in enumerate(findings):
            if place and (finding.count or findings[place - 1].count):
                self._rows.addWidget(HairLine())
                self._rows.addSpacing(0 if finding.count else 6)
            self._rows.addWidget(self._row(finding, *split[finding], room))

    def _row(self, finding: Finding, number: str, words: str, room: int) -> QWidget:
        line = QWidget()
        line.setAccessibleName(finding.title)
        line.setAccessibleDescription(finding.meaning)
        row = QHBoxLayout(line)
        air = 10 if finding.count else 5
        row.setContentsMargins(0, air, 0, air)
        row.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        mark = Text(number, kind="strong", tone=_TONES[finding.severity]) if finding.count else Tick()
        mark.setFixedWidth(room)
        row.addWidget(mark, 0, top)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(Text(words, wrap=True))
        if finding.meaning:
            said.addWidget(Text(finding.meaning, kind="secondary", tone="soft", wrap=True))
        row.addLayout(said, 1)
        if finding.rows:
            name = self.tr("Show {title}").format(title=finding.title)
            row.addWidget(Button(self.tr("Show"), "small", clicked=lambda: self.shown.emit(finding), name=name), 0, top)
        return line


def _split(finding: Finding) -> tuple[str, str]:
    """The number that a finding's title begins with, and the words after it."""
    number, _, words = finding.title.partition(" ")
    return (number, words) if finding.count and number[:1].isdigit() else ("", finding.title)


class Tick(QLabel):
    """A small green tick."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(18)  # of one line of the words beside it
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("fine"))
        theme.theme().theme_changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.setPixmap(theme.pixmap("check", "good", _TICK, 2.0))


class SplitCard(Card):
    """How many rows teach, how many are watched meanwhile, how many are kept for the test, and from which file.
    `choose_file` asks for a file to judge on, `drop_file` goes back to the table's own rows."""

    def __init__(self, choose_file: Callable[[], object], drop_file: Callable[[], object]) -> None:
        super().__init__(self.tr("How it splits"))
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
        for button in (self.choose, self.drop):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_dataset(self, dataset: Dataset | None, test_file: str, *, busy: bool) -> None:
        """Show the parts of a dataset; without one there is only the way back from a test file, where one is used."""
        self.setVisible(dataset is not None or bool(test_file))
        self.choose.setVisible(not test_file)
        self.drop.setVisible(bool(test_file))
        for button in (self.choose, self.drop):
            button.set_blocked(self.tr("The file is being read.") if busy else "")
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
        together = self.tr("Rows with the same text stay together.")
        same = self.tr("Same share of every label; rows with the same text stay together.")
        left_out = [
            self.tr("{count} left out: {reason}.").format(count=f"{len(rows):,}", reason=reason)
            for reason, rows in dataset.left_out.items()
            if rows
        ]
        judged = [self.tr("Judged on the rows of {name}.").format(name=name)] if test_file else []
        self._words.setText(" ".join([same if dataset.labels else together, *judged, *left_out]))


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
