"""The folder is opened with the library that it is made for."""

from __future__ import annotations

from pathlib import Path

import datasets
import pytest

from studio.data.table.data_set import write_data_set
from studio.data.table.edits import DeleteRows, SetCells
from studio.problems import Problem
from tests.data.snapshots import snapshot

ROWS = [("two\r\nlines", "train"), ("", "dev"), (" NA;\t|", "Test"), ("ü", "training"), ("gone", "train")]


def test_rows_come_back_in_the_splits_that_they_name(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "t", ("text", "part"), ROWS).with_edits(
        [DeleteRows((4,)), SetCells("text", ((3, "007"),))]
    )
    assert write_data_set(table, tmp_path / "out", part="part") == 4
    read = datasets.load_from_disk(str(tmp_path / "out"))
    assert {name: rows["text"][:] for name, rows in read.items()} == {
        "train": ["two\r\nlines", "007"],
        "validation": [""],
        "test": [" NA;\t|"],
    }
    assert {feature.dtype for feature in read["train"].features.values()} == {"string"}


@pytest.mark.parametrize(("part", "cell"), [("", "dev"), ("part", "elsewhere"), ("missing", "dev")])
def test_rows_that_name_no_part_are_one(tmp_path: Path, part: str, cell: str) -> None:
    table = snapshot(tmp_path / "t", ("text", "part"), [*ROWS, ("a", cell)])
    assert write_data_set(table, tmp_path / "out", part=part) == 6
    assert datasets.load_from_disk(str(tmp_path / "out"))["text"][:] == [text for text, _ in [*ROWS, ("a", cell)]]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Problem, match="there already"):
        write_data_set(snapshot(tmp_path / "t", ("text", "part"), ROWS), tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_a_table_without_rows_is_none(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "t", ("text", "part"), ROWS).with_edits([DeleteRows((0, 1, 2, 3, 4))])
    with pytest.raises(Problem, match="no rows"):
        write_data_set(table, tmp_path / "out")
    assert not (tmp_path / "out").exists()
