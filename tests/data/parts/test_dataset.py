"""Rows of a Dataset, with conversations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.data.parts.dataset import Row, rows_at
from studio.data.roles.columns import Columns
from studio.problems import Problem
from tests.data.tables import table_of


def test_a_conversation_comes_with_its_instruction_and_what_was_said_before(tmp_path: Path) -> None:
    said = json.dumps([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}])
    table = table_of(tmp_path, ("s", "before", "m", "a"), [("Be kind", said, "Bye", "See you"), ("", "", "Q", "A")])
    assert list(rows_at(table, Columns("m", "a", system="s", earlier="before"), [1, 0])) == [
        Row(1, "Q", "A"),
        Row(0, "Bye", "See you", "Be kind", (("user", "Hi"), ("assistant", "Hello"))),
    ]


def test_a_file_to_be_answered_may_lack_the_answers(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("m", "other"), [("Q", "x")])
    assert list(rows_at(table, Columns("m", "answer", system="gone"), [0])) == [Row(0, "Q", "")]


@pytest.mark.parametrize("cell", ["what was said", "[1]", '[{"role": "user"}]', "{}x"])
def test_turns_that_cannot_be_understood_are_told_with_their_row(tmp_path: Path, cell: str) -> None:
    table = table_of(tmp_path, ("m", "a", "before"), [("Q", "A", cell)])
    with pytest.raises(Problem, match="row 1"):
        list(rows_at(table, Columns("m", "a", earlier="before"), [0]))
