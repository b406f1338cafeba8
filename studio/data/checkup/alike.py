"""Which texts are nearly the same, among many.

In: sameness keys. Out: pairs that are alike, with their similarity. MinHash (Broder 1997) and locality-sensitive
hashing find the candidates; a pair counts only where its real similarity is high, so that hardly any is wrong.

Two texts are near where at least 0.8 of their runs of three letters are in both (Jaccard similarity), or at least 0.8
of their words, in any order and but for slips (`wording`), or where 0.9 of the longer one is the same from its ends. So
of nine words one may be another; in a shorter text another word makes another text, a slip or two words swapped do not.

This is datasketch's own scheme (a mixed hash times an odd number, the least of each, bands), but on arrays of all texts
at once: per text, datasketch's `MinHash.bulk` with `MinHashLSH` took 2.5 s for 5,000 short texts without
comparing any, this 4.0 s for 100,000 (tests/benchmarks/checkup_speed.py): twelve times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from studio.data.checkup.shingles import Shingles, blocks, letters
from studio.data.checkup.wording import same_ends, same_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]
    Places = NDArray[np.int64]

ALIKE = 0.8  # Jaccard similarity, of letters or of words, from which on two texts count as nearly the same …
SLIP = 0.9  # … as they do where so much of the longer one is the same from its ends, up to one place in between
LONG = 1_000  # characters: of longer texts every eighth piece is compared, chosen by its hash, so by its letters
_BANDS, _IN_BAND = 16, 4  # similarity 0.8 shares a band with probability 1 - (1 - 0.8⁴)¹⁶ = 0.9998, 0.3 with 0.12
_BESIDE = 4  # texts of a bucket that a text is compared with, besides its first: large buckets stay linear
_BEST = 3  # candidates of a text whose real similarity is computed, those with the most equal signatures
_WORTH = 0.45  # share of equal signatures below which a candidate is dropped: five deviations below 0.8
_NEARBY = 0.55  # similarity of letters from which on words and ends are compared, too: in a short text a typo is much;
# lower ones (0.3 and 0.4) were measured: five times as long, and at most 0.7 % more of the planted pairs
_PAIRS = 10_000  # pairs whose signatures are compared together
_CLOSELY = 2_000  # pairs whose texts are compared together
_SORTED = 500_000  # pairs that are sorted together: a stop need not wait for more


class Alike(NamedTuple):
    """The texts at two places, `earlier` < `later`, and their similarity, 0..1."""

    earlier: int
    later: int
    share: float


@dataclass(frozen=True)
class Sketch:
    """Texts prepared for comparing: their pieces (each once, sorted) and their MinHash signatures."""

    texts: Sequence[str]
    pieces: Shingles
    signatures: Hashes


def sketch(texts: Sequence[str], should_stop: Callable[[], bool]) -> Sketch | None:
    """The texts (sameness keys, each there once) prepared for comparing; None where it was stopped."""
    import numpy as np

    factors, shifts = _permutations()
    hashes: list[Hashes] = []
    counts = np.zeros(len(texts) + 1, dtype=np.int64)
    signatures = np.zeros((len(texts), _BANDS * _IN_BAND), dtype=np.uint32)
    for block in blocks(texts):
        if should_stop():
            return None
        pieces = _each_once(letters(texts[block.start : block.stop]), [len(texts[place]) > LONG for place in block])
        sizes = np.diff(pieces.starts)
        counts[block.start + 1 : block.stop + 1] = sizes
        hashes.append(pieces.hashes)
        filled = np.flatnonzero(sizes)
        if len(filled):
            at = pieces.starts[filled]
            for place, (factor, shift) in enumerate(zip(factors, shifts, strict=True)):
                signatures[filled + block.start, place] = np.minimum.reduceat(pieces.hashes * factor + shift, at)
    every = np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint32)
    return Sketch(texts, Shingles(every, np.cumsum(counts)), signatures)


def joined(one: Sketch, other: Sketch) -> Sketch:
    """The texts of both, those of `one` first."""
    import numpy as np

    pieces = Shingles(
        np.concatenate([one.pieces.hashes, other.pieces.hashes]),
        np.concatenate([one.pieces.starts, other.pieces.starts[1:] + one.pieces.starts[-1]]),
    )
    return Sketch([*one.texts, *other.texts], pieces, np.concatenate([one.signatures, other.signatures]))


def alike(of: Sketch, should_stop: Callable[[], bool], *, across: int | None = None) -> list[Alike]:
    """The pairs that are alike, the most similar first; for every text the few that resemble it most. With `across`
    only pairs of a text before that place and one from it on. Empty where it was stopped."""
    codes = _candidates(of, should_stop, across)
    if not len(codes) or should_stop():
        return []
    earlier, later = codes >> 32, codes & 0xFFFFFFFF
    kept = _promising(of.signatures, earlier, later, should_stop, by=later if across is None else earlier)
    if kept is None:
        return []
    earlier, later = earlier[kept], later[kept]
    found: list[Alike] = []
    for start in range(0, len(earlier), _CLOSELY):
        some = slice(start, start + _CLOSELY)
        found += _verified(of, earlier[some], later[some], should_stop)
        if should_stop():
            return []
    found.sort(key=lambda pair: (-pair.share, pair.later, pair.earlier))
    return found


def _permutations() -> tuple[Hashes, Hashes]:
    """Odd factors and shifts, the same in every run."""
    import numpy as np

    random = np.random.default_rng(20)
    count = _BANDS * _IN_BAND
    factors = random.integers(0, 2**32, count, dtype=np.uint32) | np.uint32(1)
    return factors, random.integers(0, 2**32, count, dtype=np.uint32)


def _each_once(pieces: Shingles, is_long: Sequence[bool]) -> Shingles:
    """The pieces of every text sorted and without repeats; an eighth of them where the text is long."""
    import numpy as np

    owner = np.repeat(np.arange(len(is_long), dtype=np.uint64), np.diff(pieces.starts))
    keys = (owner << np.uint64(32)) | pieces.hashes
    long = np.array(is_long, dtype=bool)
    if long.any():
        keys = keys[~long[owner.astype(np.int64)] | (pieces.hashes & np.uint32(7) == 0)]
    keys.sort()
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    keys = keys[first]
    starts = np.searchsorted(keys, np.arange(len(is_long) + 1, dtype=np.uint64) << np.uint64(32))
    return Shingles(keys.astype(np.uint32), starts.astype(np.int64))


def _candidates(of: Sketch, should_stop: Callable[[], bool], across: int | None) -> Places:
    """Pairs that share a band, each once, as earlier << 32 | later."""
    import numpy as np

    filled = np.flatnonzero(np.diff(of.pieces.starts))
    signatures = of.signatures[filled].astype(np.uint64)
    weights = np.random.default_rng(21).integers(0, 2**64, _IN_BAND, dtype=np.uint64) | np.uint64(1)
    found = [np.zeros(0, dtype=np.int64)]
    for band in range(_BANDS):
        if should_stop():
            return found[0]
        columns = signatures[:, band * _IN_BAND : (band + 1) * _IN_BAND]
        buckets = columns @ weights
        # Within a bucket by the next signature: texts that are alike come to lie side by side.
        order = np.lexsort((signatures[:, (band + 1) * _IN_BAND % signatures.shape[1]], buckets))
        places, begins = filled[order], np.flatnonzero(np.diff(buckets[order], prepend=~buckets[order][:1]))
        bucket = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(order)))
        pairs = _beside(places, bucket, begins) if across is None else _opposite(places, bucket, across)
        found.append(_once(np.concatenate([np.minimum(a, b) << 32 | np.maximum(a, b) for a, b in pairs])))
    return _merged(found, len(of.texts), should_stop)


def _merged(found: Sequence[Places], texts: int, should_stop: Callable[[], bool]) -> Places:
    """The codes of all bands, sorted and each once; the earlier texts are gone through some at a time. Empty where it
    was stopped."""
    import numpy as np

    merged = [np.zeros(0, dtype=np.int64)]
    for first, last in _portions(texts, sum(map(len, found))):
        if should_stop():
            return merged[0]
        ends = [codes.searchsorted([first << 32, last << 32]) for codes in found]
        merged.append(_once(np.concatenate([codes[a:b] for codes, (a, b) in zip(found, ends, strict=True)])))
    return np.concatenate(merged)


def _portions(texts: int, pairs: int) -> Iterator[tuple[int, int]]:
    """Stretches of texts with about so many pairs each as are sorted together."""
    step = max(1, texts * _SORTED // max(1, pairs))
    return ((first, first + step) for first in range(0, texts, step))


def _once(codes: Places) -> Places:
    """The codes sorted and each once; numpy's own `unique` looks them up in a table and takes five times as long."""
    import numpy as np

    codes.sort()
    first = np.ones(len(codes), dtype=bool)
    first[1:] = codes[1:] != codes[:-1]
    return codes[first]


