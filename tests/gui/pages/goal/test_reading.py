"""Text and question in one message: what is typed is used once both are in it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from studio.config.config import Config
from studio.gui.pages.goal.reading import ReadingCard
from studio.gui.session import Session


@pytest.fixture
def card(qtbot: QtBot, session: Session) -> ReadingCard:
    made = ReadingCard(session)
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_shows_what_is_set(card: ReadingCard, session: Session) -> None:
    assert card.layout_box.toPlainText() == Config().task.reading
    assert card.no_answer.text() == Config().task.no_answer
    session.change("task.no_answer", "Das steht nicht da.")
    assert card.no_answer.text() == "Das steht nicht da."


def test_what_is_typed_is_taken(card: ReadingCard, session: Session) -> None:
    card.layout_box.setPlainText("{question}\n---\n{text}")
    card.no_answer.setText("Not in it.")
    card._hand_over()
    assert session.config.task.reading == "{question}\n---\n{text}"
    assert session.config.task.no_answer == "Not in it."
    assert not card.fault.isVisible()


def test_a_layout_without_the_question_is_told_and_not_used(card: ReadingCard, session: Session) -> None:
    card.layout_box.setPlainText("{text} only")
    card.no_answer.setText("  ")
    card._hand_over()
    assert "{question} is missing" in card.fault.text()
    assert card.fault.isVisible()
    assert session.config.task == Config().task
