"""Thresholds are where a label's F1 on the watching rows is best, and careful where those are few."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import f1_score

from studio.generation.thresholds import USUAL, common_threshold, named, thresholds


def test_a_threshold_is_as_good_as_any_other() -> None:
    random = np.random.default_rng(0)
    truth = random.random((200, 1)) < 0.3
    shares = np.clip(0.3 * truth + 0.7 * random.random((200, 1)), 0, 1)
    (chosen,) = thresholds(shares, truth)
    best = max(f1_score(truth[:, 0], shares[:, 0] >= limit) for limit in np.unique(shares))
    assert f1_score(truth[:, 0], shares[:, 0] >= chosen) == best


def test_a_rare_label_gets_the_common_threshold() -> None:
    random = np.random.default_rng(1)
    truth = np.zeros((60, 2), dtype=bool)
    truth[:30, 0] = True
    truth[:2, 1] = True
    shares = np.stack([0.2 * truth[:, 0] + 0.1 + 0.01 * random.random(60), np.full(60, 0.9)], axis=1)
    shares[:2, 1] = 0.05
    first, second = thresholds(shares, truth)
    assert first < 0.3
    assert second < 0.5  # that of all labels together, not the one that its own two rows would ask for
    assert named([0.9, 0.4], (first, second)) == (0, 1)


def test_without_rows_or_labels_a_half_is_usual() -> None:
    assert thresholds(np.zeros((0, 3)), np.zeros((0, 3))) == (USUAL,) * 3
    assert thresholds([[0.2, 0.9]], [[0, 0]]) == (USUAL, USUAL)


def test_named_labels_stand_largest_first_and_may_be_none() -> None:
    assert named((0.6, 0.9, 0.1), (0.5, 0.5, 0.5)) == (1, 0)
    assert named((0.1, 0.2), (0.5, 0.5)) == ()


def test_equal_shares_are_named_together_or_not_at_all() -> None:
    assert common_threshold([0.6, 0.6, 0.6, 0.2], [1, 0, 0, 0]) == 0.4
