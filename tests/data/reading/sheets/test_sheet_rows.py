from __future__ import annotations

import io
import random

import pytest

from studio.data.reading.sheets import sheet_rows
from studio.data.reading.sheets.sheet_rows import RowsSaid, _said


@pytest.mark.parametrize("block", [7, 50, 1 << 20])
def test_rows_are_counted_wherever_a_piece_of_the_file_ends(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "_BLOCK", block)
    order = list(range(1, 60))
    random.Random(1).shuffle(order)
    hidden = " hidden='1'"
    tags = (f'<x:row spans="1:2" r="{n}"{hidden * (n % 10 == 0)}><c r="A{n}"/></x:row>' for n in order)
    rows = "".join(tags)
    assert _said(io.BytesIO(rows.encode())) == RowsSaid((), 5)
    assert _said(io.BytesIO(f'{rows}<row r="9"/><row r="7"/><rows r="8"/>'.encode())) == RowsSaid((7, 9), 5)


def test_rows_without_numbers_count_on() -> None:
    assert _said(io.BytesIO(b'<row><c/></row><row/><row r="2"/>')) == RowsSaid((2,), 0)
