"""How far a score could be off by chance: seeded bootstrap intervals, for one way and for the gain of one over another,
and how often luck alone would give such a gain.

In: one number a test row (right or wrong, closeness), or two such lists for the same rows. Out: Interval, a share of
luck. Knows nothing of models, tasks or tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
CONFIDENCE = 0.95
FLIPS = 9_999
_AT_ONCE = 100  # resamples drawn together; bounds memory to 100 × rows numbers

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean and the range in which it lies with 95 % confidence."""

    value: float
    low: float
    high: float


def share(right: Sequence[bool], *, seed: int = 0) -> Interval:
    """The share of True with its percentile bootstrap interval. Where every row is the same, resampling cannot vary, so
    the exact binomial bound (Clopper and Pearson 1934) stands in: 20 of 20 right is "at least 83 %", not "certain"."""
    values = np.asarray(right, dtype=np.float64)
    found = mean(values, seed=seed)
    bound = ((1 - CONFIDENCE) / 2) ** (1 / len(values))
    if found.value == 1.0:
        return Interval(1.0, bound, 1.0)
    if found.value == 0.0:
        return Interval(0.0, 0.0, 1 - bound)
    return found


def mean_share(values: Sequence[float], *, seed: int = 0) -> Interval:
    """The mean of one share 0..1 a row. Where every row has all or nothing of it, the bound of `share` stands in, which
    holds for shares between as well: a mean is at most the part of the rows that have any."""
    if all(value == values[0] for value in values) and values[0] in (0.0, 1.0):
        return share([bool(value) for value in values], seed=seed)
    return mean(values, seed=seed)


def mean(values: Sequence[float] | Floats, *, seed: int = 0) -> Interval:
    """The mean of one number a row with its percentile bootstrap interval (Efron 1979)."""
    kept, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    means = np.concatenate([drawn @ kept / counts.sum() for drawn in draws(counts, seed)])
    return interval_of(float(np.mean(values)), means)


def gain(ours: Sequence[float], theirs: Sequence[float], *, seed: int = 0) -> Interval:
    """Mean of ours minus theirs. Both are resampled by the same rows (paired), so that rows which are hard for both
    do not hide a small but steady gain."""
    if len(ours) != len(theirs):
        raise ValueError("paired scores need the same rows")
    return mean(np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64), seed=seed)


def luck(ours: Sequence[float], theirs: Sequence[float], *, seed: int = 0) -> float:
    """How likely a gain or loss at least as large is where both ways are equally good: each row's difference could as
    well have had the other sign (paired randomization test, two-sided, FLIPS flips; exact where 2**rows is fewer). For
    right and wrong this is McNemar's exact test. A bootstrap alone would call 4 rows to 0 a sure win."""
    difference = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    difference = difference[difference != 0]  # rows that are even stay so whichever sign they get
    if len(difference) < 2:
        return 1.0
    from scipy.stats import permutation_test

    found = permutation_test(
        (difference,),
        lambda rows, axis: rows.sum(axis=axis),
        permutation_type="samples",
        n_resamples=FLIPS,
        batch=_AT_ONCE,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def of_sums(rows: Sequence[Sequence[float]] | Floats, figure: Callable[[Floats], Floats], *, seed: int = 0) -> Interval:
    """A figure that is made from sums over the rows, as a mean over tokens or BLEU are, with its interval. `rows` holds
    what each row adds to each sum; `figure` makes (draws,) of (draws, sums). Figures of the same rows and seed are
    resampled by the same rows (paired)."""
    added = np.asarray(rows, dtype=np.float64)
    drawn_rows = draws(np.ones(len(added), dtype=np.int64), seed)
    whole = figure(added.sum(axis=0, keepdims=True))
    return interval_of(float(whole[0]), np.concatenate([figure(drawn @ added) for drawn in drawn_rows]))


def macro_f1(truth: Sequence[int], answers: Sequence[int], *, labels: int, seed: int = 0) -> Interval:
    """Mean F1 over the labels that occur in `truth` or `answers`, which hold label numbers below `labels`, with its
    interval."""
    cells, counts = np.unique(np.asarray(truth) * labels + np.asarray(answers), return_counts=True)
    whole = _macro_f1(counts[None, :], cells, labels)
    return interval_of(float(whole[0]), np.concatenate([_macro_f1(d, cells, labels) for d in draws(counts, seed)]))


def _macro_f1(drawn: NDArray[np.int64], cells: NDArray[np.int64], labels: int) -> Floats:
    truth, answer = np.divmod(cells, labels)
    in_truth, in_answer = np.eye(labels)[truth], np.eye(labels)[answer]
    right = drawn @ (in_truth * (truth == answer)[:, None])
    met = drawn @ in_truth + drawn @ in_answer
    f1 = np.divide(2 * right, met, out=np.zeros_like(right), where=met > 0)
    result: Floats = f1.sum(axis=1) / (met > 0).sum(axis=1)
    return result


def draws(counts: NDArray[np.int64], seed: int, *, at_most: int = RESAMPLES) -> Iterator[NDArray[np.int64]]:
    """Resamples of values that occur so often, as counts, _AT_ONCE together and no more at a time; the same seed draws
    the same rows."""
    # Drawing rows with replacement is a multinomial over the distinct values: the same distribution, far fewer numbers.
    random = np.random.default_rng(seed)
    shares = counts / counts.sum()
    for _ in range(at_most // _AT_ONCE):
        yield random.multinomial(counts.sum(), shares, size=_AT_ONCE)


def interval_of(value: float, resampled: Floats) -> Interval:
    """A figure with the range in which the resampled ones lie."""
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Interval(value, float(low), float(high))
