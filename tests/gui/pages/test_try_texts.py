"""Try for texts: a beginning, two ways on, and how likely each word was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from studio.generation.chances import Chance
from studio.gui.job import Control
from studio.gui.pages.try_out import TryPage
from studio.gui.pages.try_texts import TryTexts
from studio.gui.session import Session
from studio.gui.work import trying
from studio.gui.work.trying import SidePiece, Weighed
from studio.tasks.task import task_for
from tests.gui import scripted


def piece(text: str, token: int, end: str = "") -> Any:
    return SimpleNamespace(text=text, token=token, end=end)


@pytest.fixture
def face(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[TryTexts]:
    scripted.open_project(session, scripted.project(tmp_path / "log", kind="continue", judged=False))
    page = TryPage(session)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    found = page._stack.currentWidget()
    assert isinstance(found, TryTexts)
    yield found
    page.close()


def write(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    asked: dict[str, Any] = {}

    def answer(_: Control, **given: Any) -> Iterator[object]:
        asked.update(given)
        for side in given["questions"]:
            yield SidePiece(side, piece(" came", 5))
            yield SidePiece(side, piece(" in.", 6, "length"))

    def weigh(_: Control, **given: Any) -> Iterator[object]:
        asked["texts"] = given["texts"]
        likely = Chance("Fog", 0.7, (("Fog", 0.7), ("Rain", 0.2)))
        yield Weighed("tuned", (likely, Chance(" came", 0.2, ((" fell", 0.3),)), Chance(" in.", 0.01, ())))

    monkeypatch.setattr(trying, "answer", answer)
    monkeypatch.setattr(trying, "weigh", weigh)
    return asked


def test_both_sides_go_on_with_the_same_beginning(
    qtbot: QtBot, session: Session, face: TryTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = write(monkeypatch)
    face.beginning.setPlainText("Fog")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.go_on()
    assert session.run is not None
    assert asked["questions"]["tuned"] == task_for(session.run.resolved).prompt("Fog").turns
    assert asked["questions"]["tuned"] == asked["questions"]["base"]
    for side in (face.tuned, face.base):
        assert (side.given, side.text) == ("Fog", " came in.")
        assert side.note.text() == "cut at the longest answer"
    assert face.beginning.toPlainText() == "Fog"  # it may be changed and tried again


def test_words_are_coloured_by_how_likely_they_were(
    qtbot: QtBot, session: Session, face: TryTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = write(monkeypatch)
    assert not face.weights.isEnabled()
    face.beginning.setPlainText("Fog")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.go_on()
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.weights.click()
    assert asked["texts"]["tuned"][1] == (5, 6)
    pieces = face.tuned._view._pieces
    assert [(one.text, one.kind) for one in pieces] == [
        ("Fog", "likely"), (" came", "unlikely"), (" in.", "surprising"),
    ]  # fmt: skip
    assert "“Fog”: 70 %. Likeliest here: “Fog” 70 %, “Rain” 20 %" in pieces[0].hint
    assert face.tuned._view.hint_at(QPointF(5, 12)) == pieces[0].hint
    face.weights.click()
    assert [one.kind for one in face.tuned._view._pieces] == ["note", "context"]


def test_another_way_uses_other_dice(
    qtbot: QtBot, session: Session, face: TryTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = write(monkeypatch)
    face.beginning.setPlainText("Fog")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.go_on()
    first = asked["generation"].seed
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.again_button.click()
    assert asked["generation"].seed == first + 1
