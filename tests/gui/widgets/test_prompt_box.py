"""An example in one part or in two: what nobody wrote stays as it was."""

from __future__ import annotations

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.widgets.prompt_box import ExampleBox


def test_a_question_and_its_text_are_shown_apart_and_put_together_again(qtbot: QtBot) -> None:
    box = ExampleBox()
    qtbot.addWidget(box)
    box.show()
    box.set_text("Who leads?\nIt is led by Noor.\nWear boots.")
    assert box.source.isHidden()
    box.set_parted(True)
    assert box.asked.text() == "Who leads?"
    assert box.source.text() == "It is led by Noor.\nWear boots."
    assert box.text() == "Who leads?\nIt is led by Noor.\nWear boots."
    assert not box.is_written
    QTest.keyClicks(box.asked, "So: ")
    assert box.is_written
    box.take()
    assert not box.is_written
    assert box.text() == "So: Who leads?\nIt is led by Noor.\nWear boots."
