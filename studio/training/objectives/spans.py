"""The objective of finding an answer: where it begins and where it ends. (torch)

In: a Batch of Windows. Out: for each row its summed error, and how many windows it counts for. A window without the
answer points at the first token. Only that token and the text's own can be pointed at; the question cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from studio.models.load import Model
from studio.tokens.collate import Batch
from studio.tokens.encoded import NO_SPAN, Encoded
from studio.tokens.windows import Window


@dataclass(frozen=True)
class SpanLoss:
    """Half the cross entropy of the first token plus half that of the last one, summed over a row's windows."""

    model: Model

    def weight(self, row: Encoded) -> float:
        return float(sum(any(one.learned) for one in row.sequences))

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        begins, ends = span_logits(self.model, batch)
        sequences = [one for row in batch.rows for one in row.sequences]
        spans = torch.tensor([(0, 0) if one.span == NO_SPAN else one.span for one in sequences], device=begins.device)
        count = torch.tensor([any(one.learned) for one in sequences], device=begins.device)
        both = [F.cross_entropy(logits, spans[:, n], reduction="none") for n, logits in enumerate((begins, ends))]
        errors = torch.where(count, (both[0] + both[1]) / 2, 0.0)
        return torch.zeros(len(batch.rows), device=begins.device).index_add(0, batch.owner, errors)

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each row stands for itself."""


def span_logits(model: Model, batch: Batch) -> tuple[Tensor, Tensor]:
    """Scores of beginnings and ends, both (sequences, longest) in 32-bit; minus infinity where nothing can be."""
    found = model.net(**batch.inputs)
    places = torch.arange(batch.ids.shape[1], device=batch.ids.device)
    reach = torch.tensor(
        [one.reach if isinstance(one, Window) else (0, 0) for row in batch.rows for one in row.sequences],
        device=batch.ids.device,
    )
    is_text = (places >= reach[:, :1]) & (places < reach[:, 1:])
    can = is_text | (places == 0)
    begins, ends = (logits.float().masked_fill(~can, -torch.inf) for logits in (found.start_logits, found.end_logits))
    return begins, ends
