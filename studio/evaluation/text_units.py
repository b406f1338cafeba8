"""Test texts in stretches that can be judged: tokens, their bytes, and which of them belong together. (torch)

In: the test texts. Out: pieces to be foretold, and of what was foretold the sums of each stretch, which the bootstrap
draws. Where texts are many, each is a stretch of its own; else texts are cut into stretches of equal length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.data.parts.dataset import Row
from studio.evaluation.foretell import Foretold
from studio.evaluation.verdict import FEWEST_ROWS
from studio.tokens.encoded import Encoded
from studio.tokens.pieces import pieces
from studio.tokens.tokenizer import Tokenizer

_STRETCHES = 100  # of all texts together, where there are few
_SHORTEST = 64  # tokens of a stretch: in shorter ones chance is not chance, one sentence says what the next does

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class JudgedTexts:
    """`texts` whole or begun, their `pieces` one text after the other, and for each learned token how many bytes of
    text it stands for (`sizes`, the end of a text 0) and its stretch (`units`, counted from 0). `are_texts` says that
    every stretch is one text."""

    texts: tuple[Row, ...]
    pieces: tuple[Encoded, ...]
    sizes: NDArray[np.int64]
    units: NDArray[np.int64]
    are_texts: bool

    @property
    def count(self) -> int:
        """How many stretches there are."""
        return int(self.units.max()) + 1 if len(self.units) else 0

    def bytes_of(self) -> list[bytes]:
        """The texts as they are written."""
        return [text.input.encode() for text in self.texts]

    def sums(self, *columns: NDArray[Any]) -> Floats:
        """Values of tokens, or of the bytes that they stand for, summed for each stretch: (stretches, columns)."""
        kept = [np.bincount(self.units, weights=column, minlength=self.count) for column in columns]
        return np.stack(kept, axis=1)

    def of_bytes(self, bits: Sequence[Floats]) -> Floats:
        """Values of the texts' bytes, summed for each token."""
        each = np.concatenate([*bits, np.zeros(1)])
        ends = np.cumsum(self.sizes)
        summed = np.concatenate([np.zeros(1), np.cumsum(each)])
        found: Floats = summed[ends] - summed[ends - self.sizes]
        return found


def judged_texts(rows: Iterable[Row], tokenizer: Tokenizer, *, limit: int, most: int) -> JudgedTexts:
    """The texts of `rows` up to about `most` tokens in all, in pieces of `limit` tokens; the last one may be cut."""
    texts, every, sizes, lengths = list[Row](), list[Encoded](), list[NDArray[np.int64]](), list[int]()
    left = most
    for row in rows:
        if left <= 0:
            break
        ids, widths = tokenizer.text_bytes(row.input)
        if len(ids) > left:
            widths = widths[:left]
            ids, row = ids[:left], row._replace(input=_begun(row.input, int(sum(widths))))
        texts.append(row)
        every += pieces(row.number, ids, opening=tokenizer.opening, end=tokenizer.text_end, max_tokens=limit)
        sizes.append(np.array([*widths, 0], np.int64))
        lengths.append(len(ids) + 1)
        left -= len(ids)
    are_texts = len(texts) >= FEWEST_ROWS
    units = np.concatenate([np.zeros(0, np.int64), *_units(lengths, are_texts)])
    return JudgedTexts(tuple(texts), tuple(every), np.concatenate([np.zeros(0, np.int64), *sizes]), units, are_texts)


def joined(found: Sequence[Foretold]) -> Foretold:
    """What was foretold of pieces that follow each other, as one."""
    return Foretold(np.concatenate([one.nats for one in found]), np.concatenate([one.right for one in found]))


def _begun(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _units(lengths: Sequence[int], are_texts: bool) -> list[NDArray[np.int64]]:
    """For each text the stretches of its tokens."""
    if are_texts:
        return [np.full(length, number) for number, length in enumerate(lengths)]
    wanted = max(_SHORTEST, sum(lengths) // _STRETCHES)
    found, first = list[NDArray[np.int64]](), 0
    for length in lengths:
        count = max(1, round(length / wanted))
        found.append(first + np.arange(length) * count // length)
        first += count
    return found
