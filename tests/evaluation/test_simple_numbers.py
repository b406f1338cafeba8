"""Simple ways to rate: the mean, words, and what an untouched model sees."""

from __future__ import annotations

import numpy as np
import pytest

from studio.evaluation.simple_numbers import always_mean, keyword_numbers, pair_features, quick_numbers


def test_the_mean_is_said_to_everybody() -> None:
    assert always_mean([1, 2, 6], 2).values == (3.0, 3.0)


def test_words_tell_a_number() -> None:
    texts = ["terrible stay", "terrible food", "great stay", "great food"] * 5
    found = keyword_numbers(texts, [1, 1, 5, 5] * 5, ["great place", "terrible place"])
    assert found.values[0] > 3.5 > 2.5 > found.values[1]


def test_vectors_tell_a_number() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(60, 5))
    found = quick_numbers(vectors[:50].tolist(), (vectors[:50, 0] * 10).tolist(), vectors[50:].tolist())
    assert found.values == pytest.approx(vectors[50:, 0] * 10, abs=0.5)


def test_a_pair_is_compared_number_by_number() -> None:
    assert pair_features([[3.0, 4.0]], [[4.0, 3.0]]) == [pytest.approx([24 / 25, 12.0, 12.0, 1.0, 1.0])]
