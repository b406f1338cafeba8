"""How long rows are in tokens.

In: a Tokenizer and Examples. Out: one count per row, and the figures that automatic values and the histogram need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.config.config import Config
from studio.stopping import never
from studio.tasks.example import Example
from studio.tokens.rows import encode_rows
from studio.tokens.tokenizer import UNLIMITED, Tokenizer


@dataclass(frozen=True)
class Lengths:
    """`counts` holds tokens per row, template included. Where not all rows were measured, they stand for `of` rows
    (None: for themselves alone), of which one is known to have `known_longest` tokens. A row of `sequences` texts (an
    answer and a worse one, say) is as long as the longest of them. Where whole texts are learned in pieces, the counts
    are those of the pieces, and `whole` has those of the texts."""

    counts: NDArray[np.int64]
    of: int | None = None
    known_longest: int = 0
    sequences: float = 1.0
    whole: Lengths | None = None

    @property
    def rows(self) -> int:
        """How many rows the counts stand for."""
        return int(self.counts.size) if self.of is None else self.of

    @property
    def is_estimate(self) -> bool:
        """Whether numbers of rows are worked out from some of them."""
        return self.rows > self.counts.size > 0

    def estimated(self, measured: int) -> int:
        """How many of all rows so many of the measured ones stand for: to three figures where it is an estimate."""
        if not self.is_estimate or not 0 < measured < self.counts.size:
            return self.rows if measured and measured == self.counts.size else measured
        exact = measured * self.rows / int(self.counts.size)
        return min(max(measured, int(float(f"{exact:.3g}"))), self.rows)

    @property
    def mean(self) -> float:
        """Tokens that are computed for a row on average; 0 without rows."""
        return self.sequences * float(self.counts.mean()) if self.counts.size else 0.0

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
        return max(int(self.counts.max()), self.known_longest) if self.counts.size else 0

    @property
    def texts(self) -> int:
        """How many whole texts the rows are made of."""
        return self.rows if self.whole is None else self.whole.rows

    def pieces(self, limit: int) -> int:
        """In how many pieces of at most `limit` tokens whole texts are learned: neighbours share one token."""
        counts = self.counts if self.whole is None else self.whole.counts
        return int(np.maximum(1, -(-(counts - 1) // max(1, limit - 1))).sum())

    def beyond(self, limit: int) -> int:
        """How many rows are longer than `limit`, of all that the counts stand for; see `is_estimate`."""
        return self.estimated(int((self.counts > limit).sum())) or int(self.longest > limit)


def measure(
    tokenizer: Tokenizer, examples: Iterable[Example], config: Config, *, should_stop: Callable[[], bool] = never
) -> Lengths | None:
    """The length of every Example, as the goal of `config` learns it, without a limit, of its longest text where it has
    several; None where it was stopped."""
    encoded = encode_rows(tokenizer, _until(should_stop, examples), config, max_tokens=UNLIMITED)
    found = [(row.longest, len(row.sequences)) for row in encoded]
    if should_stop():
        return None
    counts = np.array([longest for longest, _ in found], dtype=np.int64)
    return Lengths(counts, sequences=sum(texts for _, texts in found) / len(found) if found else 1.0)


def _until(should_stop: Callable[[], bool], examples: Iterable[Example]) -> Iterator[Example]:
    for example in examples:
        if should_stop():
            return
        yield example
