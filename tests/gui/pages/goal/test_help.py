"""A goal's help is a window beside the page and shows the goal that it is asked for."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from studio.config import paths
from studio.config.goals import GOALS, TaskKind
from studio.gui.pages.goal.help import GoalHelp, help_of


def said(help_: GoalHelp) -> str:
    return " ".join(label.text() for label in help_.prose.findChildren(QLabel) if label.isVisibleTo(help_))


def test_every_goal_has_its_page_and_every_page_its_goal() -> None:
    files = {file.stem for file in (paths.resources() / "help").glob("goal.*.md")}
    assert files == {f"goal.{kind}" for kind in GOALS}
    assert all(help_of(kind).strip() for kind in GOALS)


@pytest.mark.parametrize("kind", GOALS)
def test_the_help_of_a_goal_is_shown_whole_and_without_signs(qtbot: QtBot, kind: TaskKind) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    help_ = GoalHelp(page)
    help_.show_goal(kind)
    assert help_.isVisible()
    assert not help_.isModal()
    assert GOALS[kind].title in help_.windowTitle()
    words = said(help_)
    assert "What can go wrong" in words
    assert "**" not in words
    assert "|" not in words


def test_one_window_serves_all_goals(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    help_ = GoalHelp(page)
    for kind in (*GOALS, next(iter(GOALS))):
        help_.show_goal(kind)
    qtbot.waitUntil(lambda: said(help_).count("What can go wrong") == 1)
    help_.close_button.click()
    assert not help_.isVisible()
