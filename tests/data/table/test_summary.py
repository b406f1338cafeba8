from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.data.table import summary
from studio.data.table.edits import DeleteRows, ReplaceValue, SetCells
from studio.data.table.summary import MOST_BINS, Summary, bin_edges, summarise
from studio.data.table.table import Table
from studio.problems import Problem
from tests.data.snapshots import snapshot


def summed(table: Table, column: str) -> Summary:
    found = summarise(table, column)
    assert found is not None
    return found


@pytest.mark.parametrize("is_edited", [False, True])
@pytest.mark.parametrize(("few", "exact"), [(50_000, 2_000_000), (0, 2_000_000), (0, 0)])
def test_a_column_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, exact: int, is_edited: bool
) -> None:
    monkeypatch.setattr(summary, "_FEW", few)
    monkeypatch.setattr(summary, "_EXACT", exact)
    cells = ["yes"] * 40 + ["no"] * 10 + ["NO"] * 3 + ["", " \u00a0\t"] + [f"only {row}" for row in range(30)]
    table = snapshot(tmp_path, ("x",), [[cell] for cell in cells], group=20)
    if is_edited:
        table = snapshot(tmp_path, ("x",), [["gone"], *([cell] for cell in cells)], group=20)
        table = table.with_edits([DeleteRows((0,)), SetCells("x", ((1, "nein"),)), ReplaceValue("x", "nein", "yes")])
    found = summed(table, "x")
    assert (found.filled, found.empty) == (83, 2)
    assert found.values == (("yes", 40), ("no", 10), ("NO", 3))
    assert found.is_estimate == (not exact)
    assert found.distinct == 33 if exact else 25 < found.distinct < 41
    assert found.numbers is None


def test_a_deleted_row_and_an_edit_are_not_what_they_were(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("x", "y"), [[str(row), "k"] for row in range(10)])
    edited = table.with_edits([DeleteRows((0, 1)), SetCells("x", ((2, ""),))])
    assert (summed(edited, "x").filled, summed(edited, "x").empty) == (7, 1)
    assert summed(edited, "y").values == (("k", 8),)


def test_lengths_are_in_characters(tmp_path: Path) -> None:
    cells = ["ü" * length for length in range(1, 101)] + ["x" * 5_000]
    lengths = summed(snapshot(tmp_path, ("x",), [[cell] for cell in cells]), "x").lengths
    assert lengths is not None
    assert (lengths.least, lengths.median, lengths.p95, lengths.most) == (1, 51, 96, 5_000)
    assert len(lengths.bins) <= MOST_BINS
    assert sum(one.count for one in lengths.bins) == 101
    assert lengths.bins[1] == (summary.Bin(10, 19, 10) if len(lengths.bins) < 15 else summary.Bin(5, 9, 5))
    assert lengths.bins[-1].high == 5_000


def test_numbers_are_summed_up_where_nearly_all_are(tmp_path: Path) -> None:
    cells = [str(row) for row in range(100)] + ["1e6", "n/a", ""]
    numbers = summed(snapshot(tmp_path, ("x",), [[cell] for cell in cells]), "x").numbers
    assert numbers is not None
    assert (numbers.count, numbers.others, numbers.least, numbers.most) == (101, 1, 0, 1e6)
    assert numbers.median == 50
    assert numbers.mean == pytest.approx((4950 + 1e6) / 101)
    assert sum(one.count for one in numbers.bins) == 101
    assert len(numbers.bins) <= MOST_BINS
    assert numbers.bins[-1].high == 1e6
    assert numbers.bins[1].count == numbers.bins[1].high - numbers.bins[1].low
    assert summed(snapshot(tmp_path, ("x",), [["12"], ["12"], ["a"]]), "x").numbers is None


def test_names_that_a_database_takes_for_the_same_and_odd_folders(tmp_path: Path) -> None:
    table = snapshot(tmp_path / "it's [a] *", ("A", "a", 'quo"te', "sel;ect"), [["1", "2", "3", "4"]] * 2)
    assert [summed(table, name).values for name in table.columns] == [
        (("1", 2),), (("2", 2),), (("3", 2),), (("4", 2),),
    ]  # fmt: skip


def test_nothing_filled_a_stop_and_a_missing_column(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("x",), [[""], [" "]])
    assert summed(table, "x") == Summary("x", 0, 2, 0, False, (), None, None)
    assert summed(table.with_edits([DeleteRows((0, 1))]), "x") == Summary("x", 0, 0, 0, False, (), None, None)
    assert summarise(table, "x", lambda: True) is None
    with pytest.raises(Problem, match="no column"):
        summarise(table, "y")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.text(st.sampled_from("a1 .-\0ä'"), max_size=3), min_size=1, max_size=12))
def test_counts_are_those_of_a_plain_count(tmp_path: Path, cells: list[str]) -> None:
    found = summed(snapshot(tmp_path, ("x",), [[cell] for cell in cells]), "x")
    filled = Counter(cell for cell in cells if cell and not cell.isspace())
    assert (found.filled, found.empty) == (filled.total(), len(cells) - filled.total())
    assert dict(found.values) == dict(filled)
    assert found.distinct == len(filled)


@given(low=st.floats(-1e12, 1e12), width=st.floats(0, 1e12))
@settings(max_examples=300, deadline=None)
def test_edges_reach_over_everything(low: float, width: float) -> None:
    edges = bin_edges(low, low + width)
    assert 2 <= len(edges) <= MOST_BINS + 1
    assert edges == sorted(set(edges))
    slack = 1e-6 * max(abs(low), abs(low + width), 1e-300)
    assert edges[0] <= low + slack
    assert edges[-1] >= low + width - slack
