"""Agreement beyond the share that is right, against scikit-learn's figures, and with sound ranges."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from studio.evaluation.agreement import (
    auc,
    balanced_accuracy,
    macro_f1_of_several,
    mcc,
    micro_f1,
    several_auc,
)

RANDOM = np.random.default_rng(3)
TRUTH = RANDOM.integers(0, 4, 120)
ANSWERS = np.where(RANDOM.random(120) < 0.6, TRUTH, RANDOM.integers(0, 4, 120))
SHARES = RANDOM.random((120, 4)) + 0.4 * np.eye(4)[TRUTH]
MANY = RANDOM.random((120, 3)) < 0.4
NAMED = np.where(RANDOM.random((120, 3)) < 0.8, MANY, ~MANY)


def test_single_labels_agree_as_scikit_learn_counts() -> None:
    labels, answers = TRUTH.tolist(), ANSWERS.tolist()
    found = balanced_accuracy(labels, answers, labels=4)
    assert found.value == pytest.approx(metrics.balanced_accuracy_score(TRUTH, ANSWERS))
    assert found.low < found.value < found.high
    assert mcc(labels, answers, labels=4).value == pytest.approx(metrics.matthews_corrcoef(TRUTH, ANSWERS))


def test_always_the_same_label_agrees_no_better_than_luck() -> None:
    assert mcc(TRUTH.tolist(), [0] * 120, labels=4).value == 0
    assert balanced_accuracy(TRUTH.tolist(), [0] * 120, labels=4).value == pytest.approx(0.25)


def test_the_auc_is_scikit_learn_s_and_its_range_as_wide_as_resampling_makes_it() -> None:
    shares = SHARES / SHARES.sum(axis=1, keepdims=True)
    found = auc(TRUTH.tolist(), shares)
    assert found is not None
    assert found.value == pytest.approx(metrics.roc_auc_score(TRUTH, shares, multi_class="ovr"))
    drawn = []
    for seed in range(200):
        rows = np.random.default_rng(seed).integers(0, 120, 120)
        again = auc(TRUTH[rows].tolist(), shares[rows])
        assert again is not None
        drawn.append(again.value)
    assert found.high - found.low == pytest.approx(3.92 * np.std(drawn), rel=0.2)


def test_the_auc_counts_ties_half_and_is_not_there_without_two_sides() -> None:
    found = several_auc([[1], [0], [1], [0]], [[0.5], [0.5], [0.5], [0.5]])
    assert found is not None
    assert found.value == 0.5
    assert several_auc([[1], [1]], [[0.2], [0.3]]) is None


def test_several_labels_agree_as_scikit_learn_counts() -> None:
    assert micro_f1(MANY, NAMED).value == pytest.approx(metrics.f1_score(MANY, NAMED, average="micro"))
    assert macro_f1_of_several(MANY, NAMED).value == pytest.approx(metrics.f1_score(MANY, NAMED, average="macro"))
