"""Simpler ways learn what is easy and nothing else."""

from __future__ import annotations

from studio.evaluation.baselines import always, keywords, nearest, quick_head, some
from tests.evaluation.parts import label_cells


def test_always_names_the_most_common() -> None:
    assert always(["b", "a", "b"], 2).answers == ("b", "b")
    assert always(["b", "a"], 1).answers == ("a",)


def test_keywords_learn_words_that_give_a_label_away() -> None:
    cells = label_cells(120)
    known, asked = cells[:90], cells[90:]
    found = keywords([text for text, _ in known], [label for _, label in known], [text for text, _ in asked])
    assert list(found.answers) == [label for _, label in asked]
    assert found.seconds > 0


def test_keywords_with_one_label_give_it() -> None:
    assert keywords(["x", "y"], ["a", "a"], ["z"]).answers == ("a",)


def test_the_quick_head_separates_vectors() -> None:
    known = [[float(i % 2), 0.1 * i] for i in range(40)]
    found = quick_head(known, [str(i % 2) for i in range(40)], [[1.0, 0.3], [0.0, 0.3]])
    assert found.answers == ("1", "0")


def test_the_nearest_answer_is_copied() -> None:
    found = nearest(["red apples", "blue sea"], ["fruit", "water"], ["the blue blue sea", "an apple"])
    assert found.answers == ("water", "fruit")


def test_some_is_a_seeded_choice_in_order() -> None:
    assert some(3, seed=0, at_most=5) == [0, 1, 2]
    chosen = some(1000, seed=1, at_most=10)
    assert chosen == sorted(chosen) == some(1000, seed=1, at_most=10)
    assert len(set(chosen)) == 10
    assert chosen != some(1000, seed=2, at_most=10)
