"""What a text is sorted by: small letters, and runs of digits by the number that they are.

In: texts. Out: keys, whose bytes are compared; for many texts at once only a window of 32 bytes of each. A run of
digits goes without leading zeros behind a sign for its length, so that "item 9" comes before "item 10".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

WORDS = 4  # of eight bytes, in a window
WIDTH = 8 * WORDS
_DIGITS = re.compile(r"[0-9]+")
_SPARE = 16  # characters that are looked at behind a window
_LONGEST = 60  # digits; longer numbers are taken to be as long


class Windows(NamedTuple):
    """Of each text: the window's bytes as `words` (a column each text, the big end first, zeros behind the key's end),
    whether the key goes on behind it, and whether the text is empty."""

    words: NDArray[np.uint64]
    goes_on: NDArray[np.bool_]
    empty: NDArray[np.bool_]


def natural_key(text: str) -> bytes:
    """The whole key of one text."""
    return _DIGITS.sub(_with_length, text.lower()).encode("utf-8", "surrogatepass")


def _with_length(run: re.Match[str]) -> str:
    bare = run[0].lstrip("0") or "0"
    return chr(48 + min(len(bare), _LONGEST)) + bare


def windows(cells: pa.Array, turn: int) -> Windows:
    """Bytes 32 × `turn` and the 31 behind it of each key. Only the beginning of a text is looked at; where that does
    not settle the window (many zeros, a very long number), the text is taken whole."""
    import numpy as np
    import pyarrow.compute as pc

    end = WIDTH * (turn + 1)
    cut = pc.utf8_lower(pc.utf8_slice_codeunits(cells, 0, end + _SPARE))
    is_cut = pc.utf8_length(cells).to_numpy() > end + _SPARE
    data, offsets, unsure = _keys(*_flat(cut), is_cut, end)
    lengths = np.diff(offsets)
    unsure |= is_cut & (lengths < end)
    words = _words(data, offsets[:-1] + end - WIDTH, lengths - (end - WIDTH))
    for row in np.flatnonzero(unsure).tolist():
        key = natural_key(cells[row].as_py())
        words[:, row] = np.frombuffer(key[end - WIDTH : end].ljust(WIDTH, b"\0"), ">u8")
        lengths[row] = len(key)
    empty = pc.equal(pc.binary_length(cells), 0).to_numpy(zero_copy_only=False)
    return Windows(words, (lengths > end) | (is_cut & ~unsure), empty)


def _words(data: NDArray[np.uint8], starts: NDArray[np.int64], left: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Four times eight bytes from each of `starts` on; `left` says how many belong to the text, the rest are zeros."""
    import numpy as np

    padded = np.concatenate([data, np.zeros(WIDTH + 8, np.uint8)])
    any_eight = np.ndarray((len(padded) - 7,), ">u8", padded, strides=(1,))  # eight bytes at every byte
    kept = np.array([0, *((1 << 64) - (1 << (64 - 8 * count)) for count in range(1, 9))], np.uint64)
    words = np.empty((WORDS, len(starts)), np.uint64)
    for word in range(WORDS):
        places = np.minimum(starts + 8 * word, len(data))
        words[word] = any_eight[places].astype(np.uint64) & kept[np.clip(left - 8 * word, 0, 8)]
    return words


def _flat(cells: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All bytes in a row, and where each text begins; the last entry is where the last one ends."""
    import numpy as np

    offsets = np.frombuffer(cells.buffers()[1], np.int32, len(cells) + 1, cells.offset * 4).astype(np.int64)
    held = cells.buffers()[2]
    data = np.frombuffer(held, np.uint8) if held is not None else np.empty(0, np.uint8)
    return data[offsets[0] : offsets[-1]], offsets - offsets[0]


def _keys(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], is_cut: NDArray[np.bool_], end: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    """The texts' bytes with every run of digits as natural_key has it, and which keys are wrong before byte `end`,
    because a run goes on behind where the text was cut."""
    import numpy as np

    unsure = np.zeros(len(is_cut), np.bool_)
    digit = (data - np.uint8(48)) < 10
    if not digit.any():
        return data, offsets, unsure
    begins = np.zeros(len(data) + 1, np.bool_)
    begins[offsets] = True
    before, after = np.append(False, digit[:-1]), np.append(digit[1:], False)
    start = np.flatnonzero(digit & (~before | begins[:-1]))
    stop = np.flatnonzero(digit & (~after | begins[1:])) + 1
    other = np.append(np.where(data != 48, np.arange(len(data)), len(data)), len(data))
    bare = np.minimum(np.minimum.reduceat(other, np.column_stack([start, stop]).ravel())[::2], stop - 1)
    change = np.zeros(len(data) + 1, np.int64)
    change[start] -= 1  # leading zeros go
    change[bare] += 1
    takes = 1 + np.cumsum(change)[:-1]
    kept = takes > 0
    takes[bare] += 1  # and a sign for the length comes before what is left
    ends = np.append(0, np.cumsum(takes))
    made = np.empty(ends[-1], np.uint8)
    made[ends[1:][kept] - 1] = data[kept]
    made[ends[bare]] = 48 + np.minimum(stop - bare, _LONGEST)
    row = np.searchsorted(offsets, start, side="right") - 1
    unsure[row[(stop == offsets[row + 1]) & is_cut[row] & (ends[bare] - ends[offsets[row]] < end)]] = True
    return made, ends[offsets], unsure
