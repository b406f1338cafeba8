"""A model that was downloaded lies in a folder called by a commit; it is called by its id wherever it is named."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.cli.main import main
from studio.gui import training_words
from studio.gui.job import Control
from studio.gui.pages.try_answers import TryAnswers
from studio.gui.pages.try_out import TryPage
from studio.gui.session import Session
from studio.gui.work import preparing, running
from studio.models import fit
from studio.runs import pace
from studio.runs.project import open_project
from tests.gui import scripted

CACHE = Path("/cache/models--org--name/snapshots")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return scripted.project(tmp_path / "leaflets", kind="answer", base=CACHE / "abc")


def test_in_the_list_of_runs(project: Path) -> None:
    [listed] = running.list_runs(Control(), open_project(project))
    assert isinstance(listed, running.Listed)
    assert listed.model == "org/name"


def test_on_the_command_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(project)]) == 0
    said = capsys.readouterr().out
    assert " org/name " in said
    assert "abc" not in said


def test_under_the_title_and_beside_the_answers(qtbot: QtBot, session: Session, project: Path) -> None:
    scripted.open_project(session, project)
    assert "org/name, an adapter" in training_words.about_run(session)
    page = TryPage(session)
    qtbot.addWidget(page)
    page.shown()
    [answers] = page.findChildren(TryAnswers)
    assert answers.base.subtitle.text() == "org/name"


def test_a_new_commit_forgets_no_pace(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pace._keep(pace._key("org/name", "full", on_card=False), 2000.0)
    asked: dict[str, Any] = {}
    monkeypatch.setattr(fit, "forecast", lambda *_, **given: asked.update(given))
    known: Any = SimpleNamespace(folder=CACHE / "another", counts=SimpleNamespace(size=0), gpu="")
    config: Any = SimpleNamespace(model=SimpleNamespace(method="full"))
    preparing.Measured(known, known, None, known, known).forecast(config)
    assert asked["paces"] == (2000.0,)
