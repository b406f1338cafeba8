from __future__ import annotations

import numpy as np
import pytest

from studio.data.checkup.features import MOST_CHARACTERS, weighted


def go_on() -> bool:
    return False


def test_every_text_has_length_one_and_an_empty_one_none() -> None:
    matrix = weighted(["the parcel came late", "money back", ""], go_on)
    assert matrix is not None
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    assert lengths == pytest.approx([1, 1, 0])


def test_a_word_said_ten_times_counts_less_than_ten_times_as_much() -> None:
    matrix = weighted(["late " * 10 + "parcel", "other words here"], go_on)
    assert matrix is not None
    row = matrix[0].data
    assert row.max() / row.min() < 5


def test_what_stands_beyond_the_first_characters_changes_nothing() -> None:
    start = "ab " * (MOST_CHARACTERS // 3) + "abcdef"
    one, other = weighted([start + " late parcel", "x"], go_on), weighted([start + " money back", "x"], go_on)
    assert one is not None
    assert other is not None
    assert abs(one - other).max() == 0


def test_a_stop_gives_nothing() -> None:
    assert weighted(["a"], lambda: True) is None
