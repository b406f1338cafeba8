"""Texts in pieces: nothing is lost, nothing learned twice, and no piece is longer than the limit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studio.tokens.encoded import Encoded
from studio.tokens.pieces import piece_lengths, pieces

OPENING, END = (900,), 999


def learned(found: Sequence[Encoded]) -> list[int]:
    return [token for row in found for token, is_learned in zip(row.ids, row.learned, strict=True) if is_learned]


@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 13, 14, 40, 41])
@pytest.mark.parametrize("limit", [2, 8, 64])
@pytest.mark.parametrize("opening", [OPENING, (900, 901, 902)])
def test_every_token_is_learned_exactly_once(count: int, limit: int, opening: tuple[int, ...]) -> None:
    ids = list(range(count))
    found = list(pieces(3, ids, opening=opening, end=END, max_tokens=limit))
    assert learned(found) == [*ids, END]
    assert all(len(row.ids) <= max(limit, len(opening) + 1) and row.row == 3 for row in found)
    assert [len(row.ids) for row in found] == list(piece_lengths(count, opening=len(opening), max_tokens=limit))


def test_a_later_piece_reads_the_last_token_before_it() -> None:
    found = list(pieces(0, range(20), opening=OPENING, end=END, max_tokens=8))
    assert found[0].ids == (900, 0, 1, 2, 3, 4, 5, 6)
    assert found[1].ids[0] == 6
    assert found[1].learned == (False, *(True,) * (len(found[1].ids) - 1))
    assert found[-1].ids[-1] == END


def test_a_short_text_is_one_piece_closed_by_the_end() -> None:
    assert list(pieces(0, [5, 6], opening=OPENING, end=END, max_tokens=8)) == [
        Encoded(0, (900, 5, 6, END), (False, True, True, True))
    ]
