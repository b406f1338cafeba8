"""What is made small: the summed error of a batch, and how much each row counts. (torch)

In: a Model and a Batch. Out: one sum with its gradient, and the weight of each row, so that a step of many
micro-batches divides by the weight of the whole step and equals one big batch. Knows nothing of steps or optimizers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models.load import CausalParts, Model, causal_parts
from studio.tokens import batches
from studio.tokens.collate import Batch, collate
from studio.tokens.encoded import Encoded

# Logits of this many positions exist at once on a CPU. torch's own choice (16 to 32) reads the whole output layer
# again for each chunk and took 3 to 17 times as long (49,152 words, 576 wide, 200 to 1,500 positions, 2 cores).
_CPU_CHUNK = 512


class Loss(Protocol):
    """An objective over rows. `weight` is what a row adds to the divisor of the mean."""

    def weight(self, row: Encoded) -> float: ...

    def summed(self, batch: Batch) -> Tensor:
        """The summed error of a batch: a scalar in 32-bit, to be divided by the summed weights."""
        ...

    def of_rows(self, batch: Batch) -> Tensor:
        """The summed error of each row of a batch: (rows,) in 32-bit."""
        ...


@dataclass(frozen=True)
class AnswerLoss:
    """Cross entropy of each learned token given everything before it."""

    model: Model

    def weight(self, row: Encoded) -> float:
        return float(sum(row.learned[1:]))  # nothing comes before the first token

    def summed(self, batch: Batch) -> Tensor:
        return self._errors(batch, "sum")

    def of_rows(self, batch: Batch) -> Tensor:
        rows = batch.learned[:, 1:].nonzero()[:, 0]
        zeros = torch.zeros(len(batch.ids), device=batch.ids.device)
        return zeros.index_add(0, rows, self._errors(batch, "none"))

    def _errors(self, batch: Batch, reduction: Literal["sum", "none"]) -> Tensor:
        parts = causal_parts(self.model)
        learned = batch.learned[:, 1:]
        hidden = parts.hidden(batch.ids, batch.attention)[:, :-1][learned]
        return _cross_entropy(parts, hidden, batch.ids[:, 1:][learned], reduction)


@dataclass(frozen=True)
class LabelLoss:
    """Cross entropy of each row's label; `class_weights`, where given, one per label."""

    model: Model
    class_weights: Tensor | None = None

    def weight(self, row: Encoded) -> float:
        return 1.0 if self.class_weights is None else float(self.class_weights[row.label])

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        logits = self.model.net(input_ids=batch.ids, attention_mask=batch.attention).logits.float()
        return F.cross_entropy(logits, batch.labels, weight=self.class_weights, reduction="none")


def loss_for(model: Model, rows: Sequence[Encoded], *, class_weights: bool = False) -> Loss:
    """The loss of the model's kind. With `class_weights`, each label of `rows` counts the same in total."""
    if model.kind == "causal":
        return AnswerLoss(model)
    return LabelLoss(model, _balanced(rows, len(model.labels)).to(model.device) if class_weights else None)


def number_format(model: Model) -> torch.autocast:
    """The context in which the forward pass runs: 16-bit where the run decided so."""
    return torch.autocast(model.device.type, torch.bfloat16, enabled=model.config.training.precision == "bf16")


def mean_loss(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> float | None:
    """The mean error over rows, without learning; every label counts as often as it occurs. None when stopped."""
    loss, lengths = loss_for(model, rows), [len(row.ids) for row in rows]
    total = 0.0
    for places in batches.micro_batches(range(len(rows)), lengths, token_budget=token_budget):
        if should_stop():
            return None
        batch = collate([rows[place] for place in places], pad_id=pad_id, device=model.device)
        with torch.no_grad(), number_format(model):
            total += float(loss.summed(batch))
    return total / max(1.0, sum(loss.weight(row) for row in rows))


def row_losses(
    model: Model,
    rows: Sequence[Encoded],
    *,
    pad_id: int,
    token_budget: int,
    should_stop: Callable[[], bool],
) -> list[tuple[float, float]] | None:
    """Each row's summed error and its weight, without learning; the ratio of their sums is the mean error. None when
    stopped."""
    loss, lengths = loss_for(model, rows), [len(row.ids) for row in rows]
    found: dict[int, tuple[float, float]] = {}
    for places in batches.micro_batches(range(len(rows)), lengths, token_budget=token_budget):
        if should_stop():
            return None
        batch = collate([rows[place] for place in places], pad_id=pad_id, device=model.device)
        with torch.no_grad(), number_format(model):
            errors = loss.of_rows(batch).tolist()
        found |= {place: (error, loss.weight(rows[place])) for place, error in zip(places, errors, strict=True)}
    return [found[place] for place in range(len(rows))]


def _cross_entropy(
    parts: CausalParts, hidden: Tensor, targets: Tensor, reduction: Literal["sum", "none"] = "sum"
) -> Tensor:
    """Cross entropy of (positions, width) states, summed or one a position; the full logits never exist in 32-bit at
    once."""
    if torch.is_autocast_enabled(hidden.device.type):
        hidden = hidden.to(torch.bfloat16)
    weight, bias = parts.weight.to(hidden.dtype), parts.bias
    bias = bias if bias is None else bias.to(hidden.dtype)
    if parts.softcap is not None:
        logits = F.linear(hidden, weight, bias).float()
        return F.cross_entropy(parts.softcap * torch.tanh(logits / parts.softcap), targets, reduction=reduction)
    return F.linear_cross_entropy(
        hidden, weight, targets, linear_bias=bias, reduction=reduction, options=_chunks(hidden.device)
    ).float()


def _chunks(device: torch.device) -> nn.LinearCrossEntropyOptions:
    if device.type == "cpu":
        return nn.LinearCrossEntropyOptions(batch_chunk_size=_CPU_CHUNK, chunking_method=None, acc_policy="accurate")
    return nn.LinearCrossEntropyOptions()


def _balanced(rows: Sequence[Encoded], labels: int) -> Tensor:
    """rows / (labels * rows of the label); a label without rows weighs nothing."""
    counts = Counter(row.label for row in rows)
    return torch.tensor([len(rows) / (labels * counts[n]) if counts[n] else 0.0 for n in range(labels)])
