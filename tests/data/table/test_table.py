from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.data.table.edits import AppendRow, DeleteRows, ReplaceValue, SetCells
from studio.data.table.table import open_table
from studio.problems import Problem
from tests.data.snapshots import cells_of, snapshot

ROWS = [[f"text {i}", str(i % 3)] for i in range(50)]


def test_a_table_opens_again_as_it_was(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    again = open_table(table.folder)
    assert again == table
    assert cells_of(again) == ROWS
    assert again.rejected() == []
    assert again.numbers == range(50)


def test_a_sample_is_spread_over_the_table_and_without_deleted_rows(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), [(str(i), "x") for i in range(100)], group=1_000)
    assert table.sample(10)["text"] == [str(i) for i in range(0, 100, 10)]
    assert len(table.sample(1_000)["label"]) == 100
    edited = table.with_edits([SetCells("text", ((1, "new"),)), DeleteRows((0, 2))])
    assert edited.sample(1_000)["text"] == ["new", *map(str, range(3, 100))]


def test_a_sample_has_rows_that_were_taken_in_also_where_they_are_the_only_ones(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), [(str(i), "x") for i in range(100)], group=10)
    table = replace(table, reading=replace(table.reading, rejected=3))
    taken = tuple(AppendRow(100 + n, table.columns, (f"taken {n}", "y"), n, "") for n in range(3))
    edited = table.with_edits(taken)
    assert [cell for cell in edited.sample(1_000)["text"] if cell.startswith("taken")] == [
        f"taken {n}" for n in range(3)
    ]
    alone = edited.with_edits([*taken, DeleteRows((*range(100), 101))])
    assert alone.sample(10) == {"text": ["taken 0", "taken 2"], "label": ["y", "y"]}
    later = table.with_edits([DeleteRows(tuple(range(95)))])  # the groups that a sample began with are empty
    assert later.sample(10)["text"] == [str(i) for i in range(95, 100)]


def test_a_missing_column_and_a_damaged_snapshot(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), [("a", "x"), ("b", "y")])
    with pytest.raises(Problem, match="no column “gone”") as caught:
        table.column("gone")
    assert "text, label" in caught.value.why
    (table.folder / "table.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(Problem, match="cannot be opened"):
        open_table(table.folder)


def test_edits_show_everywhere_and_the_snapshot_stays(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    before = table.file.read_bytes()
    edited = table.with_edits(
        [SetCells("label", ((4, "zero"), (49, "0"))), ReplaceValue("label", "0", "zero"), DeleteRows((7, 0))]
    )
    expected = [[text, "zero" if label == "0" or row in {4, 49} else label] for row, (text, label) in enumerate(ROWS)]
    assert cells_of(edited) == expected
    assert edited.arrow(["label"]).column(0).to_pylist() == [label for _, label in expected]
    assert [edited.cells(row) for row in (0, 4, 49)] == [expected[row] for row in (0, 4, 49)]
    assert list(edited.numbers) == [row for row in range(50) if row not in {0, 7}]
    assert all(type(row) is int for row in edited.numbers)
    assert edited.numbers[0] == 1
    assert edited.rows == table.rows == 50
    assert edited != table
    assert edited.with_edits([]) == table
    assert table.file.read_bytes() == before


def test_a_row_or_an_edit_that_is_not_there_is_refused(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    with pytest.raises(Problem, match="no row 51"):
        table.cells(50)
    with pytest.raises(Problem, match="no row 51"):
        table.with_edits([DeleteRows((50,))])
    with pytest.raises(Problem, match="no column"):
        table.with_edits([DeleteRows((1,))]).with_edits([DeleteRows((1,)), ReplaceValue("x", "a", "b")])


def test_column_names_with_dots_are_names(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("a", "a.b", "b.a", ""), [["1", "2", "3", "4"]] * 5)
    assert table.column("a.b") == ["2"] * 5
    assert table.column("a") == ["1"] * 5
    assert table.cells(4) == ["1", "2", "3", "4"]
    assert table.with_edits([SetCells("a.b", ((0, "x"),))]).arrow(["", "a.b"]).to_pylist()[0] == {"": "4", "a.b": "x"}


def test_an_edited_table_becomes_a_snapshot_of_its_own(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "a", ("text", "label"), ROWS, rejected=2)
    edited = table.with_edits([DeleteRows((*range(6), 20)), SetCells("text", ((30, "new"),))])
    new_of = edited.materialise(tmp_path / "b" / "c")
    made = open_table(tmp_path / "b" / "c")
    assert made.rows == 43
    assert made.edits == ()
    assert cells_of(made) == [cells_of(edited)[row] for row in edited.numbers]
    assert new_of.dtype == np.int64
    assert [new_of[row] for row in edited.numbers] == list(range(43))
    assert [int(new_of[row]) for row in (0, 5, 20)] == [-1, -1, -1]
    assert made.reading == table.reading
    assert made.rejected() == table.rejected()
    assert json.loads((made.folder / "reading.json").read_text(encoding="utf-8"))["rejected"] == 2


def test_a_table_without_rows(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "a", ("text",), [["only"]]).with_edits([DeleteRows((0,))])
    table.materialise(tmp_path / "b")
    empty = open_table(tmp_path / "b")
    assert empty.rows == 0
    assert empty.column("text") == table.sample(5)["text"] == empty.sample(5)["text"] == []


def test_the_reading_of_a_snapshot_from_before_is_known(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "a", ("text",), [["only"]])
    file = table.folder / "reading.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    del values["member"], values["members"]
    file.write_text(json.dumps({**values, "part": "Calls", "parts": ["Letters", "Calls"]}), encoding="utf-8")
    reading = open_table(table.folder).reading
    assert (reading.member, reading.members) == ("Calls", ("Letters", "Calls"))


def test_a_table_with_other_edits_is_an_edit_of_it_and_one_read_anew_is_not(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "a", ("text",), [["one"], ["two"]])
    assert table.with_edits([DeleteRows((0,))]).is_edit_of(table)
    assert not snapshot(tmp_path / "b", ("text",), [["one"], ["two"]]).is_edit_of(table)
    assert not open_table(tmp_path / "a").is_edit_of(table)
