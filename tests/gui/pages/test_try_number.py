"""Trying a model that rates, and one that names several labels: what the page says of an answer."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio.gui.ask import Ask
from studio.gui.pages.try_labels import TryLabels
from studio.gui.pages.try_number import TryNumber
from studio.gui.session import Session
from studio.gui.work.trying import Rated, Sorted


def test_a_number_comes_with_its_range_and_where_that_is_from(qtbot: QtBot, session: Session) -> None:
    face = TryNumber(session, Ask())
    qtbot.addWidget(face)
    face._happened("trying", [Rated("Smoke!", 7.43, 2.0, 1600)])
    assert face.label.text() == "7.43"
    assert "Range: 5.43 to 9.43." in face.rest.text()
    assert "80 % of the 1,600 watching rows" in face.rest.text()
    face._happened("trying", [Rated("Flowers", 0.2, None, 3)])
    assert "too few watching rows" in face.rest.text()
    assert face.earlier.isVisibleTo(face)


def test_several_labels_are_named_from_their_limits_on(qtbot: QtBot, session: Session) -> None:
    face = TryLabels(session, Ask())
    qtbot.addWidget(face)
    limits = {"Phone": 0.2, "Waiting": 0.5, "Rooms": 0.9}
    face._happened("trying", [Sorted("x", {"Rooms": 0.8, "Waiting": 0.6, "Phone": 0.3}, limits)])
    assert face.label.text() == "Waiting, Phone"
    assert [bar.strong for bar in face.bars.bars] == [False, True, True]
    assert [bar.mark for bar in face.bars.bars] == [0.9, 0.5, 0.2]
    face._happened("trying", [Sorted("y", {"Rooms": 0.1, "Waiting": 0.1, "Phone": 0.1}, limits)])
    assert face.label.text() == "none of the labels"
