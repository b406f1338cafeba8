"""Intervals hold what they promise: they cover, they pair, and they are never falsely certain."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.metrics import f1_score

from studio.evaluation.intervals import gain, luck, macro_f1, mean, mean_share, of_sums, share


def test_an_accuracy_lies_inside_its_interval_as_wide_as_the_binomial() -> None:
    found = share([True] * 80 + [False] * 20)
    assert found.value == 0.8
    assert found.low == pytest.approx(0.8 - 1.96 * 0.04, abs=0.015)
    assert found.high == pytest.approx(0.8 + 1.96 * 0.04, abs=0.015)


def test_about_95_of_100_intervals_cover_the_truth() -> None:
    random = np.random.default_rng(1)
    drawn = [share(list(random.random(200) < 0.7), seed=i) for i in range(200)]
    covered = sum(found.low <= 0.7 <= found.high for found in drawn)
    assert 180 <= covered <= 199


@pytest.mark.parametrize(("right", "low", "high"), [(True, 0.832, 1.0), (False, 0.0, 0.168)])
def test_all_right_on_twenty_rows_is_not_certain(right: bool, low: float, high: float) -> None:
    found = share([right] * 20)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.001), pytest.approx(high, abs=0.001))


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(0).random(50)
    assert mean(values, seed=3) == mean(values, seed=3)
    assert mean(values, seed=3) != mean(values, seed=4)


def test_pairing_finds_a_small_steady_gain() -> None:
    hard = np.random.default_rng(2).random(60)
    ours = hard + 0.02
    assert gain(ours, hard).low > 0
    assert luck(ours, hard) < 0.001
    assert gain(ours, hard[::-1]).low < 0
    assert luck(ours, hard[::-1]) > 0.05


@pytest.mark.parametrize(("won", "lost"), [(4, 0), (5, 0), (6, 0), (9, 2), (30, 12), (3, 9)])
def test_luck_on_right_and_wrong_is_the_exact_test_of_mcnemar(won: int, lost: int) -> None:
    ours = [True] * won + [False] * lost + [True] * 40
    theirs = [False] * won + [True] * lost + [True] * 40
    exact = min(1.0, 2 * binom.cdf(min(won, lost), won + lost, 0.5))
    assert luck(ours, theirs) == pytest.approx(exact, rel=0.1, abs=0.003)


def test_no_difference_is_luck_and_different_rows_are_refused() -> None:
    assert luck([1.0, 0.0], [1.0, 0.0]) == 1.0
    assert gain([1.0, 0.0], [1.0, 0.0]).low == 0
    with pytest.raises(ValueError, match="same rows"):
        gain([1.0], [1.0, 0.0])


def test_macro_f1_is_the_usual_one() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(0, 4, 100)
    answers = np.where(random.random(100) < 0.7, truth, random.integers(0, 4, 100))
    found = macro_f1(truth.tolist(), answers.tolist(), labels=6)  # two labels never occur
    assert found.value == pytest.approx(f1_score(truth, answers, average="macro"))
    assert found.low < found.value < found.high


def test_a_figure_of_sums_with_equal_weights_is_a_mean() -> None:
    values = np.random.default_rng(5).random(80)
    found = of_sums([(value, 1.0) for value in values], lambda sums: sums[:, 0] / sums[:, 1])
    plain = mean(values)
    assert found.value == pytest.approx(plain.value)
    assert (found.low, found.high) == (pytest.approx(plain.low, abs=0.01), pytest.approx(plain.high, abs=0.01))


def test_a_mean_of_shares_that_are_all_the_same_is_not_certain() -> None:
    assert mean_share([0.0] * 20) == share([False] * 20)
    assert mean_share([1.0] * 20).low < 0.9
    assert mean_share([0.0, 0.5, 1.0]) == mean([0.0, 0.5, 1.0])
    assert mean_share([0.5] * 5) == mean([0.5] * 5)
