"""Several labels at once: a yes or no for each. (torch)

In: a Model with one logit for each label, and Batches. Out: summed errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.load import Model
from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded

MOST_WEIGHT = 20.0  # of a label that is there: one row in a thousand must not outweigh all others


@dataclass(frozen=True)
class SeveralLoss:
    """Binary cross entropy, the mean over the labels; `class_weights`, where given, say how much more it counts that a
    label is there than that it is not."""

    model: Model
    class_weights: Tensor | None = None

    def weight(self, row: Encoded) -> float:
        return 1.0

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each row stands for itself."""

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        logits = batch.mean_by_row(self.model.net(**batch.inputs).logits.float())
        truth = marks(batch.rows, len(self.model.labels)).to(logits.device)
        weights = None if self.class_weights is None else self.class_weights.to(logits.device)
        return F.binary_cross_entropy_with_logits(logits, truth, pos_weight=weights, reduction="none").mean(1)


def marks(rows: Sequence[Encoded], labels: int) -> Tensor:
    """Which labels each row has: (rows, labels) of 0 and 1."""
    found = torch.zeros(len(rows), labels)
    for place, row in enumerate(rows):
        found[place, list(row.labels)] = 1
    return found


def balanced_marks(rows: Sequence[Encoded], labels: int) -> Tensor:
    """Rows without each label for one with it, at most MOST_WEIGHT, so that both count the same; 1 where no row has
    it."""
    having = marks(rows, labels).sum(0)
    return torch.where(having > 0, (len(rows) - having) / having.clamp(min=1), 1.0).clamp(1 / MOST_WEIGHT, MOST_WEIGHT)
