from __future__ import annotations

import re

import pytest

from studio.data.table.values import MOMENT, amounts, is_number


@pytest.mark.parametrize(
    "cell",
    ["7", "-3", "+3.5", "1,234.5", "1.234,5", "1 234,5", "1\u202f234", "1'234.50", "-5 %", "€ 3", "3 €", "$1,200",
     "EUR 5", "5 EUR", "(12.50)", "1e5", ".5", "−4"],
)  # fmt: skip
def test_numbers(cell: str) -> None:
    assert is_number(cell)
    assert not is_number(f"{cell} or so")


@pytest.mark.parametrize("cell", ["", "COL1", "ABC 1", "1 2", "one", "1-2-3", "10:30", "v1.2", "12 345 6"])
def test_what_is_no_number(cell: str) -> None:
    assert not is_number(cell)


@pytest.mark.parametrize(
    "cell",
    ["2020-01-02", "14-Jan-20", "3. May 2020", "May 3, 2020", "Monday, May 3, 2020", "2020年1月2日", "10:30",
     "10:30:05 pm", "2020-01-02T10:30:00Z", "1/2/2020 10:30"],
)  # fmt: skip
def test_dates(cell: str) -> None:
    assert re.fullmatch(MOMENT, cell)
    assert not re.fullmatch(MOMENT, f"on {cell} or so")


def test_what_the_numbers_of_a_column_say() -> None:
    assert amounts(["1,234.5", "-2", "(3)", "none"]) == [1234.5, -2.0, -3.0]
    assert amounts(["1.234,5", "2,25", "€ 3"]) == [1234.5, 2.25, 3.0]
    assert amounts(["1 234", "5 %"]) == [1234.0, 5.0]
