"""A question, its text and the characters of the answer."""

from __future__ import annotations

import pytest

from studio.data.parts.dataset import Row
from studio.tasks.example import Turn
from studio.tasks.find import Find
from studio.tasks.read import as_prompt

TEXT = "The ferry leaves from pier 3.\nDogs travel free."


@pytest.mark.parametrize(
    ("answer", "start", "span"),
    [
        ("pier 3", "", (22, 28)),
        ("pier 3", "22", (22, 28)),
        ("PIER  3", "", (22, 28)),
        ("", "", None),
        ("cats", "", None),
    ],
)
def test_the_span_is_where_the_answer_stands(answer: str, start: str, span: tuple[int, int] | None) -> None:
    example = Find().example(Row(4, "From where?", answer, context=TEXT, start=start))
    assert example.row == 4
    assert example.span == span
    assert example.turns == (Turn("text", "From where?"), Turn("text", TEXT))


def test_of_several_places_the_start_tells_which() -> None:
    row = Row(4, "When?", "Monday", context="Closed on Monday, open again on Monday.", start="32")
    assert Find().example(row).span == (32, 38)


def test_what_is_asked_does_not_know_the_answer() -> None:
    assert Find().asked(Row(4, "From where?", "pier 3", context=TEXT)).span is None


def test_a_prompt_is_a_question_above_its_text() -> None:
    row = Row(4, " From\nwhere? ", "pier 3", context=TEXT)
    assert Find().prompt(as_prompt(row)).turns == (Turn("text", "From where?"), Turn("text", TEXT))
