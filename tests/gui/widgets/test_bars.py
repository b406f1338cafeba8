"""Bars that lead somewhere are pressed with the mouse or the keyboard; the others are not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from studio.gui.widgets.bars import Bar, Bars


@pytest.fixture
def bars(qtbot: QtBot) -> Bars:
    made = Bars("Places", row=30)
    qtbot.addWidget(made)
    made.set([Bar("No answer", 0.6, strong=True), Bar("six", 0.3, leads="Show it"), Bar("nine", 0.1, leads="Show it")])
    made.resize(300, 90)
    made.show()
    return made


def test_a_press_says_which_one(qtbot: QtBot, bars: Bars) -> None:
    told: list[int] = []
    bars.pressed.connect(told.append)
    for y in (15, 45, 75, 89):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    assert told == [1, 2, 2]


def test_the_arrows_choose_one_and_enter_presses_it(qtbot: QtBot, bars: Bars) -> None:
    told: list[int] = []
    bars.pressed.connect(told.append)
    assert bars.focusPolicy() == Qt.FocusPolicy.TabFocus
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Enter):
        qtbot.keyClick(bars, key)
    assert told == [1, 1, 2]
    bars.set([Bar("Label", 0.6)])
    assert bars.focusPolicy() == Qt.FocusPolicy.NoFocus
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(20, 15))
    qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert told == [1, 1, 2]
