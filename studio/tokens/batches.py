"""Which rows are learned from together: steps of a fixed number of rows, and micro batches of similar length.

In: the rows' lengths in tokens. Out: lists of row indices; the same seed and round give the same lists on every
machine. Knows nothing of what is in the rows, and no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

MEGA_STEPS = 16  # sorted by length within at most this many steps: little padding, and still well mixed
MATES = 2  # rows of one label in a step of steps_of_mates


def steps(lengths: Sequence[int], *, rows_per_step: int, seed: int, epoch: int) -> list[list[int]]:
    """One round over all rows: every index once, in steps of `rows_per_step` (one may be smaller) that hold rows of
    similar length, in random order. `epoch` counts rounds from 0."""
    dice = np.random.Generator(np.random.PCG64([seed, epoch]))
    order = dice.permutation(len(lengths))
    sizes = np.asarray(lengths, dtype=np.int64)
    found: list[list[int]] = []
    # At least four groups a round: sorting a small table whole would bring the same rows together in every round.
    together = rows_per_step * max(1, min(MEGA_STEPS, len(order) // (4 * rows_per_step)))
    for start in range(0, len(order), together):
        mega = order[start : start + together]
        mega = mega[np.argsort(sizes[mega], kind="stable")]
        found += [mega[at : at + rows_per_step].tolist() for at in range(0, len(mega), rows_per_step)]
    return [found[number] for number in dice.permutation(len(found))]


def steps_of_mates(labels: Sequence[int], *, rows_per_step: int, seed: int, epoch: int) -> list[list[int]]:
    """One round over all rows, every index once, in steps of about `rows_per_step` in which rows of one label stand
    together in groups of MATES (of one more where their number does not divide), for objectives that compare them.
    Groups and steps are drawn anew in each round."""
    dice = np.random.Generator(np.random.PCG64([seed, epoch]))
    every = np.asarray(labels, dtype=np.int64)
    groups: list[list[int]] = []
    for label in np.unique(every):
        mates = dice.permutation(np.flatnonzero(every == label))
        groups += [group.tolist() for group in np.array_split(mates, max(1, len(mates) // MATES))]
    together = max(2, rows_per_step // MATES)
    order = [groups[number] for number in dice.permutation(len(groups))]
    return [[row for group in some for row in group] for some in _evenly(order, -(-len(order) // together))]


def _evenly(groups: list[list[int]], parts: int) -> list[list[list[int]]]:
    """The groups in order, in so many parts of nearly the same number."""
    ends = [round(len(groups) * part / parts) for part in range(parts + 1)]
    return [groups[begin:end] for begin, end in pairwise(ends)]


def micro_batches(indices: Sequence[int], lengths: Sequence[int], *, token_budget: int) -> list[list[int]]:
    """The indices packed so that rows times the longest of them stay within `token_budget` tokens, shortest first. A
    row longer than the budget stands alone."""
    found: list[list[int]] = []
    for index in sorted(indices, key=lambda index: (lengths[index], index)):
        # Sorted, so the newcomer is the longest.
        if found and (len(found[-1]) + 1) * lengths[index] <= token_budget:
            found[-1].append(index)
        else:
            found.append([index])
    return found
