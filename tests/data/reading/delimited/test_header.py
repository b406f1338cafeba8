from __future__ import annotations

import pytest

from studio.data.reading.delimited.header import has_header, header_rows, joined_names, unique_names

LONG = "a sentence of several words that people wrote"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["text", "category"], ["a", "b"]], True),
        ([["v1", "v2"], ["ham", LONG], ["spam", LONG]], True),
        ([["ham", LONG], ["spam", LONG], ["ham", LONG]], False),
        ([[LONG, "1"], [LONG, "0"]], False),
        ([["name", "age"], ["Ann", "41"], ["Bob", "52"]], True),
        ([["41", "Ann"], ["52", "Bob"]], False),
        ([["Frage", "Antwort"], ["Was?", "Das."]], True),
        ([["a", "b"], ["1", "2"]], True),
        ([["x", "x"], ["y", "z"]], False),
        ([["", ""], ["y", "z"]], False),
        ([["Year", "2000", "2001", "2002"], ["Timber", "3", "4", "5"], ["Paper", "6", "2001", "8"]], True),
        ([["", "1985", "1993"], ["Surgery", "12", "14"], ["Nursing", "9", "11"]], True),
        ([["Ann", "1985", "1993"], ["Bob", "1986", "1999"], ["Cy", "1971", "1990"]], False),
        ([["a", "b", "c"], ["1", "a", "1.0"], ["2", "b", "2.0"], ["3", "c", "3.0"]], True),
        ([["A", "B", "B", "C"], ["a", "b", "C", "c"]], True),
        ([["TRUE", "FALSE"], ["FALSE", "FALSE"], ["TRUE", "TRUE"]], False),
        ([["a", "b", "a"], ["12", "up", "so"], ["13", "up", "on"]], True),
        ([], False),
    ],
)
def test_whether_the_first_row_names_the_columns(rows: list[list[str]], expected: bool) -> None:
    found, certain = has_header(rows)
    assert found is expected
    assert 0.5 <= certain <= 1


def test_names_are_trimmed_filled_in_and_different() -> None:
    assert unique_names([" a ", "", "a", "a 2", "b\nc"], 6) == ("a", "column 2", "a 3", "a 2", "b c", "column 6")
    assert unique_names([], 2) == ("column 1", "column 2")
    assert len(set(unique_names(["x"] * 20_000, 20_000))) == 20_000


NUMBERS = [["A", "1", "2"], ["B", "3", "4"], ["C", "5", "6"], ["D", "5", "6"], ["E", "4", "4"]]


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["name", "mass", "length"], *NUMBERS], 1),
        ([["name", "mass", "length"], ["", "kg", "m"], *NUMBERS], 2),
        ([["name", "mass", "length"], ["name", "mass", "length"], *NUMBERS], 2),
        ([["name", "mass", "length"], ["A", "n/a", "-"], *NUMBERS], 1),
        ([["name", "mass", "length"], ["A one", "x"], *NUMBERS], 1),
        ([["text", "label"], ["hello you", "good"], ["bye", "bad"], ["oh", "bad"], ["no", "bad"], ["ah", "good"]], 1),
    ],
)
def test_how_many_rows_name_the_columns(rows: list[list[str]], count: int) -> None:
    assert header_rows(rows) == count


def test_names_of_several_rows_are_joined_and_groups_go_on() -> None:
    assert joined_names([["Region", "Sales", "", "Costs", ""], ["", "2019", "2020", "2019", "2020"]]) == [
        "Region", "Sales 2019", "Sales 2020", "Costs 2019", "Costs 2020",
    ]  # fmt: skip
    assert joined_names([["id", "name"], ["id", "name"]]) == ["id", "name"]


def test_the_questions_of_a_survey_and_its_answers() -> None:
    rows = [
        ["How was it?", "", "Why?", "Anything else?"],
        ["Good", "Bad", "Open-Ended Response", "Open-Ended Response"],
        ["Good", "", "It was warm", ""],
        ["", "Bad", "", "No"],
    ]
    assert has_header(rows) == (True, 0.9)
    assert header_rows(rows) == 2


def test_a_name_that_comes_again_in_one_column_is_a_cell() -> None:
    assert header_rows([["foo"]] * 9) == 1
