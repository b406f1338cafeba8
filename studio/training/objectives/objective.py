"""What an objective is. (torch)

In: nothing. Out: the type that the loop, the step and the looks ask for errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from torch import Tensor

from studio.tokens.collate import Batch
from studio.tokens.encoded import Encoded


class Loss(Protocol):
    """An objective over rows. `weight` is what a row adds to the divisor of the mean; a row that weighs nothing teaches
    nothing. Micro-batches of a step add up to one big batch."""

    def weight(self, row: Encoded) -> float: ...

    def begin(self, batches: Callable[[], Iterator[Batch]]) -> None:
        """A step begins, over these micro-batches, which come again one by one in `summed`. For an objective whose rows
        are compared with each other across the whole step; `batches` can be gone through more than once, with the same
        dice for dropout as later. It runs with gradients on, as `summed` does."""
        ...

    def summed(self, batch: Batch) -> Tensor:
        """The summed error of a batch: a scalar in 32-bit, to be divided by the summed weights."""
        ...

    def of_rows(self, batch: Batch) -> Tensor:
        """The summed error of each row of a batch: (rows,) in 32-bit."""
        ...
