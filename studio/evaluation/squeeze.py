"""How small a text can be written: bits for each byte, by counting bytes, and by packing programs.

In: texts as bytes. Out: bits. A model that foretells a text well can write it in few bits (Shannon
1948); bits a byte compare models with different tokens, and models with programs that pack files. Knows no torch.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BITS = 8.0  # of a byte that nothing is known of
ORDERS = (2, 3, 4, 5, 6)  # bytes that the counting model may look back
_MOST_COUNTED = 20_000_000  # bytes of training text that are counted
MOST_KNOWN = 4_000_000  # bytes of training text that a packing program is shown
_BYTE = np.uint64(8)
PROGRAMS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 9, mtime=0),
    "bzip2": lambda data: bz2.compress(data, 9),
    "xz": lambda data: lzma.compress(data, preset=9 | lzma.PRESET_EXTREME),
}


def packed_bits(program: str, known: bytes, text: bytes) -> int:
    """The bits that a packing program needs for `text` when it has read `known` just before: what both take together,
    less what `known` takes alone. Of long texts it is shown the end."""
    pack, before = PROGRAMS[program], known[-MOST_KNOWN:]
    return 8 * max(0, len(pack(before + text)) - len(pack(before)))


def counted_bits(known: Sequence[bytes], texts: Sequence[bytes], *, order: int) -> list[Floats]:
    """The bits of every byte of each of the `texts` by a model that counts which byte follows which `order` bytes in
    the `known` texts. Rarer contexts lean on shorter ones (Witten and Bell 1991, method C, interpolated); the shortest
    one holds every byte for equally likely. A text begins after nothing."""
    learned, asked = _joined(known, order, most=_MOST_COUNTED), _joined(texts, order)
    chance = np.full(len(asked.places), 1 / 256)
    for length in range(order + 1):
        codes = learned.codes(length + 1)
        before, pairs = _Counts(codes >> _BYTE), _Counts(codes)
        kinds = _Counts(pairs.codes >> _BYTE)  # how many different bytes have followed each context
        codes = asked.codes(length + 1)
        seen, different = before.of(codes >> _BYTE), kinds.of(codes >> _BYTE)
        mixed = (pairs.of(codes) + different * chance) / np.maximum(1, seen + different)
        chance = np.where(seen > 0, mixed, chance)
    bits: Floats = -np.log2(chance)
    return np.split(bits, np.cumsum([len(text) for text in texts])[:-1]) if len(texts) else []


class _Counts:
    """How often each code occurs."""

    def __init__(self, codes: NDArray[np.uint64]) -> None:
        self.codes, self._counts = np.unique(codes, return_counts=True)

    def of(self, codes: NDArray[np.uint64]) -> NDArray[np.int64]:
        if not len(self.codes):
            return np.zeros(len(codes), np.int64)
        places = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[places] == codes, self._counts[places], 0).astype(np.int64)


class _Joined:
    """Texts one after the other; `places` are those of their bytes, so many zero bytes before each text aside."""

    def __init__(self, data: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
        self._data, self.places = data, places

    def codes(self, length: int) -> NDArray[np.uint64]:
        """For each byte the `length` bytes that end with it, as one number. Length 0 gives 0 for each."""
        found = np.zeros(len(self.places), np.uint64)
        for back in range(length - 1, -1, -1):
            found = (found << np.uint64(8)) | self._data[self.places - back].astype(np.uint64)
        return found


def _joined(texts: Sequence[bytes], order: int, *, most: int | None = None) -> _Joined:
    gap, data, places, at = b"\0" * (order + 1), bytearray(), [np.zeros(0, np.int64)], 0
    for text in texts:
        some = text if most is None else text[: max(0, most - at)]
        data += gap
        places.append(np.arange(len(data), len(data) + len(some), dtype=np.int64))
        data += some
        at += len(some)
    return _Joined(np.frombuffer(bytes(data), np.uint8), np.concatenate(places))
