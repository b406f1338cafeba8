"""Try, where answers come from a text: the text stands before each question, which is asked by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.job import Control
from studio.gui.pages.try_out import TryPage
from studio.gui.pages.try_read import TryRead
from studio.gui.session import Session
from studio.gui.work import trying
from studio.gui.work.trying import Shortened, SidePiece
from studio.tasks.example import Example
from tests.gui import scripted


@pytest.fixture
def face(qtbot: QtBot, session: Session, tmp_path: Path) -> TryRead:
    """The page of a finished run that answers from texts."""
    scripted.open_project(session, scripted.project(tmp_path / "reading", kind="read"))
    page = TryPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    found = page._stack.currentWidget()
    assert isinstance(found, TryRead)
    return found


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the model would have been asked."""
    seen: list[dict[str, Any]] = []

    def answer(_: Control, **given: Any) -> Iterator[object]:
        seen.append(given["questions"])
        yield Shortened()
        for side in given["questions"]:
            yield SidePiece(side, SimpleNamespace(text="at nine", token=1, end="end"))  # type: ignore[arg-type]

    monkeypatch.setattr(trying, "answer", answer)
    return seen


def test_without_a_text_nothing_is_asked(face: TryRead, asked: list[dict[str, Any]]) -> None:
    face.message.setPlainText("When?")
    face.send()
    assert not face.session.jobs.running
    assert face.message.toPlainText() == "When?"
    assert "Paste the text first" in face.send_button.toolTip()
    assert asked == []


def test_each_question_is_asked_with_the_text_and_by_itself(
    qtbot: QtBot, face: TryRead, asked: list[dict[str, Any]]
) -> None:
    face.text.setPlainText("It opens at nine.\n")
    assert face.send_button.toolTip() == ""
    for question in ("When?", "Why?"):
        face.message.setPlainText(question)
        with qtbot.waitSignal(face.session.ended, timeout=30_000):
            face.send()
    assert face.tuned.turns() == ["When?", "at nine", "Why?", "at nine"]
    last = asked[1]["tuned"]
    assert isinstance(last, Example)
    assert [turn.text for turn in last.turns] == ["Text: It opens at nine.\n\nQuestion: Why?"]
    assert asked[1]["base"] == last


def test_a_text_that_is_too_long_is_told(qtbot: QtBot, face: TryRead, asked: list[dict[str, Any]]) -> None:
    face.text.setPlainText("It opens at nine.")
    assert not face._short.isVisible()
    face.message.setPlainText("When?")
    with qtbot.waitSignal(face.session.ended, timeout=30_000):
        face.send()
    assert face._short.isVisible()
    assert "passages nearest to the question" in face._short.text()
