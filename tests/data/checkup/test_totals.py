"""A total or a remark that was read as the last row is found there, and an ordinary last row is let be."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.checkup import totals
from studio.data.checkup.finding import Finding
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows
from tests.data.checkup.checked import rows_of

NAMES = ("id", "date", "text", "label", "place")
ROWS = [[str(n), f"2024-01-{n:02}", f"message number {n}", "card", "Berlin"] for n in range(1, 21)]


def found(folder: Path, *last: list[str]) -> list[Finding]:
    rows = rows_of(folder, [*ROWS, *last], names=NAMES, columns=Columns("text", "label"))
    return list(totals.check(rows, lambda: False))


@pytest.mark.parametrize(
    "last",
    [
        ["Summe", "", "240 Anfragen", "", ""],
        ["Total", "", "", "", ""],
        ["Итого:", "", "240", "", ""],
        ["合計", "", "240", "", ""],
        ["", "", "as of January", "", ""],
    ],
)
def test_a_total_and_a_remark_are_told_with_their_row(tmp_path: Path, last: list[str]) -> None:
    [one] = found(tmp_path, last)
    assert (one.severity, one.rows) == ("look", (20,))
    assert one.title == "1 row, the last one, looks like a total or a remark"
    assert one.fixes[0].title == "Delete it"
    assert one.fixes[0].edits == (DeleteRows((20,)),)


def test_two_of_them_are_told_together(tmp_path: Path) -> None:
    [one] = found(tmp_path, ["Summe", "", "240", "", ""], ["", "", "Stand Januar", "", ""])
    assert one.rows == (20, 21)


@pytest.mark.parametrize(
    "last",
    [
        ["21", "2024-01-21", "Total nonsense", "card", "Berlin"],
        ["21", "2024-01-21", "total", "card", ""],
        ["", "", "", "", ""],
        ["21", "", "no date was kept here", "card", "Berlin"],
    ],
)
def test_an_ordinary_last_row_is_let_be(tmp_path: Path, last: list[str]) -> None:
    assert found(tmp_path, last) == []


def test_a_text_that_begins_with_a_total_is_let_be_among_two_columns(tmp_path: Path) -> None:
    cells = [[f"message number {n}", "bad"] for n in range(20)] + [["Total disaster", "bad"]]
    assert list(totals.check(rows_of(tmp_path, cells), lambda: False)) == []
