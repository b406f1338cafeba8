from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from studio.data.table.edits import SetCells
from studio.data.table.pages import ROW_GROUP, PageReader, pieces, rows_in_group
from tests.data.snapshots import snapshot

ROWS = [[f"text {row}", str(row % 3)] for row in range(100)]


def test_pages_hold_the_rows_asked_for_in_that_order(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS, group=7).with_edits([SetCells("label", ((8, "new"),))])
    reader, expected = PageReader(table, keep=2), [tuple(row) for row in ROWS]
    expected[8] = ("text 8", "new")
    assert reader.page(5, 9) == expected[5:9]
    assert reader.page(95, 200) == expected[95:]
    assert reader.page(200, 300) == []
    some = np.random.default_rng(0).permutation(100)[:40]
    assert reader.at(some) == [expected[row] for row in some]
    assert reader.at([8, 8, 3]) == [expected[8], expected[8], expected[3]]
    assert PageReader(table, ["label", "text"]).at([8]) == [("new", "text 8")]


def test_pieces_are_all_rows_once_in_order(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS, group=7)
    found = list(pieces(table, ["label"]))
    assert [number for piece in found for number in piece.numbers] == list(range(100))
    assert [cell for piece in found for cell in piece.cells.column(0).to_pylist()] == [label for _, label in ROWS]
    assert list(pieces(table, ["label"], should_stop=lambda: True)) == []


def test_empty_cells_of_an_old_snapshot_are_texts(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text",), [["a"], [None], [""]])  # type: ignore[list-item]
    assert PageReader(table).page(0, 3) == [("a",), ("",), ("",)]
    assert table.sample(3) == {"text": ["a", "", ""]}


def test_long_texts_make_small_groups_and_wide_tables_do_not() -> None:
    def batch(columns: int, characters: int) -> pa.RecordBatch:
        return pa.RecordBatch.from_pydict({str(place): ["x" * characters] * 100 for place in range(columns)})

    assert rows_in_group(batch(3, 30)) == ROW_GROUP
    assert 1_500 < rows_in_group(batch(1, 2_000)) < 2_500
    assert rows_in_group(batch(500, 10)) == ROW_GROUP
    assert rows_in_group(batch(1, 1_000_000)) == 500
    assert rows_in_group(batch(1, 5).slice(0, 0)) == ROW_GROUP
