"""The right number: the squared error in spreads of the training rows. (torch)

In: a Model with one output, and Batches. Out: summed errors; 1 is what the middle of the training rows gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.models.load import Model, number_scale
from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded


@dataclass(frozen=True)
class NumberLoss:
    """The squared difference of a row's number and the network's, both counted in spreads from the middle, so that the
    size of a step does not depend on the unit."""

    model: Model

    def weight(self, row: Encoded) -> float:
        return 0.0 if row.number is None else 1.0

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """Nothing: each row stands for itself."""

    def summed(self, batch: Batch) -> Tensor:
        return self.of_rows(batch).sum()

    def of_rows(self, batch: Batch) -> Tensor:
        given = batch.mean_by_row(self.model.net(**batch.inputs).logits.float())[:, 0]
        return (given - scaled(batch.rows, self.model).to(given.device)).square()


def scaled(rows: Sequence[Encoded], model: Model) -> Tensor:
    """The rows' numbers, counted in spreads from the middle: (rows,)."""
    mean, spread = number_scale(model)
    return torch.tensor([((row.number if row.number is not None else mean) - mean) / spread for row in rows])
