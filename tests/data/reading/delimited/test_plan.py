from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.reading.apart import BELOW
from studio.data.reading.delimited.plan import Plan, make_plan
from studio.data.reading.options import ReadOptions
from studio.data.reading.source import Rejected

Rows = list[list[str] | Rejected]


def read(folder: Path, content: str | bytes, options: ReadOptions = ReadOptions()) -> tuple[Plan, Rows]:
    file = folder / "a.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    plan, _, _ = make_plan(file, options)
    with plan.open() as lines:
        return plan, list(plan.records(lines))


def test_lines_above_and_below_are_counted_told_and_kept_aside(tmp_path: Path) -> None:
    plan, rows = read(tmp_path, "Report of May\n\nid;wert\n1;3,5\n2;4,5\n3;2,5\n\nQuelle: wir\n")
    assert plan.columns == ("id", "wert")
    assert rows == [
        Rejected(1, "It stands above the table.", "Report of May"),
        ["1", "3,5"], ["2", "4,5"], ["3", "2,5"],
        Rejected(8, "It stands below the table.", "Quelle: wir"),
    ]  # fmt: skip
    reading = plan.reading(2)
    assert reading.sentence == "semicolon-separated, UTF-8, with a header, 1 line above the table"
    assert reading.skip == 2
    assert reading.doubts[-2:] == ("1 line above the table is set aside.", "1 line below the table is set aside.")


def test_a_person_says_how_many_lines_to_skip(tmp_path: Path) -> None:
    content = "x,y\nid,name\n1,Ann\n2,Bob\n"
    plan, rows = read(tmp_path, content, ReadOptions(skip=1))
    assert (plan.columns, plan.skip) == (("id", "name"), 1)
    assert rows[0] == Rejected(1, "It stands above the table.", "x,y")
    plan, rows = read(tmp_path, "A title\n" + content, ReadOptions(skip=0, has_header=False))
    assert (plan.skip, len(rows)) == (0, 5)


@pytest.mark.parametrize("first", ["#tag", "sep=;"])
def test_a_first_line_that_is_said_to_be_the_tables_is_no_remark(tmp_path: Path, first: str) -> None:
    plan, rows = read(tmp_path, f"{first}\nfoo\nbar\n", ReadOptions(skip=0, has_header=True))
    assert (plan.columns, rows) == ((first,), [["foo"], ["bar"]])


def test_nothing_is_missing_where_something_is_guessed(tmp_path: Path) -> None:
    plan, _ = read(tmp_path, "text,label\n0,hello you,x\n1,bye you,y\n2,oh my,z\n")
    assert plan.columns == ("column 1", "text", "label")
    assert any("one name fewer" in doubt for doubt in plan.doubts)
    plan, rows = read(
        tmp_path, "Region,Sales,,Costs,\n,2019,2020,2019,2020\nNorth,1,2,3,4\nSouth,2,3,4,5\nEast,2,2,2,2\n"
    )
    assert plan.columns == ("Region", "Sales 2019", "Sales 2020", "Costs 2019", "Costs 2020")
    assert any("from 2 rows" in doubt for doubt in plan.doubts)
    assert len(rows) == 3
    plan, rows = read(tmp_path, "a,b\n1,2,\n3,4,\n5,6,\n7,8,9\n")
    assert (plan.columns, rows[0]) == (("a", "b", "column 3"), ["1", "2", ""])
    plan, rows = read(tmp_path, "a,b\n1,2,\n3,4,\n5,6,\n")
    assert (plan.columns, rows) == (("a", "b"), [["1", "2"], ["3", "4"], ["5", "6"]])


def test_cells_that_a_program_left_off_or_added_are_empty(tmp_path: Path) -> None:
    body = "".join(f"{i},word {i},\n" for i in range(20))
    _, rows = read(tmp_path, f"id,text,notes\n{body}20,last\n21,more,,,\n22,,shifted\nx,y\n")
    assert rows[20:22] == [["20", "last", ""], ["21", "more", ""]]
    assert rows[22] == ["22", "", "shifted"]
    assert rows[23] == Rejected(25, "It has 2 cells, the table has 3 columns.", "x,y")


def test_a_quote_that_was_never_closed_costs_its_row_alone(tmp_path: Path) -> None:
    body = "".join(f'{i},"a text, number {i}",x\n' for i in range(20))
    _, rows = read(tmp_path, f'id,text,label\n{body}20,"open,x\n{body}')
    assert [row for row in rows if isinstance(row, Rejected)] == [
        Rejected(22, "A quote inside a quoted cell is not doubled.", '20,"open,x')
    ]
    assert len(rows) == 41


