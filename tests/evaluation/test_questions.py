"""Rows with one input are one question."""

from __future__ import annotations

from studio.data.parts.dataset import Row
from studio.evaluation.questions import Question, questions


def test_rows_with_the_same_input_share_their_references() -> None:
    rows = [Row(4, "Who?", "Ann"), Row(5, "Why?", "So"), Row(6, "who? ", "Bea"), Row(7, "Who?", "Ann")]
    assert questions(rows) == [Question(rows[0], ("Ann", "Bea"), (4, 6, 7)), Question(rows[1], ("So",), (5,))]


def test_a_question_about_a_text_has_all_its_known_answers() -> None:
    rows = [
        Row(0, "When?", "at nine", context="a", answers='["at nine", "9"]'),
        Row(1, "when?", "", context="a"),
        Row(2, "when?", "", context="b"),
        Row(3, "When?", "nine", context="a"),
    ]
    found = questions(rows)
    assert [one.references for one in found] == [("at nine", "9", "nine"), ("",)]
    assert [one.rows for one in found] == [(0, 1, 3), (2,)]
