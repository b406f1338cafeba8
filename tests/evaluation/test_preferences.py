"""Shares of pairs won, of pairs and of good answers over bad ones, and what luck would give."""

from __future__ import annotations

import numpy as np
import pytest

from studio.evaluation.preferences import Ranking, auc_gain, auc_luck, constant, share_won, wins


def test_a_tie_is_half_won() -> None:
    assert wins([1.0, 0.0, 2.0], [0.0, 0.0, 3.0]) == [1.0, 0.5, 0.0]
    tied = share_won([0.5] * 20)
    assert (tied.value, tied.low, tied.high) == (0.5, 0.5, 0.5)
    sure = share_won([1.0] * 20)
    assert sure.value == 1.0
    assert 0.8 < sure.low < 0.85  # 20 of 20 are not certain


def test_the_share_of_all_pairs_of_good_and_bad() -> None:
    found = Ranking((3.0, 1.0), (0.0, 1.0, 2.0))
    assert found.auc == pytest.approx((3 + 1.5) / 6)
    assert Ranking((1.0,), ()).auc == 0.5
    assert constant(found).auc == 0.5


def test_it_is_the_area_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    dice = np.random.default_rng(3)
    good, bad = dice.normal(0.5, 1, 40), dice.normal(0, 1, 25)
    found = Ranking(tuple(good), tuple(bad))
    assert found.auc == pytest.approx(roc_auc_score([1] * 40 + [0] * 25, [*good, *bad]))
    around = found.interval()
    assert around.low < found.auc < around.high


def test_the_range_holds_the_truth_about_as_often_as_it_says() -> None:
    dice, hits = np.random.default_rng(0), 0
    truth = 0.7602  # normal numbers, means one apart
    for _ in range(100):
        found = Ranking(tuple(dice.normal(1, 1, 60)), tuple(dice.normal(0, 1, 40))).interval()
        hits += found.low <= truth <= found.high
    assert 88 <= hits <= 100


def test_a_sure_ranking_is_not_certain() -> None:
    found = Ranking((5.0, 6.0, 7.0), (1.0, 2.0, 3.0))
    assert found.interval().value == 1.0
    assert found.interval().low < 0.5
    assert auc_luck(found, constant(found)) == pytest.approx(0.1)  # one of ten ways to choose three of six, two-sided


def test_a_gain_is_measured_on_the_same_answers() -> None:
    dice = np.random.default_rng(1)
    noise = dice.normal(0, 1, 60)
    theirs = Ranking(tuple(noise[:30]), tuple(noise[30:]))
    ours = Ranking(tuple(noise[:30] + 1.5), tuple(noise[30:]))
    gain = auc_gain(ours, theirs)
    assert gain.low > 0
    assert auc_luck(ours, theirs) < 0.001
    assert auc_luck(theirs, theirs) == 1.0
    assert auc_luck(ours, theirs) < auc_luck(
        Ranking(ours.good[:4], ours.bad[:4]), Ranking(theirs.good[:4], theirs.bad[:4])
    )