def _beside(places: Places, bucket: Places, begins: Places) -> Iterator[tuple[Places, Places]]:
    """Every text with the next few of its bucket, and with the first."""
    for step in range(1, _BESIDE + 1):
        same = bucket[step:] == bucket[:-step]
        yield places[:-step][same], places[step:][same]
    first = places[begins][bucket]
    yield first[first != places], places[first != places]


def _opposite(places: Places, bucket: Places, across: int) -> Iterator[tuple[Places, Places]]:
    """Every text with the nearest one of the other side, before it and after it in its bucket."""
    import numpy as np

    for way in (slice(None), slice(None, None, -1)):
        here, own = places[way], bucket[way]
        right = here >= across
        at = np.arange(len(here))
        for side in (right, ~right):
            seen = np.maximum.accumulate(np.where(side, at, -1))
            good = ~side & (seen >= 0)
            good[good] = own[seen[good]] == own[good]
            yield here[good], here[seen[good]]


def _promising(
    signatures: Hashes, earlier: Places, later: Places, should_stop: Callable[[], bool], *, by: Places
) -> Places | None:
    """The candidates with many equal signatures, a few for every text of `by`; None where it was stopped."""
    import numpy as np

    equal = np.empty(len(earlier), dtype=np.float32)
    for start in range(0, len(earlier), _PAIRS):
        if should_stop():
            return None
        some = slice(start, start + _PAIRS)
        equal[some] = (signatures[earlier[some]] == signatures[later[some]]).mean(axis=1)
    worth = np.flatnonzero(equal >= _WORTH)
    kept = [worth[:0]]
    for first, last in _portions(len(signatures), len(worth)):
        if should_stop():
            return None
        order = worth[(by[worth] >= first) & (by[worth] < last)]
        order = order[np.lexsort((-equal[order], by[order]))]
        begins = np.flatnonzero(np.diff(by[order], prepend=-1))
        rank = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
        kept.append(order[rank < _BEST])
    return np.concatenate(kept)


