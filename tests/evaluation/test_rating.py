"""Numbers are scored as scipy scores them, their gains with an honest doubt, and ranges hold as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from studio.evaluation.rating import mean_absolute_error, pearson, spearman, spearman_gain, spearman_luck

RANDOM = np.random.default_rng(5)
TRUTH = np.round(RANDOM.normal(size=200), 1).tolist()
CLOSE = (np.asarray(TRUTH) + 0.5 * RANDOM.normal(size=200)).tolist()
FAR = (np.asarray(TRUTH) + 2 * RANDOM.normal(size=200)).tolist()


def test_correlations_are_those_of_scipy() -> None:
    rank, line = spearman(TRUTH, CLOSE), pearson(TRUTH, CLOSE)
    assert rank.value == pytest.approx(stats.spearmanr(TRUTH, CLOSE)[0])
    assert line.value == pytest.approx(stats.pearsonr(TRUTH, CLOSE)[0])
    assert rank.low < rank.value < rank.high


def test_the_range_of_a_rank_correlation_is_that_of_plain_resampling() -> None:
    drawn = []
    for seed in range(100):
        rows = np.random.default_rng(seed).integers(0, 200, 200)
        drawn.append(stats.spearmanr(np.asarray(TRUTH)[rows], np.asarray(FAR)[rows])[0])
    found = spearman(TRUTH, FAR)
    assert found.high - found.low == pytest.approx(3.92 * np.std(drawn), rel=0.25)


def test_always_the_same_number_has_no_order() -> None:
    assert spearman(TRUTH, [3.3] * 200).value == 0
    assert pearson(TRUTH, [1e6] * 200).value == 0


def test_a_gain_is_told_from_luck() -> None:
    gain = spearman_gain(TRUTH, CLOSE, FAR)
    assert gain.low > 0
    assert spearman_luck(TRUTH, CLOSE, FAR) < 0.01
    twin = (np.asarray(CLOSE) + 0.01 * RANDOM.normal(size=200)).tolist()
    assert spearman_luck(TRUTH, CLOSE, twin) > 0.05


def test_the_mean_error_is_in_the_numbers_own_unit() -> None:
    assert mean_absolute_error([1, 2, 3], [2, 2, 5]).value == 1.0
