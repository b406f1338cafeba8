"""Rows side by side: filled up at the right, nothing of the filling learned."""

from __future__ import annotations

import torch

from studio.tokens.collate import collate
from studio.tokens.encoded import Encoded


def test_rows_are_filled_up_at_the_right() -> None:
    rows = [Encoded(0, (5, 6, 7), (False, True, True), label=2), Encoded(1, (8,), (True,))]
    batch = collate(rows, pad_id=9, device=torch.device("cpu"))
    assert batch.ids.tolist() == [[5, 6, 7], [8, 9, 9]]
    assert batch.attention.tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch.learned.tolist() == [[False, True, True], [True, False, False]]
    assert batch.labels.tolist() == [2, -1]
    assert batch.tokens == 4
    assert (batch.ids.dtype, batch.attention.dtype, batch.learned.dtype) == (torch.int64, torch.int64, torch.bool)
