from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.checkup import shingles
from studio.data.checkup.shingles import blocks, letters, words

texts = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=8)


def pieces(found: shingles.Shingles, place: int) -> list[int]:
    return found.hashes[found.starts[place] : found.starts[place + 1]].tolist()


@given(texts)
@settings(max_examples=40, deadline=None)
def test_a_text_has_the_same_pieces_in_any_company(many: list[str]) -> None:
    whole, (single, pairs) = letters(many), words(many)
    for place, text in enumerate(many):
        assert pieces(whole, place) == pieces(letters([text]), 0)
        alone = words([text])
        assert pieces(single, place) == pieces(alone[0], 0)
        assert pieces(pairs, place) == pieces(alone[1], 0)
        bare = [word for word in text.split(" ") if word]
        assert len(pieces(single, place)) == len(bare)
        assert len(pieces(pairs, place)) == max(0, len(bare) - 1)


def test_three_letters_or_two_where_there_are_no_blanks() -> None:
    assert len(pieces(letters(["abcd"]), 0)) == 4  # " ab", "abc", "bcd", "cd "
    chinese = letters(["酒店很好", "很好"])
    assert set(pieces(chinese, 0)) & set(pieces(chinese, 1))  # 很好
    assert not set(pieces(letters(["abc"]), 0)) & set(pieces(letters(["xbcy"]), 0))


def test_equal_words_have_equal_hashes_and_others_do_not() -> None:
    single, pairs = words(["a bird sings", "sings a bird", "bird"])
    assert sorted(pieces(single, 0)) == sorted(pieces(single, 1))
    assert set(pieces(single, 2)) < set(pieces(single, 0))
    assert len(set(pieces(pairs, 0)) & set(pieces(pairs, 1))) == 1
    many = [f"word{n}" for n in range(3_000)]
    assert len(np.unique(words(many)[0].hashes)) == 3_000


def test_blocks_cover_every_text_once() -> None:
    sizes = [10, shingles.BLOCK, 5, 0, shingles.BLOCK * 2, 1]
    covered = [place for block in blocks(["x" * size for size in sizes]) for place in block]
    assert covered == list(range(len(sizes)))
