from __future__ import annotations

import io

import pytest

from studio.data.reading.delimited import records as module
from studio.data.reading.delimited.records import is_unclosed, readable, records
from studio.data.reading.delimited.signs import Dialect
from studio.data.reading.source import Rejected


def read(text: str, **options: object) -> list[list[str] | Rejected]:
    return list(records(io.StringIO(text, newline=""), Dialect(), **options))  # type: ignore[arg-type]


def test_a_broken_row_costs_itself_alone() -> None:
    assert read('a,b\n"x"y,z\nc,d\n"open\ne,f\n') == [
        ["a", "b"],
        Rejected(2, "A quote inside a quoted cell is not doubled.", '"x"y,z'),
        ["c", "d"],
        Rejected(4, "A quote is opened and never closed.", '"open'),
        ["e", "f"],
    ]


def test_line_numbers_count_the_lines_of_the_file() -> None:
    found = read('a,b\n\n"x\ny",z\n\nshort\n', width=2)
    assert found[-1] == Rejected(6, "It has 1 cell, the table has 2 columns.", "short")


def test_header_and_titles_are_not_rows() -> None:
    found = read("A title\n\na,b,\nc,d\ne,f,,\n", width=2, skip=2, header=1)
    assert found == [Rejected(1, "It stands above the table.", "A title"), ["c", "d"], ["e", "f"]]


def test_an_endless_cell_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_ROW", 1_000)
    rows = read('a,b\n"' + "long line\n" * 200 + "c,d\n", width=2)
    assert isinstance(rows[1], Rejected)
    assert is_unclosed(rows[1])
    assert len(rows) == 202
    assert rows[-1] == ["c", "d"]


def test_unreadable_bytes() -> None:
    found = read("a\udcff,b\nc,d\n", width=2, broken=True)
    assert found == [Rejected(1, "Some of its characters cannot be read.", "a�,b"), ["c", "d"]]
    assert readable("fine é") == "fine é"
