"""Try: two columns that fill one after the other, or bars, or a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.config.goals import GOALS
from studio.events import Finished, Predicted, Progressed, Validated, Warned
from studio.gui.ask import Ask
from studio.gui.job import Control
from studio.gui.pages.export import ExportPage
from studio.gui.pages.judge import JudgePage
from studio.gui.pages.try_answers import TryAnswers
from studio.gui.pages.try_one import TryOne
from studio.gui.pages.try_out import TryPage
from studio.gui.session import Session
from studio.gui.work import trying
from studio.gui.work.trying import SidePiece, Sorted
from studio.runs.history import History
from studio.tasks.task import task_for
from tests.gui import scripted


class Asked(Ask):
    """Chooses the files it was given."""

    def __init__(self, file: Path, out: Path) -> None:
        self.file, self.out = file, out

    def open_file(self, *_: object, **__: object) -> Path | None:
        return self.file

    def save_as(self, *_: object, **__: object) -> Path | None:
        return self.out


def piece(text: str, end: str = "") -> Any:
    return SimpleNamespace(text=text, token=1, end=end)


def page_of(qtbot: QtBot, session: Session, ask: Ask | None = None) -> TryPage:
    made = TryPage(session, ask)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def test_without_a_model_it_says_so(qtbot: QtBot, session: Session) -> None:
    assert page_of(qtbot, session).state == "empty"


def test_every_goal_that_can_be_trained_has_words_for_its_face(qtbot: QtBot, session: Session) -> None:
    page = page_of(qtbot, session)
    assert all(all(page._words(kind)) for kind in GOALS)


def test_both_sides_answer_the_same_words(
    qtbot: QtBot, session: Session, answered_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def answer(_: Control, **given: Any) -> Iterator[object]:
        asked.update(given["questions"])
        yield Progressed("Loading the model")
        for side in given["questions"]:
            yield SidePiece(side, piece(f"{side} "))
            yield SidePiece(side, piece("says.", "end"))

    monkeypatch.setattr(trying, "answer", answer)
    scripted.open_project(session, answered_project)
    page = page_of(qtbot, session)
    face = page._stack.currentWidget()
    assert isinstance(face, TryAnswers)
    face.message.setPlainText("May I stop?")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.send()
    assert face.tuned.turns() == ["May I stop?", "tuned says."]
    assert face.base.turns() == ["May I stop?", "base says."]
    assert session.run is not None
    assert asked["tuned"] == task_for(session.run.resolved).prompt("May I stop?").turns
    assert asked["tuned"][0].text == "Answer kindly. "  # to the letter, as in training
    assert asked["tuned"] == asked["base"]
    assert face.message.toPlainText() == ""
    face.message.setPlainText("And now?")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.send()
    assert [turn.text for turn in asked["base"]][1:] == ["May I stop?", "base says.", "And now?"]
    page.side_by_side.click()
    assert face.base.isHidden()
    assert face.tuned.turns() == []
    assert face.instruction.toPlainText() == "Answer kindly. "
    face.instruction.setPlainText("Answer in one word.")
    for message in ("May I stop?", "And now?"):
        face.message.setPlainText(message)
        with qtbot.waitSignal(session.ended, timeout=30_000):
            face.send()
        face.instruction.setPlainText("Answer at length.")
    assert [turn.text for turn in asked["tuned"]] == ["Answer at length.", "May I stop?", "tuned says.", "And now?"]
    session.changed.emit(frozenset({"run"}))
    assert face.instruction.toPlainText() == "Answer at length."  # the same run


def test_a_problem_gives_the_message_back(
    qtbot: QtBot, session: Session, answered_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_: Control, **__: Any) -> Iterator[object]:
        yield Progressed("Loading the model")
        raise MemoryError

    monkeypatch.setattr(trying, "answer", answer)
    scripted.open_project(session, answered_project)
    face = page_of(qtbot, session)._stack.currentWidget()
    assert isinstance(face, TryAnswers)
    face.message.setPlainText("May I stop?")
    with qtbot.waitSignal(session.problem, timeout=30_000):
        face.send()
    assert face.message.toPlainText() == "May I stop?"
    assert face.send_button.isEnabled()


def test_asking_again_replaces_the_answers_with_those_of_other_dice(
    qtbot: QtBot, session: Session, answered_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds: list[int | None] = []
    asked: list[dict[str, Any]] = []

    def answer(_: Control, **given: Any) -> Iterator[object]:
        seeds.append(given["generation"].seed)
        asked.append(given["questions"])
        for side in given["questions"]:
            yield SidePiece(side, piece(f"answer {len(seeds)}", "end"))

    monkeypatch.setattr(trying, "answer", answer)
    scripted.open_project(session, answered_project)
    face = page_of(qtbot, session)._stack.currentWidget()
    assert isinstance(face, TryAnswers)
    assert face.again_button.isHidden()
    face.message.setPlainText("May I stop?")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.send()
    face.message.setPlainText("half of the next message")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.again_button.click()
    assert face.tuned.turns() == ["May I stop?", "answer 2"]
    assert face.base.turns() == ["May I stop?", "answer 2"]
    assert asked[0] == asked[1]
    assert seeds == [0, 1]
    assert face.message.toPlainText() == "half of the next message"
    face.manner.segment("precise").click()
    assert not face.again_button.isEnabled()
    assert "always gives the same" in face.again_button.toolTip()


def test_a_long_conversation_scrolls_and_is_not_pressed_together(
    qtbot: QtBot, session: Session, answered_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_: Control, **given: Any) -> Iterator[object]:
        yield SidePiece("tuned", piece("many words of an answer " * 40, "end"))

    monkeypatch.setattr(trying, "answer", answer)
    scripted.open_project(session, answered_project)
    page = page_of(qtbot, session)
    face = page._stack.currentWidget()
    assert isinstance(face, TryAnswers)
    for _ in range(3):
        face.message.setPlainText("May I stop?")
        with qtbot.waitSignal(session.ended, timeout=30_000):
            face.send()

    def stand_apart() -> bool:
        places = [bubble.geometry() for bubble in face.tuned._bubbles]
        return all(above.bottom() < below.top() for above, below in pairwise(places))

    qtbot.waitUntil(stand_apart)
    assert face.tuned._scroll.verticalScrollBar().maximum() > 0


def test_precise_takes_the_likeliest_word(qtbot: QtBot, session: Session, answered_project: Path) -> None:
    scripted.open_project(session, answered_project)
    face = page_of(qtbot, session)._stack.currentWidget()
    assert isinstance(face, TryAnswers)
    face.manner.segment("precise").click()
    assert session.config.generation.temperature == 0
    face.same_dice.click()
    assert session.config.generation.seed is None


def test_a_text_becomes_bars(
    qtbot: QtBot, session: Session, sorted_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_text(_: Control, **given: Any) -> Iterator[object]:
        yield Sorted(given["text"], {"billing": 0.9, "refill": 0.1}, ("billing",))

    monkeypatch.setattr(trying, "read_text", read_text)
    scripted.open_project(session, sorted_project)
    face = page_of(qtbot, session)._stack.currentWidget()
    assert isinstance(face, TryOne)
    face.text.setPlainText("a bill <i>again</i>")
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.send()
    assert face.headline.text() == "billing  90 %"
    assert [bar.name for bar in face.bars.bars] == ["billing", "refill"]
    assert face.asked.text() == "a bill <i>again</i>"
    assert face.earlier.isHidden()
    for text in ("the first one more", "the last"):
        face.text.setPlainText(text)
        with qtbot.waitSignal(session.ended, timeout=30_000):
            face.send()
    assert earlier(face) == ["the first one more: billing, 90 %", "a bill <i>again</i>: billing, 90 %"]
    session.run = None
    session.changed.emit(frozenset({"run"}))
    assert earlier(face) == []  # another model did not say that


def earlier(face: TryOne) -> list[str]:
    rows = (face.earlier._rows.itemAt(place) for place in range(face.earlier._rows.count()))
    return [row.widget().accessibleName() for row in rows if row is not None]


def test_a_file_becomes_a_table(
    qtbot: QtBot, session: Session, sorted_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def predict(_: Control, **given: Any) -> Iterator[object]:
        yield from notices
        yield Progressed("Sorting", 1, 2)
        yield Predicted(str(given["out"]), 2)

    notices = [Warned("1 row has no text and gets no answer.", "Fill it in."), Warned("3 texts are cut.")]
    monkeypatch.setattr(trying, "predict", predict)
    scripted.open_project(session, sorted_project)
    page = page_of(qtbot, session, Asked(tmp_path / "in.csv", tmp_path / "out.csv"))
    face = page._stack.currentWidget()
    assert isinstance(face, TryOne)
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.file.choose.click()
    assert face.file.words.text() == "2 rows answered in out.csv."
    assert face.file.open_result.isVisible()
    assert face.file.notices.lines == ("1 row has no text and gets no answer. Fill it in.", "3 texts are cut.")
    assert face.file.notices.isVisible()
    notices.clear()
    with qtbot.waitSignal(session.ended, timeout=30_000):
        face.file.choose.click()
    assert face.file.notices.lines == ()


def test_try_says_which_run_answers_and_leads_on(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    page = page_of(qtbot, session)
    assert "by run-1 as it was after step 40." in page.head.explanation.text()
    page.next.click()
    assert session.station == "judge"


def test_a_quick_try_answers_without_a_step(qtbot: QtBot, session: Session, sorted_project: Path) -> None:
    scripted.open_project(session, sorted_project)
    begun = replace(scripted.events()[0], total_steps=0)
    session.history = History.of([begun, Validated(0, 0.9, 0.644, True), Finished(0, 0, "The last layer is fitted")])
    page = page_of(qtbot, session)
    assert "by your model (quick try)." in page.head.explanation.text()


@pytest.mark.parametrize("learning", [False, True])
def test_without_a_model_three_pages_say_the_same(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch, learning: bool
) -> None:
    monkeypatch.setattr(Session, "is_training", property(lambda _: learning))
    pages: list[TryPage | JudgePage | ExportPage] = [TryPage(session), JudgePage(session), ExportPage(session)]
    said = {(page._empty.title.text(), page._empty.words.text(), page._empty.button.text()) for page in pages}
    for page in pages:
        qtbot.addWidget(page)
        page.show()
        assert page._empty.isVisible()
    assert len(said) == 1
    assert ("still learning" in said.pop()[0]) == learning
