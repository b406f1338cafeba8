"""What is said above the table about its reading: how far it is, and what it is less than certain of.

In: a Reading, progress. Out: cards with a way to stop, or to change how it is read.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QProgressBar

from studio.data.table.table import Reading
from studio.events import Progressed
from studio.gui.widgets.band import Band
from studio.gui.widgets.button import Button
from studio.gui.widgets.card import Card
from studio.gui.widgets.text import Text

SURE = 0.6  # of a reading's certainty; below, it is asked even if nothing in particular is doubtful


class DoubtsBand(Band):
    """What the reading is less than certain of, with the way to change it; away where it is sure."""

    def __init__(self, change: Callable[[], object], agree: Callable[[], object]) -> None:
        buttons = (
            Button(self.tr("Change it"), "small", clicked=change),
            Button(self.tr("It is right"), "small", clicked=agree),
        )
        super().__init__(*buttons, kind="warn")

    def show_reading(self, reading: Reading | None, *, agreed: bool) -> None:
        """Say what is doubtful about a reading, unless somebody `agreed` to it; None: there is no table."""
        doubts: tuple[str, ...] = ()
        if reading is not None and not agreed:
            unsure = () if reading.certain >= SURE else (self.tr("Looking alone could not make sure of it."),)
            doubts = reading.doubts or unsure
        self.say(" ".join([self.tr("Please look whether the table is right."), *doubts]))
        self.want(bool(doubts))


class ReadingBar(Card):
    """What is being read and how far it is, with a way to stop."""

    def __init__(self, stop: Callable[[], object]) -> None:
        super().__init__(padding=14)
        self._words = Text()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Reading the file"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(Button(self.tr("Stop reading"), "small", clicked=stop))
        self.add(row)

    def say(self, words: str) -> None:
        """Begin: say what is read, how far is not known yet."""
        self._words.setText(words)
        self._bar.setRange(0, 0)

    def advance(self, event: Progressed) -> None:
        """Show how far it is."""
        self._words.setText(event.what)
        self._bar.setRange(0, event.total)
        self._bar.setValue(event.done)
