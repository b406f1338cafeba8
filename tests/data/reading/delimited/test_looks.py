from __future__ import annotations

import pytest

from studio.data.reading.delimited.looks import look_of, typed


@pytest.mark.parametrize(
    ("look", "cells"),
    [
        ("empty", ["", " "]),
        ("number", ["1,234.5", "-3e5", "$12.50", "12 %", "£6,755"]),
        ("text", ["1 234 567", "Hello, you!", '{"a": 1, "b": 2}']),
        ("date", ["2020-01-02", "14-Jan-20", "10:30", "2020-01-02T10:30:00Z", "3. May 2020"]),
        ("address", ["ann@x.org", "http://a.b/c?d", "/usr/lib/x.csv"]),
        ("word", ["hello", "snake_case", "C#"]),
        ("odd", ["5;2", "b|c", "a\tb", '"half', '"whole"', "x,y", "MAYOR#Abla"]),
    ],
)
def test_what_cells_look_like(look: str, cells: list[str]) -> None:
    assert {cell: look_of(cell) for cell in cells} == dict.fromkeys(cells, look)


def test_a_column_of_one_kind() -> None:
    assert typed(["1", "2,5", "", "3"]) == "number"
    assert typed(["2020-01-02", "2020-01-03"]) == "date"
    assert typed(["1", "two"]) is None
    assert typed([]) is None
