from __future__ import annotations

import time
from pathlib import Path

import pytest

from studio.data.reading.delimited.delimited import open_delimited
from studio.data.reading.delimited.drawn import at_gaps, drawing_of, gaps_of
from studio.data.reading.options import ReadOptions
from studio.data.reading.packed.kinds import kind_of
from studio.data.reading.source import Given

MARKDOWN = "| id | name |\n|---:|:-----|\n| 1 | Ann |\n| 2 | a \\| b |\n|  | x |\n"
PSQL = " id | name  \n----+-------\n  1 | Ann\n    | Bob\n  3 | \n(3 rows)\n\n"
MYSQL = "+----+------+\n| id | name |\n+----+------+\n|  1 | Ann  |\n|  2 |      |\n+----+------+\n2 rows in set\n"
GRID = "+----+----+\n| id | a  |\n+====+====+\n| 1  | x  |\n+----+----+\n| 2  | y  |\n+----+----+\n"
BOXES = "┌────┬──────┐\n│ id │ name │\n├────┼──────┤\n│  1 │ Ann  │\n└────┴──────┘\n"
RULED = "id,name\n--,----\n---,----\n1,a\n2,b\n"
COLUMNS = """\
Name                Age City
------------------- --- ----------
Ann Lee              41 Rome
Bob van der Meer      7 New York
Cy                  101
"""
FIXED = """\
A report of all that was seen

Name        Year  Sum  Where
Ann Lee     2001    5  Rome
Bob Smith   2002   17  New York
Cyrus Aye   2003  117
Di                  4  Oslo
"""


def read(tmp_path: Path, text: str, name: str = "a.csv") -> tuple[tuple[str, ...], list[list[str]], list[str]]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    source = open_delimited(Given(file, file, name), ReadOptions())
    portions = list(source.portions())
    rows = [list(row) for portion in portions for row in portion.rows]
    rejected = [row.text for portion in portions for row in portion.rejected]
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(rows) + len(rejected) + 1 == len(lines)  # the header
    assert [list(row) for row in source.head(100).rows] == rows[:100]
    return source.columns, rows, rejected


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        (MARKDOWN, ("id", "name"), [["1", "Ann"], ["2", "a | b"], ["", "x"]]),
        (PSQL, ("id", "name"), [["1", "Ann"], ["", "Bob"], ["3", ""]]),
        (MYSQL, ("id", "name"), [["1", "Ann"], ["2", ""]]),
        (GRID, ("id", "a"), [["1", "x"], ["2", "y"]]),
        (BOXES, ("id", "name"), [["1", "Ann"]]),
        ("| a | b |\n| 1 | 2 |\n| 3 | 4 |\n", ("a", "b"), [["1", "2"], ["3", "4"]]),
        (COLUMNS, ("Name", "Age", "City"), [["Ann Lee", "41", "Rome"], ["Bob van der Meer", "7", "New York"],
                                           ["Cy", "101", ""]]),
        (FIXED, ("Name", "Year", "Sum", "Where"), [["Ann Lee", "2001", "5", "Rome"],
            ["Bob Smith", "2002", "17", "New York"], ["Cyrus Aye", "2003", "117", ""], ["Di", "", "4", "Oslo"]]),
    ],
)  # fmt: skip
def test_drawn_tables(tmp_path: Path, text: str, columns: tuple[str, ...], rows: list[list[str]]) -> None:
    assert read(tmp_path, text)[:2] == (columns, rows)


def test_a_row_beside_its_columns_is_set_aside(tmp_path: Path) -> None:
    lines = [
        f"{name:12}{number:5}  {name}" for name in ("Ann Lee", "Bob Smith", "Cy", "Di of Rome") for number in (1, 77)
    ]
    text = "\n".join(["name        value  again", *100 * lines, "a much longer name than all others 5  x", ""])
    _, rows, rejected = read(tmp_path, text)
    assert (len(rows), rejected) == (800, ["a much longer name than all others 5  x"])


@pytest.mark.parametrize(
    "text",
    [
        "text,label\nso good,a\n-,-\n--,--\n",
        "a|b\n1|2\n3|4\n",
        "|a|b|\n|1|2|\n",
        "Title\n-----\nSome words | and more\nof them\n",
        "a\tb\n1\t---\n",
    ],
)
def test_what_is_not_drawn(text: str) -> None:
    drawing = drawing_of(text.splitlines(keepends=True))
    assert not drawing.ruled
    assert not drawing.bar


@pytest.mark.parametrize(
    "text",
    [
        "It was the best of times,\nit was the worst of times,\nit was the age of wisdom,\nit was all of it.\n",
        "John Smith\nMary Jones\nAnne Brown\nFred Black\n",
        "def f():\n    return 1\n\n\ndef g():\n    return 2\n",
        "a\tb\nc\td\ne\tf\n",
        "one  two\nthree  four\n",
    ],
)
def test_prose_has_no_columns(text: str) -> None:
    assert gaps_of(text.splitlines(keepends=True)) == ()


def test_cells_at_gaps() -> None:
    gaps = ((4, 6), (9, 10))
    assert at_gaps("abcd  efg hi", gaps) == ["abcd", "efg", "hi"]
    assert at_gaps("abcde efg hi", gaps) == ["abcde", "efg", "hi"]
    assert at_gaps("ab", gaps) == ["ab", "", ""]
    assert at_gaps("abcdefghijkl", gaps) is None


def test_what_a_drawn_text_is(tmp_path: Path) -> None:
    for name, text, kind in (
        ("a.md", MARKDOWN, "delimited"),
        ("a.md", f"# Title\n\nSome words.\n\n{MARKDOWN}", "text"),
        ("a.txt", MYSQL, "delimited"),
        ("a.txt", FIXED, "delimited"),
        ("a.txt", "a line of words\nanother line of it\nand the last line\n", "text"),
    ):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        assert kind_of(Given(file, file, name)) == kind, text


def test_no_columns_are_looked_for_in_very_long_lines() -> None:
    lines = [f"{name:<9}{number:<9}end\n" for name in ("one", "two", "three") for number in (10, 200, 3000)]
    assert gaps_of(lines)
    begun = time.process_time()
    assert not gaps_of([*lines, "a b " * 100_000 + "\n"])
    assert time.process_time() - begun < 1
