"""Texts of one label close together, texts of different labels apart: learned before any label is named. (torch)

In: a Model that ends in labels, and Batches. Out: summed errors. Every text is compared with every other
one of its step, so that n rows give n² pairs; the head is fitted afterwards (training/head_start.py).

Supervised contrastive loss (Khosla et al. 2020, "Supervised Contrastive Learning", equation 2, L_out): for a text, the
mean over its mates (the other texts of its label in the step) of -log softmax(cosine / TEMPERATURE), the softmax over
all other texts of the step. A text with several labels is a mate as far as it shares them: its part in that mean is how
many both have of those that either has. With few rows a head has little to learn from, but their pairs are many
(Tunstall et al. 2022, "Efficient Few-Shot Learning Without Prompts"). Pairs of mates beside many other labels teach
more than larger groups (tokens/batches.MATES): 84.4 against 84.0 % of held-out rows with 10 rows of each of 77 labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.head import MeanPooledClassifier, last_features, mean_of_tokens
from studio.models.load import Model, encoder_body
from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded
from studio.training.objectives.several import marks

TEMPERATURE = 0.1  # cosines are divided by it: the smaller, the more only the nearest texts count


@dataclass
class PairLoss:
    """The error of a text beside the texts of its step. A step of several micro-batches is gone through twice: once for
    all vectors and how each should move, once to pass that on to the weights, so that memory holds one micro-batch at a
    time and the gradients are those of the whole step (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size
    under Memory Limited Setup"). `wanted` are the errors and gradients of the micro-batches that are still to come."""

    model: Model
    wanted: list[tuple[Tensor, Tensor]] = field(default_factory=list)

    def weight(self, row: Encoded) -> float:
        """1: a row without a mate in its step has no error, but stands against the others."""
        return 1.0

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Compare all texts of the step."""
        self.wanted = []
        if sum(1 for _ in islice(batches(), 2)) == 1:
            return  # the step is compared when its one batch comes
        with torch.no_grad():
            found = [(self._vectors(batch), self._labels(batch)) for batch in batches()]
        vectors = torch.cat([some for some, _ in found]).requires_grad_()
        with torch.enable_grad():
            errors = contrast(vectors, torch.cat([labels for _, labels in found]))
        (moves,) = torch.autograd.grad(errors.sum(), vectors)
        sizes = [len(labels) for _, labels in found]
        self.wanted = list(zip(torch.split(errors.detach(), sizes), torch.split(moves, sizes), strict=True))

    def summed(self, batch: Batch) -> Tensor:
        if not self.wanted:
            return self.of_rows(batch).sum()
        errors, moves = self.wanted.pop(0)
        moved = (self._vectors(batch) * moves).sum()
        return moved - moved.detach() + errors.sum()  # the value of the error with the gradient of the step

    def of_rows(self, batch: Batch) -> Tensor:
        """The errors of the texts of one batch among themselves: (rows,)."""
        return contrast(self._vectors(batch), self._labels(batch))

    def _labels(self, batch: Batch) -> Tensor:
        if not self.model.config.task.has_several:
            return batch.labels
        return marks(batch.rows, len(self.model.labels)).to(batch.labels.device)

    def _vectors(self, batch: Batch) -> Tensor:
        """What the head makes its labels of, one a row, the mean where it is read in several parts: the mean of the
        tokens, or, where another part of the network is read instead, what reaches the last layer. (rows, width)"""
        if not isinstance(self.model.net, MeanPooledClassifier):
            return batch.mean_by_row(last_features(self.model.net, batch.inputs).float())
        hidden = encoder_body(self.model)(**batch.inputs).last_hidden_state
        return batch.mean_by_row(mean_of_tokens(hidden.float(), batch.attention))


def contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """Each text's error beside the others: (rows,) for vectors (rows, width) of any length and labels (rows,), or marks
    (rows, labels) where texts have several. Zero for a text without a mate."""
    directions = F.normalize(vectors.float(), dim=1)
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    with torch.autocast(vectors.device.type, enabled=False):  # a cosine of 16-bit has two digits, here it is magnified
        nearness = (directions @ directions.T / TEMPERATURE).masked_fill(itself, -torch.inf)
    shares = nearness.log_softmax(1).masked_fill(itself, 0.0)
    mates = _shared(labels).masked_fill(itself, 0.0)
    total = mates.sum(1)
    return -(shares * mates).sum(1) / torch.where(total > 0, total, 1.0)


def _shared(labels: Tensor) -> Tensor:
    """How far each two texts have the same labels, from 0 to 1: (rows, rows)."""
    if labels.ndim == 1:
        return (labels[:, None] == labels[None]).float()
    both, each = labels @ labels.T, labels.sum(1)
    return both / (each[:, None] + each[None] - both).clamp(min=1)
