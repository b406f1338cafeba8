"""The next word: cross entropy of each learned token given everything before it. (torch)

In: a causal Model and Batches. Out: summed errors. The output layer runs on learned positions only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from studio.models.load import CausalParts, Model, causal_parts
from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded

# Logits of this many positions exist at once on a CPU. torch's own choice (16 to 32) reads the whole output layer
# again for each chunk and took 3 to 17 times as long (49,152 words, 576 wide, 200 to 1,500 positions, 2 cores).
_CPU_CHUNK = 512
# On a graphics card so many logits of 32-bit exist at once, 1 GiB. torch's own choice there is chunks of 32 positions,
# each far too small for a card, and its errors come in the states' format: with 16-bit ones a token's has eight bits.
_CARD_LOGITS = 2**28
_FEWEST_POSITIONS = 256


@dataclass(frozen=True)
class WordLoss:
    """Cross entropy of each learned token given everything before it."""

    model: Model

    def weight(self, row: Encoded) -> float:
        return float(sum(sum(one.learned[1:]) for one in row.sequences))  # nothing comes before the first token

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each row stands for itself."""

    def summed(self, batch: Batch) -> Tensor:
        return self._errors(batch, "sum")

    def of_rows(self, batch: Batch) -> Tensor:
        rows = batch.owner[batch.learned[:, 1:].nonzero()[:, 0]]
        zeros = torch.zeros(len(batch.rows), device=batch.ids.device)
        return zeros.index_add(0, rows, self._errors(batch, "none"))

    def _errors(self, batch: Batch, reduction: Literal["sum", "none"]) -> Tensor:
        parts = causal_parts(self.model)
        learned = batch.learned[:, 1:]
        hidden = parts.hidden(batch.ids, batch.attention)[:, :-1][learned]
        return cross_entropy(parts, hidden, batch.ids[:, 1:][learned], reduction)


def cross_entropy(
    parts: CausalParts, hidden: Tensor, targets: Tensor, reduction: Literal["sum", "none"] = "sum"
) -> Tensor:
    """Cross entropy of (positions, width) states, summed or one a position; the full logits never exist in 32-bit at
    once. A sum without gradients is one of 32-bit numbers: torch gives sums in the states' format, and a sum of 16-bit
    has eight bits, too few to tell one look from the next. While learning only the curve shows that, the gradients do
    not; errors one by one would take half as long again."""
    if reduction == "sum" and not torch.is_grad_enabled():
        return cross_entropy(parts, hidden, targets, "none").sum()
    if torch.is_autocast_enabled(hidden.device.type):
        hidden = hidden.to(torch.bfloat16)
    if hidden.device.type == "cuda":
        each = _in_chunks(parts, hidden, targets)
        return each.sum() if reduction == "sum" else each
    if parts.softcap is not None:
        return F.cross_entropy(parts.scores(hidden), targets, reduction=reduction)
    weight, bias = parts.weight.to(hidden.dtype), parts.bias
    bias = bias if bias is None else bias.to(hidden.dtype)
    return F.linear_cross_entropy(
        hidden, weight, targets, linear_bias=bias, reduction=reduction, options=_chunks(hidden.device)
    ).float()


def _in_chunks(parts: CausalParts, hidden: Tensor, targets: Tensor) -> Tensor:
    """The errors one by one, in 32-bit, from a part of the logits at a time; while learning, each part is computed
    again on the way back instead of being kept."""
    size = max(_FEWEST_POSITIONS, _CARD_LOGITS // len(parts.weight))

    def errors(states: Tensor, wanted: Tensor) -> Tensor:
        return F.cross_entropy(parts.scores(states), wanted, reduction="none")

    found = [
        checkpoint(errors, states, wanted, use_reentrant=False, preserve_rng_state=False)
        for states, wanted in zip(torch.split(hidden, size), torch.split(targets, size), strict=True)
    ]
    return torch.cat(found)


def _chunks(device: torch.device) -> nn.LinearCrossEntropyOptions:
    if device.type == "cpu":
        return nn.LinearCrossEntropyOptions(batch_chunk_size=_CPU_CHUNK, chunking_method=None, acc_policy="accurate")
    return nn.LinearCrossEntropyOptions()
