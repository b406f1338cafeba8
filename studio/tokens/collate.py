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
    """`ids` and `attention` (1 = a token, 0 = filling) are int64, `learned` is bool, all (sequences, longest); `types`
    too where the rows have token types, else None. The sequences stand row by row, each row's own before those beside
    it; `owner` (sequences,) is the place of the row that each belongs to. `labels` (rows,) are int64, -1 where there is
    none; `tokens` counts what is not filling; `rows` are the rows themselves, for whatever else is learned of them."""

    ids: Tensor
    attention: Tensor
    learned: Tensor
    labels: Tensor
    tokens: int
    owner: Tensor
    rows: tuple[Encoded, ...]
    types: Tensor | None = None

    def mean_by_row(self, values: Tensor) -> Tensor:
        """The mean over each row's sequences: (sequences, n) -> (rows, n)."""
        if len(self.rows) == len(self.owner):
            return values
        counts = torch.bincount(self.owner, minlength=len(self.rows)).to(values.dtype)
        sums = torch.zeros(len(self.rows), values.shape[1], dtype=values.dtype, device=values.device)
        return sums.index_add(0, self.owner, values) / counts[:, None]

    @property
    def inputs(self) -> dict[str, Tensor]:
        """What a network is called with."""
        found = {"input_ids": self.ids, "attention_mask": self.attention}
        return found if self.types is None else {**found, "token_type_ids": self.types}


def collate(rows: Sequence[Encoded], *, pad_id: int, device: torch.device) -> Batch:
    """The rows as one Batch on `device`, as long as the longest of their sequences."""
    every = [(place, one) for place, row in enumerate(rows) for one in row.sequences]
    longest = max(len(one.ids) for _, one in every)
    ids = torch.tensor([[*one.ids, *[pad_id] * (longest - len(one.ids))] for _, one in every])
    learned = torch.tensor([[*one.learned, *[False] * (longest - len(one.ids))] for _, one in every])
    lengths = torch.tensor([len(one.ids) for _, one in every])
    attention = (torch.arange(longest) < lengths[:, None]).long()
    types = None
    if any(one.types for _, one in every):
        types = _moved(torch.tensor([[*one.types, *[0] * (longest - len(one.types))] for _, one in every]), device)
    return Batch(
        ids=_moved(ids, device),
        attention=_moved(attention, device),
        learned=_moved(learned, device),
        labels=_moved(torch.tensor([row.label for row in rows]), device),
        tokens=int(lengths.sum()),
        owner=_moved(torch.tensor([place for place, _ in every]), device),
        rows=tuple(rows),
        types=types,
    )


def _moved(values: Tensor, device: torch.device) -> Tensor:
    """The tensor on `device`; on the way to a graphics card nothing waits for what that is still computing."""
    return values.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else values.to(device)
