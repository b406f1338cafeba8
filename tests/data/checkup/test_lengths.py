"""Texts and answers that are far longer or shorter than the others."""

from __future__ import annotations

from pathlib import Path

from studio.data.checkup import lengths
from tests.data.checkup.checked import rows_of, told


def cells(count: int) -> list[tuple[str, str]]:
    return [("word " * (8 + row % 9), "an answer " * (20 + row % 30)) for row in range(count)]


def test_usual_lengths_are_good_news(tmp_path: Path) -> None:
    found = told(lengths.check, rows_of(tmp_path, cells(200), kind="answer"))
    assert {kind: one.severity for kind, one in found.items()} == {"text_length": "good", "answer_length": "good"}


def test_far_ones_are_listed_with_their_length_the_most_telling_first(tmp_path: Path) -> None:
    odd = [("word " * 500, "an answer " * 30), ("word " * 5000, "an answer " * 30), ("word " * 10, "no")]
    found = told(lengths.check, rows_of(tmp_path, [*cells(200), *odd], kind="answer"))
    assert found["text_length"].rows == (201, 200)
    assert found["text_length"].notes[0] == (201, "25,000 characters")
    assert found["text_length"].title.startswith("2 texts are far longer or shorter than the others")
    assert found["answer_length"].rows == (202,)
    assert found["answer_length"].notes == ((202, "2 characters"),)


def test_lengths_that_vary_a_lot_are_no_exceptions(tmp_path: Path) -> None:
    spread = [("x" * (2 + 2 ** (row % 13)), "a") for row in range(300)]
    assert told(lengths.check, rows_of(tmp_path, spread))["text_length"].severity == "good"


def test_many_long_ones_are_no_exceptions(tmp_path: Path) -> None:
    some = cells(100) + [("word " * 1000, "a")] * 10
    assert told(lengths.check, rows_of(tmp_path, some))["text_length"].severity == "good"


def test_few_rows_say_nothing(tmp_path: Path) -> None:
    assert told(lengths.check, rows_of(tmp_path, cells(5))) == {}
