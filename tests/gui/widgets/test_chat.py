"""The conversation: plain text as it comes, counted, copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.widgets.chat import ChatColumn, MessageBox


def test_an_answer_grows_and_is_never_markup(qtbot: QtBot) -> None:
    column = ChatColumn("Your model")
    qtbot.addWidget(column)
    column.show()
    column.ask("<b>why?</b>")
    for piece in ("\n", "Because ", "<img src='file:///etc/passwd'>", "\n  two"):
        column.say(piece)
    column.end()
    assert column.turns() == ["<b>why?</b>", "Because <img src='file:///etc/passwd'>\n  two"]
    assert column.count.text() == "4 words"
    column.copy.click()
    assert QGuiApplication.clipboard().text() == column.turns()[1]


def test_why_an_answer_ended_early_stands_below_it(qtbot: QtBot) -> None:
    column = ChatColumn("Your model")
    qtbot.addWidget(column)
    column.ask("why?")
    column.end("stopped")
    assert column.turns()[1] == "(no words)"
    assert column.count.text() == "0 words · stopped"
    column.clear()
    assert column.turns() == []


def test_the_box_grows_with_lines_that_are_broken_and_shrinks_with_more_room(qtbot: QtBot) -> None:
    box = MessageBox("Message", "")
    qtbot.addWidget(box)
    box.resize(200, 40)
    box.show()
    low = box.height()
    box.setPlainText("a message that is longer than its box is wide, and that nobody broke into lines")
    assert box.height() > low
    box.resize(1200, box.height())
    assert box.height() == low


def test_enter_sends_and_shift_enter_does_not(qtbot: QtBot) -> None:
    box = MessageBox("Message", "")
    qtbot.addWidget(box)
    sent: list[bool] = []
    box.sent.connect(lambda: sent.append(True))
    QTest.keyClicks(box, "one")
    QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert not sent
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert sent == [True]
    assert box.toPlainText() == "one\n"
