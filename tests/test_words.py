"""Words in any script: by spaces, or character by character where there are none."""

from __future__ import annotations

import pytest

from studio.words import bare_words, is_unspaced, one_form, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  two\n words ", ("two", "words")),
        ("床前明月光", ("床", "前", "明", "月", "光")),
        ("在 2023年", ("在", "2023", "年")),
        ("서울 특별시", ("서울", "특별시")),  # Korean has spaces
        ("ที่นี่", ("ที่", "นี่")),  # vowels and tones stay with their consonant
        ("मराठी भाषा", ("मराठी", "भाषा")),
        ("", ()),
    ],
)
def test_words_are_told_apart(text: str, wanted: tuple[str, ...]) -> None:
    assert words(text) == wanted


def test_signs_part_bare_words() -> None:
    assert bare_words("Well-known, isn’t IT?") == ("well", "known", "isn", "t", "it")
    assert bare_words("हिन्दी।") == ("हिन्दी",)
    assert bare_words("…") == ()


def test_one_form_for_what_is_written_in_several_ways() -> None:
    assert one_form("Straße ＡＢ") == one_form("STRASSE ab")
    assert one_form("e\u0301") == one_form("\u00c9")


def test_which_texts_have_no_spaces() -> None:
    assert is_unspaced("月の光")
    assert not is_unspaced("The moon (月)")
    assert not is_unspaced("")
