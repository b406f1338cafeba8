"""Try, where answers are found: the answer is marked in the text, others are shown, and “no answer” is said plainly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.generation.spans import Answered, Candidate
from studio.gui.job import Control
from studio.gui.pages.try_find import TryFind
from studio.gui.pages.try_out import TryPage
from studio.gui.session import Session
from studio.gui.widgets.bars import Bar
from studio.gui.widgets.page import FlowScroll
from studio.gui.work import trying
from studio.gui.work.trying import Located
from tests.gui import scripted

TEXT = "😀 The pool opens at nine.\nIt closes at six in winter."
NINE = Candidate("at nine", TEXT.index("at nine"), TEXT.index("at nine") + 7, 0.7)
SIX = Candidate("six", TEXT.index("six"), TEXT.index("six") + 3, 0.1)


@pytest.fixture
def face(qtbot: QtBot, session: Session, tmp_path: Path) -> TryFind:
    """The page of a finished run that finds answers."""
    scripted.open_project(session, scripted.project(tmp_path / "finding", kind="find"))
    page = TryPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    found = page._stack.currentWidget()
    assert isinstance(found, TryFind)
    return found


def says(monkeypatch: pytest.MonkeyPatch, found: Answered) -> None:
    def find(_: Control, *, question: str, text: str, **__: Any) -> Iterator[object]:
        yield Located(question, text, found)

    monkeypatch.setattr(trying, "find_answer", find)


def ask(qtbot: QtBot, face: TryFind, question: str = "When does it open?") -> None:
    face.text.setPlainText(TEXT)
    face.question.setPlainText(question)
    with qtbot.waitSignal(face.session.ended, timeout=30_000):
        face.look()


def marked(face: TryFind) -> list[str]:
    return [mark.cursor.selectedText() for mark in face.text.extraSelections()]


def test_the_answer_is_marked_in_the_text(qtbot: QtBot, face: TryFind, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, Answered((NINE, SIX), 0.2, False))
    ask(qtbot, face)
    assert face.answer.text() == "at nine"
    assert "70 %" in face.sure.text()
    assert marked(face) == ["at nine", "six"]
    assert [(bar.name, bar.strong) for bar in face.bars.bars] == [
        ("at nine", True),
        ("six", False),
        ("No answer", False),
    ]
    face.text.setPlainText("Another text.")
    assert marked(face) == []
    assert face.answer.text() == "Nothing asked yet"


def test_no_answer_is_said_plainly_with_what_came_next(
    qtbot: QtBot, face: TryFind, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(monkeypatch, Answered((SIX,), 0.8, True))
    ask(qtbot, face, "What does it cost?")
    assert face.answer.text() == "No answer in this text"
    assert "80 %" in face.sure.text()
    assert face.bars.bars[0] == Bar("No answer", 0.8, strong=True)
    face.bars.pressed.emit(1)
    assert face.text.textCursor().position() == face.text.toPlainText().index("six") + 1  # an emoji is two for Qt


def test_without_a_text_nothing_is_asked(face: TryFind) -> None:
    face.question.setPlainText("When?")
    face.look()
    assert not face.session.jobs.running
    assert "Paste the text first" in face.find_button.toolTip()


@pytest.mark.parametrize("width", [1180, 1440])
def test_nothing_of_the_answer_is_cut_off_at_the_right(
    qtbot: QtBot, face: TryFind, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    long = Candidate(TEXT, 0, len(TEXT), 0.5)
    says(monkeypatch, Answered((long, SIX), 0.2, False))
    face.window().resize(width, 720)
    ask(qtbot, face)
    qtbot.wait(50)
    side = face.bars.window().findChildren(FlowScroll)[0]
    for part in side.widget().findChildren(QWidget):
        if part.isVisible():
            assert part.mapTo(side.viewport(), QPoint(part.width(), 0)).x() <= side.viewport().width(), part
