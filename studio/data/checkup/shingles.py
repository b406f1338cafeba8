"""Texts as sets of short pieces: three letters in a row, or two where a script has no blanks; words and pairs of words.

In: sameness keys. Out: a Shingles: for every text the hashes of its pieces, as flat arrays. Everything is done on whole
arrays of characters; piece by piece Python would need most of the check-up's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]
    Starts = NDArray[np.int64]

BLOCK = 250_000  # characters that are looked at together: what a processor keeps close at hand
_NO_BLANKS = ((0x2E80, 0x312F), (0x31A0, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_FIRST, _SECOND, _THIRD = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D  # odd numbers with well spread bits


@dataclass(frozen=True)
class Shingles:
    """`hashes[starts[i]:starts[i + 1]]` are the pieces of text i, as 32-bit hashes, in the order of the text."""

    hashes: Codes
    starts: Starts


def blocks(texts: Sequence[str]) -> Iterator[range]:
    """Consecutive places of texts that together have about `BLOCK` characters (or one longer text)."""
    first, size = 0, 0
    for place, text in enumerate(texts):
        size += len(text) + 2
        if size >= BLOCK:
            yield range(first, place + 1)
            first, size = place + 1, 0
    if first < len(texts):
        yield range(first, len(texts))


def letters(texts: Sequence[str]) -> Shingles:
    """Every three letters in a row, blanks at both ends included; two in a row from a Chinese, Japanese or Korean
    character on, which says as much as a short word."""
    import numpy as np

    codes, starts = _codes([f" {text} " for text in texts])
    second, third = np.roll(codes, -1), np.roll(codes, -2)
    wide = np.zeros(len(codes), dtype=bool)
    for low, high in _NO_BLANKS:
        wide |= (codes >= low) & (codes <= high)
    hashes = codes * np.uint32(_FIRST) + second * np.uint32(_SECOND)
    hashes += np.where(wide, np.uint32(0), third * np.uint32(_THIRD))
    last = np.repeat(starts[1:], np.diff(starts))
    return _chosen(mixed(hashes), starts, np.arange(len(codes)) < last - 2)


def words(texts: Sequence[str]) -> tuple[Shingles, Shingles]:
    """Every word, and every two words in a row; blanks end a word."""
    import numpy as np

    codes, starts = _codes([f" {text} " for text in texts])
    blank = codes == 32
    begins = ~blank & np.roll(blank, 1)
    if not begins.any():
        none = Shingles(np.zeros(0, dtype=np.uint32), np.zeros(len(starts), dtype=np.int64))
        return none, none
    first = np.flatnonzero(begins)
    number = np.cumsum(begins) - 1
    place = np.arange(len(codes)) - first[np.maximum(number, 0)]
    # A word's hash is the sum of its characters' hashes, each mixed with its place.
    spread = mixed(codes * np.uint32(_FIRST) + place.astype(np.uint32) * np.uint32(_SECOND))
    spread[blank] = 0
    single = mixed(np.add.reduceat(spread, first, dtype=np.uint32))
    bounds = np.searchsorted(first, starts).astype(np.int64)
    pairs = mixed(single * np.uint32(_THIRD) + np.roll(single, -1))
    last = np.repeat(bounds[1:], np.diff(bounds))
    return Shingles(single, bounds), _chosen(pairs, bounds, np.arange(len(single)) < last - 1)


def mixed(values: Codes) -> Codes:
    """Every 32-bit number as another one whose bits all depend on all of its bits (the last steps of MurmurHash3)."""
    import numpy as np

    values = values ^ (values >> np.uint32(16))
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


def _codes(texts: Sequence[str]) -> tuple[Codes, Starts]:
    """The characters of all texts as numbers, and where each text begins."""
    import numpy as np

    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)), out=starts[1:])
    return codes, starts


def _chosen(hashes: Codes, starts: Starts, keep: NDArray[np.bool_]) -> Shingles:
    """The pieces that are kept, with the starts moved to fit."""
    import numpy as np

    before = np.zeros(len(hashes) + 1, dtype=np.int64)
    np.cumsum(keep, out=before[1:])
    return Shingles(hashes[keep], before[starts])
