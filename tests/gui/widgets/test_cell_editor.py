"""What is typed over a cell changes only what was typed over: everything else stays byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyledItemDelegate
from pytestqt.qtbot import QtBot

from studio.gui.widgets.cell_editor import LabelEditor, TextEditor, patched

TEXTS = some.text(some.sampled_from("ab \u00a0\t\n\r\u2028é🙂"), max_size=30)


@pytest.mark.parametrize("text", ["", "one", "a\r\nb\nc\rd", "a\u00a0b", "a\u2028b", " lead and trail \n\n", "🙂\r\n"])
def test_a_text_that_is_not_touched_stays_as_it_was(qtbot: QtBot, text: str) -> None:
    editor = TextEditor()
    qtbot.addWidget(editor)
    editor.begin(text)
    assert editor.text() == text


def test_typing_at_the_end_keeps_line_breaks_and_wide_blanks(qtbot: QtBot) -> None:
    editor = TextEditor()
    qtbot.addWidget(editor)
    editor.begin("a\u00a0b\r\nc")
    editor.insertPlainText("d\ne")
    assert editor.text() == "a\u00a0b\r\ncd\r\ne"


@given(TEXTS, TEXTS, some.integers(0, 30), some.integers(0, 30))
@settings(max_examples=80)
def test_only_the_change_is_taken(whole: str, typed: str, at: int, gone: int) -> None:
    shown = whole.replace("\r\n", "\n").replace("\r", "\n")
    typed = typed.replace("\r", "")
    now = shown[:at] + typed + shown[at + gone :]
    made = patched(whole, shown, now)
    assert made.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n") == now.replace("\u2028", "\n")
    assert patched(whole, shown, shown) == whole


@pytest.mark.parametrize(("whole", "now"), [("\n\r", "\n\n\n"), ("a\rb\n", "a\n\n"), ("a\r\nb", "a\n\nb")])
def test_line_breaks_that_come_together_stay_two(whole: str, now: str) -> None:
    made = patched(whole, whole.replace("\r\n", "\n").replace("\r", "\n"), now)
    assert made.replace("\r\n", "\n").replace("\r", "\n") == now


def test_a_label_is_chosen_or_typed(qtbot: QtBot) -> None:
    editor = LabelEditor(("billing", "refill"))
    qtbot.addWidget(editor)
    editor.begin("refill ")
    assert editor.text() == "refill "
    editor.setEditText("Refill")
    assert editor.text() == "Refill"
    editor.setCurrentIndex(0)
    assert editor.text() == "billing"


def test_what_is_typed_is_the_label_whatever_others_begin_alike(qtbot: QtBot) -> None:
    for name in ("Karte", "K", "karte "):
        editor = LabelEditor(("KARTE", "KARTE ", "Kartenspiel"))
        qtbot.addWidget(editor)
        editor.show()
        editor.begin("KARTE")
        QTest.keyClicks(editor.lineEdit(), name)
        assert editor.text() == name
        QTest.keyClick(editor.lineEdit(), Qt.Key.Key_Return)
        assert editor.text() == name


def test_blanks_at_the_ends_are_seen_in_the_list_and_only_there(qtbot: QtBot) -> None:
    editor = LabelEditor(("KARTE", "KARTE "))
    qtbot.addWidget(editor)
    delegate = editor.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    assert delegate.displayText(editor.itemText(1), QLocale()) == "KARTE␣"
    editor.setCurrentIndex(1)
    assert editor.text() == "KARTE "
