"""The examples that ship with the program, on low cards beside each other, those of one goal together.

In: Samples. Out: the wish to open one. As many columns as there is room for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from studio.config.goals import GOALS
from studio.config.samples import Sample
from studio.gui import words
from studio.gui.widgets.choice_card import ChoiceCard
from studio.gui.widgets.elided import Elided
from studio.gui.widgets.text import Text

NARROWEST = 270  # pixels of a card
MOST_COLUMNS = 4
SPACING = 10


class ExampleCard(ChoiceCard):
    """The goal that a sample is for, its name, and how much it is; a press opens it."""

    def __init__(self, sample: Sample, opened: Callable[[], object]) -> None:
        super().__init__(sample.title)
        self.sample = sample
        self.setCheckable(False)
        self.setAccessibleName(self.tr("Open the example {title}").format(title=sample.title))
        goal = words.translated(GOALS[sample.kind].title)
        size = sample.rows_text
        self.setAccessibleDescription(f"{goal}. {sample.about} {size}.")
        self.setToolTip(f"{sample.about}\n\n{size}")
        self.body.setContentsMargins(16, 9, 14, 10)
        self.body.setSpacing(1)
        self.title.hide()
        at = Qt.TextElideMode.ElideRight
        for line in (
            Elided(goal, kind="small", tone="accent", at=at),
            Elided(sample.title, kind="card", at=at),
            Elided(sample.rows_text, kind="secondary", tone="soft", at=at),
        ):
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.body.addWidget(line)
        self.clicked.connect(opened)


class Examples(QWidget):
    """A quiet heading and the cards."""

    def __init__(self, samples: Sequence[Sample], opened: Callable[[str], object]) -> None:
        super().__init__()
        self.cards = [ExampleCard(sample, partial(opened, sample.name)) for sample in samples]
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Text(self.tr("Or begin with an example"), kind="card"))
        self._grid = QGridLayout()
        self._grid.setSpacing(SPACING)
        column.addLayout(self._grid)
        self._arrange(MOST_COLUMNS - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(max(1, min(MOST_COLUMNS, (event.size().width() + SPACING) // (NARROWEST + SPACING))))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for before in range(self._columns):
            self._grid.setColumnStretch(before, 0)
        self._columns = columns
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, *divmod(place, columns))
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
