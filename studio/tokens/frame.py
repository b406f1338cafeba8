"""What a tokenizer puts round two texts that are read together.

In: a Tokenizer. Out: its Frame. Knows nothing of limits, windows or labels, and no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from studio.tokens.tokenizer import Tokenizer

Ids = tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """The ids before, between and after two texts, and the token types of the five parts in turn. Nothing stands
    between them where the tokenizer knows no pairs."""

    before: Ids
    between: Ids
    after: Ids
    types: Ids

    @property
    def tokens(self) -> int:
        """How many tokens it takes."""
        return len(self.before) + len(self.between) + len(self.after)

    def types_of(self, lengths: Sequence[int]) -> Ids:
        """The token types of five parts of these lengths."""
        return tuple(kind for kind, count in zip(self.types, lengths, strict=True) for _ in range(count))


@lru_cache(maxsize=8)
def frame_of(tokenizer: Tokenizer) -> Frame:
    """Seen from a pair of one letter each."""
    pair = tokenizer.backend.encode("a", "b")
    first, second = ([n for n, of in enumerate(pair.sequence_ids) if of == which] for which in (0, 1))
    if not first or not second:
        return Frame((), (), (), (0,) * 5)
    borders = (0, first[0], first[-1] + 1, second[0], second[-1] + 1, len(pair.ids))
    before, _, between, _, after = (tuple(pair.ids[begin:end]) for begin, end in pairwise(borders))
    kinds = (*pair.type_ids, 0)  # nothing may follow the second text
    return Frame(before, between, after, tuple(kinds[border] for border in borders[:-1]))
