"""What a row looks like on the Goal page: the texts it is made of by name, and a legend that fits the goal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from studio.config.goals import GOALS, TaskKind
from studio.gui.pages.goal.row import RowCard
from studio.gui.pages.goal.row_pieces import pieces_of
from studio.gui.session import Session
from studio.gui.work.showing import SeenRow, SeenToken


def seen(*tokens: tuple[str, str, int], label: str | None = None) -> SeenRow:
    made = tuple(
        SeenToken(text, kind, place, 7, None, part)  # type: ignore[arg-type]
        for place, (text, kind, part) in enumerate(tokens, start=1)
    )
    return SeenRow(0, 1, 0, made, len(made), label, 0)


READ = (("ask", "context", 0), ("this", "context", 1), ("that", "context", 2))
COMPARED = (("asked", "context", 0), ("fine", "learned", 0), (".", "context", 0), ("poor", "worse", 1))


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("search", seen(*READ), "Question\nask\nPassage\nthis\nPassage that is not it\nthat"),
        ("search", seen(*READ[:2], label="0.5"), "First text\nask\nSecond text\nthis"),
        ("find", seen(*READ[:2]), "Question\nask\nText\nthis"),
        ("classify", seen(*READ[:2], label="same"), "First text\nask\nSecond text\nthis"),
        ("classify", seen(READ[0], label="same"), "ask"),
        ("answer", seen(*READ), "askthisthat"),
        ("prefer", seen(*COMPARED), "asked\nBetter answer\nfine.\nWorse answer\npoor"),
        ("prefer", seen(*COMPARED[:2], label="1"), "asked\nGood answer\nfine"),
        ("prefer", seen(COMPARED[0], COMPARED[3], label="0"), "asked\nBad answer\npoor"),
    ],
)
def test_each_text_of_a_row_stands_below_its_name(kind: TaskKind, row: SeenRow, said: str) -> None:
    pieces = list(pieces_of(row, GOALS[kind]))
    assert "".join(piece.text for piece in pieces) == said
    assert [piece.hint != "" for piece in pieces] == [piece.kind != "note" for piece in pieces]


def test_the_legend_says_what_the_goal_does(qtbot: QtBot, session: Session) -> None:
    card = RowCard(session)
    qtbot.addWidget(card)

    def legend(kind: TaskKind, row: SeenRow) -> dict[str, str]:
        session.change("task.kind", kind)
        card._show(row)
        return {name: meaning.text() for name, (entry, meaning) in card.legend.items() if not entry.isHidden()}

    for kind in ("classify", "rate", "search"):
        assert legend(kind, seen(READ[0])).keys() == {"context", "cut", "mark"}
        assert "write" not in " ".join(legend(kind, seen(READ[0])).values())
    assert "mark as the answer" in legend("find", seen(*READ[:2]))["learned"]
    assert legend("answer", seen(*COMPARED[:2]))["learned"] == "what it learns to write"
    found = legend("prefer", seen(*COMPARED, label="0"))
    assert (found["learned"], found["worse"]) == ("what it learns to prefer", "what it learns to write less")
    assert (card._must.text(), card._label.text) == ("the answer is marked as", "bad")


def test_what_cannot_be_read_and_what_is_read_in_parts_is_told(qtbot: QtBot, session: Session) -> None:
    card = RowCard(session)
    qtbot.addWidget(card)
    unknown = SeenToken("退", "context", 1, 1, "unknown")
    card._show(replace(seen(READ[0]), tokens=(unknown, *seen(READ[0]).tokens), token_count=2, windows=3))
    assert card._tokens._pieces[0].kind == "unread"
    assert "cannot read “退”" in card._tokens._pieces[0].hint
    assert not card.legend["unread"][0].isHidden()
    assert card._cut.text() == "This model cannot read 1 of the 2 tokens: it does not know these signs."
    assert card._parts.text() == "Longer than the limit: it is read in 3 parts."
    card._show(seen(READ[0]))
    assert card.legend["unread"][0].isHidden()
    assert card._cut.isHidden()
    assert card._parts.isHidden()
