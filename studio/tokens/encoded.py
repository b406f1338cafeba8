"""Encoded: an Example as token ids, with a mask of what is learned.

In: nothing. Out: the type that travels from tokens to training, and that the preview colours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Encoded:
    """`ids` and `learned` have one entry per token, at most the length limit. `label` is the class index, or -1.
    `cut` counts the tokens beyond the limit. A causal-LM row with no learned token teaches nothing."""

    row: int
    ids: tuple[int, ...]
    learned: tuple[bool, ...]
    label: int = -1
    cut: int = 0
