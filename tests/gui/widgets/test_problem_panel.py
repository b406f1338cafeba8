"""A message stays as long as it is true and never stands above another one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui.job import Outcome
from studio.gui.session import Session
from studio.gui.widgets.page import EmptyState
from studio.gui.widgets.problem_panel import ProblemPanel
from studio.problems import Problem, Where


class Panels(QWidget):
    """A window with its own panel, and one of a page below it."""

    def __init__(self) -> None:
        super().__init__()
        self.above, self.below = ProblemPanel(), ProblemPanel()
        column = QVBoxLayout(self)
        column.addWidget(self.above)
        column.addWidget(self.below)


@pytest.fixture
def panels(qtbot: QtBot, session: Session) -> Panels:
    window = Panels()
    window.above.follow(session)
    qtbot.addWidget(window)
    window.show()
    return window


def say(qtbot: QtBot, panel: ProblemPanel) -> None:
    panel.show_problem(Problem("It has no rows.", "It ends after the names.", "Add rows."))
    qtbot.waitUntil(lambda: not panel._is_new)


@pytest.mark.parametrize("topic", ["table", "project", "config"])
def test_an_old_message_goes_when_something_succeeds(
    qtbot: QtBot, session: Session, panels: Panels, topic: str
) -> None:
    above = panels.above
    say(qtbot, above)
    session.changed.emit(frozenset({"station", "job"}))
    assert above.isVisible()
    session.changed.emit(frozenset({topic}))
    assert above.isHidden()
    assert above.problem is None


def test_a_job_that_ends_well_takes_it_away_and_a_look_in_between_does_not(
    qtbot: QtBot, session: Session, panels: Panels
) -> None:
    above = panels.above
    say(qtbot, above)
    session.ended.emit("prepare", Outcome("finished"))
    session.ended.emit("exporting", Outcome("stopped"))
    assert above.isVisible()
    session.ended.emit("exporting", Outcome("finished"))
    assert above.isHidden()


def test_what_is_told_in_the_same_breath_leaves_it(qtbot: QtBot, session: Session, panels: Panels) -> None:
    above = panels.above
    above.show_problem(Problem("The report cannot be read.", "It is damaged.", "Judge again."))
    session.changed.emit(frozenset({"project", "run"}))
    assert above.isVisible()


def test_two_messages_never_stand_above_each_other(qtbot: QtBot, session: Session, panels: Panels) -> None:
    above, below = panels.above, panels.below
    say(qtbot, below)
    assert below.isVisible()
    say(qtbot, above)
    assert above.isVisible()
    assert below.isHidden()
    say(qtbot, below)
    assert below.isHidden()
    above.clear()
    assert below.isVisible()


def test_escape_takes_it_away(qtbot: QtBot, session: Session, panels: Panels) -> None:
    above = panels.above
    panels.activateWindow()
    qtbot.waitUntil(panels.isActiveWindow)
    say(qtbot, above)
    QTest.keyClick(panels, Qt.Key.Key_Escape)
    assert above.isHidden()


def test_a_file_that_is_named_already_is_not_named_again(qtbot: QtBot) -> None:
    panel = ProblemPanel(Problem("“a.csv” has a header and no rows.", "Nothing follows.", "Add rows.", Where("a.csv")))
    qtbot.addWidget(panel)
    assert panel._why.text() == "Nothing follows."
    panel.show_problem(Problem("“a.csv” ends early.", "A quote is open.", "Close it.", Where("a.csv", 3)))
    assert panel._why.text() == "A quote is open. Where: a.csv, line 3."


def test_an_empty_state_shows_all_of_its_sentence(qtbot: QtBot) -> None:
    state = EmptyState("Learning", "It can be judged as soon as training ends or is stopped, and no earlier. " * 2)
    qtbot.addWidget(state)
    for size in ((900, 600), (1200, 820), (420, 500)):
        state.resize(*size)
        state.show()
        qtbot.wait(1)
        assert state.words.height() >= state.words.heightForWidth(state.words.width()), size
