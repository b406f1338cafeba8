"""A text from several columns, the limit's line and the tokens of the Goal page, by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.job import Job
from studio.gui.pages.goal.goal import GoalPage
from studio.gui.session import Session
from studio.gui.widgets.histogram import Histogram
from studio.gui.widgets.token_lines import Piece
from studio.gui.widgets.token_view import TokenView
from studio.tokens.lengths import Lengths
from tests import tiny


@pytest.fixture
def tickets(qtbot: QtBot, tmp_path: Path) -> Session:
    rows = "".join(
        f"Case {n},message {n} about {'a bill' if n % 2 else 'a refill'},{'billing' if n % 2 else 'refill'}\n"
        for n in range(60)
    )
    file = tmp_path / "tickets.csv"
    file.write_text(f"ticket,text,topic\n{rows}", encoding="utf-8")
    made = Session()
    made.import_file(file)
    qtbot.waitUntil(lambda: not made.jobs.running, timeout=20_000)
    return made


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=20_000)


def test_a_template_is_written_and_its_row_is_shown(qtbot: QtBot, tickets: Session, tmp_path: Path) -> None:
    page = GoalPage(tickets)
    qtbot.addWidget(page)
    tickets.change("model.base", str(tiny.tiny_encoder_folder(tmp_path)))
    settle(qtbot, tickets)
    card = page._template
    assert card._text.isHidden()
    card._open.click()
    assert card._text.toPlainText() == "{text}"
    card._insert("ticket")
    assert card._text.toPlainText() == "{text}\n{ticket}"
    card._take()
    settle(qtbot, tickets)
    assert tickets.config.data.template == "{text}\n{ticket}"
    qtbot.waitUntil(lambda: "Case" in page._row._tokens.accessibleName(), timeout=10_000)
    assert "put together from “text”, “ticket”" in page._reason()
    card._drop.click()
    settle(qtbot, tickets)
    assert tickets.config.data.template == ""


def test_a_template_that_cannot_be_filled_changes_nothing_and_says_why(qtbot: QtBot, tickets: Session) -> None:
    page = GoalPage(tickets)
    qtbot.addWidget(page)
    card = page._template
    card._open.click()
    for text, words in (("{gone}", "no column “gone”"), ("plain", "No column is named"), ("{topic}", "must not read")):
        card._text.setPlainText(text)
        card._take()
        assert words in card._fault.text()
        assert tickets.config.data.template == ""
    card._text.setPlainText("{text}")  # one column alone needs no template
    card._take()
    assert card._fault.text() == ""
    assert tickets.config.data.template == ""
    settle(qtbot, tickets)


def test_the_limit_is_moved_by_mouse_and_by_keyboard_and_given_back(
    qtbot: QtBot, tickets: Session, tmp_path: Path
) -> None:
    page = GoalPage(tickets)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    tickets.change("model.base", str(tiny.tiny_encoder_folder(tmp_path)))
    settle(qtbot, tickets)
    bars = page._lengths._bars
    before = bars._limit
    place = QPoint(round(bars.line_at()), 30)
    QTest.mousePress(bars, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(bars, QPoint(bars.width() // 2, 30))
    assert bars._limit < before
    assert f"Limit {bars._limit:,} tokens" in page._lengths._limit.text()
    assert tickets.config.task.max_tokens is None  # not before the line is let go
    QTest.mouseRelease(bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() // 2, 30))
    chosen = tickets.config.task.max_tokens
    assert chosen == bars._limit
    QTest.keyClick(bars, Qt.Key.Key_Left)
    assert tickets.config.task.max_tokens == max(8, (chosen or 0) - 1)
    page._lengths._back.click()
    assert tickets.config.task.max_tokens is None
    settle(qtbot, tickets)


def test_a_line_that_may_not_move_stays(qtbot: QtBot) -> None:
    import numpy as np

    bars = Histogram()
    qtbot.addWidget(bars)
    bars.resize(400, 142)
    bars.set(Lengths(np.array([4, 9, 30])), 20, name="lengths")
    with qtbot.assertNotEmitted(bars.moved):
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(round(bars.line_at()), 30))
        QTest.keyClick(bars, Qt.Key.Key_Left)


def test_a_token_says_what_it_is_on_a_click_and_by_keyboard(qtbot: QtBot) -> None:
    view = TokenView()
    qtbot.addWidget(view)
    view.resize(300, 40)
    view.show()
    view.set([Piece("one ", "context", hint="first"), Piece("two ", "learned", hint="second"), Piece("x", "cut")])
    heard: list[str] = []
    view.chosen.connect(heard.append)
    box = view._placed[1].box.center().toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=box)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view._placed[2].box.center().toPoint())
    assert heard == ["second", "first", ""]


def test_a_text_from_several_columns_that_was_guessed_is_no_choice_of_yours(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "tasks.csv"
    rows = "".join(f"Explain in {n} words what it is,number {n},It is the number {n} of them all\n" for n in range(60))
    file.write_text(f"instruction,input,output\n{rows}", encoding="utf-8")
    session.import_file(file)
    settle(qtbot, session)
    page = GoalPage(session)
    qtbot.addWidget(page)
    assert session.guess is not None
    assert session.guess.columns.template == session.config.data.template != ""
    assert page._reason().startswith(session.guess.reason)
    assert "It reads “instruction”, “input” together." in page._reason()
    read = page._columns.choices["input"]
    assert read.currentText() == "Several columns"
    read.activated.emit(0)
    assert session.config.data.template
    read.activated.emit(read.findData("input"))
    assert (session.config.data.template, session.config.data.input) == ("", "input")
    assert read.currentText() == "input"
    assert page._reason().startswith("As you chose: it reads “input”")
    settle(qtbot, session)
