"""What rows to search tell, and which of them stay together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.config.pairing import Pairing
from studio.data.parts.dataset import Dataset
from studio.data.parts.pairing import NO_NUMBER, number_of, pairing_of
from studio.data.parts.split import split
from studio.data.roles.columns import Columns
from tests.data.tables import table_of

Cells = Sequence[tuple[str, str, str]]


def parted(folder: Path, cells: Cells, *, score: str = "score") -> Dataset:
    table = table_of(folder, ["query", "passage", "score"], cells)
    columns = Columns("query", "passage", score=score)
    data = split(table, columns, kind="search", watching_share=0.2, test_share=0.2, seed=1)
    assert data is not None
    return data


@pytest.mark.parametrize(
    ("cells", "score", "wanted"),
    [
        ([(f"q{n}", f"p{n}", "") for n in range(20)], "", "passages"),
        ([(f"q{n}", f"p{n}", "1") for n in range(20)], "score", "passages"),
        ([(f"q{n // 4}", f"p{n}", "10"[n % 2]) for n in range(40)], "score", "candidates"),
        ([(f"q{n}", f"p{n}", "10"[n % 2]) for n in range(20)], "score", "scores"),
        ([(f"q{n // 4}", f"p{n}", f"{n % 5}.5") for n in range(40)], "score", "scores"),
    ],
)
def test_numbers_tell_what_rows_are(tmp_path: Path, cells: Cells, score: str, wanted: Pairing) -> None:
    assert pairing_of(parted(tmp_path, cells, score=score)) == wanted


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("1", 1.0),
        (" 3,75 ", 3.75),
        ("0.5", 0.5),
        ("True", 1.0),
        ("no", 0.0),
        ("", None),
        ("nan", None),
        ("1,5.2", None),
    ],
)
def test_a_cell_holds_a_number_or_none(cell: str, wanted: float | None) -> None:
    assert number_of(cell) == wanted


def test_rows_without_a_number_are_left_out_and_told(tmp_path: Path) -> None:
    data = parted(tmp_path, [(f"q{n}", f"p{n}", "often" if n == 5 else str(n)) for n in range(20)])
    assert {reason: list(rows) for reason, rows in data.left_out.items()} == {NO_NUMBER: [5]}
    assert not any(5 in rows for rows in data.parts.values())


def places(data: Dataset, *, of_passages: bool) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in data.parts:
        for row in data.rows(part):
            found.setdefault(row.target if of_passages else row.input, set()).add(part)
    return found


def test_neither_a_query_nor_a_passage_stands_in_two_parts(tmp_path: Path) -> None:
    cells = [(f"q{n}", f"p{n // 3}", "") for n in range(120)] + [("q0", "p39", "")]
    data = parted(tmp_path, cells, score="")
    for of_passages in (False, True):
        assert all(len(parts) == 1 for parts in places(data, of_passages=of_passages).values())
    assert all(data.parts.values())


def test_where_a_passage_answers_nearly_everything_only_queries_stay_together(tmp_path: Path) -> None:
    cells = [(f"q{n // 2}", "the one" if n % 2 else f"p{n}", "") for n in range(120)]
    data = parted(tmp_path, cells, score="")
    assert all(len(parts) == 1 for parts in places(data, of_passages=False).values())
    assert places(data, of_passages=True)["the one"] == {"training", "watching", "test"}
