"""How likely a model finds its answers, beside the untouched model that is inside it. (torch)

In: a causal Model with an adapter, and Batches. Out: one log-probability a sequence, of its learned tokens together.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from studio.models.adapters import untouched
from studio.models.load import Model, causal_parts
from studio.tokens.collate import Batch
from studio.training.objectives.words import cross_entropy

_Key = tuple[object, ...]


def log_probabilities(model: Model, batch: Batch) -> Tensor:
    """The summed log-probability of each sequence's learned tokens: (sequences,) in 32-bit; 0 where none is learned."""
    parts = causal_parts(model)
    learned = batch.learned[:, 1:]
    hidden = parts.hidden(batch.ids, batch.attention)[:, :-1][learned]
    errors = cross_entropy(parts, hidden, batch.ids[:, 1:][learned], "none")
    zeros = torch.zeros(len(batch.ids), device=batch.ids.device)
    return zeros.index_add(0, learned.nonzero()[:, 0], -errors)


def learned_tokens(batch: Batch) -> Tensor:
    """How many tokens of each sequence are learned: (sequences,)."""
    return batch.learned[:, 1:].sum(1)


@dataclass
class Reference:
    """What the untouched model finds of sequences. It never changes, so that each sequence is computed once, in each
    number format, and kept."""

    model: Model
    _kept: dict[_Key, float] = field(default_factory=dict)

    def of(self, batch: Batch, *, keep: bool = True) -> Tensor:
        """As `log_probabilities`, of the untouched model, without gradients."""
        keys = self._keys(batch)
        if not all(key in self._kept for key in keys):
            with torch.no_grad(), untouched(self.model):
                found = log_probabilities(self.model, batch)
            if not keep:
                return found
            self._kept.update(zip(keys, found.tolist(), strict=True))
        return torch.tensor([self._kept[key] for key in keys], device=batch.ids.device)

    def _keys(self, batch: Batch) -> list[_Key]:
        # Also by number format: a trial of both comes before training, and looks may use another one than steps.
        is_half = torch.is_autocast_enabled(batch.ids.device.type)
        weights = causal_parts(self.model).weight.dtype
        return [(is_half, weights, one.ids, one.learned) for row in batch.rows for one in row.sequences]
