"""The Goal and Model pages with a real tiny encoder: what the model sees, and what may be started from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.config import paths
from studio.gui.ask import Ask
from studio.gui.job import Job
from studio.gui.pages.goal import GoalPage
from studio.gui.pages.model import ModelPage
from studio.gui.pages.training_setup import TrainingSetup
from studio.gui.session import Session
from studio.gui.widgets.histogram import Histogram
from studio.gui.widgets.token_view import Piece, TokenView
from studio.runs.project import open_project
from tests import tiny


class Folder(Ask):
    """Answers with a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def choose_folder(self, *_: object, **__: object) -> Path | None:
        return self._folder


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Session:
    file = tmp_path / "messages.csv"
    rows = "".join(
        f"message {n} about {'a bill' if n % 2 else 'a refill'},{'billing' if n % 2 else 'refill'}\n" for n in range(60)
    )
    file.write_text(f"text,topic\n{rows}", encoding="utf-8")
    made = Session()
    made.import_file(file)
    qtbot.waitUntil(lambda: not made.jobs.running, timeout=20_000)
    return made


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    return tiny.tiny_encoder_folder(tmp_path)


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=20_000)


def test_the_likely_goal_is_chosen_with_its_reason(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    assert session.guess is not None
    assert page.head.explanation.text() == session.guess.reason
    assert page._cards["classify"].isChecked()
    assert not page._cards["answer"].isChecked()
    settle(qtbot, session)


def test_what_is_typed_stays_with_its_project(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    page._cards["answer"].click()
    settle(qtbot, session)
    page.show()
    with qtbot.waitActive(page):
        page.activateWindow()
    page._instruction._text.setFocus()
    QTest.keyClicks(page._instruction._text, "Be kind.")
    assert session.project is not None
    before = session.project.folder
    session.new_project()
    assert open_project(before).config.task.instruction == "Be kind."
    assert page._instruction._text.toPlainText() == ""
    assert not page._instruction._pause.isActive()
    assert session.config.task.instruction == ""
    settle(qtbot, session)
    assert session.dataset is None


def test_an_example_that_is_being_typed_stays_with_its_project(qtbot: QtBot, session: Session) -> None:
    setup = TrainingSetup(session)
    qtbot.addWidget(setup)
    setup.show()
    line = setup.prompts[0]
    with qtbot.waitActive(setup):
        setup.activateWindow()
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, "where is my bill")
    assert session.project is not None
    before = session.project.folder
    session.new_project()
    assert open_project(before).prompts[0] == "where is my bill"
    assert line.text() == ""


def test_a_goal_is_changed_by_its_card(qtbot: QtBot, session: Session) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    page._cards["answer"].click()
    assert session.config.task.kind == "answer"
    assert not page._instruction.isHidden()
    settle(qtbot, session)


def test_the_model_sees_a_real_row_in_tokens(qtbot: QtBot, session: Session, encoder: Path) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    assert session.change("model.base", str(encoder)) is None
    settle(qtbot, session)
    assert session.trouble is None
    settle(qtbot, session)
    qtbot.waitUntil(
        lambda: page._row._looking is None and page._row._words.text().startswith("Training row 1 of 4"), timeout=10_000
    )
    assert "message" in page._row._tokens.accessibleName()
    first = page._row._words.text()
    page._row._on.click()
    qtbot.waitUntil(lambda: page._row._words.text() != first, timeout=10_000)
    assert "tokens" in page._lengths._limit.text()
    settle(qtbot, session)


def test_cut_rows_are_counted(qtbot: QtBot, session: Session, encoder: Path) -> None:
    page = GoalPage(session)
    qtbot.addWidget(page)
    session.change_all({"model.base": str(encoder), "task.max_tokens": 8})
    settle(qtbot, session)
    assert session.lengths is not None
    assert f"{session.lengths.beyond(8)} texts are cut" in page._lengths._limit.text()


def test_a_folder_of_your_own_is_taken_when_it_is_safe(qtbot: QtBot, session: Session, encoder: Path) -> None:
    page = ModelPage(session, Folder(encoder))
    qtbot.addWidget(page)
    page.choose_folder()
    assert session.config.model.base == str(encoder)
    settle(qtbot, session)
    assert session.trouble is None
    assert page._next.isEnabled()


def test_an_unsafe_folder_is_refused_in_place(qtbot: QtBot, session: Session, encoder: Path) -> None:
    (encoder / "modeling.py").write_text("print('code')\n", encoding="utf-8")
    page = ModelPage(session, Folder(encoder))
    qtbot.addWidget(page)
    page.choose_folder()
    assert page._problem.problem is not None
    assert session.config.model.base == ""


def test_a_model_that_is_not_here_cannot_be_chosen_and_says_why(qtbot: QtBot, session: Session) -> None:
    page = ModelPage(session, Ask())
    qtbot.addWidget(page)
    absent = [card for card in page._cards if card.entry.folder is None]
    assert absent
    assert all(not card.isEnabled() and "download" in card.toolTip() for card in absent)
    assert all(card.entry.kind == "encoder" for card in page._cards)
    assert paths.models().name == "models"


def test_tokens_wrap_and_keep_their_lines(qtbot: QtBot) -> None:
    view = TokenView()
    qtbot.addWidget(view)
    view.resize(200, 40)
    view.show()
    view.set([Piece("one ", "context"), Piece("two\nthree", "learned"), Piece(" four" * 30, "cut")])
    assert view.accessibleName().startswith("one two\nthree")
    lines = {placed.box.y() for placed in view._placed}
    assert len(lines) >= 2
    assert view.height() >= view._height - 1


def test_a_histogram_says_what_it_draws(qtbot: QtBot) -> None:
    import numpy as np

    bars = Histogram()
    qtbot.addWidget(bars)
    bars.set(np.array([3, 5, 8, 200]), 64, name="1 text is cut")
    bars.show()
    assert bars.accessibleName() == "1 text is cut"
    assert sum(bars._bars) == 4
    assert not bars.grab().isNull()
