"""The form: made from the typed configuration, with the automatic value and its reason, errors in place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.config import edit
from studio.config.automatic import Facts
from studio.gui.editors import ChoiceEditor, NumberEditor, TextEditor, next_number, read_number, read_share, spoken
from studio.gui.form import Field, Form
from studio.gui.session import Session
from studio.gui.work.preparing import Measured

FACTS = Facts(6000, 20, 90, 60, 6, 22_000_000, 512, 16 * 2**30, False)


@pytest.fixture
def form(qtbot: QtBot, session: Session) -> Form:
    session._measure(Measured(FACTS))
    made = Form(session, ("training", "task", "model", "data"), without=("training.preset",))
    qtbot.addWidget(made)
    made.show()
    return made


def number(field: Field) -> NumberEditor:
    assert isinstance(field.editor, NumberEditor)
    return field.editor


def test_every_setting_has_an_editor_and_a_name(form: Form) -> None:
    shown = {e.path for e in edit.entries() if e.words.level != "hidden"} - {"training.preset"}
    assert set(form.fields) == {path for path in shown if not path.startswith("generation.")}
    for path, field in form.fields.items():
        assert field.editor.widget.accessibleName() == edit.entry(path).words.title


def test_at_most_six_basic_fields_are_open(form: Form) -> None:
    for kind in ("classify", "answer"):
        form.session.change("task.kind", kind)
        assert 3 <= sum(field.isVisible() for field in form.fields.values()) <= 6


def test_only_what_fits_the_goal_is_shown(form: Form) -> None:
    form.more.click()
    assert form.fields["task.class_weights"].isVisible()
    assert not form.fields["model.lora_rank"].isVisible()
    form.session.change("task.kind", "answer")
    assert form.fields["model.lora_rank"].isVisible()
    assert not form.fields["task.class_weights"].isVisible()


def test_an_automatic_value_is_shown_with_its_reason(form: Form) -> None:
    field = form.fields["training.rows_per_step"]
    assert field.note.text() == "automatic: 32 rows, a good balance for this goal"
    assert number(field).line.text() == ""
    assert number(field).line.placeholderText() == "32"
    assert not field.back.isVisible()


def test_an_own_value_goes_through_the_session_and_back_to_automatic(form: Form) -> None:
    field = form.fields["training.rows_per_step"]
    line = number(field).line
    line.setFocus()
    QTest.keyClicks(line, "8")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert form.session.config.training.rows_per_step == 8
    assert field.back.isVisible()
    field.back.click()
    assert form.session.config.training.rows_per_step is None
    assert field.note.text().startswith("automatic: 32 rows")


def test_a_wrong_value_is_told_where_it_was_entered(form: Form) -> None:
    field = form.fields["training.learning_rate"]
    line = number(field).line
    for wrong in ("much", "-1"):
        line.setText(wrong)
        line.editingFinished.emit()
        assert "Learning rate" in field.note.text()
        assert line.property("state") == "bad"
        assert form.session.config.training.learning_rate is None
    line.setText("0,0002")
    line.editingFinished.emit()
    assert form.session.config.training.learning_rate == 2e-4
    assert line.property("state") == ""


def test_another_editor_of_the_same_setting_follows(qtbot: QtBot, form: Form) -> None:
    other = Field(form.session, edit.entry("training.epochs"))
    qtbot.addWidget(other)
    form.session.change("training.epochs", 7.0)
    assert number(form.fields["training.epochs"]).line.text() == "7"


def test_choices_offer_automatic_where_it_is_allowed(form: Form) -> None:
    editor = form.fields["model.method"].editor
    assert isinstance(editor, ChoiceEditor)
    assert editor.box.itemText(0) == "Automatic"
    editor.box.setCurrentIndex(2)
    editor.box.activated.emit(2)
    assert form.session.config.model.method == "lora"


def test_text_is_taken_over_when_the_writing_ends(form: Form) -> None:
    form.session.change("task.kind", "answer")
    editor = form.fields["task.instruction"].editor
    assert isinstance(editor, TextEditor)
    editor.box.setFocus()
    editor.box.setPlainText("Be kind.")
    assert form.session.config.task.instruction == ""
    editor.box.clearFocus()
    editor.box.left.emit()
    assert form.session.config.task.instruction == "Be kind."


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [
        ("", True, None),
        ("1,000", True, 1000),
        ("1 000", True, 1000),
        ("0,5", False, 0.5),
        ("2e-4", False, 2e-4),
        ("x", False, "x"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, whole: bool, value: object) -> None:
    assert read_number(text, whole=whole) == value


@pytest.mark.parametrize(
    ("value", "direction", "whole", "next_one"),
    [
        (1e-4, 1, False, 2e-4),
        (2e-4, 1, False, 5e-4),
        (1e-4, -1, False, 5e-5),
        (0.1, 1, False, 0.11),
        (5, -1, True, 4),
        (200, 1, True, 210),
    ],
)
def test_the_arrow_keys_make_sensible_steps(value: float, direction: int, whole: bool, next_one: float) -> None:
    assert next_number(value, direction, whole=whole) == pytest.approx(next_one)


def test_one_is_not_said_as_many() -> None:
    rounds = edit.entry("training.epochs")
    assert (spoken(rounds, 1.0), spoken(rounds, 2.0)) == ("1 round", "2 rounds")


@pytest.mark.parametrize(
    ("text", "share"),
    [("20", 0.2), ("20 %", 0.2), ("20%", 0.2), ("0.2", 0.2), ("0,2", 0.2), ("12,5", 0.125), ("0.5 %", 0.005),
     ("1", 0.01), ("0", 0.0), ("", None), ("much", "much"), ("%", "%")],
)  # fmt: skip
def test_shares_are_read_in_percent(text: str, share: object) -> None:
    assert read_share(text) == share


def test_a_share_is_shown_in_percent_and_kept_as_a_share(qtbot: QtBot, session: Session) -> None:
    field = Field(session, edit.entry("data.test_share"))
    qtbot.addWidget(field)
    line = number(field).line
    assert line.text() == "10 %"
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert (line.text(), session.config.data.test_share) == ("11 %", 0.11)
    for text in ("20", "0.2", "20 %"):
        line.setText(text)
        line.editingFinished.emit()
        assert (line.text(), session.config.data.test_share) == ("20 %", 0.2)
    line.setText("90")
    line.editingFinished.emit()
    assert field.note.text() == "“Test rows” cannot be “90 %”. It can be at most 40 %."
    assert session.config.data.test_share == 0.2
    assert spoken(field.entry, 0.125) == "12.5 %"
