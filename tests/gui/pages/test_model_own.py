"""The Model page for a model from nothing: no list of models, but what the new one is to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.ask import Ask
from studio.gui.pages.model import ModelPage
from studio.gui.session import Session
from tests.gui import scripted


@pytest.fixture
def page(
    qtbot: QtBot, session: Session, messages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModelPage]:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    session.import_file(messages)
    scripted.settle(session)
    session.change_all({"task.kind": "pretrain", "data.input": "text", "data.target": ""})
    scripted.settle(session)
    made = ModelPage(session, Ask())
    qtbot.addWidget(made)
    made.show()
    yield made
    for job in (made._measuring, made._hearing):
        if job is not None:
            job.finish_now()


def test_its_shape_is_chosen_and_nothing_is_listed(session: Session, page: ModelPage) -> None:
    assert page._own.isVisible()
    assert not page.downloads.isVisible()
    assert not page._folder_card.isVisible()
    assert not page._none.isVisible()
    assert page._cards == []
    assert page._next.isEnabled()
    told = dict(page._own.facts())
    assert told["Size"] == "Tiny"
    assert told["Weights"].endswith("million")
    assert session.forecast is not None
    assert page._own.said.text().endswith(session.forecast.sentence)
    assert "on a laptop" not in page._own.said.text()  # which the forecast tells better
    assert session.automatic["model.size"].value == "tiny"


def test_another_size_is_measured_anew(session: Session, page: ModelPage) -> None:
    before = session.facts
    assert before is not None
    session.change("model.size", "small")
    scripted.settle(session)
    after = session.facts
    assert after is not None
    assert after.parameters > 2 * before.parameters


def test_another_goal_lists_models_again(session: Session, page: ModelPage) -> None:
    session.change_all({"task.kind": "classify", "data.target": "topic"})
    scripted.settle(session)
    assert not page._own.isVisible()
    assert page.downloads.isVisible() or page._cards
