"""Ranks and what they are worth, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from studio.evaluation.ranking import average_precision, is_hit, ndcg, ranks_of, recall, reciprocal_rank


def test_ranks_count_from_the_top() -> None:
    assert ranks_of([0.1, 0.9, 0.5, 0.7], [2]) == (3,)
    assert ranks_of([0.1, 0.9, 0.5, 0.7], [0, 3]) == (2, 4)
    assert ranks_of(np.asarray([0.1, 0.9], np.float32), [0, 1]) == (1, 2)


def test_a_wrong_passage_with_the_same_score_comes_before_the_right_one() -> None:
    assert ranks_of([0.0, 0.0, 0.0], [0]) == (3,)
    assert ranks_of([0.5, 0.5, 0.2], [0, 2]) == (2, 3)
    assert ranks_of([0.5, 0.5, 0.2], [0, 1]) == (1, 2)


def test_the_reciprocal_rank_is_of_the_best_one_within_the_depth() -> None:
    assert reciprocal_rank((2, 5)) == 0.5
    assert reciprocal_rank((11,)) == 0
    assert reciprocal_rank((11,), depth=None) == pytest.approx(1 / 11)
    assert reciprocal_rank(()) == 0


def test_ndcg_is_a_share_of_what_is_possible() -> None:
    assert ndcg((1, 2)) == 1
    assert ndcg((2,)) == pytest.approx(1 / math.log2(3))
    dcg, best = 1 / math.log2(2) + 1 / math.log2(5), 1 / math.log2(2) + 1 / math.log2(3)
    assert ndcg((1, 4)) == pytest.approx(dcg / best)
    assert ndcg((12,)) == 0
    assert ndcg(tuple(range(1, 13))) == 1  # more right ones than anybody looks at


def test_average_precision_and_recall() -> None:
    assert average_precision((1, 3)) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision((4,)) == 0.25
    assert recall((1, 3, 8), depth=5) == pytest.approx(2 / 3)
    assert (is_hit((6,), depth=5), is_hit((5, 9), depth=5)) == (False, True)


def test_sklearn_agrees_on_random_rankings() -> None:
    from sklearn.metrics import average_precision_score, ndcg_score

    dice = np.random.default_rng(3)
    for _ in range(20):
        scores, truth = dice.random(30), np.zeros(30)
        truth[dice.choice(30, size=4, replace=False)] = 1
        ranks = ranks_of(scores, np.flatnonzero(truth).tolist())
        assert average_precision(ranks) == pytest.approx(average_precision_score(truth, scores))
        assert ndcg(ranks) == pytest.approx(ndcg_score(truth[None], scores[None], k=10))
