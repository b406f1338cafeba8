"""Numbers as people write them: read as the whole column says, or not at all."""

from __future__ import annotations

import pytest

from studio.data.roles.numbers import NumberForm, form_called, form_of, number_in


def read(*cells: str) -> list[float | None]:
    form = form_of(cells)
    return [number_in(cell, form) for cell in cells]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("1.5", "1,234", "3"), [1.5, 1234.0, 3.0]),
        (("1,5", "1.234", "3"), [1.5, 1234.0, 3.0]),
        (("1 000", "2 500,5", "1'234"), [1000.0, 2500.5, 1234.0]),
        (("-5", "−2", "+3", ".5", "1e3"), [-5.0, -2.0, 3.0, 0.5, 1000.0]),
        (("4/5", "3/5", "5"), [4.0, 3.0, 5.0]),
        (("8 out of 10", "7 out of 10"), [8.0, 7.0]),
        (("4 stars", "1 star", "5"), [4.0, 1.0, 5.0]),
        (("5 = excellent", "4 (good)", "1 - bad"), [5.0, 4.0, 1.0]),
        (("€ 5", "€ 1.200,50", "12,99"), [5.0, 1200.5, 12.99]),
        (("85 %", "7%"), [85.0, 7.0]),
        (("★★★☆☆", "★"), [3.0, 1.0]),
    ],
)
def test_a_column_is_read_in_its_own_form(cells: tuple[str, ...], numbers: list[float]) -> None:
    assert read(*cells) == numbers


@pytest.mark.parametrize("cell", ["", "n/a", "3-4", "3 to 4", "2020-01-02", "12:30", "four", "(5)", "1,2,3", "1e999"])
def test_what_is_no_single_number_is_none(cell: str) -> None:
    assert number_in(cell, form_of(["1", "2", cell])) is None


def test_another_unit_or_scale_than_the_column_s_is_no_number() -> None:
    assert read("5 kg", "2 kg", "300 g") == [5.0, 2.0, None]
    assert read("4/5", "3/5", "8/10") == [4.0, 3.0, None]


def test_a_comma_with_three_digits_follows_the_other_cells() -> None:
    assert read("1,234", "2,5") == [1.234, 2.5]
    assert read("1,234", "2.5") == [1234.0, 2.5]
    assert read("3,5", "2.5", "1.5") == [None, 2.5, 1.5]


def test_a_form_is_written_and_read_again() -> None:
    form = form_of(["4,5 Punkte", "3,5 Punkte"])
    assert form == NumberForm(",", "", "punkte")
    assert form_called(form.written) == form
    assert form_called("") == NumberForm()
