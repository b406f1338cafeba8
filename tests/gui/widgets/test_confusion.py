"""The table of what is taken for what: cells by mouse and keyboard, and words for both."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.widgets.bars import Bar, Bars
from studio.gui.widgets.confusion import ConfusionTable, _contrast, _readable_on
from studio.gui.widgets.statement import Statement


def table(qtbot: QtBot) -> ConfusionTable:
    made = ConfusionTable("What it confuses")
    qtbot.addWidget(made)
    made.set(("billing", "refill"), ((9, 1), (3, 7)))
    made.resize(300, 120)
    made.show()
    return made


def test_a_click_chooses_a_cell(qtbot: QtBot) -> None:
    made = table(qtbot)
    with qtbot.waitSignal(made.chosen) as chosen:
        QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=made.rect_of(1, 0).center().toPoint())
    assert chosen.args == ["refill", "billing"]
    assert made.accessibleName() == "What it confuses. “refill” taken for “billing”: 3"


def test_the_keyboard_reaches_every_cell(qtbot: QtBot) -> None:
    made = table(qtbot)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(made, key)
    with qtbot.waitSignal(made.chosen) as chosen:
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert chosen.args == ["refill", "refill"]


def test_numbers_can_be_read_on_every_colour() -> None:
    for name in ("#3655C9", "#8CA0F5", "#B23A2E", "#EE8577", "#FFFFFF", "#1F1F1C"):
        assert _contrast(_readable_on(QColor(name)), QColor(name)) >= 4.5


def test_bars_say_what_they_show(qtbot: QtBot) -> None:
    bars = Bars("Share of each label")
    qtbot.addWidget(bars)
    bars.set([Bar("billing", 0.999, strong=True), Bar("refill", 0.001)])
    assert bars.accessibleName() == "Share of each label: billing 99.9 %, refill 0.1 %"
    assert bars.sizeHint().height() == 80


def test_a_statement_stresses_words_and_escapes_the_rest(qtbot: QtBot) -> None:
    said = Statement()
    qtbot.addWidget(said)
    said.say("It gets 93 of 100 <right> (between 92 and 95), weakest on refills, not refill.", ("93 of 100", "refill"))
    assert "<b>93 of 100</b>" in said.text()
    assert "&lt;right&gt;" in said.text()
    assert "refills, not <b>refill</b>." in said.text()
    assert "<span" in said.text()
    said.say("It reaches 62 %.")
    assert "62\u00a0%" in said.text()
