from __future__ import annotations

import pytest

from studio.data.checkup.wording import is_slip, same_ends, same_words, units


@pytest.mark.parametrize(("one", "other"), [
    ("order", "ordre"), ("order", "orders"), ("order", "oder"), ("order", "orter"), ("order", "roder"),
    ("order", "ordes"), ("order", "xorder"),
])  # fmt: skip
def test_one_slip_leaves_a_word_the_same(one: str, other: str) -> None:
    assert is_slip(one, other)
    assert is_slip(other, one)


@pytest.mark.parametrize(("one", "other"), [
    ("now", "not"), ("order", "odrre"), ("order", "other"), ("order", "orderly"), ("4711", "4712"), ("card1", "card2"),
    ("order", "oredrs"),
])  # fmt: skip
def test_short_words_numbers_and_two_slips_are_others(one: str, other: str) -> None:
    assert not is_slip(one, other)
    assert not is_slip(other, one)


@pytest.mark.parametrize(("one", "other", "share"), [
    ("where is my card", "my card where is", 1.0),
    ("where is my card", "where is my crad", 1.0),
    ("where is my parcel now", "where is parcel now", 0.8),
    ("a b c d e f g h i", "a b c d x f g h i", 0.8),
    ("where is my card", "where is her card", 3 / 5),
    ("a a a a b", "a b b b b", 0.0),
    ("where wehre whree", "wheer wheres whene", 0.0),  # a slip in every word is another text
    ("order parcel letter stamps one two three four five six", "ordre paecel lettre stmaps one two three four five six",
     9 / 11),  # three of ten words may hold a slip
    ("房间很大早餐好", "房间很大早餐也好", 7 / 8),
])  # fmt: skip
def test_the_share_of_words(one: str, other: str, share: float) -> None:
    assert same_words(one, other, 0.8) == pytest.approx(share)
    assert same_words(other, one, 0.8) == pytest.approx(share)


def test_a_character_is_a_word_where_a_script_has_no_blanks() -> None:
    assert units("我的 card 坏了") == ["我", "的", "card", "坏", "了"]
    assert units("größe ist falsch") == ["größe", "ist", "falsch"]


def test_what_is_the_same_from_the_ends() -> None:
    assert same_ends("the box was open again", "the box was again") == pytest.approx(17 / 22)
    assert same_ends("same", "same") == 1
    assert same_ends("abc", "xyz") == 0
