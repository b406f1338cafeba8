"""What the Goal page says about the length limit: how many texts it cuts, and answers of which nothing remains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.job import Job
from studio.gui.pages.goal.goal import GoalPage
from studio.gui.pages.goal.lengths import LengthCard
from studio.gui.session import Session
from studio.gui.widgets.histogram import Histogram
from studio.tokens.lengths import Lengths
from tests import tiny

Made = Callable[[list[str]], GoalPage]


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=20_000)


@pytest.fixture
def answering(qtbot: QtBot, session: Session, tmp_path: Path) -> Made:
    def made(questions: list[str]) -> GoalPage:
        file = tmp_path / "answers.csv"
        rows = [f"{question},this is answer number {n} of them" for n, question in enumerate(questions)]
        file.write_text("question,answer\n" + "\n".join(rows) + "\n", encoding="utf-8")
        session.import_file(file)
        settle(qtbot, session)
        page = GoalPage(session)
        qtbot.addWidget(page)
        session.change_all({"task.kind": "answer", "model.base": str(tiny.tiny_causal_folder(tmp_path))})
        settle(qtbot, session)
        assert session.lengths is not None, session.trouble
        return page

    return made


def test_answers_that_are_cut_away_sound_an_alarm_and_the_limit_is_raised(
    qtbot: QtBot, session: Session, answering: Made
) -> None:
    page = answering([f"{'why is that so ' * (9 if n % 2 else 1)} {n}" for n in range(60)])
    card = page._lengths
    assert card._alarm.isHidden()
    assert card._raise.isHidden()
    session.change("task.max_tokens", 60)
    settle(qtbot, session)
    assert card.lost > 1
    assert card._alarm.text() == f"{card.lost} rows lose their whole answer: nothing can be learned from them."
    assert not card._alarm.isHidden()
    assert page._next.isEnabled()
    assert session.lengths is not None
    assert card._raise.text() == f"Raise the limit to {session.lengths.longest:,}"
    card._raise.click()
    settle(qtbot, session)
    assert session.config.task.max_tokens == session.lengths.longest
    assert card._alarm.isHidden()
    assert "every text fits whole" in card._limit.text()


def test_without_any_answer_left_there_is_no_way_on(qtbot: QtBot, session: Session, answering: Made) -> None:
    page = answering([f"why is that so {n}" for n in range(60)])
    session.change("task.max_tokens", 8)
    settle(qtbot, session)
    assert session.lengths is not None
    assert page._lengths.lost == session.lengths.rows
    assert not page._next.isEnabled()
    assert "no answer is left" in page._next.toolTip()
    problem = page._trouble.problem
    assert problem is not None
    assert "no answer is left" in problem.what
    page._trouble.clear()
    session.changed.emit(frozenset({"findings"}))
    assert page._trouble.problem is None  # it is not told twice
    page._lengths._raise.click()
    settle(qtbot, session)
    assert page._next.isEnabled()
    assert page._trouble.isHidden()


def test_an_estimate_says_so(qtbot: QtBot, session: Session, answering: Made) -> None:
    card = answering([f"why is that so {n}" for n in range(60)])._lengths
    assert session.lengths is not None
    session.measured = type(session.measured)(
        session.measured.facts, Lengths(session.lengths.counts, of=10_000), session.measured.base
    )
    card._say_limit(8)  # nothing was found about this limit
    assert card._limit.text().endswith("about 10,000 texts are cut")


def test_bars_of_an_estimate_say_so(qtbot: QtBot) -> None:
    bars = Histogram()
    qtbot.addWidget(bars)
    bars.resize(400, 142)
    bars.set(Lengths(np.array([4] * 30 + [39] * 10), of=4_000), 20, name="")
    assert bars.words_at(400 * 4.5 / 40) == "4 tokens: about 3,000 texts"


def test_the_limit_line_is_whole_and_says_where_it_is_beyond_the_bars(qtbot: QtBot) -> None:
    bars = Histogram()
    qtbot.addWidget(bars)
    bars.resize(400, 142)
    lengths = Lengths(np.array([4] * 999 + [5000]))  # the longest is gathered in the last bar
    bars.set(lengths, 20, name="", most=512)
    assert bars.words_beyond() == ""
    assert bars.plot_width() == 400
    bars._limit = 0
    assert bars.line_at() >= 7


def test_a_limit_longer_than_every_text_stands_apart(qtbot: QtBot) -> None:
    bars = Histogram()
    qtbot.addWidget(bars)
    bars.resize(400, 142)
    bars.set(Lengths(np.array([4] * 30 + [10] * 60)), 256, name="", most=512)
    assert bars.words_beyond() == "limit 256"
    assert bars.plot_width() < 400 - 40  # the bars end before it
    assert bars.words_at(bars.plot_width() - 2) == "10 tokens: 60 texts"
    at = bars.line_at()
    assert at - 7 > bars.plot_width()
    assert at + 7 <= 400
    assert bars._limit_at(at) == 256
    assert bars._limit_at(bars.plot_width() / 2) == 8  # the hand can take it back among the bars
    assert not bars.grab().isNull()
    plot = bars.plot_width()
    QTest.mousePress(bars, Qt.MouseButton.LeftButton, pos=QPoint(round(at), 30))
    QTest.mouseMove(bars, QPoint(round(plot), 30))
    bars.set(Lengths(np.array([4] * 30 + [10] * 60)), bars._limit, name="", most=512)
    assert bars.plot_width() == plot  # the axis stays as it is under the hand


def test_nothing_jumps_while_the_rows_are_looked_at_again(qtbot: QtBot, session: Session, answering: Made) -> None:
    page = answering([f"why is that so {n}" for n in range(60)])
    qtbot.waitUntil(lambda: "why is that so" in page._row._tokens.accessibleName(), timeout=10_000)
    seen: list[tuple[bool, str, str]] = []
    card = page._lengths
    session.changed.connect(
        lambda _: seen.append((card.isHidden(), card._usual.text(), page._row._tokens.accessibleName()))
    )
    session.change("data.test_share", 0.2)
    settle(qtbot, session)
    assert not any(hidden for hidden, _, _ in seen)
    assert any(usual == "Counting…" for _, usual, _ in seen)
    assert all("why is that so" in row for _, _, row in seen)
    assert "median" in card._usual.text()
    session.change("data.target", "question")  # what is learned is what is read: there are no rows, and no row is left
    settle(qtbot, session)
    assert session.dataset is None
    assert card.isHidden()
    assert page._row._tokens.accessibleName() == "A row of your table appears here."


def test_the_alarm_keeps_its_place_while_the_rows_are_counted_again(
    qtbot: QtBot, session: Session, answering: Made
) -> None:
    page = answering([f"{'why is that so ' * (9 if n % 2 else 1)} {n}" for n in range(60)])
    card = page._lengths
    session.change("task.max_tokens", 60)
    settle(qtbot, session)
    lost = card.lost
    seen: list[tuple[bool, str, bool]] = []
    session.changed.connect(
        lambda _: seen.append((card._alarm.isHidden(), card._alarm.text(), card._raise.isEnabled()))
    )
    session.change("task.max_tokens", 61)
    settle(qtbot, session)
    assert not any(hidden for hidden, _, _ in seen)
    assert (False, "Counting again which rows lose their whole answer…", False) in seen
    assert card.lost == lost
    assert card._alarm.text().startswith(f"{lost} rows lose")
    assert card._raise.isEnabled()
    session.change("data.target", "question")  # other columns: what was counted is about nothing any more
    assert card._alarm.isHidden()
    settle(qtbot, session)


def test_texts_in_windows_and_in_pieces_are_not_called_cut(qtbot: QtBot, session: Session) -> None:
    card = LengthCard(session)
    qtbot.addWidget(card)

    def said(lengths: Lengths, **choices: object) -> str:
        session.change_all({name.replace("__", "."): value for name, value in choices.items()})
        session.measured = replace(session.measured, lengths=lengths)
        card._say_limit(256)
        return card._limit.text().removeprefix("Limit 256 tokens: ")

    counts = Lengths(np.array([40, 300, 900], dtype=np.int64))
    assert said(counts, task__windows=True) == "2 texts are read in windows"
    assert said(counts, task__windows=False) == "2 texts are cut"
    assert said(counts, task__windows=True, data__template="{a} {b}") == "2 texts are cut"
    assert said(counts, task__kind="find") == "2 texts are read in windows"
    pieces = Lengths(np.array([40, 256, 45], dtype=np.int64), whole=Lengths(np.array([40, 300], dtype=np.int64)))
    told = said(pieces, task__kind="continue")
    assert told == "2 texts are learned in 3 pieces, and nothing of them is lost"
    assert said(Lengths(counts.counts[:1], whole=Lengths(counts.counts[:1]))) == "every text fits whole"
