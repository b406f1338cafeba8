from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.data.table import view
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.table import Table
from studio.data.table.view import CellTest, combine, gathered, search, where
from studio.problems import Problem
from tests.data.snapshots import snapshot

ROWS = [["Refund", "a"], ["", "b"], ["two\nlines", "B"], [" \u00a0\t", "ab"], ["Ärger", ""], ["refunds", "12345"]]


def never() -> bool:
    return False


def searched(table: Table, text: str, columns: list[str] | None = None) -> list[int]:
    return gathered(search(table, text, columns, should_stop=never)).tolist()


def test_a_search_looks_in_every_column_whatever_the_case(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS, group=2)
    assert searched(table, "REFUND") == [0, 5]
    assert searched(table, "b") == [1, 2, 3]
    assert searched(table, "b", ["text"]) == []
    assert searched(table, "äRG") == [4]
    assert searched(table, "\n") == [2]
    assert searched(table, "") == [0, 1, 2, 3, 4, 5]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(st.text(st.sampled_from("aAbä"), max_size=4), min_size=1, max_size=9),
    text=st.text(st.sampled_from("aAbBÄ"), min_size=1, max_size=3),
    many=st.sampled_from([0, 2, 300]),
)
def test_a_search_finds_what_cell_by_cell_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: list[str], text: str, many: int
) -> None:
    """Cells lie one behind the other: a text that begins in one and ends in the next is in neither."""
    monkeypatch.setattr(view, "_MANY", many)
    table = snapshot(tmp_path, ("x",), [[cell] for cell in cells], group=5)
    assert searched(table, text) == [row for row, cell in enumerate(cells) if text.lower() in cell.lower()]


@pytest.mark.parametrize(
    ("column", "test", "rows"),
    [
        ("label", CellTest("equals", ("b",)), [1]),
        ("label", CellTest("equals", ("b",), negated=True), [0, 2, 3, 4, 5]),
        ("label", CellTest("one of", ("b", "a", "none")), [0, 1]),
        ("label", CellTest("contains", ("B",)), [1, 2, 3]),
        ("text", CellTest("empty"), [1, 3]),
        ("text", CellTest("empty", negated=True), [0, 2, 4, 5]),
        ("text", CellTest("longer", characters=5), [0, 2, 5]),
    ],
)
def test_a_filter_asks_one_column(tmp_path: Path, column: str, test: CellTest, rows: list[int]) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS, group=2)
    assert gathered(where(table, column, test, should_stop=never)).tolist() == rows


def test_edits_count_and_deleted_rows_are_never_found(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS, group=4).with_edits(
        [SetCells("text", ((1, "a refund"),)), ReplaceValue("label", "B", "b"), DeleteRows((0, 4))]
    )
    assert searched(table, "refund") == [1, 5]
    assert gathered(where(table, "label", CellTest("equals", ("b",)), should_stop=never)).tolist() == [1, 2]
    assert searched(table, "") == [1, 2, 3, 5]


def test_filters_and_an_order_come_together(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    assert combine(table) == range(6)
    order = np.array([5, 4, 3, 2, 1, 0])
    assert list(combine(table, order, np.array([0, 2, 5]), np.array([5, 2]))) == [5, 2]
    assert list(combine(table, None, np.array([3, 1]))) == [1, 3]
    assert list(combine(table.with_edits([DeleteRows((1,))]))) == [0, 2, 3, 4, 5]


def test_a_search_can_be_stopped_and_a_missing_column_is_a_problem(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    assert list(search(table, "a", should_stop=lambda: True)) == []
    with pytest.raises(Problem, match="no column"):
        search(table, "a", ["gone"], should_stop=never)
