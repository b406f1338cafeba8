"""Long texts as rows of the length limit, without losing a token.

In: the ids of a whole text. Out: Encoded rows, each a sequence of its own, so that attention never crosses from one
text into another. Every token of the text and the end-of-text token behind it is learned exactly once.

Several short texts are not packed into one sequence behind a mask: measured on a processor (two layers 576 wide, texts
of 128 tokens), sequences of their own took 0.73 s where 1,024 tokens packed behind a mask took 1.08 s, and 0.31 s
against 0.40 s for 512; and no model family can get the mask wrong. Rows of a step have similar lengths (batches.py),
so that hardly anything is filled up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from studio.tokens.encoded import Encoded


def pieces(row: int, ids: Sequence[int], *, opening: Sequence[int], end: int, max_tokens: int) -> Iterator[Encoded]:
    """The text of table row `row` in pieces of at most `max_tokens`. The first begins with `opening` (one token at
    least), each later one with the last token of the piece before it; both are read and not learned again. `end`
    closes the text and is learned with it."""
    line = [*opening, *ids, end]
    read = len(opening)
    start = 0
    while start < len(line) - 1:
        piece = line[start : start + max(max_tokens, read + 1)]
        yield Encoded(row, tuple(piece), _mask(len(piece), read))
        start, read = start + len(piece) - 1, 1


def piece_lengths(tokens: int, *, opening: int, max_tokens: int) -> Iterator[int]:
    """How long the pieces of a text of so many tokens are, without making them."""
    left, read = opening + tokens + 1, opening
    while left > 1:
        length = min(left, max(max_tokens, read + 1))
        yield length
        left, read = left - length + 1, 1


@lru_cache(maxsize=4096)
def _mask(length: int, read: int) -> tuple[bool, ...]:
    return (False,) * read + (True,) * (length - read)
