"""Settings: where new projects are made is chosen here, and holds for everything that is started later."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.config import paths
from studio.gui.ask import Ask
from studio.gui.pages.settings import SettingsPage
from studio.gui.preferences import Preferences
from studio.gui.session import Session
from studio.gui.widgets.text import Text
from studio.problems import Problem
from tests.gui import scripted


class Asked(Ask):
    """Answers with a folder, or with a change of mind."""

    def __init__(self) -> None:
        self.folder: Path | None = None

    def choose_folder(self, *_: object, **__: object) -> Path | None:
        return self.folder


@pytest.fixture
def ask() -> Asked:
    return Asked()


@pytest.fixture
def page(qtbot: QtBot, session: Session, ask: Asked) -> SettingsPage:
    made = SettingsPage(session, Preferences(), ask)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(page: SettingsPage) -> str:
    return " | ".join(text.text() for text in page.findChildren(Text) if text.isVisible())


def test_new_projects_are_made_where_they_were_chosen_to_be(
    page: SettingsPage, ask: Asked, session: Session, messages: Path, tmp_path: Path
) -> None:
    usual = paths.projects()
    assert not page.usual.isVisible()
    page.change.click()
    assert paths.projects() == usual  # nothing was chosen
    ask.folder = tmp_path / "kept with the letters"
    page.change.click()
    assert paths.projects() == ask.folder
    assert str(ask.folder) in shown(page)
    assert list(ask.folder.iterdir()) == []
    session.import_file(messages)
    scripted.settle(session)
    assert session.project is not None
    assert session.project.folder == ask.folder / "messages"
    page.usual.click()
    assert paths.projects() == usual
    assert not page.usual.isVisible()


def test_a_folder_that_is_gone_is_told(page: SettingsPage, ask: Asked, tmp_path: Path) -> None:
    ask.folder = tmp_path / "on a stick"
    page.change.click()
    assert "not there now" not in shown(page)
    ask.folder.rmdir()
    page.shown()
    assert "not there now" in shown(page)


def test_a_folder_in_which_nothing_can_be_made_is_refused(
    page: SettingsPage, ask: Asked, session: Session, tmp_path: Path
) -> None:
    told: list[Problem] = []
    session.problem.connect(told.append)
    before = paths.projects()
    (tmp_path / "a file").write_text("x")
    ask.folder = tmp_path / "a file"
    page.change.click()
    assert len(told) == 1
    assert paths.projects() == before


def test_a_damaged_choice_falls_back_to_the_usual_folder(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "projects-folder.txt").write_bytes(b"\xff\xfe")
    assert paths.projects() == paths.usual_projects()


def test_the_licence_and_the_models_folder_are_told(page: SettingsPage) -> None:
    assert "Apache License 2.0" in shown(page)
    assert str(paths.models()) in shown(page)
