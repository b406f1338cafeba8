"""Encoded: an Example as token ids, with a mask of what is learned.

In: nothing. Out: the type that travels from tokens to training, and that the preview colours.
"""

from __future__ import annotations

from dataclasses import dataclass

NO_SPAN = (-1, -1)


@dataclass(frozen=True)
class Encoded:
    """`ids` and `learned` have one entry per token, at most the length limit. `label` is the class index, or -1;
    `labels` are several of them, `number` is what is rated, `span` the first and the last token of an answer in the
    text (NO_SPAN where there is none). `types` are token types, one per token, where the model has any. `cut` counts
    the tokens beyond the limit. `beside` are further sequences that are learned together with this one. A causal-LM row
    with no learned token teaches nothing."""

    row: int
    ids: tuple[int, ...]
    learned: tuple[bool, ...]
    label: int = -1
    cut: int = 0
    labels: tuple[int, ...] = ()
    number: float | None = None
    span: tuple[int, int] = NO_SPAN
    types: tuple[int, ...] = ()
    beside: tuple[Encoded, ...] = ()

    @property
    def sequences(self) -> tuple[Encoded, ...]:
        """This one and those beside it."""
        return (self, *self.beside)

    @property
    def longest(self) -> int:
        """How many tokens the longest of its sequences has."""
        return max(len(one.ids) for one in self.sequences)

    @property
    def is_learnable(self) -> bool:
        """Whether any token of its sequences is learned."""
        return any(any(one.learned) for one in self.sequences)

    @property
    def size(self) -> int:
        """How many tokens are computed for it: every sequence filled up to the longest."""
        return len(self.ids) if not self.beside else len(self.sequences) * self.longest
