from __future__ import annotations

from studio.data.reading.sheets.titles import is_form, joined, rows_of_names, titles

ROWS = [(0, ["", "Region", "", "2024"]), (1, ["name", "Sales", "Cost", "Sales"]), (2, ["a", "1", "2", "3"])]
MERGED = [(0, 1, 0, 2)]


def test_titles_over_names_are_counted_and_joined() -> None:
    assert titles(ROWS, MERGED) == 1
    assert titles(ROWS, []) == 0
    assert joined(ROWS[:2], 0, 4, MERGED) == ["name", "Region · Sales", "Region · Cost", "2024 · Sales"]
    assert joined(ROWS[:2], 1, 3, []) == ["Region · Sales", "Region · Cost"]


def test_a_part_of_a_name_stands_once() -> None:
    assert joined([(0, ["a", "b"]), (1, ["a", "c"])], 0, 2, []) == ["a", "b · c"]


def test_names_that_the_first_row_leaves_out() -> None:
    table = [["", "x", "", "y", ""], ["n", "a", "b", "a", "b"], *[[str(i)] * 5 for i in range(6)]]
    assert rows_of_names(table) == 2
    assert rows_of_names([["a", "b"], ["some", "words"], *[["1", "2"]] * 6]) == 1


def test_fields_of_a_form() -> None:
    assert is_form((0, ["Date: May", ""]), (1, ["a", "b"]), [(0, 0, 0, 1)])
    assert not is_form((0, ["Date: May", ""]), (1, ["a", "b"]), [])
    assert not is_form((0, ["May", ""]), (1, ["a", "b"]), [(0, 0, 0, 1)])
