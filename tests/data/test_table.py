from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.table import open_table
from studio.problems import Problem
from tests.data.tables import rows_of, table_of


def test_a_table_opens_again_as_it_was(tmp_path: Path) -> None:
    rows = [(f"text {i}", str(i % 3)) for i in range(50)]
    table = table_of(tmp_path, ("text", "label"), rows)
    again = open_table(table.folder)
    assert again == table
    assert rows_of(again) == rows
    assert again.rejected() == []


def test_a_sample_is_spread_over_the_table(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [(str(i), "x") for i in range(100)])
    assert table.sample(10)["text"] == [str(i) for i in range(0, 100, 10)]
    assert len(table.sample(1_000)["label"]) == 100


def test_a_missing_column_and_a_damaged_snapshot(tmp_path: Path) -> None:
    table = table_of(tmp_path, ("text", "label"), [("a", "x"), ("b", "y")])
    with pytest.raises(Problem, match="no column “gone”") as caught:
        table.column("gone")
    assert "text, label" in caught.value.why
    (table.folder / "table.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(Problem, match="cannot be opened"):
        open_table(table.folder)
