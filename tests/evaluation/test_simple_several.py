"""Simple ways to give several labels: the usual set, words, and what an untouched model sees."""

from __future__ import annotations

import numpy as np

from studio.evaluation.simple_several import always_set, keyword_shares, quick_shares


def test_the_most_common_set_is_said_to_everybody() -> None:
    assert always_set([[1, 0], [1, 1], [1, 1]], 2).values.tolist() == [[1, 1], [1, 1]]


def test_words_tell_each_label_by_itself() -> None:
    texts = ["late parcel", "broken lamp", "late and broken", "thank you"] * 6
    truth = [[1, 0], [0, 1], [1, 1], [0, 0]] * 6
    found = keyword_shares(texts, truth, ["late again", "broken again"]).values
    assert found[0, 0] > found[0, 1]
    assert found[1, 1] > found[1, 0]


def test_a_label_that_all_rows_have_needs_no_telling() -> None:
    vectors = np.random.default_rng(0).normal(size=(20, 3))
    truth = np.stack([np.ones(20), vectors[:, 0] > 0], axis=1)
    found = quick_shares(vectors.tolist(), truth, [[5.0, 0, 0], [-5.0, 0, 0]]).values
    assert found[:, 0].tolist() == [1.0, 1.0]
    assert found[0, 1] > 0.8 > 0.2 > found[1, 1]
