"""The basic widgets: what a screen reader hears, and what they do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from studio.counting import counted
from studio.gui.widgets.button import Button, IconButton
from studio.gui.widgets.chip import Chip, LabelColours
from studio.gui.widgets.choice_card import ChoiceCard
from studio.gui.widgets.page import EmptyState, PageHead
from studio.gui.widgets.pairs import KeyValueList
from studio.gui.widgets.problem_dialog import ProblemDialog
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.gui.widgets.question_dialog import QuestionDialog
from studio.gui.widgets.segmented import Segmented
from studio.gui.widgets.text import Text
from studio.problems import Problem, Where


def test_markup_in_a_text_is_shown_and_never_obeyed(qtbot: QtBot) -> None:
    text = Text("<b>bold</b> & <img src=x>", wrap=True)
    qtbot.addWidget(text)
    assert text.text() == "<b>bold</b> & <img src=x>"
    assert "<img" not in super(Text, text).text()


def test_counted_words_agree_with_their_number() -> None:
    assert counted(1, "{count} row", "{count} rows") == "1 row"
    assert counted(8469, "{count} row", "{count} rows") == "8,469 rows"


def test_a_button_is_pressed_by_its_letter_and_says_why_it_is_blocked(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = Button("&Next: choose a goal", "primary", clicked=lambda: pressed.append(1))
    qtbot.addWidget(button)
    assert button.accessibleName() == "Next: choose a goal"
    assert button.shortcut().toString() == "Alt+N"
    button.click()
    button.set_blocked("There is no table yet.")
    button.click()
    assert pressed == [1]
    assert button.toolTip() == "There is no table yet."


def test_an_icon_alone_has_a_name(qtbot: QtBot) -> None:
    button = IconButton("close", "Close this message")
    qtbot.addWidget(button)
    assert button.accessibleName() == button.toolTip() == "Close this message"


def test_frequent_labels_have_colours_of_their_own_and_keep_them(qtbot: QtBot) -> None:
    colours = LabelColours()
    frequent = ["1", "2", "3", "4", "5", "6"]
    colours.meet(frequent)
    kinds = [colours.of(label) for label in frequent]
    assert len(set(kinds[:5])) == 5
    assert "bad" not in kinds
    assert kinds[5] == colours.of("unheard of") == "plain"
    colours.meet(["6", "2", "1", "new"])  # after an edit: another order, some gone, one more
    assert [colours.of(label) for label in frequent] == kinds
    chip = Chip("refill", "good")
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "refill"


def test_a_segment_tells_its_value_once(qtbot: QtBot) -> None:
    control = Segmented("How it answers", (("precise", "Precise"), ("free", "Free")), "free")
    qtbot.addWidget(control)
    assert control.value == "free"
    with qtbot.waitSignal(control.chosen) as told:
        control.segment("precise").click()
    assert told.args == ["precise"]
    control.set_value("free")
    assert control.value == "free"


def test_a_page_head_says_its_state(qtbot: QtBot) -> None:
    head = PageHead("one", actions=(Button("Go"),))
    qtbot.addWidget(head)
    head.say("8,469 rows", "read as CSV")
    assert head.title.text() == "8,469 rows"
    assert head.explanation.text() == "read as CSV"
    assert head.findChild(QPushButton) is not None


def test_an_empty_state_has_one_action(qtbot: QtBot) -> None:
    pressed: list[int] = []
    state = EmptyState("No runs yet", "Train a model first.", "Go to Train", lambda: pressed.append(1))
    qtbot.addWidget(state)
    state.button.click()
    assert pressed == [1]


def test_pairs_are_replaced_without_new_labels(qtbot: QtBot) -> None:
    pairs = KeyValueList((("Speed", "2,310 tokens/s"), ("Memory", "1.4 of 16 GB")))
    qtbot.addWidget(pairs)
    labels = pairs.findChildren(Text)
    pairs.set((("Speed", "9 tokens/s"),))
    assert pairs.findChildren(Text) == labels
    assert [text.text() for text in labels if not text.isHidden()] == ["Speed", "9 tokens/s"]


def test_a_problem_is_shown_with_its_place_and_goes_away(qtbot: QtBot) -> None:
    panel = ProblemPanel()
    qtbot.addWidget(panel)
    assert panel.isHidden()
    panel.show_problem(
        Problem("Row 41 has 5 cells.", "A comma is not quoted.", "Skip it.", Where("/x/reviews.csv", 41))
    )
    words = " ".join(text.text() for text in panel.findChildren(Text) if not text.isHidden())
    assert "Row 41 has 5 cells." in words
    assert "reviews.csv, line 41" in words
    assert panel.accessibleName() == "Problem: Row 41 has 5 cells."
    with qtbot.waitSignal(panel.dismissed):
        qtbot.mouseClick(panel.findChild(IconButton), Qt.MouseButton.LeftButton)
    assert panel.problem is None
    assert panel.isHidden()


def test_the_details_of_a_problem_can_be_copied(qtbot: QtBot) -> None:
    dialog = ProblemDialog(Problem("Something unexpected went wrong.", "why", "fix", details="ValueError\nloop.py:3"))
    qtbot.addWidget(dialog)
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy").click()
    assert "loop.py:3" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("harmful", "key", "answer"),
    [
        (True, Qt.Key.Key_Return, False),
        (True, Qt.Key.Key_Escape, False),
        (False, Qt.Key.Key_Return, True),
        (False, Qt.Key.Key_Escape, False),
    ],
)
def test_a_question_is_answered_by_the_keyboard_and_harm_is_never_the_first_answer(
    qtbot: QtBot, harmful: bool, key: Qt.Key, answer: bool
) -> None:
    dialog = QuestionDialog("Delete run-1?", "It cannot be undone.", yes="Delete", no="Keep it", harmful=harmful)
    qtbot.addWidget(dialog)
    QTimer.singleShot(0, dialog, lambda: qtbot.keyClick(dialog.focusWidget(), key))
    assert dialog.ask() is answer


def test_a_question_is_heard_and_each_answer_names_what_it_does(qtbot: QtBot) -> None:
    dialog = QuestionDialog("Delete run-1?", "It cannot be undone.", yes="Delete", harmful=True)
    qtbot.addWidget(dialog)
    assert (dialog.accessibleName(), dialog.accessibleDescription()) == ("Delete run-1?", "It cannot be undone.")
    assert [button.accessibleName() for button in dialog.findChildren(Button)] == ["Cancel", "Delete"]
    QTimer.singleShot(0, dialog.yes, dialog.yes.click)
    assert dialog.ask()


def test_a_choice_card_is_chosen_by_the_keyboard(qtbot: QtBot) -> None:
    card = ChoiceCard("Sort texts into categories", "A label for each text.")
    qtbot.addWidget(card)
    card.show()
    qtbot.keyClick(card, Qt.Key.Key_Space)
    assert card.isChecked()
    assert card.accessibleDescription() == "A label for each text."


def test_the_words_of_a_narrow_choice_card_are_whole(qtbot: QtBot) -> None:
    card = ChoiceCard("Sort texts into categories", "A label for each text. Sentiment, topics, routing.")
    qtbot.addWidget(card)
    for width in (130, 260):
        card.resize(width, 260)
        card.show()
        card.body.activate()
        for text in (card.title, card.words):
            assert text.height() >= text.heightForWidth(text.width())
        assert card.title.y() < 20
        assert card.words.geometry().bottom() < card.body.heightForWidth(width)
