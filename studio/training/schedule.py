"""The plan of a run: how many steps, which rows in each, when to look, and how large each correction is.

In: the rows' lengths and a resolved Config. Out: plain numbers, the same for the same seed, so that a run that goes
on from a step needs nothing but the step. Knows nothing of models.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from studio.config.config import Config
from studio.tokens import batches


@dataclass
class Plan:
    """`total` steps of which `per_epoch` read every row once; `looks` are the steps after which the watching rows
    are measured, 0 and `total` among them. `draw` gives the steps of a round, counted from 0."""

    draw: Callable[[int], list[list[int]]]
    total: int
    per_epoch: int
    looks: frozenset[int]
    _epoch: int = -1
    _steps: list[list[int]] | None = None

    def rows(self, step: int) -> list[int]:
        """The rows (places in the list of training rows) of the 0-based `step`."""
        epoch, place = divmod(step, self.per_epoch)
        if self._steps is None or epoch != self._epoch:
            self._steps, self._epoch = self.draw(epoch), epoch
        return self._steps[place]


def plan_for(lengths: Sequence[int], config: Config, labels: Sequence[int] = ()) -> Plan:
    """The plan for training rows of these lengths in tokens; where pairs are learned, in steps that hold several rows
    of one of `labels`. Where the last layer alone is fitted, there is a look and no step."""
    wants = config.training
    assert wants.rows_per_step is not None
    assert wants.epochs is not None
    assert wants.validations is not None
    if wants.approach == "contrastive":
        draw = partial(batches.steps_of_mates, labels, rows_per_step=wants.rows_per_step, seed=wants.seed)
    else:
        draw = partial(batches.steps, lengths, rows_per_step=wants.rows_per_step, seed=wants.seed)
    per_epoch = len(draw(epoch=0))
    if wants.approach == "frozen":
        return Plan(lambda epoch: draw(epoch=epoch), 0, per_epoch, frozenset({0}))
    total = max(1, math.ceil(wants.epochs * per_epoch - 1e-9))
    total = min(total, wants.max_steps or total)
    looks = frozenset(round(total * n / wants.validations) for n in range(wants.validations + 1))
    return Plan(lambda epoch: draw(epoch=epoch), total, per_epoch, looks)


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
