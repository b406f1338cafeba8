"""The questions that held-out rows ask of a search."""

from __future__ import annotations

import numpy as np

from studio.data.parts.dataset import Row
from studio.evaluation.searching import exam

ROWS = [Row(0, "Who?", "Ann."), Row(1, "who?", "Bob."), Row(2, "When?", " ann. ", negative="Never.")]


def test_same_texts_are_one_query_and_one_passage() -> None:
    asked = exam(ROWS, "passages", at_most=10)
    assert asked.passages == ("Ann.", "Bob.", "Never.")
    assert [(q.query, q.rows, q.right, q.among) for q in asked.questions] == [
        ("Who?", (0, 1), (0, 1), None),
        ("When?", (2,), (0,), None),
    ]


def test_more_passages_make_it_harder_up_to_a_bound() -> None:
    asked = exam(ROWS, "passages", more=["bob.", "Eve.", "Dan."], at_most=4)
    assert asked.passages == ("Ann.", "Bob.", "Never.", "Eve.")
    assert asked.own == 3
    scores = np.asarray([0.1, 0.2, 0.0, 0.9])
    assert asked.ranks(1, scores) == (3,)
    assert asked.ranks(1, scores, only_own=True) == (2,)


def test_candidates_are_ranked_among_each_other() -> None:
    rows = [
        *(Row(n, "a", f"a{n}", score=str(int(n == 2))) for n in range(3)),
        *(Row(n, "b", f"b{n}", score="0") for n in range(3, 5)),
        Row(5, "c", "c5", score="1"),
    ]
    asked = exam(rows, "candidates", more=["elsewhere"], at_most=100)
    assert [(q.query, q.right, q.among) for q in asked.questions] == [("a", (2,), (0, 1, 2))]
    assert (asked.without, asked.all_right) == (1, 1)
    assert "elsewhere" not in asked.passages
    assert asked.ranks(0, np.asarray([0.3, 0.1, 0.2, 9.0, 9.0, 9.0])) == (2,)
