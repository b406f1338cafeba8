"""The cards beside the table: the check-up with its findings, and how the rows split.

In: findings and a dataset. Out: `shown` with the finding whose rows are wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card, HairLine
from studio.gui.widgets.share_bar import ShareBar
from studio.gui.widgets.text import Text, counted

if TYPE_CHECKING:
    from studio.data.checkup import Finding
    from studio.data.dataset import Dataset
    from studio.data.table import Table

COUNT_WIDTH = 36
_TONES = {"good": "good", "look": "warn", "wrong": "bad"}


class CheckUpCard(Card):
    """Every finding with its count and, where there are rows to see, a button that shows them."""

    shown = Signal(object)

    def __init__(self) -> None:
        super().__init__(self.tr("Check-up"))
        self._words = Text(tone="soft", wrap=True)
        self.add(self._words)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setSpacing(0)
        self.add(self._rows)

    def show_findings(self, table: Table, findings: tuple[Finding, ...], *, looking: bool) -> None:
        """Replace the list; while the rows are still looked at, say so."""
        read = counted(table.rows, self.tr("{count} row was read."), self.tr("All {count} rows were read."))
        state = self.tr("Looking for doubles and gaps…") if looking else self.tr("Nothing has been changed.")
        self._words.setText(f"{read} {state}")
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for number, finding in enumerate(findings):
            if number:
                self._rows.addWidget(HairLine())
            self._rows.addWidget(self._row(finding))

    def _row(self, finding: Finding) -> QWidget:
        line = QWidget()
        line.setAccessibleName(finding.title)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 9, 0, 9)
        row.setSpacing(12)
        row.addWidget(self._count(finding) if finding.count else Tick())
        words = finding.title.removeprefix(f"{finding.count:,} ")  # the number stands before it already
        row.addWidget(Text(words, wrap=True), 1)
        if finding.rows:
            name = self.tr("Show {title}").format(title=finding.title)
            row.addWidget(Button(self.tr("Show"), "small", clicked=lambda: self.shown.emit(finding), name=name))
        return line

    def _count(self, finding: Finding) -> Text:
        count = Text(f"{finding.count:,}", kind="strong", tone=_TONES[finding.severity])
        count.setMinimumWidth(COUNT_WIDTH)
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return count


class Tick(QLabel):
    """A small green tick."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(COUNT_WIDTH, 28)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("fine"))
        theme.theme().theme_changed.connect(self._paint)
        self._paint()

    def _paint(self) -> None:
        self.setPixmap(theme.pixmap("check", "good", 14, 2.0))


class SplitCard(Card):
    """How many rows teach, how many are watched meanwhile, how many are kept for the test, and from which file.
    `choose_file` asks for a file to judge on, `drop_file` goes back to the table's own rows."""

    def __init__(self, choose_file: Callable[[], object], drop_file: Callable[[], object]) -> None:
        super().__init__(self.tr("How it splits"))
        self._bar = ShareBar()
        self._parts = [Text() for _ in range(3)]
        self._words = Text(tone="soft", wrap=True)
        self.add(self._bar)
        row = QHBoxLayout()
        for number, text in enumerate(self._parts):
            row.addWidget(text)
            if number < 2:
                row.addStretch(1)
        self.add(row)
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
        names = (self.tr("Training"), self.tr("Watching"), self.tr("Test"))
        counts = [len(dataset.parts.get(part, ())) for part in ("training", "watching", "test")]
        words = [f"{name} {count:,}" for name, count in zip(names, counts, strict=True)]
        for text, shown in zip(self._parts, words, strict=True):
            text.setText(shown)
        colors = ("accent", "second", "good")
        self._bar.set(list(zip(counts, colors, strict=True)), name=", ".join(words))
        together = self.tr("Rows with the same text stay together.")
        same = self.tr("Same share of every label; rows with the same text stay together.")
        left_out = [
            self.tr("{count} left out: {reason}.").format(count=f"{len(rows):,}", reason=reason)
            for reason, rows in dataset.left_out.items()
            if rows
        ]
        judged = [self.tr("Judged on the rows of {name}.").format(name=name)] if test_file else []
        self._words.setText(" ".join([same if dataset.labels else together, *judged, *left_out]))
