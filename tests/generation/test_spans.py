"""Which piece of a text is chosen, when there is none, and where the bar for that lies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.generation.spans import KEPT, Piece, Scored, _best, answered, best_bar, scored
from studio.tokens.windows import Window

TEXT = "Opened in 1962 by Ada"
OFFSETS = ((0, 6), (7, 9), (10, 14), (15, 17), (18, 21))


def window(first: int, last: int) -> Window:
    """[CLS] q [SEP], the words first to last, [SEP]."""
    count = last - first + 1
    size = 3 + count + 1
    return Window(0, (0,) * size, (False,) * size, reach=(3, 3 + count), offsets=OFFSETS[first : last + 1])


def scores(size: int, high: dict[int, float]) -> np.ndarray:
    return np.array([high.get(place, -5.0) for place in range(size)], dtype=np.float32)


def test_the_best_beginning_and_end_in_order_win() -> None:
    one = window(0, 4)
    found = scored([one], [scores(9, {5: 3.0, 0: 1.0})], [scores(9, {5: 2.0, 4: 9.0, 0: 1.0})], longest=3)
    # The best end (token 4) lies before the best beginning, so only a piece that starts there may use it.
    assert found.pieces[0] in {Piece(10, 14, 5.0), Piece(7, 9, 4.0)}
    assert found.pieces[0] == Piece(10, 14, 5.0)
    assert found.none == 2.0
    assert found.margin == -3.0


def test_a_piece_is_never_longer_than_allowed_nor_outside_the_text() -> None:
    one = window(0, 4)
    high = {1: 50.0, 2: 50.0, 8: 50.0}  # the question and the last mark
    found = scored([one], [scores(9, high | {3: 2.0})], [scores(9, high | {7: 2.0, 4: 1.0})], longest=2)
    assert found.pieces[0] == Piece(0, 9, 3.0)
    assert all(piece.end - piece.start < 20 for piece in found.pieces)


def test_the_best_pieces_are_those_that_going_through_all_of_them_finds() -> None:
    numbers = np.random.default_rng(3)
    begin, end = (numbers.normal(size=70).astype(np.float32) for _ in range(2))
    found = sorted((score for _, _, score in _best(begin, end, (5, 65), 9)), reverse=True)
    every = [begin[first] + end[last] for first in range(5, 65) for last in range(first, min(first + 9, 65))]
    assert found == pytest.approx(sorted(map(float, every), reverse=True)[:KEPT], rel=1e-6)
    places = [(first + 5, last + 5, score) for first, last, score in _best(begin, end, (5, 65), 9)]
    assert all(score == pytest.approx(float(begin[first] + end[last])) for first, last, score in places)


def test_the_same_piece_in_two_windows_counts_once_with_its_higher_score() -> None:
    left, right = window(0, 2), window(2, 4)
    begins = [scores(7, {5: 1.0, 0: 4.0}), scores(7, {3: 2.0, 0: 3.0})]
    found = scored([left, right], begins, begins, longest=1)
    assert found.pieces[0] == Piece(10, 14, 4.0)
    assert sum((piece.start, piece.end) == (10, 14) for piece in found.pieces) == 1
    assert found.none == 6.0  # the least of both windows


def test_no_answer_has_to_beat_the_best_piece_by_more_than_the_bar() -> None:
    found = Scored((Piece(10, 14, 5.0), Piece(7, 14, 4.0), Piece(18, 21, 1.0)), none=6.0)
    assert answered(TEXT, found, bar=0.5).is_none
    said = answered(TEXT, found, bar=1.5)
    assert (said.answer, said.start) == ("1962", 10)
    assert [one.text for one in said.candidates] == ["1962", "Ada"]  # none that overlaps a better one
    assert said.share == pytest.approx(math.exp(5) / (math.exp(5) + math.exp(4) + math.exp(1) + math.exp(4.5)))
    never = answered(TEXT, found, bar=None)
    assert never.answer == "1962"
    assert never.none_share == 0.0


def test_a_text_without_a_letter_has_no_answer() -> None:
    assert answered("", Scored((), 0.0), bar=None).is_none


def test_the_bar_lies_where_most_answers_are_right() -> None:
    # Two questions with an answer (margins -3 and 1), two without (margins 2 and 4).
    bar, mean = best_bar([-3.0, 1.0, 2.0, 4.0], [1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0])
    assert bar == 1.5
    assert mean == 1.0


def test_the_bar_is_nought_where_that_is_as_good() -> None:
    assert best_bar([-3.0, 2.0], [1.0, 0.0], [0.0, 1.0]) == (0.0, 1.0)


def test_a_question_without_any_piece_moves_no_bar() -> None:
    bar, mean = best_bar([math.inf, -1.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0])
    assert bar == 0.0
    assert mean == 1.0
    assert best_bar([math.inf], [0.0], [1.0]) == (0.0, 1.0)


QUESTIONS = st.lists(
    st.tuples(st.floats(-9, 9).map(lambda x: round(x, 1)), st.floats(0, 1), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None)
@given(QUESTIONS)
def test_no_other_bar_is_better(rows: Sequence[tuple[float, float, bool]]) -> None:
    margins, pieces, nones = [r[0] for r in rows], [r[1] for r in rows], [float(r[2]) for r in rows]

    def at(bar: float) -> float:
        return sum(n if m > bar else p for m, p, n in zip(margins, pieces, nones, strict=True)) / len(rows)

    bar, mean = best_bar(margins, pieces, nones)
    assert at(bar) == pytest.approx(mean)
    assert all(at(other) <= mean + 1e-6 for other in np.arange(-10, 10, 0.05))
