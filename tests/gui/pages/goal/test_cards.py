"""Every goal has a card; the chosen one and the likely one can be told apart, also by ear."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from studio.config.goals import GOALS
from studio.gui.pages.goal.cards import GoalCards


@pytest.fixture
def cards(qtbot: QtBot) -> GoalCards:
    made = GoalCards()
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.show()
    return made


def test_every_goal_has_a_card_that_can_be_pressed(cards: GoalCards) -> None:
    assert list(cards.cards) == list(GOALS)
    for kind, card in cards.cards.items():
        assert card.isEnabled()
        assert GOALS[kind].title in card.accessibleName()  # type: ignore[index]


def test_pressing_a_card_tells_its_goal(qtbot: QtBot, cards: GoalCards) -> None:
    with qtbot.waitSignal(cards.chosen) as told:
        cards.cards["answer"].click()
    assert told.args == [GOALS["answer"]]


def test_the_chosen_and_the_likely_goal_are_marked(cards: GoalCards) -> None:
    cards.show_choice("answer", "classify")
    assert [kind for kind, card in cards.cards.items() if card.isChecked()] == ["answer"]
    assert [kind for kind, card in cards.cards.items() if card._likely.isVisible()] == ["classify"]
    assert "Likely for your table" in cards.cards["classify"].accessibleDescription()
    cards.show_choice("answer", "")
    assert not any(card._likely.isVisible() for card in cards.cards.values())
    assert cards.cards["classify"].accessibleDescription() == GOALS["classify"].about


def test_nine_cards_stay_low_in_a_small_window(qtbot: QtBot, cards: GoalCards) -> None:
    cards.resize(908, 230)
    qtbot.wait(1)
    layout = cards.layout()
    assert layout is not None
    assert layout.heightForWidth(908) <= 290
