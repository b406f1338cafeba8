"""From which share on a label is named, where a text may have several: chosen on the watching rows.

In: the shares that the labels of each watching row got, and which labels it has. Out: one threshold a label. Each makes
the label's F1 on these rows as high as it can be (SCut; Yang 2001, "A study of thresholding strategies for text
categorization"). A label with few watching rows would only get its luck that way, so it gets the one threshold that is
best for all labels together (micro-F1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST = 10  # watching rows with the label, and as many without it
USUAL = 0.5  # where no watching row says more

Floats = NDArray[np.float64]


def thresholds(shares: ArrayLike, truth: ArrayLike) -> tuple[float, ...]:
    """One threshold for each column of `shares` (rows, labels), 0..1, given the `truth` (rows, labels) as 0 and 1."""
    given, true = np.asarray(shares, np.float64), np.asarray(truth, np.bool_)
    if not given.size:
        return (USUAL,) * (given.shape[1] if given.ndim == 2 else 0)
    common = common_threshold(given, true)
    rows, having = len(true), true.sum(axis=0)
    is_told = (having >= FEWEST) & (rows - having >= FEWEST)
    return tuple(_best(given[:, n], true[:, n]) if is_told[n] else common for n in range(given.shape[1]))


def common_threshold(shares: ArrayLike, truth: ArrayLike) -> float:
    """The one threshold for all labels with the highest micro-F1."""
    return _best(np.asarray(shares, np.float64).ravel(), np.asarray(truth, np.bool_).ravel())


def named(shares: Sequence[float], limits: Sequence[float]) -> tuple[int, ...]:
    """The places of the labels whose share reaches their threshold, the largest share first."""
    found = [place for place, (share, limit) in enumerate(zip(shares, limits, strict=True)) if share >= limit]
    return tuple(sorted(found, key=lambda place: -shares[place]))


def _best(shares: Floats, truth: NDArray[np.bool_]) -> float:
    """The threshold with the highest F1, midway between two shares that occur; of equally good ones the nearest to
    a half."""
    if not truth.any():
        return USUAL
    order = np.argsort(-shares, kind="stable")
    ordered, hits = shares[order], np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())
    ends = np.append(ordered[1:] < ordered[:-1], True)  # equal shares are named together or not at all
    after = np.append(ordered[1:], 0.0)
    middles = (ordered + after) / 2
    best = np.flatnonzero(ends & (f1 >= f1[ends].max() - 1e-12))
    return float(middles[best[np.abs(middles[best] - USUAL).argmin()]])
