"""How well labels agree with the truth beyond the share that is right: balanced accuracy, MCC, AUC, F1 of several.

In: label numbers, shares or sets of labels of the test rows. Out: Intervals (seeded bootstrap over the rows, but for
the AUC). Knows nothing of models or files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.evaluation.intervals import Floats, Interval, draws, interval_of, of_sums

_TWO_SIDED = 1.96  # standard errors on either side hold 95 % of a normal distribution


def balanced_accuracy(truth: Sequence[int], answers: Sequence[int], *, labels: int, seed: int = 0) -> Interval:
    """The mean share found of each label that occurs in `truth`: luck gets 1 / labels, however rare they are."""
    return _of_cells(truth, answers, labels, _mean_recall, seed)


def mcc(truth: Sequence[int], answers: Sequence[int], *, labels: int, seed: int = 0) -> Interval:
    """Matthews' correlation coefficient for any number of labels (Gorodkin 2004): 1 = all right, 0 = no better than
    luck; 0 where only one label was named or is true."""
    return _of_cells(truth, answers, labels, _correlation, seed)


def auc(truth: Sequence[int], shares: ArrayLike) -> Interval | None:
    """How surely a row of a label gets a larger share of it than a row of another one does, mean over the labels (one
    against the rest) that some rows of `truth` have and others have not; None where there is none. `shares` is
    (rows, labels); true labels beyond its columns count as another one."""
    given = np.asarray(shares, np.float64)
    return several_auc(np.asarray(truth)[:, None] == np.arange(given.shape[1]), given)


def several_auc(truth: ArrayLike, shares: ArrayLike) -> Interval | None:
    """The same where a row may have several labels; `truth` is (rows, labels) of 0 and 1. The range follows from how
    much each row adds (DeLong and others 1988), because resampling would weigh every row of every label anew."""
    true, given = np.asarray(truth, np.bool_), np.asarray(shares, np.float64)
    told = [n for n in range(given.shape[1]) if 0 < true[:, n].sum() < len(true)]
    if not told:
        return None
    value, added = 0.0, np.zeros(len(true))
    for label in told:
        above, of_row = _auc(true[:, label], given[:, label])
        value += above / len(told)
        added += of_row / len(told)
    reach = _TWO_SIDED * float(np.sqrt((added**2).sum())) / len(true)
    return Interval(value, max(0.0, value - reach), min(1.0, value + reach))


def micro_f1(truth: ArrayLike, named: ArrayLike, *, seed: int = 0) -> Interval:
    """F1 over all labels of all rows together; both are (rows, labels) of 0 and 1."""
    true, given = np.asarray(truth, np.float64), np.asarray(named, np.float64)
    sums = np.stack([(true * given).sum(axis=1), true.sum(axis=1) + given.sum(axis=1)], axis=1)
    return of_sums(sums, lambda s: np.divide(2 * s[:, 0], s[:, 1], out=np.zeros(len(s)), where=s[:, 1] > 0), seed=seed)


def macro_f1_of_several(truth: ArrayLike, named: ArrayLike, *, seed: int = 0) -> Interval:
    """The mean F1 of the labels that some row has or got."""
    true, given = np.asarray(truth, np.float64), np.asarray(named, np.float64)
    count = true.shape[1]

    def figure(sums: Floats) -> Floats:
        hits, met = sums[:, :count], sums[:, count:]
        f1 = np.divide(2 * hits, met, out=np.zeros_like(hits), where=met > 0)
        found: Floats = f1.sum(axis=1) / np.maximum(1, (met > 0).sum(axis=1))
        return found

    return of_sums(np.concatenate([true * given, true + given], axis=1), figure, seed=seed)


def _of_cells(
    truth: Sequence[int],
    answers: Sequence[int],
    labels: int,
    figure: Callable[[Floats, NDArray[np.int64], NDArray[np.int64], int], Floats],
    seed: int,
) -> Interval:
    """A figure of how often each label was taken for each, by (draws, cells) of counts."""
    cells, counts = np.unique(np.asarray(truth) * labels + np.asarray(answers), return_counts=True)
    true, given = np.divmod(cells, labels)
    whole = figure(counts[None, :].astype(np.float64), true, given, labels)
    drawn = [figure(d.astype(np.float64), true, given, labels) for d in draws(counts, seed)]
    return interval_of(float(whole[0]), np.concatenate(drawn))


def _mean_recall(drawn: Floats, truth: NDArray[np.int64], answers: NDArray[np.int64], labels: int) -> Floats:
    of_label = np.eye(labels)[truth]
    right, having = drawn @ (of_label * (truth == answers)[:, None]), drawn @ of_label
    recall = np.divide(right, having, out=np.zeros_like(right), where=having > 0)
    found: Floats = recall.sum(axis=1) / (having > 0).sum(axis=1)
    return found


def _correlation(drawn: Floats, truth: NDArray[np.int64], answers: NDArray[np.int64], labels: int) -> Floats:
    rows = drawn.sum(axis=1)
    true, given = drawn @ np.eye(labels)[truth], drawn @ np.eye(labels)[answers]
    right = drawn @ (truth == answers)
    spread = (rows**2 - (true**2).sum(axis=1)) * (rows**2 - (given**2).sum(axis=1))
    above = right * rows - (true * given).sum(axis=1)
    found: Floats = np.divide(above, np.sqrt(spread), out=np.zeros_like(above), where=spread > 0)
    return found


def _auc(truth: NDArray[np.bool_], shares: Floats) -> tuple[float, Floats]:
    """The AUC, ties counting half, and how far each row lies from it, by the weight of its side."""
    ranks = _midranks(shares)
    inner = np.empty(len(truth))
    for side in (truth, ~truth):
        inner[side] = _midranks(shares[side])
    those, others = int(truth.sum()), int((~truth).sum())
    beaten = np.where(truth, (ranks - inner) / others, 1 - (ranks - inner) / those)
    value = float(beaten[truth].mean())
    return value, (beaten - value) * np.where(truth, len(truth) / those, len(truth) / others)


def _midranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: Floats = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return found
