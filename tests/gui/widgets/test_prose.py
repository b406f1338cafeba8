"""Markdown of the program's own help becomes paragraphs, lists and tables; nothing in it is taken for HTML."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.gui.widgets.card import Card
from studio.gui.widgets.prose import Prose, blocks

TEXT = """# A title

One line
and the next with **bold**, *slanted* and `code` <b>.

| text | label |
|---|---|
| a | b |
| | d |

- one
- two
"""


def test_the_parts_of_a_text() -> None:
    found = list(blocks(TEXT))
    assert [block.kind for block in found] == ["heading", "words", "table", "list"]
    assert found[0].lines == ("A title",)
    assert found[1].lines[0].startswith("One line and the next")
    assert found[2].rows == (("text", "label"), ("a", "b"), ("", "d"))
    assert found[3].lines == ("one", "two")


def test_words_under_a_heading_without_a_blank_line_are_kept() -> None:
    assert [block.kind for block in blocks("## Head\nwords")] == ["heading", "words"]


def test_what_is_shown(qtbot: QtBot) -> None:
    prose = Prose(TEXT)
    qtbot.addWidget(prose)
    texts = [label.text() for label in prose.findChildren(QLabel)]
    whole = " ".join(texts)
    assert "<b>bold</b>" in whole
    assert "<i>slanted</i>" in whole
    assert "<code>code</code> &lt;b&gt;" in whole
    assert {"text", "label", "a", "b", "d"} <= set(texts)
    assert len(prose.findChildren(Card)) == 1


def test_another_text_takes_the_place_of_the_one_before(qtbot: QtBot) -> None:
    prose = Prose(TEXT)
    qtbot.addWidget(prose)
    prose.set("Only this.")
    item = prose._column.itemAt(0)
    assert prose._column.count() == 1
    assert item is not None
    assert item.widget().accessibleName() == "Only this."
