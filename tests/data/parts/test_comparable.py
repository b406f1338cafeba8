"""Rows that teach nothing about better and worse are left out, each for its reason."""

from __future__ import annotations

from studio.data.parts.comparable import NO_VERDICT, NO_WORSE, SAME, comparable
from studio.data.roles.columns import Columns


def test_pairs() -> None:
    looks = comparable(Columns("q", "better", rejected="worse", score="thumbs"), "prefer")
    assert looks is not None
    assert looks.names == ("worse",)
    assert looks.reasons == (NO_WORSE, SAME)
    cells = {"better": ["a", "a", "a", "a"], "worse": ["b", " ", "a ", "A"]}
    assert looks.codes(cells) == [0, 1, 2, 0]
    assert looks.verdicts(cells) == ["", "", "", ""]


def test_verdicts() -> None:
    looks = comparable(Columns("q", "answer", score="thumbs"), "prefer")
    assert looks is not None
    assert looks.names == ("thumbs",)
    cells = {"answer": ["a", "b", "c"], "thumbs": ["up", "3", "no"]}
    assert [looks.reasons[code - 1] if code else "" for code in looks.codes(cells)] == ["", NO_VERDICT, ""]
    assert looks.verdicts(cells) == ["True", "None", "False"]


def test_nothing_to_compare() -> None:
    assert comparable(Columns("q", "a"), "prefer") is None
    assert comparable(Columns("q", "a", rejected="b"), "answer") is None
