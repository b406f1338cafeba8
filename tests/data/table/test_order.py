from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.data.table import order
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.natural import natural_key
from studio.data.table.order import sort
from studio.data.table.table import Table
from studio.problems import Problem
from tests.data.snapshots import snapshot

PREFIXES = st.sampled_from(["", "a", "A", "x" * 31, "x" * 32 + "7", "X" * 70, "0" * 40])
TEXTS = st.builds(str.__add__, PREFIXES, st.text(st.sampled_from("01aB é"), max_size=6))
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def plainly(cells: list[str], rows: list[int], descending: bool) -> list[int]:
    filled = [row for row in rows if cells[row]]
    ordered = sorted(filled, key=lambda row: natural_key(cells[row]), reverse=descending)
    return ordered + [row for row in rows if not cells[row]]


def numbers(table: Table, column: str, **options: object) -> list[int]:
    sorting = sort(table, column, **options)  # type: ignore[arg-type]
    assert sorting is not None
    return sorting.numbers.tolist()


@quick
@given(cells=st.lists(TEXTS, min_size=1, max_size=12), descending=st.booleans(), few=st.sampled_from([100, 0]),
       by_one=st.sampled_from([0, 100]))  # fmt: skip
def test_texts_are_sorted_as_a_plain_sort_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: list[str], descending: bool, few: int, by_one: int
) -> None:
    monkeypatch.setattr(order, "_FEW", few)
    monkeypatch.setattr(order, "_BY_ONE", by_one)
    table = snapshot(tmp_path, ("x",), [[cell] for cell in cells])
    expected = plainly(cells, list(range(len(cells))), descending)
    assert numbers(table, "x", descending=descending, as_number=False) == expected


def test_numbers_go_by_size_and_what_is_none_comes_after(tmp_path: Path) -> None:
    cells = ["10", "9", " 2.5 ", "", "+7", "1e3", "n/a", "-4", "9", "nan", "1_0", *map(str, range(100, 200))]
    table = snapshot(tmp_path, ("x",), [[cell] for cell in cells], group=1_000)
    up = sort(table, "x")
    assert up is not None
    assert up.as_number
    assert [cells[row] for row in up.numbers[:6]] == ["-4", " 2.5 ", "+7", "9", "9", "10"]
    assert up.numbers[3:5].tolist() == [1, 8]
    assert [cells[row] for row in up.numbers[-6:]] == ["199", "1e3", "1_0", "n/a", "nan", ""]
    down = numbers(table, "x", descending=True)
    assert [cells[row] for row in down[:2]] == ["1e3", "199"]
    assert [cells[row] for row in down[-5:]] == ["-4", "nan", "n/a", "1_0", ""]


def test_a_column_with_some_words_is_text(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("x",), [[cell] for cell in ["10", "9", "n/a", "8"]])
    sorting = sort(table, "x")
    assert sorting is not None
    assert not sorting.as_number
    assert sorting.numbers.tolist() == [3, 1, 0, 2]


def test_edits_and_deleted_rows_count_and_some_rows_may_be_sorted_alone(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("x", "y"), [[letter, "k"] for letter in "edcbafgh"])
    edited = table.with_edits([SetCells("x", ((0, "zz"),)), ReplaceValue("x", "b", "B9"), DeleteRows((4,))])
    assert numbers(edited, "x") == [3, 2, 1, 5, 6, 7, 0]
    assert numbers(edited, "x", among=[0, 1, 4, 3]) == [3, 1, 0]
    assert numbers(edited, "x", among=np.array([], np.int64)) == []
    assert numbers(edited, "y", descending=True) == [0, 1, 2, 3, 5, 6, 7]


def test_a_stop_gives_nothing_and_a_missing_column_is_a_problem(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("x",), [[str(row)] for row in range(30)])
    for as_number in (True, False):
        assert sort(table, "x", as_number=as_number, should_stop=lambda: True) is None
    with pytest.raises(Problem, match="no column"):
        sort(table, "y")
