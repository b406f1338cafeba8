"""How often the better answer wins: over the worse one of its pair, or good answers over bad ones.

In: a number for each answer, higher for what is liked more. Out: shares with their range, and what luck alone would
give. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from studio.evaluation.intervals import CONFIDENCE, RESAMPLES, Floats, Interval, mean, share

_AT_ONCE = 100  # resamples drawn together


def wins(better: Sequence[float], worse: Sequence[float]) -> list[float]:
    """For each pair 1 where the better answer has the higher number, 0.5 where both have the same, else 0."""
    return [1.0 if one > other else 0.5 if one == other else 0.0 for one, other in zip(better, worse, strict=True)]


def share_won(found: Sequence[float], *, seed: int = 0) -> Interval:
    """The share of pairs won, with its range (see intervals.share; ties make it a plain mean)."""
    if 0.5 in found:
        return mean(found, seed=seed)
    return share([won == 1.0 for won in found], seed=seed)


@dataclass(frozen=True)
class Ranking:
    """Good and bad answers by a number each. `auc` is the share of all pairs of a good and a bad answer in which the
    good one has the higher number (Mann and Whitney 1947); 0.5 where there is none of one kind."""

    good: tuple[float, ...]
    bad: tuple[float, ...]

    @property
    def auc(self) -> float:
        """See the class."""
        return float(self.won.mean()) if self.good and self.bad else 0.5

    @property
    def won(self) -> Floats:
        """Which pairs are won, (good, bad): 1, 0.5 or 0."""
        over = np.asarray(self.good)[:, None] - np.asarray(self.bad)[None, :]
        found: Floats = (np.sign(over) + 1) / 2
        return found

    def interval(self, *, seed: int = 0) -> Interval:
        """`auc` with its range: good and bad answers are resampled each among themselves. Where every pair is won, or
        none, resampling cannot vary, and the exact binomial bound of the rarer kind stands in."""
        value = self.auc
        bound = ((1 - CONFIDENCE) / 2) ** (1 / max(1, min(len(self.good), len(self.bad))))
        if value in {0.0, 1.0}:
            return Interval(value, bound if value else 0.0, 1.0 if value else 1 - bound)
        return _resampled(self.won, seed)


def constant(like: Ranking) -> Ranking:
    """A ranking of the same answers that knows nothing: all have the same number."""
    return Ranking((0.0,) * len(like.good), (0.0,) * len(like.bad))


def auc_gain(ours: Ranking, theirs: Ranking, *, seed: int = 0) -> Interval:
    """How much higher the AUC of `ours` is, for the same answers; resampled together (paired)."""
    return _resampled(ours.won - theirs.won, seed)


def auc_luck(ours: Ranking, theirs: Ranking) -> float:
    """How likely so large a difference is where both ways are equally good: two-sided, after DeLong et al. 1988; where
    nothing varies, as when every pair is won, by the number of ways to deal the answers into both kinds."""
    from scipy.special import comb
    from scipy.stats import norm

    difference = ours.won - theirs.won
    value = float(difference.mean())
    if value == 0:
        return 1.0
    good, bad = difference.mean(axis=1), difference.mean(axis=0)
    least = 2 / float(comb(len(good) + len(bad), len(good)))
    if len(good) < 2 or len(bad) < 2:
        return max(least, 2 / (len(good) + len(bad)))
    variance = float(good.var(ddof=1) / len(good) + bad.var(ddof=1) / len(bad))
    return least if variance == 0 else max(least, 2 * float(norm.sf(abs(value) / variance**0.5)))


def _resampled(table: Floats, seed: int) -> Interval:
    """The mean of a table of pairs (good, bad), with its range."""
    random = np.random.default_rng(seed)
    rows, columns = table.shape
    means = []
    for _ in range(RESAMPLES // _AT_ONCE):
        of_rows = random.multinomial(rows, np.full(rows, 1 / rows), size=_AT_ONCE)
        of_columns = random.multinomial(columns, np.full(columns, 1 / columns), size=_AT_ONCE)
        means.append(((of_rows @ table) * of_columns).sum(axis=1) / (rows * columns))
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(np.concatenate(means), [tail, 100 - tail])
    return Interval(float(table.mean()), float(low), float(high))
