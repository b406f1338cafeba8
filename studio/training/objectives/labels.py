"""The right label: cross entropy over a classifier's labels. (torch)

In: a Model with one logit for each label, and Batches. Out: summed errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.load import Model
from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded


@dataclass(frozen=True)
class LabelLoss:
    """Cross entropy of each row's label; `class_weights`, where given, one per label."""

    model: Model
    class_weights: Tensor | None = None

    def weight(self, row: Encoded) -> float:
        return 1.0 if self.class_weights is None else float(self.class_weights[row.label])

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each row stands for itself."""

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        logits = batch.mean_by_row(self.model.net(**batch.inputs).logits.float())
        return F.cross_entropy(logits, batch.labels, weight=self.class_weights, reduction="none")


def balanced(rows: Sequence[Encoded], labels: int) -> Tensor:
    """rows / (labels * rows of the label); a label without rows weighs nothing."""
    counts = Counter(row.label for row in rows)
    return torch.tensor([len(rows) / (labels * counts[n]) if counts[n] else 0.0 for n in range(labels)])
