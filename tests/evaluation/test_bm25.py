"""BM25 against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from studio.evaluation.bm25 import BM25, words

PASSAGES = ("the cat sat", "the dog sat and sat", "birds fly")


def test_scores_are_those_of_the_formula() -> None:
    """Lengths 3, 5 and 2, mean 10/3; “sat” stands in 2 of 3 passages, “cat” in 1."""
    first, second, third = BM25(PASSAGES, k1=1.2, b=0.75).scores(["cat sat"])[0].tolist()
    cat, sat = math.log(1 + 2.5 / 1.5), math.log(1 + 1.5 / 2.5)
    short, long = 1.2 * (0.25 + 0.75 * 3 / (10 / 3)), 1.2 * (0.25 + 0.75 * 5 / (10 / 3))
    assert first == pytest.approx(cat * 2.2 / (1 + short) + sat * 2.2 / (1 + short))
    assert second == pytest.approx(sat * 2 * 2.2 / (2 + long))
    assert third == 0
    assert first == pytest.approx(1.5127, abs=1e-4)
    assert second == pytest.approx(0.5666, abs=1e-4)


def test_a_word_that_is_asked_twice_counts_twice_and_an_unknown_one_not_at_all() -> None:
    index = BM25(PASSAGES)
    once, twice, unknown = index.scores(["dog", "dog dog", "zebra"])
    assert twice.tolist() == pytest.approx((2 * once).tolist())
    assert not unknown.any()


def test_passages_without_words_are_never_found() -> None:
    assert BM25(["", "…"]).scores(["a question"]).tolist() == [[0, 0]]
    assert BM25(["", "tea"]).scores(["tea"])[0].argmax() == 1


def test_words_of_scripts_without_spaces_are_pairs_of_signs() -> None:
    assert words("Don't WAIT: 2nd-hand ﬁre") == ["don't", "wait", "2nd", "hand", "fire"]
    assert words("退货政策 USB接口") == ["退货", "货政", "政策", "usb", "接口"]
    assert words("水") == ["水"]
    index = BM25(["退货政策在这里", "营业时间"])
    assert index.scores(["怎么退货"])[0].argmax() == 0
