"""From which certainty on the one label of a text counts, told by watching rows that belong to no label.

In: the shares that a classifier gave, label names. Out: a threshold, and how good it is. Knows nothing of models.

A classifier spreads all of its belief over the labels that it knows, so that a text about something else gets one too,
only less surely (Hendrycks and Gimpel 2017, "A Baseline for Detecting Misclassified and Out-of-Distribution Examples in
Neural Networks"). Where the table has a label for such texts, the watching rows with it tell from which certainty on an
answer counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from studio.tasks.none_of_these import none_label

FEWEST = 10  # watching rows of none of these, below which they tell little


class Rejecting(NamedTuple):
    """An answer counts from the share `threshold` on. Of the rows that told it: the share of those that belong to a
    label and got it, and the share of the others that were recognised."""

    threshold: float
    in_scope: float
    recall: float


def rejecting(labels: Sequence[str], shares: ArrayLike, truth: Sequence[str]) -> Rejecting | None:
    """The threshold with the highest mean of both shares, so that texts of no label weigh as much as all others however
    rare they are; of equally good ones the lowest. `shares` is (rows, labels), `truth` each row's label. None where
    fewer than FEWEST rows belong to none of these, or all do."""
    none = none_label(labels)
    outside = np.array([label == none for label in truth], dtype=np.bool_)
    if not none or outside.sum() < FEWEST or outside.all():
        return None
    given = np.asarray(shares, dtype=np.float64)
    tops, sure = given.argmax(axis=1), given.max(axis=1)
    names = np.array(labels)[tops]
    says_none, is_right = names == none, names == np.array(truth)
    candidates = np.unique(np.concatenate([[0.0], sure]))
    # An answer counts from a candidate on, so that just above each share that occurs one more row is rejected.
    kept = (sure[None] >= candidates[:, None]) & ~says_none[None]
    in_scope = (kept & is_right[None])[:, ~outside].mean(axis=1)
    recall = (~kept)[:, outside].mean(axis=1)
    best = int((in_scope + recall).argmax())
    between = float(candidates[best] + candidates[best - 1]) / 2 if best else 0.0
    return Rejecting(between, float(in_scope[best]), float(recall[best]))
