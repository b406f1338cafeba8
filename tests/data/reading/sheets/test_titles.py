from __future__ import annotations

from studio.data.reading.sheets.titles import is_form, joined, rows_merged, rows_of_names, titles

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


DEEP = [
    (0, ["Region", "Share", "Change of the cost", "", "Source"]),
    (3, ["", "", "since last quarter", "since the start (%)", ""]),
    (4, ["", "(%)", "", "", ""]),
    (5, ["A", "B", "C", "D", "E"]),
]
DOWN = [(0, 0, 4, 0), (0, 1, 3, 1), (0, 2, 2, 3), (3, 2, 4, 2), (3, 3, 4, 3), (0, 4, 4, 4)]


def test_names_that_go_on_downwards_tell_how_deep_the_header_is() -> None:
    assert rows_merged(DEEP, DOWN) == 3
    assert joined(DEEP[:3], 0, 5, DOWN) == [
        "Region", "Share · (%)", "Change of the cost · since last quarter", "Change of the cost · since the start (%)",
        "Source",
    ]  # fmt: skip


def test_a_tall_cell_of_the_table_is_no_header() -> None:
    rows = [(0, ["north", "Ann", "x"]), (1, ["", "Bob", "y"]), (2, ["south", "Cid", "z"]), (3, ["", "Dan", "x"])]
    assert rows_merged(rows, [(0, 0, 1, 0), (2, 0, 3, 0)]) == 1
    numbers = [(0, ["a", "b", ""]), (1, ["", "", "7"]), (2, ["1", "2", "3"])]
    assert rows_merged(numbers, [(0, 0, 1, 0), (0, 1, 1, 1)]) == 1
    assert rows_merged(DEEP[:3], DOWN) == 1
    assert rows_merged(DEEP, []) == 1


def test_a_title_ends_where_its_merged_cells_end() -> None:
    rows = [(0, ["Region", "", "", ""]), (1, ["a", "b", "c", "d"])]
    assert joined(rows, 0, 4, [(0, 0, 0, 1)]) == ["Region · a", "Region · b", "c", "d"]