def test_mixed_line_ends_and_zero_characters(tmp_path: Path) -> None:
    _, rows = read(tmp_path, 'a,b\r\n1,"x\ry"\n2,"y\nz"\r3,w\r\n4,"v\r\nu"\n5,n\0l', ReadOptions("utf-8"))
    assert rows == [["1", "x\ry"], ["2", "y\nz"], ["3", "w"], ["4", "v\r\nu"], ["5", "n\0l"]]


def test_a_header_with_a_broken_quote_still_names_the_columns(tmp_path: Path) -> None:
    plan, rows = read(tmp_path, 'id,"name,score\n1,Ann,3\n2,Bob,4\n3,Cy,5\n')
    assert plan.columns == ("id", '"name', "score")
    assert len(rows) == 3


def test_a_long_file_ends_with_its_footer(tmp_path: Path) -> None:
    body = "".join(f"{i},a text of some length to fill the file\n" for i in range(30_000))
    plan, rows = read(tmp_path, f"id,text\n{body}\nSource: us\n")
    assert plan.footer["Source: us"] == BELOW
    assert rows[-1] == Rejected(30_003, "It stands below the table.", "Source: us")
    assert len(rows) == 30_001


@pytest.mark.parametrize(("quote", "doubt"), [('"a "b" c"', "not doubled"), ('"say \\"b\\", c"', "sign, not as text")])
def test_unusual_quotes_are_told(tmp_path: Path, quote: str, doubt: str) -> None:
    plan, rows = read(tmp_path, "id,text,label\n" + f"1,{quote},x\n2,plain,y\n" * 5)
    assert not any(isinstance(row, Rejected) for row in rows)
    assert any(doubt in sentence for sentence in plan.doubts)


def test_a_plan_for_lines_further_down(tmp_path: Path) -> None:
    plan, _ = read(tmp_path, "Title\n\nid,name\n1,Ann\n2,Bob\n")
    further = plan.further()
    assert list(further.records(iter(["3,Cy\n"]))) == [["3", "Cy"]]


def test_a_header_that_comes_again_is_no_row(tmp_path: Path) -> None:
    plan, rows = read(tmp_path, "id,name\n1,Ann\n2,Bob\nid,name\n3,Cy\n")
    assert plan.columns == ("id", "name")
    assert rows[2] == Rejected(4, "It names the columns once more.", "id,name")
    assert len(rows) == 4


@pytest.mark.parametrize(
    "told", [ReadOptions(skip=0), ReadOptions(has_header=True), ReadOptions(skip=0, has_header=True)]
)
def test_where_a_person_says_where_the_header_is_no_row_is_taken_for_it(tmp_path: Path, told: ReadOptions) -> None:
    plan, rows = read(tmp_path, "id,name\n1,Ann\nid,name\n3,Cy\n", told)
    assert (plan.columns, rows) == (("id", "name"), [["1", "Ann"], ["id", "name"], ["3", "Cy"]])


def test_a_last_row_whose_cells_are_all_quoted_is_a_row(tmp_path: Path) -> None:
    _, rows = read(tmp_path, '"first visit","remark 2","urgency"\n"k","\u0351","k"\n"A","\n","\n"\n')
    assert rows == [["k", "\u0351", "k"], ["A", "\n", "\n"]]


def test_a_remark_that_names_the_columns(tmp_path: Path) -> None:
    plan, rows = read(tmp_path, "# made by us\n# city, people, area\nRome,27,1285\nOslo,7,454\nBonn,3,141\n")
    assert plan.columns == ("city", "people", "area")
    assert plan.doubts == (
        "The names of the columns are taken from the remark above the table, in line 2.",
        "1 line above the table is set aside.",
    )
    assert rows == [
        Rejected(1, "It stands above the table.", "# made by us"),
        ["Rome", "27", "1285"], ["Oslo", "7", "454"], ["Bonn", "3", "141"],
    ]  # fmt: skip
    plan, _ = read(tmp_path, "# made by us\n# in May\nRome,27,1285\nOslo,7,454\nBonn,3,141\n")
    assert not plan.has_header


def test_a_quote_that_is_never_closed_in_a_small_file_is_text(tmp_path: Path) -> None:
    _, rows = read(tmp_path, 'id\ttext\n1\tso good\n2\tfine\n3\t"so bad\n')
    assert rows == [["1", "so good"], ["2", "fine"], ["3", '"so bad']]
