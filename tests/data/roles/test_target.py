"""How the cells to learn are read: by looking, or as it is told; and what a row's marks say."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.parts.dataset import rows_at
from studio.data.parts.split import NO_MEANING, UNCLEAR, split
from studio.data.roles.columns import Columns
from studio.data.roles.numbers import form_called
from studio.data.roles.target import is_marked, settled
from tests.data.tables import table_of

JOINED = [("one", "a; b"), ("two", "a"), ("three", "b"), ("four", "b; c"), ("five", "c"), ("six", "a; c")] * 3


def test_several_labels_are_found_by_looking_unless_it_is_told(tmp_path: Path) -> None:
    table, columns = table_of(tmp_path, ["text", "tags"], JOINED), Columns("text", "tags")
    found = settled(table, columns, "classify")
    assert found.sign == ";"
    assert next(rows_at(table, found, [0])).labels == ("a", "b")
    assert settled(table, columns, "classify", "one").sign == ""
    assert settled(table, columns, "classify", "|").sign == "|"
    assert settled(table, columns, "answer") == columns


def test_numbers_are_read_as_the_column_writes_them(tmp_path: Path) -> None:
    table = table_of(tmp_path, ["text", "stars"], [("one", "4,5"), ("two", "1.000"), ("three", "many")])
    found = settled(table, Columns("text", "stars"), "rate")
    assert form_called(found.form).decimal == ","
    assert [row.value for row in rows_at(table, found, [0, 1, 2])] == [4.5, 1000.0, None]


def test_a_cell_that_is_no_number_is_left_out_and_told(tmp_path: Path) -> None:
    rows = [(f"text {n}", str(n % 5)) for n in range(40)]
    rows[3], rows[4] = ("text 3", "3 to 4"), ("text 4", "")
    table = table_of(tmp_path, ["text", "score"], rows)
    columns = settled(table, Columns("text", "score"), "rate")
    found = split(table, columns, kind="rate", watching_share=0.1, test_share=0.1, seed=0)
    assert {reason: tuple(numbers) for reason, numbers in found.left_out.items()} == {
        NO_MEANING["number"]: (3,),
        "no number": (4,),
    }
    assert sorted(found.numbers("training"))[0] == 0.0


MARKS = [("a", "1", "0"), ("b", "0", "1"), ("c", "1", "1"), ("d", "0", "0"), ("e", "", ""), ("f", "2", "1")] * 5


def test_labels_in_columns_of_their_own_may_be_several_or_none(tmp_path: Path) -> None:
    rows = [(f"{text} {n}", *marks) for n, (text, *marks) in enumerate(MARKS)]
    table = table_of(tmp_path, ["text", "rude", "late"], rows)
    columns = settled(table, Columns("text", labels=("rude", "late")), "classify")
    assert columns.sign == "[]"
    assert [row.labels for row in rows_at(table, columns, range(4))] == [("rude",), ("late",), ("rude", "late"), ()]
    found = split(table, columns, kind="classify", watching_share=0.2, test_share=0.2, seed=0)
    assert found.labels == ("late", "rude")
    assert {reason: len(numbers) for reason, numbers in found.left_out.items()} == {"no label": 5, UNCLEAR: 5}
    assert sum(map(len, found.parts.values())) == 20


def test_one_mark_in_every_row_is_one_label_a_text(tmp_path: Path) -> None:
    table = table_of(tmp_path, ["text", "rude", "late"], [("a", "x", ""), ("b", "", "x"), ("c", "x", "")])
    columns = settled(table, Columns("text", labels=("rude", "late")), "classify")
    assert columns.sign == ""
    assert [row.target for row in rows_at(table, columns, range(3))] == ["rude", "late", "rude"]


def test_a_rare_label_comes_into_every_part(tmp_path: Path) -> None:
    rows = [(f"text {n}", "often; rare" if n % 15 == 0 else "often" if n % 2 else "other; often") for n in range(150)]
    table = table_of(tmp_path, ["text", "tags"], rows)
    columns = settled(table, Columns("text", "tags"), "classify", ";")
    found = split(table, columns, kind="classify", watching_share=0.2, test_share=0.2, seed=0)
    assert [found.targets(part)["rare"] for part in ("training", "watching", "test")] == [6, 2, 2]  # type: ignore[arg-type]
    assert found.frequent == ("often", "other", "rare")


@pytest.mark.parametrize(("cell", "says"), [("1", True), (" Ja ", True), ("0.0", False), ("", False), ("2", None)])
def test_a_mark_says_yes_no_or_neither(cell: str, says: bool | None) -> None:
    assert is_marked(cell) is says
