"""How high the right passages come when passages are ranked for a query.

In: a score for each passage, and which passages are right. Out: their ranks, and of each query's ranks a share 0..1:
reciprocal rank, nDCG, average precision, recall. Knows nothing of models or tables. The measures are those of the
field for one query; their means over queries are MRR, nDCG (Järvelin and Kekäläinen 2002), MAP and recall.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

DEPTH = 10  # passages that somebody looks through

Ranks = tuple[int, ...]  # of a query's right passages, the best first; 1 is the top


def ranks_of(scores: NDArray[np.floating[Any]] | Sequence[float], right: Sequence[int]) -> Ranks:
    """The ranks of the passages at the places `right` by their scores, higher is better. A wrong passage with the same
    score counts as ranked before a right one, so that no way gains by giving many passages one score."""
    each = np.asarray(scores)
    is_right = np.zeros(len(each), np.bool_)
    is_right[list(right)] = True
    wrong, best = each[~is_right], sorted(each[is_right], reverse=True)
    before = [int(np.count_nonzero(wrong >= score)) for score in best]  # right ones are few: no sorting of all
    return tuple(place + behind for place, behind in enumerate(before, 1))


def reciprocal_rank(ranks: Ranks, *, depth: int | None = DEPTH) -> float:
    """1 for the top, 1/2 for the second place …, 0 where no right passage is among the first `depth`."""
    return 1 / ranks[0] if ranks and (depth is None or ranks[0] <= depth) else 0.0


def ndcg(ranks: Ranks, *, depth: int = DEPTH) -> float:
    """What the right passages among the first `depth` are worth, 1 / log2(rank + 1) each, as a share of the most that
    they could be worth."""
    best = sum(1 / log2(rank + 1) for rank in range(1, min(len(ranks), depth) + 1))
    return sum(1 / log2(rank + 1) for rank in ranks if rank <= depth) / best if best else 0.0


def average_precision(ranks: Ranks) -> float:
    """The mean, over the right passages, of the share of right ones among those up to it."""
    return sum(place / rank for place, rank in enumerate(ranks, 1)) / len(ranks) if ranks else 0.0


def recall(ranks: Ranks, *, depth: int) -> float:
    """The share of the right passages that are among the first `depth`."""
    return sum(rank <= depth for rank in ranks) / len(ranks) if ranks else 0.0


def is_hit(ranks: Ranks, *, depth: int) -> bool:
    """Whether any right passage is among the first `depth`."""
    return bool(ranks) and ranks[0] <= depth
