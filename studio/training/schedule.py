"""The plan of a run: how many steps, which rows in each, when to look, and how large each correction is.

In: the rows' lengths and a resolved Config. Out: plain numbers, the same for the same seed, so that a run that goes
on from a step needs nothing but the step. Knows nothing of models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studio.config.config import Config
from studio.tokens import batches


@dataclass
class Plan:
    """`total` steps of which `per_epoch` read every row once; `looks` are the steps after which the watching rows
    are measured, 0 and `total` among them."""

    lengths: Sequence[int]
    rows_per_step: int
    seed: int
    total: int
    per_epoch: int
    looks: frozenset[int]
    _epoch: int = -1
    _steps: list[list[int]] | None = None

    def rows(self, step: int) -> list[int]:
        """The rows (places in the list of training rows) of the 0-based `step`."""
        epoch, place = divmod(step, self.per_epoch)
        if self._steps is None or epoch != self._epoch:
            self._steps = batches.steps(self.lengths, rows_per_step=self.rows_per_step, seed=self.seed, epoch=epoch)
            self._epoch = epoch
        return self._steps[place]


def plan_for(lengths: Sequence[int], config: Config) -> Plan:
    """The plan for training rows of these lengths in tokens."""
    wants = config.training
    assert wants.rows_per_step is not None
    assert wants.epochs is not None
    assert wants.validations is not None
    first = batches.steps(lengths, rows_per_step=wants.rows_per_step, seed=wants.seed, epoch=0)
    total = max(1, math.ceil(wants.epochs * len(first) - 1e-9))
    total = min(total, wants.max_steps or total)
    looks = frozenset(round(total * n / wants.validations) for n in range(wants.validations + 1))
    return Plan(lengths, wants.rows_per_step, wants.seed, total, len(first), looks)


def rate_share(step: int, *, total: int, warmup_share: float) -> float:
    """The share of the learning rate for the 0-based `step`: a straight rise over the warm-up, then half a cosine
    down to zero.

    To zero, not to a tenth: the last small steps average out the noise of small batches, and the best look decides
    what is kept, so that a run that is too long costs nothing.
    """
    warmup = round(total * warmup_share)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = (step - warmup) / max(1, total - warmup)
    return 0.5 * (1 + math.cos(math.pi * done))