def _verified(of: Sketch, earlier: Places, later: Places, should_stop: Callable[[], bool]) -> Iterator[Alike]:
    """The pairs whose real similarity is high: of letters, of words, or but for one slip. It ends early where it was
    stopped."""
    shares = _jaccard(of.pieces, earlier, later)
    for a, b, share in zip(earlier.tolist(), later.tolist(), shares.tolist(), strict=True):
        if should_stop():
            return
        if _NEARBY <= share < ALIKE:
            share = max(share, same_words(of.texts[a], of.texts[b], ALIKE))
            if share < ALIKE and (ends := same_ends(of.texts[a], of.texts[b])) >= SLIP:
                share = ends
        if share >= ALIKE:
            yield Alike(a, b, share)


def _jaccard(pieces: Shingles, earlier: Places, later: Places) -> NDArray[np.float64]:
    """The share of pieces that both have, among those that either has."""
    import numpy as np

    keys = np.concatenate([_owned(pieces, earlier), _owned(pieces, later)])
    keys.sort()
    both = np.bincount((keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)).astype(np.int64), minlength=len(earlier))
    sizes = np.diff(pieces.starts)
    return both / (sizes[earlier] + sizes[later] - both)


def _owned(pieces: Shingles, places: Places) -> NDArray[np.uint64]:
    """The pieces of the texts at these places, each marked with its place in the list."""
    import numpy as np

    sizes = np.diff(pieces.starts)[places]
    owner = np.repeat(np.arange(len(places), dtype=np.uint64), sizes)
    ends = np.cumsum(sizes)
    at = np.arange(int(sizes.sum())) + np.repeat(pieces.starts[places] - (ends - sizes), sizes)
    keys: NDArray[np.uint64] = (owner << np.uint64(32)) | pieces.hashes[at]
    return keys
