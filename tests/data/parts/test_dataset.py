"""Rows of a Dataset, with conversations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.data.parts.dataset import Dataset, Row, rows_at
from studio.data.reading.given_parts import Part
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows, SetCells
from studio.problems import Problem
from tests.data.snapshots import snapshot
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


def held(folder: Path) -> Dataset:
    """A table with a deleted and an edited row, in three row groups, and a test file of its own."""
    rows = [(f"text {'x' * (n % 5)}", "ab"[n % 2]) for n in range(8)]
    table = snapshot(folder / "own", ("m", "a"), rows).with_edits([DeleteRows((0,)), SetCells("m", ((5, "y" * 90),))])
    test = snapshot(folder / "test", ("a", "m"), [("c", "one"), ("c", "two three")])
    parts: dict[Part, Sequence[int]] = {"training": (1, 3, 4, 5, 7), "watching": (2, 6), "test": (0, 1)}
    return Dataset(table, Columns("m", "a"), parts, {}, ("a", "b"), test)


def test_single_rows_and_figures_of_a_part_are_read_without_the_others(tmp_path: Path) -> None:
    dataset = held(tmp_path)
    assert [row.number for row in dataset.rows("training")] == [1, 3, 4, 5, 7]
    assert dataset.row("training", 3) == Row(5, "y" * 90, "b")
    assert dataset.row("test", 1) == Row(1, "two three", "c")
    assert [row.number for row in dataset.every("training", 2)] == [1, 4, 7]
    assert dataset.targets("training") == {"b": 4, "a": 1}
    assert dataset.targets("test") == {"c": 2}
    assert [row.number for row in dataset.longest("training", 4)] == [5, 4, 3, 7]
    assert [row.input for row in dataset.longest("test", 1)] == ["two three"]


def test_rows_in_any_order_come_from_the_pieces_that_hold_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.data.parts.dataset.ROW_GROUP", 4)
    table = snapshot(tmp_path, ("m", "a"), [(f"text {n}", str(n)) for n in range(20)])
    wanted = [19, 0, 3, 3, 18, 7, 1, 2, 11]
    assert [row.target for row in rows_at(table, Columns("m", "a"), wanted)] == list(map(str, wanted))
    assert list(rows_at(table, Columns("m", "a"), [])) == []
