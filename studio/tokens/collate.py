"""Encoded rows side by side in tensors. (torch)

In: Encoded rows. Out: a Batch, filled up at the right. Knows nothing of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.tokens.encoded import Encoded


@dataclass(frozen=True)
class Batch:
    """`ids` and `attention` (1 = a token, 0 = filling) are int64, `learned` is bool, all (rows, longest);
    `labels` (rows,) are int64, -1 where there is none; `tokens` counts what is not filling."""

    ids: Tensor
    attention: Tensor
    learned: Tensor
    labels: Tensor
    tokens: int


def collate(rows: Sequence[Encoded], *, pad_id: int, device: torch.device) -> Batch:
    """The rows as one Batch on `device`, as long as the longest of them."""
    longest = max(len(row.ids) for row in rows)
    ids = torch.tensor([[*row.ids, *[pad_id] * (longest - len(row.ids))] for row in rows])
    learned = torch.tensor([[*row.learned, *[False] * (longest - len(row.ids))] for row in rows])
    lengths = torch.tensor([len(row.ids) for row in rows])
    attention = (torch.arange(longest) < lengths[:, None]).long()
    return Batch(
        ids=ids.to(device),
        attention=attention.to(device),
        learned=learned.to(device),
        labels=torch.tensor([row.label for row in rows]).to(device),
        tokens=int(lengths.sum()),
    )
