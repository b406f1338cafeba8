"""The chat template: the model's own, one of ours, or one that is typed; a faulty one is told and not used."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.pages.goal.chat_template import ChatTemplateCard
from studio.gui.session import Session
from studio.gui.work.showing import SeenTemplate

SEEN = SeenTemplate("{{ messages }} own", True, (("plain", ()), ("chatml", ("<|im_start|>",))))
GOOD = "{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}"


@pytest.fixture
def card(qtbot: QtBot, session: Session) -> ChatTemplateCard:
    """A card that has seen a row of a model without ChatML's marks."""
    made = ChatTemplateCard(session)
    qtbot.addWidget(made)
    made.show()
    made.show_templates(SEEN)
    return made


def choose(card: ChatTemplateCard, name: str) -> None:
    place = card.choice.findData(name)
    card.choice.setCurrentIndex(place)
    card.choice.activated.emit(place)


def test_one_of_ours_is_chosen_by_name_and_the_models_own_by_nothing(card: ChatTemplateCard, session: Session) -> None:
    choose(card, "plain")
    assert session.config.task.chat_template == "plain"
    assert card._about.isVisible()
    choose(card, "")
    assert session.config.task.chat_template == ""
    assert not card._about.isVisible()


def test_what_the_model_cannot_read_cannot_be_chosen(card: ChatTemplateCard) -> None:
    model = card.choice.model()
    place = card.choice.findData("chatml")
    assert not model.index(place, 0).flags() & model.index(0, 0).flags().ItemIsEnabled
    assert model.index(card.choice.findData("plain"), 0).flags() & model.index(0, 0).flags().ItemIsEnabled


def test_writing_ones_own_begins_with_the_present_one(card: ChatTemplateCard, session: Session, qtbot: QtBot) -> None:
    assert not card.text.isVisible()
    choose(card, "{")
    assert card.text.isVisible()
    assert card.text.toPlainText() == session.config.task.chat_template == SEEN.source
    card.text.setPlainText(GOOD)
    qtbot.waitUntil(lambda: session.config.task.chat_template == GOOD, timeout=5_000)
    assert not card.fault.isVisible()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (GOOD + "\n{% endif %}", "Line 2"),
        (GOOD + "\n\n{{ ''.__class__.__mro__ }}", "Line 3: This chat template is refused"),
        ("{{ messages[0].content }}", "leaves the answer out"),
        ("{% for m in messages if m.role == 'assistant' %}{{ m.content }}{% endfor %}", "leaves a message out"),
        ("Hello", "no template"),
    ],
)
def test_a_faulty_text_is_told_and_not_used(card: ChatTemplateCard, session: Session, source: str, said: str) -> None:
    choose(card, "{")
    card.text.setPlainText(GOOD)
    card._hand_over()
    card.text.setPlainText(source)
    card._hand_over()
    assert said in card.fault.text()
    assert card.fault.isVisible()
    assert session.config.task.chat_template == GOOD


def test_a_project_brings_its_template(card: ChatTemplateCard, session: Session, tmp_path: Path) -> None:
    session.change("task.chat_template", GOOD)
    assert card.text.toPlainText() == GOOD
    assert card.choice.currentData() == "{"
    session.change("task.chat_template", "named")
    assert (card.choice.currentData(), card.text.isVisible()) == ("named", False)
