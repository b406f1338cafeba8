"""How long rows are in tokens.

In: a Tokenizer and Examples. Out: one count per row, and the figures that automatic values and the histogram need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.tasks.example import Example
from studio.tokens.tokenizer import Tokenizer

UNLIMITED = 1 << 30


@dataclass(frozen=True)
class Lengths:
    """`counts` holds tokens per row, template included."""

    counts: NDArray[np.int64]

    @property
    def mean(self) -> float:
        """Tokens of a row on average; 0 without rows."""
        return float(self.counts.mean()) if self.counts.size else 0.0

    @property
    def median(self) -> int:
        """The middle row's tokens."""
        return int(np.median(self.counts)) if self.counts.size else 0

    @property
    def percentile_95(self) -> int:
        """95 % of the rows are at most this long."""
        return int(np.percentile(self.counts, 95)) if self.counts.size else 0

    @property
    def longest(self) -> int:
        """The longest row's tokens."""
        return int(self.counts.max()) if self.counts.size else 0

    def beyond(self, limit: int) -> int:
        """How many rows are longer than `limit`."""
        return int((self.counts > limit).sum())


def measure(tokenizer: Tokenizer, examples: Sequence[Example]) -> Lengths:
    """The length of every Example without a limit."""
    encoded = tokenizer.encode_many(examples, max_tokens=UNLIMITED)
    return Lengths(np.array([len(row.ids) for row in encoded], dtype=np.int64))
