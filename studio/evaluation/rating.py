"""How well numbers were given: the order (Spearman), the straight line (Pearson), how far off (mean absolute error).

In: true numbers and given ones for the same test rows. Out: Intervals (seeded bootstrap over the rows), the gain of one
way over another, and how likely luck alone gives it. Knows nothing of models.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from studio.evaluation.intervals import Floats, Interval, draws, interval_of, mean

_FLIPS = 1_999  # of two ways' ranks; each makes two correlations anew
_AT_ONCE = 100  # flips drawn together


def spearman(truth: Sequence[float], given: Sequence[float], *, seed: int = 0) -> Interval:
    """The rank correlation (Spearman 1904), -1..1; 0 where either is always the same."""
    whole, drawn = _spearman(truth, given, seed)
    return interval_of(whole, drawn)


def spearman_gain(truth: Sequence[float], ours: Sequence[float], theirs: Sequence[float], *, seed: int = 0) -> Interval:
    """Our rank correlation minus theirs, both resampled by the same rows (paired)."""
    (our_whole, our_drawn), (their_whole, their_drawn) = _spearman(truth, ours, seed), _spearman(truth, theirs, seed)
    return interval_of(our_whole - their_whole, our_drawn - their_drawn)


def spearman_luck(truth: Sequence[float], ours: Sequence[float], theirs: Sequence[float], *, seed: int = 0) -> float:
    """How likely a difference of the rank correlations at least as large is where both ways are equally good: the two
    ranks of each row could as well have changed sides (paired randomization test, _FLIPS flips)."""
    true, our, their = (_standardised(_ranks(np.asarray(values, np.float64))) for values in (truth, ours, theirs))
    found = abs(float((true * our).sum() - (true * their).sum()))
    random, reached = np.random.default_rng(seed), 0
    for start in range(0, _FLIPS, _AT_ONCE):
        is_kept = random.integers(0, 2, size=(min(_AT_ONCE, _FLIPS - start), len(true)), dtype=np.int8).astype(np.bool_)
        one, other = np.where(is_kept, our, their), np.where(is_kept, their, our)
        difference = np.abs(_with(true, one) - _with(true, other))
        reached += int((difference >= found - 1e-12).sum())
    return (reached + 1) / (_FLIPS + 1)


def pearson(truth: Sequence[float], given: Sequence[float], *, seed: int = 0) -> Interval:
    """The linear correlation, -1..1; 0 where either is always the same."""
    true, said = np.asarray(truth, np.float64), np.asarray(given, np.float64)
    whole = _weighed(true[None], said[None], np.ones((1, len(true))))
    drawn = [_weighed(true[None], said[None], d.astype(np.float64)) for d in _rows_drawn(len(true), seed)]
    return interval_of(float(whole[0]), np.concatenate(drawn))


def mean_absolute_error(truth: Sequence[float], given: Sequence[float], *, seed: int = 0) -> Interval:
    """How far off on average, in the numbers' own unit."""
    return mean(np.abs(np.asarray(truth, np.float64) - np.asarray(given, np.float64)), seed=seed)


def _spearman(truth: Sequence[float], given: Sequence[float], seed: int) -> tuple[float, Floats]:
    true, said = np.asarray(truth, np.float64), np.asarray(given, np.float64)
    one, other = _Ranked(true), _Ranked(said)

    def figure(weights: Floats) -> Floats:
        return _weighed(one.ranks(weights), other.ranks(weights), weights)

    whole = figure(np.ones((1, len(true))))
    return float(whole[0]), np.concatenate([figure(d.astype(np.float64)) for d in _rows_drawn(len(true), seed)])


class _Ranked:
    """Values whose ranks change with how often each row was drawn."""

    def __init__(self, values: Floats) -> None:
        distinct, self.place = np.unique(values, return_inverse=True)
        self.order = np.argsort(self.place, kind="stable")
        self.starts = np.searchsorted(self.place[self.order], np.arange(len(distinct)))

    def ranks(self, weights: Floats) -> Floats:
        """Mean ranks of each row's value in each draw: (draws, rows) of (draws, rows) of counts."""
        of_value = np.add.reduceat(weights[:, self.order], self.starts, axis=1)
        found: Floats = (np.cumsum(of_value, axis=1) - of_value / 2 + 0.5)[:, self.place]
        return found


def _ranks(values: Floats) -> Floats:
    found: Floats = _Ranked(values).ranks(np.ones((1, len(values))))[0]
    return found


def _standardised(values: Floats) -> Floats:
    centred: Floats = values - values.mean()
    length = math.sqrt(float((centred**2).sum()))
    return centred if length == 0 else centred / length


def _with(true: Floats, given: Floats) -> Floats:
    """The correlation of standardised `true` with each row of `given`."""
    centred = given - given.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1))
    found: Floats = np.divide(centred @ true, length, out=np.zeros_like(length), where=length > 0)
    return found


def _weighed(one: Floats, other: Floats, weights: Floats) -> Floats:
    """The linear correlation in each draw, where each row counts as often as it was drawn."""
    rows = weights.sum(axis=1, keepdims=True)
    left = one - (weights * one).sum(axis=1, keepdims=True) / rows
    right = other - (weights * other).sum(axis=1, keepdims=True) / rows
    spread = (weights * left**2).sum(axis=1) * (weights * right**2).sum(axis=1)
    shared = (weights * left * right).sum(axis=1)
    scale = np.maximum(1.0, np.abs(one).max() * np.abs(other).max() * weights.shape[1]) ** 2
    is_told = spread > 1e-18 * scale
    found: Floats = np.divide(shared, np.sqrt(np.maximum(spread, 0)), out=np.zeros_like(shared), where=is_told)
    return found


def _rows_drawn(rows: int, seed: int) -> Iterator[NDArray[np.int64]]:
    return draws(np.ones(rows, np.int64), seed)
