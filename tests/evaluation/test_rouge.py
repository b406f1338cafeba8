"""ROUGE-L against figures worked out by hand, and its subsequence against the usual table."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from studio.evaluation.rouge import common_length, rouge_l


def by_table(first: Sequence[str], second: Sequence[str]) -> int:
    """The textbook's way: one cell for each pair of words."""
    row = [0] * (len(second) + 1)
    for word in first:
        before = row[:]
        for place, other in enumerate(second):
            row[place + 1] = before[place] + 1 if word == other else max(before[place + 1], row[place])
    return row[-1]


def test_the_longest_common_subsequence_is_that_of_the_table() -> None:
    dice = random.Random(0)
    for _ in range(300):
        first, second = (dice.choices("abcdefg", k=dice.randrange(90)) for _ in range(2))
        assert common_length(first, second) == by_table(first, second)


def test_lins_own_example() -> None:
    """Section 3 of the paper: three words in order against two."""
    known = ["police killed the gunman"]
    assert rouge_l("police kill the gunman", known) == pytest.approx(3 / 4)
    assert rouge_l("the gunman kill police", known) == pytest.approx(2 / 4)


def test_precision_and_recall_weigh_alike_and_the_best_reference_counts() -> None:
    assert rouge_l("a b c d", ["a b"]) == pytest.approx(2 * 2 / 6)
    assert rouge_l("a b", ["x y", "a b c d"]) == pytest.approx(2 * 2 / 6)


def test_signs_case_and_scripts() -> None:
    assert rouge_l("Hello, World!", ["hello world"]) == 1.0
    assert rouge_l("床前月光", ["床前明月光"]) == pytest.approx(2 * 4 / 9)


def test_nothing_shares_nothing() -> None:
    assert rouge_l("", ["something"]) == rouge_l("something", [""]) == rouge_l("", [""]) == rouge_l("x", []) == 0.0
