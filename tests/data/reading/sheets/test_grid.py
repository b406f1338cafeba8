from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from studio.data.reading.apart import ABOVE, BELOW, OTHER_BELOW, OTHER_BESIDE
from studio.data.reading.options import ReadOptions
from studio.data.reading.sheets.grid import BESIDE, find_place, table_rows
from studio.data.reading.sheets.titles import Merged
from studio.data.reading.source import Rejected

TABLE = [["question", "answer"], ["what is it", "a pen"], ["and this", "a book"]]


def read(
    rows: list[list[str]], top: int = 0, options: ReadOptions = ReadOptions(), **more: Sequence[Merged]
) -> tuple[tuple[str, ...], list[list[str] | Rejected]]:
    place = find_place(rows, top, options, **more)
    assert place is not None
    return place.names, list(table_rows(rows, top, place))


def test_a_plain_table() -> None:
    assert read(TABLE) == (("question", "answer"), TABLE[1:])


def test_what_stands_above_and_below_is_set_aside_with_the_sheets_row_numbers() -> None:
    rows = [["Survey 2024", ""], ["", ""], ["by Dr. A", ""], *TABLE, ["", ""], ["Source: ward 3", ""]]
    names, found = read(rows, top=4)
    assert names == ("question", "answer")
    assert found == [
        Rejected(5, ABOVE, "Survey 2024"),
        Rejected(7, ABOVE, "by Dr. A"),
        *TABLE[1:],
        Rejected(12, BELOW, "Source: ward 3"),
    ]


def test_lines_as_wide_as_the_table_before_a_gap() -> None:
    rows = [["Author", "Dr. A", ""], ["Date", "2024", ""], ["", "", ""], ["id", "question", "answer"]]
    names, found = read([*rows, *[[str(i), "what?", "that"] for i in range(5)]])
    assert names == ("id", "question", "answer")
    assert found[:2] == [Rejected(1, ABOVE, "Author\tDr. A"), Rejected(2, ABOVE, "Date\t2024")]


def test_empty_rows_inside_are_no_end() -> None:
    rows = [*TABLE, ["", ""], ["late", ""], *TABLE[1:], ["", ""], *TABLE[1:]]
    assert read(rows)[1] == [*TABLE[1:], ["late", ""], *TABLE[1:], *TABLE[1:]]


def test_empty_columns_around_are_left_out_and_cells_beside_are_told() -> None:
    rows = [["", "text", "label", ""], ["", "good day", "x", ""], ["", "bad day", "y", ""]]
    place = find_place(rows, 0, ReadOptions(), is_all=False)
    assert place is not None
    assert place.names == ("text", "label")
    later = [*rows, ["see", "so so", "x", ""], ["", "so so", "x", "?"], ["", "fine", "x", ""]]
    assert list(table_rows(later, 0, place)) == [
        ["good day", "x"],
        ["bad day", "y"],
        Rejected(4, BESIDE, "see\tso so\tx"),
        Rejected(5, BESIDE, "so so\tx\t?"),
        ["fine", "x"],
    ]


def test_remarks_below_do_not_make_columns() -> None:
    rows = [*[[*row, ""] for row in TABLE], ["", "", ""], ["", "", "hello"], ["", "", ""], ["", "", "bye"]]
    names, found = read(rows)
    assert names == ("question", "answer")
    assert [row.reason for row in found if isinstance(row, Rejected)] == [BELOW, BELOW]


def test_titles_that_span_several_names() -> None:
    rows = [["Now", "", "Then", ""], ["n", "text", "m", "label"], ["1", "a", "2", "b"], ["3", "c", "4", "d"]]
    names, found = read(rows, merged=[(0, 0, 0, 1), (0, 2, 0, 3)])
    assert names == ("Now · n", "Now · text", "Then · m", "Then · label")
    assert found == rows[2:]
    assert read(rows)[0][1] == "column 2"


def test_a_title_over_all_names_stands_above_them() -> None:
    names, found = read([["Survey", ""], *TABLE], merged=[(0, 0, 0, 1)])
    assert names == ("question", "answer")
    assert found == [Rejected(1, ABOVE, "Survey"), *TABLE[1:]]


def test_titles_over_some_of_the_names() -> None:
    rows = [["", "Region", "", "Other", ""], ["name", "Sales", "Cost", "Sales", "Cost"]]
    rows += [[f"n{i}", str(i), str(i * 7), str(i * 3), str(i * 2)] for i in range(8)]
    expected = ("name", "Region · Sales", "Region · Cost", "Other · Sales", "Other · Cost")
    assert read(rows, merged=[(0, 1, 0, 2), (0, 3, 0, 4)])[0] == expected
    place = find_place(rows, 0, ReadOptions(), merged=[(0, 1, 0, 2), (0, 3, 0, 4)])
    assert place is not None
    assert place.doubts == ("The first 2 rows name the columns together.",)


