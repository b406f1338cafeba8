"""Trying a model that rates, and one that names several labels: what the page says of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.config.edit import change
from studio.generation.ranges import Scale
from studio.gui.ask import Ask
from studio.gui.pages.try_labels import LabelWords
from studio.gui.pages.try_number import NumberWords
from studio.gui.pages.try_one import TryOne, Words
from studio.gui.session import Session
from studio.gui.work.trying import Rated, Sorted
from tests.gui import scripted


def test_a_number_comes_with_its_range_and_where_that_is_from(qtbot: QtBot, session: Session) -> None:
    face = TryOne(session, Ask(), NumberWords())
    qtbot.addWidget(face)
    assert "Write a text above" in face.next_step.text()
    face._happened("trying", [Rated("Smoke!", 7.43, (5.43, 9.43), 1600)])
    assert face.headline.text() == "7.43"
    assert not face.next_step.isVisibleTo(face)
    assert face.rest.text() == (
        "Range: 5.43 to 9.43. For 8 in 10 rows like yours, the right number lies in such a range."
    )
    assert "Measured on 1,600 watching rows" in face.rest.toolTip()
    face._happened("trying", [Rated("Flowers", 0.2, None, 3)])
    assert "too few watching rows" in face.rest.text()
    assert face.earlier.isVisibleTo(face)
    face._happened("trying", [Rated("Fire!", 10.4, (8.1, 10.0), 40, scale=Scale(0, 10))])
    assert face.headline.text() == "10.0 of 0–10"


def test_a_text_that_is_too_long_is_told_below_the_field(qtbot: QtBot, session: Session) -> None:
    for words, answer in (
        (NumberWords(), Rated("x", 1.0, None, 3, ("The text is cut.",))),
        (LabelWords(), Sorted("x", {"a": 0.9, "b": 0.1}, ("a",), notices=("The text is cut.",))),
    ):
        face = TryOne(session, Ask(), words)
        qtbot.addWidget(face)
        face._happened("trying", [answer])
        assert face.notices.lines == ("The text is cut.",)
        face._happened("trying", [replace(answer, notices=())])
        assert face.notices.lines == ()


def test_an_answer_that_does_not_count_is_called_as_everywhere(qtbot: QtBot, session: Session) -> None:
    face = TryOne(session, Ask(), LabelWords())
    qtbot.addWidget(face)
    face._happened("trying", [Sorted("x", {"card": 0.4, "oos": 0.35, "bill": 0.25}, ("oos",))])
    assert face.headline.text() == "oos: the likeliest is card, 40 %"
    assert [bar.strong for bar in face.bars.bars] == [False, True, False]
    face._happened("trying", [Sorted("y", {"card": 0.8, "oos": 0.1, "bill": 0.1}, ("card",))])
    assert face.headline.text() == "card  80 %"
    row = face.earlier._rows.itemAt(0)
    assert row is not None
    assert row.widget().accessibleName() == "x: oos"  # type: ignore[union-attr]


def test_several_labels_are_named_from_their_limits_on(qtbot: QtBot, session: Session) -> None:
    face = TryOne(session, Ask(), LabelWords())
    qtbot.addWidget(face)
    limits = {"Phone": 0.2, "Waiting": 0.5, "Rooms": 0.9}
    face._happened("trying", [Sorted("x", {"Rooms": 0.8, "Waiting": 0.6, "Phone": 0.3}, ("Waiting", "Phone"), limits)])
    assert face.headline.text() == "Waiting, Phone"
    assert [bar.strong for bar in face.bars.bars] == [False, True, True]
    assert [bar.mark for bar in face.bars.bars] == [0.9, 0.5, 0.2]
    face._happened("trying", [Sorted("y", {"Rooms": 0.1, "Waiting": 0.1, "Phone": 0.1}, (), limits)])
    assert face.headline.text() == "none of the labels"


@pytest.mark.parametrize("words", [LabelWords, NumberWords])
def test_how_a_pair_is_written_is_said_where_two_texts_are_read(
    qtbot: QtBot, session: Session, sorted_project: Path, words: Callable[[], Words]
) -> None:
    scripted.open_project(session, sorted_project)
    alone = TryOne(session, Ask(), words())
    qtbot.addWidget(alone)
    assert "second text" not in alone.text.placeholderText()
    run = session.run
    assert run is not None
    session.run = replace(run, config=change(run.config, "data.template", "{text}\n{topic}"))
    paired = TryOne(session, Ask(), words())
    qtbot.addWidget(paired)
    assert "The second text stands after an empty line" in paired.text.placeholderText()
