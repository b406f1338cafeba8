"""Every column that a goal has is chosen in its box, and the rows are looked at again with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.config.goals import GOALS, TaskKind
from studio.data.table.write import write_rows
from studio.gui.job import Job
from studio.gui.pages.goal.columns import ColumnsCard
from studio.gui.pages.goal.goal import GoalPage
from studio.gui.session import Session

ROWS = 40
COLUMNS = ("q", "good", "whole", "from", "every", "bad", "close", "marks", "told", "said")
CHOSEN = {
    "context": "whole", "start": "from", "answers": "every", "rejected": "bad", "negative": "close", "score": "marks",
    "system": "told", "earlier": "said",
}  # fmt: skip


def cells(number: int) -> tuple[str, ...]:
    good, start = f"drawer {number * 7}", len(f"In hall {number} look into ")
    whole = f"In hall {number} look into {good} by the long window."
    earlier = json.dumps([{"role": "user", "content": f"hello {number}"}])
    return (
        f"where does thing {number} lie", good, whole, str(start), json.dumps([good]), f"shelf {number * 3}",
        f"Thing {number} is not sold.", str(number % 3 % 2), f"Be brief, clerk {number % 4}.", earlier,
    )  # fmt: skip


@pytest.fixture
def things(qtbot: QtBot, session: Session, tmp_path: Path) -> Session:
    write_rows(tmp_path / "things.csv", COLUMNS, map(cells, range(ROWS)))
    session.import_file(tmp_path / "things.csv")
    settle(qtbot, session)
    return session


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.jobs.running and not Job.running(), timeout=60_000)


def choose(page: GoalPage, role: str, column: str) -> None:
    box = page._columns.choices[role]
    box.setCurrentIndex(box.findData(column))
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize(("kind", "role"), [(goal.kind, role) for goal in GOALS.values() for role in goal.roles])
def test_a_column_chosen_in_its_box_is_used_at_once(qtbot: QtBot, things: Session, kind: TaskKind, role: str) -> None:
    chosen = {f"data.{one}": "" for one in CHOSEN} | {"data.template": "", "data.label_columns": ()}
    needed = {"find": "context", "read": "context", "prefer": "rejected"}.get(kind, "")
    is_blocked = needed == role or (role == "score" and kind == "prefer")  # until this very column is chosen
    if needed and not is_blocked:
        chosen[f"data.{needed}"] = CHOSEN[needed]
    things.change_all({"task.kind": kind, "data.input": "q", "data.target": "good"} | chosen)
    page = GoalPage(things)
    qtbot.addWidget(page)
    settle(qtbot, things)
    before = things.dataset
    assert (before is None) is is_blocked
    assert page._columns.choices[role].accessibleName() == page._columns._words[role].text() != ""
    choose(page, role, CHOSEN[role])
    settle(qtbot, things)
    assert things.dataset is not None, things.trouble
    assert things.dataset is not before
    assert getattr(things.dataset.columns, role) == CHOSEN[role]
    shown = [one for one, box in page._columns.choices.items() if not box.isHidden()]
    assert set(shown) == {"input", "target", *GOALS[kind].roles}


def test_a_column_that_does_not_hold_turns_is_told_in_place(qtbot: QtBot, things: Session) -> None:
    things.change_all({"task.kind": "answer", "data.input": "q", "data.target": "good", "data.template": ""})
    page = GoalPage(things)
    qtbot.addWidget(page)
    settle(qtbot, things)
    choose(page, "earlier", "told")
    settle(qtbot, things)
    assert things.trouble is not None
    assert "earlier turns" in things.trouble.what


def test_questions_and_answers_can_be_searched_with_a_press(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    rows = (
        (f"How do I return thing {n}?", f"Send thing {n} back in its box within {n + 9} days.") for n in range(ROWS)
    )
    write_rows(tmp_path / "faq.csv", ("question", "answer"), rows)
    session.import_file(tmp_path / "faq.csv")
    settle(qtbot, session)
    page = GoalPage(session)
    qtbot.addWidget(page)
    assert session.config.task.kind == "answer"
    page._goals.cards["search"].click()
    settle(qtbot, session)
    assert session.dataset is not None, session.trouble
    assert (session.dataset.columns.input, session.dataset.columns.target) == ("question", "answer")


def test_answers_that_are_compared_are_called_so(qtbot: QtBot, session: Session) -> None:
    above = QWidget()
    qtbot.addWidget(above)
    card = ColumnsCard(session, above)

    def called(**choices: str) -> list[str]:
        session.change_all({name.replace("__", "."): value for name, value in choices.items()})
        return [card._words[role].text() for role in ("target", "score")]

    assert called(task__kind="prefer", data__score="") == ["Better answer", "Says whether it is good"]
    assert called(data__score="marks") == ["Answer", "Says whether it is good"]
    assert called(task__kind="search") == ["Passage to find", "How well it fits"]
    assert called(task__kind="answer")[0] == "Answer to learn"
