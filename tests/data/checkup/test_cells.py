"""Cells and the Rows that read them, held or streamed, of a whole table or a part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.checkup import cells as module
from studio.data.checkup.cells import Stopped
from studio.data.checkup.rows import Rows
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows, SetCells
from tests.data.snapshots import snapshot

ROWS = [(f"Text {n % 7}!", "ab"[n % 2]) for n in range(30)]


@pytest.mark.parametrize("held", [100, 5])
@pytest.mark.parametrize("template", ["", "{label}: {text}"])
@pytest.mark.parametrize("wanted", [None, [2, 3, 11, 29], [28]])
def test_cells_are_those_of_the_table_held_or_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int, template: str, wanted: list[int] | None
) -> None:
    monkeypatch.setattr(module, "HELD", held)
    monkeypatch.setattr(module, "_BLOCK", 2)
    table = snapshot(tmp_path, ("text", "label"), ROWS).with_edits(
        [SetCells("text", ((3, "New"),)), DeleteRows((4, 20))]
    )
    numbers = table.numbers if wanted is None else wanted
    rows = Rows(table, Columns("text", "label", template), "classify", numbers)
    now = {row: "New" if row == 3 else ROWS[row][0] for row in range(30)}
    expected = {row: f"{ROWS[row][1]}: {now[row]}" if template else now[row] for row in numbers}
    assert dict(rows.texts) == dict(rows.texts.items()) == expected
    assert list(rows.texts.values()) == list(expected.values())
    assert dict(rows.targets) == {row: ROWS[row][1] for row in numbers}
    assert rows.texts.of([*numbers][::-2]) == {row: expected[row] for row in [*numbers][::-2]}
    assert 4 not in rows.texts
    with pytest.raises(KeyError):
        rows.texts[20]


def test_hashes_tell_which_texts_are_the_same(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), [("one", "a"), ("", "b"), ("One!", "a"), ("two", " "), ("ONE", "b")])
    rows = Rows(table, Columns("text", "label"), "classify", table.numbers)
    assert rows.repeated == [[0, 2, 4]] == [same for same in rows.distinct.values() if len(same) > 1]
    assert rows.hashes[0].tolist() == [0, 2, 3, 4]
    assert {label: tuple(of) for label, of in rows.by_label.items()} == {"a": (0, 2), "b": (1, 4)}


def test_a_part_of_the_rows_lies_evenly(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    rows = Rows(table, Columns("text", "label"), "classify", table.numbers)
    assert rows.at_most(30) is rows
    some = rows.at_most(5)
    assert list(some.numbers) == [0, 6, 12, 18, 24]
    assert some is rows.at_most(5)


def test_reading_ends_where_somebody_asks_to_stop(tmp_path: Path) -> None:
    table = snapshot(tmp_path, ("text", "label"), ROWS)
    for numbers in (table.numbers, [1]):
        rows = Rows(table, Columns("text", "label"), "classify", numbers, should_stop=lambda: True)
        with pytest.raises(Stopped):
            _ = rows.hashes
