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
    """Cross entropy of each row's label; `class_weights`, where given, one per label, on the processor, where they are
    asked for row by row. With `agreement` each row is read twice while learning, under other dropout each time: the
    mean of both errors counts, and this many times how far the two answers lie apart (the mean of both Kullback-Leibler
    divergences; Liang et al. 2021, "R-Drop")."""

    model: Model
    class_weights: Tensor | None = None
    agreement: float = 0.0

    def weight(self, row: Encoded) -> float:
        return 1.0 if self.class_weights is None else float(self.class_weights[row.label])

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each row stands for itself."""

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        first = self._logits(batch)
        found = self._errors(first, batch)
        if not self.agreement or not self.model.net.training:
            return found
        second = self._logits(batch)
        apart = self.agreement * _apart(first, second)
        if (weights := self._weights(first)) is not None:
            apart = apart * weights[batch.labels]
        return (found + self._errors(second, batch)) / 2 + apart

    def _logits(self, batch: Batch) -> Tensor:
        return batch.mean_by_row(self.model.net(**batch.inputs).logits.float())

    def _errors(self, logits: Tensor, batch: Batch) -> Tensor:
        return F.cross_entropy(logits, batch.labels, weight=self._weights(logits), reduction="none")

    def _weights(self, logits: Tensor) -> Tensor | None:
        return None if self.class_weights is None else self.class_weights.to(logits.device)


def _apart(first: Tensor, second: Tensor) -> Tensor:
    """How far two answers to each row lie apart, (rows,), from their logits (rows, labels)."""
    one, other = first.log_softmax(1), second.log_softmax(1)
    there, back = (F.kl_div(a, b, log_target=True, reduction="none").sum(1) for a, b in ((one, other), (other, one)))
    return (there + back) / 2


def balanced(rows: Sequence[Encoded], labels: int) -> Tensor:
    """rows / (labels * rows of the label); a label without rows weighs nothing."""
    counts = Counter(row.label for row in rows)
    return torch.tensor([len(rows) / (labels * counts[n]) if counts[n] else 0.0 for n in range(labels)])