def test_a_row_of_the_table_is_no_part_of_its_header() -> None:
    rows = [["name", "age", "chart", ""], ["Ann", "7", "1", "2"], ["Bo", "8", "3", "4"], ["Cy", "9", "5", "6"]]
    assert rows[1] in read(rows, merged=[(0, 2, 0, 3)])[1]
    words = [["a", "note"], ["blah blah", "blah blah"], *[[str(i), str(i * 2)] for i in range(9)]]
    assert read(words)[1] == words[1:]


def test_fields_of_a_form_above_the_names_are_no_titles() -> None:
    rows = [["Ward: 3", "", "Date: May", ""], ["n", "text", "m", "label"], ["1", "a", "2", "b"], ["3", "c", "4", "d"]]
    names, found = read(rows, merged=[(0, 0, 0, 1), (0, 2, 0, 3)])
    assert names == ("n", "text", "m", "label")
    assert found == [Rejected(1, ABOVE, "Ward: 3\t\tDate: May"), *rows[2:]]


def test_of_two_tables_below_one_another_the_largest_is_taken() -> None:
    small = [["price", "year"], ["12", "2020"], ["13", "2021"]]
    large = [["name", "age", "town"], *[[f"n{i}", str(i), "here"] for i in range(9)]]
    gap = [["", "", ""]]
    wide = [[*row, ""] for row in small]
    names, found = read([*wide, *gap, *large])
    assert names == ("name", "age", "town")
    assert found == [*[Rejected(i, ABOVE, "\t".join(row)) for i, row in enumerate(small, 1)], *large[1:]]
    names, found = read([*large, *gap, *wide])
    assert names == ("name", "age", "town")
    assert found[-3:] == [Rejected(i, OTHER_BELOW, "\t".join(row)) for i, row in enumerate(small, 12)]
    place = find_place([*large, *gap, *wide], 0, ReadOptions())
    assert place is not None
    assert "2 tables" in place.doubts[0]


def test_of_two_tables_beside_one_another_the_larger_is_taken() -> None:
    rows = [["id", "price", "", "id", "price"], *[[str(i), str(i), "", str(i), ""] for i in range(6)]]
    names, found = read(rows)
    assert names == ("id", "price")
    assert [row for row in found if isinstance(row, list)] == [[str(i), str(i)] for i in range(6)]
    assert found[0] == Rejected(1, OTHER_BESIDE, "id\tprice")
    apart = [["id", "price", "", "name", "town"], *[[str(i), str(i), "", str(i), ""] for i in range(6)]]
    assert read(apart)[0] == ("id", "price", "column 3", "name", "town")


def test_what_the_person_says_counts() -> None:
    names, found = read(TABLE, options=ReadOptions(has_header=False))
    assert (names, found) == (("column 1", "column 2"), TABLE)
    names, found = read([["title", "of it"], *TABLE], options=ReadOptions(skip=1))
    assert names == ("question", "answer")
    assert found[0] == Rejected(1, ABOVE, "title\tof it")
    assert find_place(TABLE, 0, ReadOptions(skip=3)) is None


def test_one_column_keeps_everything() -> None:
    rows = [["text"], ["one"], [""], ["two"], [""], [""], ["three"]]
    assert read(rows) == (("text",), [["one"], ["two"], ["three"]])


CELL = st.sampled_from(["", "", "a", "text", "7", "long words in a row"])


@settings(max_examples=150, deadline=None)
@each(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=30), st.integers(0, 9))
def test_no_row_is_lost(rows: list[list[str]], top: int) -> None:
    place = find_place(rows, top, ReadOptions())
    if place is None:
        assert not any(map(any, rows))
        return
    found = list(table_rows(rows, top, place))
    if not place.shares:
        assert len(found) + place.header == sum(map(any, rows))
    cells = sorted(cell for row in rows for cell in row if cell)
    kept = [cell for row in found for cell in (row.text.split("\t") if isinstance(row, Rejected) else row) if cell]
    header = [row for number, row in enumerate(rows, top) if number >= place.skip and any(row)][: place.header]
    names = [cell for row in header for cell in (row[place.left : place.right] if place.shares else row) if cell]
    assert sorted([*kept, *names]) == cells


def test_cells_below_a_gap_in_further_columns_are_doubted() -> None:
    table = [["question", "answer", ""], *[[f"what is {i}", f"it is {i}", ""] for i in range(30)]]
    gap, note = ["", "", ""], ["after it", "a", ""]
    other = [["name", "price", "year"], ["q", "12", "2020"]]
    place = find_place([*table, gap, note, gap, *other], 0, ReadOptions())
    assert place is not None
    assert place.doubts == ("What stands from row 35 on has more columns; it may be another table.",)
    named = [["question", "answer", "remark"], *table[1:]]
    for rows in ([*table, gap, note], [*named, gap, *other]):
        place = find_place(rows, 0, ReadOptions())
        assert place is not None
        assert place.doubts == ()
