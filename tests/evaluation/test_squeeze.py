"""Bits a byte, against numbers worked out by hand and a counting model written plainly."""

from __future__ import annotations

import gzip
import math
import random
from collections import Counter, defaultdict

import pytest

from studio.evaluation.squeeze import counted_bits, packed_bits

WORDS = ("the lamp", "the sea", "a gull", "fog again", "no ship")


def test_nothing_known_means_eight_bits() -> None:
    assert counted_bits([], [b"ab"], order=2)[0].tolist() == [8.0, 8.0]


def test_one_known_byte_by_hand() -> None:
    """After b"aa": without context a was seen 2 of 2 times, one kind: (2 + 1/256) / 3; then a after a: once in one."""
    chance = (2 + 1 / 256) / 3
    first = counted_bits([b"aa"], [b"a"], order=0)[0]
    assert first.tolist() == pytest.approx([-math.log2(chance)])
    second = counted_bits([b"aa"], [b"aa"], order=1)[0]
    begun = (1 + chance) / 2  # after the beginning, a was seen once
    assert second.tolist() == pytest.approx([-math.log2(begun), -math.log2(begun)])


def plainly(known: list[bytes], text: bytes, order: int) -> list[float]:
    gap = b"\0" * (order + 1)
    seen: defaultdict[bytes, Counter[int]] = defaultdict(Counter)
    for one in known:
        line = gap + one
        for place in range(len(gap), len(line)):
            for length in range(order + 1):
                seen[bytes([length]) + line[place - length : place]][line[place]] += 1
    found, line = [], gap + text
    for place in range(len(gap), len(line)):
        chance = 1 / 256
        for length in range(order + 1):
            counts = seen[bytes([length]) + line[place - length : place]]
            if counts:
                kinds = len(counts)
                chance = (counts[line[place]] + kinds * chance) / (counts.total() + kinds)
        found.append(-math.log2(chance))
    return found


def test_counting_is_as_written_plainly() -> None:
    rng = random.Random(0)
    known = [" ".join(rng.choices(WORDS, k=6)).encode() for _ in range(8)]
    texts = [" ".join(rng.choices(WORDS, k=5)).encode(), "Grüße, the sea".encode(), b""]
    found = counted_bits(known, texts, order=3)
    for text, bits in zip(texts, found, strict=True):
        assert bits.tolist() == pytest.approx(plainly(known, text, 3))


def test_a_text_says_nothing_of_the_next() -> None:
    together = counted_bits([b"abcabc"], [b"ab", b"ca"], order=3)
    alone = counted_bits([b"abcabc"], [b"ca"], order=3)
    assert together[1].tolist() == alone[0].tolist()


@pytest.mark.parametrize("program", ["gzip", "bzip2", "xz"])
def test_what_was_read_before_makes_the_text_smaller(program: str) -> None:
    rng = random.Random(1)
    known = " ".join(rng.choices(WORDS, k=400)).encode()
    text = " ".join(rng.choices(WORDS, k=100)).encode()
    assert 0 < packed_bits(program, known, text) < packed_bits(program, b"", text)
    assert packed_bits("gzip", b"", text) == 8 * (len(gzip.compress(text, 9)) - len(gzip.compress(b"", 9)))
