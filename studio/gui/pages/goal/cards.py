"""All goals at a glance: a card each, the likely one marked.

In: the goals, the guess about the table. Out: `chosen` with the goal of the card that was pressed.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from studio.config.goals import GOALS, Goal
from studio.gui import words
from studio.gui.widgets.chip import Chip
from studio.gui.widgets.choice_card import ChoiceCard

COLUMNS = 3


class GoalCard(ChoiceCard):
    """A goal on a low card."""

    def __init__(self, goal: Goal) -> None:
        super().__init__(words.translated(goal.title), words.translated(goal.about))
        self.goal = goal
        self.body.setContentsMargins(16, 10, 14, 11)
        self.body.setSpacing(1)
        self._likely = Chip(self.tr("likely"), "good")
        self._likely.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._likely.hide()
        self.body.removeWidget(self.title)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title, 1)
        row.addWidget(self._likely)
        self.body.insertLayout(0, row)

    def mark(self, likely: bool) -> None:
        """Say whether the table looks like this goal."""
        self._likely.setVisible(likely)
        about = words.translated(self.goal.about)
        self.setAccessibleDescription(
            self.tr("{about} Likely for your table.").format(about=about) if likely else about
        )


class GoalCards(QWidget):
    """The cards by their kind."""

    chosen = Signal(object)  # Goal

    def __init__(self) -> None:
        super().__init__()
        self.cards: dict[str, GoalCard] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        for place, goal in enumerate(GOALS.values()):
            card = GoalCard(goal)
            card.clicked.connect(lambda _checked=False, goal=goal: self.chosen.emit(goal))
            self.cards[goal.kind] = card
            grid.addWidget(card, *divmod(place, COLUMNS))
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)

    def show_choice(self, kind: str, likely: str) -> None:
        """Mark the chosen goal, and the likely one ("" where there is no table)."""
        for name, card in self.cards.items():
            card.setChecked(name == kind)
            card.mark(name == likely)
