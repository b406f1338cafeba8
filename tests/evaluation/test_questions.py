"""Rows with one input are one question."""

from __future__ import annotations

from studio.data.parts.dataset import Row
from studio.evaluation.questions import Question, questions


def test_rows_with_the_same_input_share_their_references() -> None:
    rows = [Row(4, "Who?", "Ann"), Row(5, "Why?", "So"), Row(6, "who? ", "Bea"), Row(7, "Who?", "Ann")]
    assert questions(rows) == [Question(rows[0], ("Ann", "Bea"), (4, 6, 7)), Question(rows[1], ("So",), (5,))]
