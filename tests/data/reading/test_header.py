from __future__ import annotations

import pytest

from studio.data.reading.header import has_header, unique_names

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
