"""Rows set aside told apart into cells, taken into the table, and counted, kept and exported right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.data.reading.read import read_table
from studio.data.table.aside import split_raw
from studio.data.table.edit_log import EditLog
from studio.data.table.edits import AppendRow, DeleteRows, ReplaceValue, SetCells
from studio.data.table.pages import PageReader, pieces
from studio.data.table.replay import replay
from studio.data.table.table import Reading, Table, open_table
from studio.data.table.view import search
from studio.data.table.write import write_rejected, write_table
from studio.problems import Problem

LINES = ["text,label", *(f"message {n},{'ab'[n % 2]}" for n in range(9)), "one,b,too many", "message 9,a", "x,y,z,w"]


def read(folder: Path, lines: list[str]) -> Table:
    file = folder / "a.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    list(read_table(file, folder / f"table-{len(lines)}"))
    return open_table(folder / f"table-{len(lines)}")


@pytest.fixture
def table(tmp_path: Path) -> Table:
    found = read(tmp_path, LINES)
    assert (found.rows, found.reading.rejected) == (10, 2)
    return found


def taken(table: Table, cells: tuple[str, ...] = ("one", "b"), place: int = 0) -> AppendRow:
    return AppendRow(table.rows, table.columns, cells, place, str(table.rejected()[0]["text"]))


def rows(table: Table) -> list[tuple[str, ...]]:
    return [
        row for piece in pieces(table, table.columns) for row in zip(*piece.cells.to_pydict().values(), strict=True)
    ]


@pytest.mark.parametrize(
    ("raw", "delimiter", "cells", "over"),
    [
        ("one,b,too many", ",", ("one", "b"), ("too many",)),
        ("one", ",", ("one", ""), ()),
        ('"a, b",c', ",", ("a, b", "c"), ()),
        ('"never closed,c', ",", ("never closed,c", ""), ()),
        (" one ;b\r\n", ";", (" one ", "b"), ()),
        ("one  and two   b", "  ", ("one", "and two"), ("b",)),
        ("", ",", ("", ""), ()),
    ],
)
def test_a_row_is_told_apart_as_far_as_it_can_be(
    raw: str, delimiter: str, cells: tuple[str, ...], over: tuple[str, ...]
) -> None:
    assert split_raw(raw, Reading("a.csv", delimiter=delimiter), 2) == (cells, over)


def test_one_column_takes_the_whole_text() -> None:
    assert split_raw("a, b, c", Reading("a.csv", delimiter=","), 1).cells == ("a, b, c",)
    assert split_raw("a\tb", Reading("a.xlsx", kind="workbook", delimiter=","), 2).cells == ("a", "b")


def test_a_row_taken_back_stands_behind_the_last_one_everywhere(table: Table) -> None:
    now = table.with_edits([taken(table)])
    assert (now.rows, now.read_rows, now.aside, len(now.numbers)) == (11, 10, 1, 11)
    assert now.read_rows + len(now.taken) + now.aside == table.rows + table.reading.rejected
    assert now.cells(10) == ["one", "b"]
    assert rows(now)[9:] == [("message 9", "a"), ("one", "b")]
    assert PageReader(now).at([10, 0, 10]) == [("one", "b"), ("message 0", "a"), ("one", "b")]
    assert now.column("text")[-1] == "one"
    assert [number for found in search(now, "one", should_stop=lambda: False) for number in found.tolist()] == [10]
    assert write_table(now, table.folder.parent / "out.csv") == 11
    assert (table.folder.parent / "out.csv").read_text().splitlines()[-1] == '"one","b"'
    assert [row["text"] for row in now.rejected()] == ["x,y,z,w"]
    assert now.rejected(1) == now.rejected()
    assert table.rejected(1) == table.rejected()[:1]
    assert table.rejected(0) == []
    assert table.rejected() == now.with_edits(()).rejected()


def test_later_edits_see_it_and_earlier_ones_do_not(table: Table) -> None:
    edits = [
        ReplaceValue("label", "b", "c"),
        taken(table),  # its “b” came later
        SetCells("text", ((10, "two"),)),
    ]
    now = table.with_edits(edits)
    assert now.cells(10) == ["two", "b"]
    assert now.with_edits([*edits, ReplaceValue("label", "b", "d")]).cells(10) == ["two", "d"]
    gone = now.with_edits([*edits, DeleteRows((10,))])
    assert (gone.rows, len(gone.numbers)) == (11, 10)


def test_a_row_that_does_not_fit_is_refused(table: Table) -> None:
    for wrong in (
        AppendRow(9, table.columns, ("a", "b"), 0, ""),
        AppendRow(10, ("text",), ("a",), 0, ""),
        AppendRow(10, table.columns, ("a",), 0, ""),
    ):
        with pytest.raises(Problem, match="cannot be taken"):
            table.with_edits([wrong])


def test_a_row_set_aside_is_taken_in_once_and_only_where_it_is(table: Table) -> None:
    now = table.with_edits([taken(table)])
    twice = AppendRow(11, table.columns, ("a", "b"), 0, "")
    for edits in ([*now.edits, twice], [DeleteRows(()), *now.edits, twice]):  # on top, and all at once
        with pytest.raises(Problem, match="taken in before") as caught:
            now.with_edits(edits)
        assert "still there" in caught.value.fix
    for place in (-1, 2):
        with pytest.raises(Problem, match="not among the rows set aside"):
            table.with_edits([AppendRow(10, table.columns, ("a", "b"), place, "")])
    assert now.with_edits([*now.edits, AppendRow(11, table.columns, ("a", "b"), 1, "")]).aside == 0


def test_a_snapshot_with_the_edits_holds_it_and_no_longer_sets_it_aside(table: Table, tmp_path: Path) -> None:
    now = table.with_edits([taken(table), DeleteRows((0,))])
    numbers = now.materialise(tmp_path / "made")
    made = open_table(tmp_path / "made")
    assert rows(made) == rows(now)[1:]
    assert (numbers[10], made.reading.rejected, len(made.rejected())) == (9, 1, 1)
    assert write_rejected(now, tmp_path / "aside.csv") == 1
    assert "x,y,z,w" in (tmp_path / "aside.csv").read_text()


def test_it_is_undone_kept_and_made_again_when_the_file_is_read_again(table: Table, tmp_path: Path) -> None:
    log = EditLog(tmp_path / "edits.jsonl", table)
    log.do([taken(table)], "Line 11 taken in")
    log.do([SetCells("text", ((10, "mended"),))], "Mended")
    log.do([SetCells("text", ((10, "mended twice"), (1, "also")))], "Twice")
    assert EditLog(log.file, table).table.cells(10) == ["mended twice", "b"]
    for _ in range(3):
        log.undo()
    assert (log.table.rows, log.table.aside) == (10, 2)
    for _ in range(3):
        log.redo()
    longer = read(tmp_path, [*LINES[:3], "a new one,a", *LINES[3:], "last,b"])
    again = replay(log.record, longer)
    assert again is not None
    assert again.left_over == ()
    now = longer.with_edits([edit for group in again.groups for edit in group.edits])
    assert (now.rows, now.read_rows, now.aside) == (13, 12, 1)
    assert now.cells(12) == ["mended twice", "b"]
    assert now.cells(1) == ["also", "b"]


def test_it_is_told_where_the_row_is_not_set_aside_any_more(table: Table, tmp_path: Path) -> None:
    log = EditLog(tmp_path / "edits.jsonl", table)
    log.do([taken(table)], "Line 11 taken in")
    log.do([SetCells("text", ((10, "mended"),)), DeleteRows((10, 0))], "And more")
    mended = read(tmp_path, [*LINES[:10], "one,b", *LINES[11:], "more,a"])
    again = replay(log.record, mended)
    assert again is not None
    assert [group.edits for group in again.groups] == [(DeleteRows((0,)),)]
    assert [(left.title, left.count) for left in again.left_over] == [
        ("Line 11 taken in", 1), ("And more", 1), ("And more", 1),
    ]  # fmt: skip
    assert "set aside" in again.left_over[0].reason


def test_changes_of_a_row_that_another_reading_took_in_are_told_and_not_dropped(table: Table, tmp_path: Path) -> None:
    log = EditLog(tmp_path / "edits.jsonl", table)
    log.do([taken(table)], "Line 11 taken in")
    log.do([SetCells("text", ((10, "mended"),)), DeleteRows((10,))], "And more")
    longer = read(tmp_path, [*LINES, "last,b"])
    again = replay(replace(log.record, groups=log.record.groups[1:]), longer)
    assert again is not None
    assert again.groups == ()
    assert [(left.title, left.count) for left in again.left_over] == [("And more", 1), ("And more", 1)]
