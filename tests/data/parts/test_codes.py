"""What is known of every row before they are dealt: what it lacks, its group, its part."""

from __future__ import annotations

from pathlib import Path

from studio.data.parts.codes import NAMES_NONE, read_codes
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows
from tests.data.tables import table_of

NAMES = ("text", "label", "customer", "split")
COLUMNS = Columns("text", "label", group="customer", part="split")


def test_an_empty_cell_is_no_group(tmp_path: Path) -> None:
    rows = [("one", "a", "x", ""), ("two", "a", "", "test"), ("three", "b", " ", "dev"), ("four", "b", "x", "train")]
    codes = read_codes(table_of(tmp_path, NAMES, rows), COLUMNS, "classify", should_stop=lambda: False)
    assert codes is not None
    assert codes.is_grouped.tolist() == [True, False, False, True]
    assert codes.groups[0] == codes.groups[3]
    assert codes.parts.tolist() == [NAMES_NONE, 2, 1, 0]


def test_rows_without_a_group_are_dealt_one_by_one(tmp_path: Path) -> None:
    rows = [(f"text {i}", "ab"[i % 2], "same" if i < 20 else "", "") for i in range(60)]
    found = split(
        table_of(tmp_path, NAMES, rows),
        Columns("text", "label", group="customer"),
        kind="classify",
        watching_share=0.1,
        test_share=0.1,
        seed=0,
    )
    assert {part: len(some) for part, some in found.parts.items()} == {"training": 48, "watching": 6, "test": 6}


def test_what_a_row_lacks_first_is_told_and_a_deleted_row_is_nowhere(tmp_path: Path) -> None:
    rows = [("one", "a", "", ""), ("", "a", "", ""), ("two", " ", "", ""), ("", "", "", ""), ("three", "b", "", "")]
    table = table_of(tmp_path, NAMES, rows).with_edits([DeleteRows((4,))])
    codes = read_codes(table, COLUMNS, "classify", should_stop=lambda: False)
    assert codes is not None
    assert codes.usable.tolist() == [0]
    assert {what: found.tolist() for what, found in codes.left_out.items()} == {"text": [1, 3], "target": [2]}
    assert read_codes(table, COLUMNS, "classify", should_stop=lambda: True) is None
