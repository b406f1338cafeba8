from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from studio.data.table.edit_log import EditLog
from studio.data.table.edits import DeleteRows, Edit, ReplaceValue, SetCells
from studio.data.table.marks import RowMark, marks_of, row_sum
from studio.data.table.replay import Replayed, replay
from tests.data.snapshots import cells_of, snapshot

COLUMNS = ("text", "label")
ROWS = [["a", "x"], ["b", "x"], ["c", "y"], ["a", "x"], ["d", "Y"], ["e", ""]]


def replayed(
    folder: Path, edits: Sequence[Edit], rows: Sequence[Sequence[str]], columns: Sequence[str] = COLUMNS
) -> Replayed:
    log = EditLog(folder / "log", snapshot(folder / "old", COLUMNS, ROWS))
    for edit in edits:
        log.do((edit,), str(type(edit).__name__))
    made = replay(log.record, snapshot(folder / "new", columns, rows))
    assert made is not None
    return made


def test_the_same_rows_take_the_same_edits(tmp_path: Path) -> None:
    edits = [SetCells("label", ((1, "z"),)), DeleteRows((3,)), ReplaceValue("label", "z", "q"), DeleteRows((0,))]
    made = replayed(tmp_path, edits, ROWS)
    assert made.left_over == ()
    assert [(group.title, group.edits) for group in made.groups] == [(type(edit).__name__, (edit,)) for edit in edits]


def test_rows_that_moved_are_found_and_twins_keep_their_order(tmp_path: Path) -> None:
    edits = [SetCells("label", ((4, "y"),)), DeleteRows((3,))]
    made = replayed(tmp_path, edits, [["new", "x"], *ROWS])
    assert made.edits == (SetCells("label", ((5, "y"),)), DeleteRows((4,)))
    assert made.left_over == ()
    made = replayed(tmp_path / "2", edits, ROWS[::-1])
    assert made.edits == (SetCells("label", ((1, "y"),)), DeleteRows((5,)))


def test_columns_in_another_order_and_more_of_them_change_nothing(tmp_path: Path) -> None:
    made = replayed(tmp_path, [DeleteRows((2,))], [["n", y, x] for x, y in ROWS], ("note", "label", "text"))
    assert made.edits == (DeleteRows((2,)),)


def test_the_last_of_several_is_never_deleted_for_another(tmp_path: Path) -> None:
    """The person deleted the repeat; in the new file only one of the two is left."""
    made = replayed(tmp_path, [DeleteRows((3, 1))], [row for number, row in enumerate(ROWS) if number != 0])
    assert made.edits == (DeleteRows((0,)),)
    (left,) = made.left_over
    assert (left.count, left.rows, left.title) == (1, (3,), "DeleteRows")
    assert "cannot be told which" in left.reason


def test_more_of_the_same_row_keep_the_one_in_place(tmp_path: Path) -> None:
    made = replayed(tmp_path, [DeleteRows((3,))], [*ROWS, ["a", "x"]])
    assert made.edits == (DeleteRows((3,)),)


@pytest.mark.parametrize("edit", [DeleteRows((3,)), SetCells("label", ((3, "z"),))])
def test_more_of_the_same_row_and_none_in_place_are_left_over(tmp_path: Path, edit: Edit) -> None:
    """Row 3 was the second of two; now there are three, and row 3 is another: the second of them is a guess."""
    made = replayed(tmp_path, [edit], [["a", "x"], ["new", "x"], *ROWS])
    assert made.edits == ()
    (left,) = made.left_over
    assert (left.count, left.rows) == (1, (3,))


def test_of_more_of_the_same_row_the_one_in_place_is_meant_not_the_one_in_turn(tmp_path: Path) -> None:
    """Row 3 was the second of two, and is the third of three now."""
    rows = [["a", "x"], ["a", "x"], ["c", "y"], ["a", "x"], ["d", "Y"], ["e", ""]]
    assert replayed(tmp_path, [DeleteRows((3,))], rows).edits == (DeleteRows((3,)),)


def test_a_changed_row_is_not_deleted_and_its_cell_only_where_nothing_moved(tmp_path: Path) -> None:
    edits = [DeleteRows((2,)), SetCells("label", ((2, "z"),)), SetCells("text", ((2, "z"), (1, "B")))]
    changed = [*ROWS[:2], ["C", "y"], *ROWS[3:]]
    made = replayed(tmp_path, edits, changed)
    assert made.edits == (SetCells("label", ((2, "z"),)), SetCells("text", ((1, "B"),)))
    assert [(left.count, left.reason) for left in made.left_over] == [
        (1, "The row was changed or is gone."),
        (1, "The cell holds another text now."),
    ]
    moved = replayed(tmp_path / "2", edits, [changed[1], changed[0], *changed[2:]])
    assert moved.edits == (SetCells("text", ((0, "B"),)),)
    assert sum(left.count for left in moved.left_over) == 3


def test_a_missing_column_and_a_missing_value_are_told(tmp_path: Path) -> None:
    edits = [SetCells("text", ((1, "B"), (2, "C"))), ReplaceValue("text", "a", "b"), ReplaceValue("label", "Y", "y")]
    made = replayed(tmp_path, edits, [[label.lower()] for _, label in ROWS], ("label",))
    assert made.edits == ()
    assert [left.count for left in made.left_over] == [2, 1, 1]
    assert made.left_over[0].reason == "The table has no column “text” any more."
    assert made.left_over[2].reason == "No cell of “label” holds “Y” any more."


def test_a_value_that_an_edit_brings_is_replaced(tmp_path: Path) -> None:
    edits = [SetCells("label", ((1, "new"),)), ReplaceValue("label", "new", "newer"), ReplaceValue("label", "x", "new")]
    made = replayed(tmp_path, edits, ROWS)
    assert made.edits == tuple(edits)


def test_a_replayed_log_goes_on(tmp_path: Path) -> None:
    old = EditLog(tmp_path / "log", snapshot(tmp_path / "old", COLUMNS, ROWS))
    old.do((DeleteRows((0,)), SetCells("label", ((5, "e"),))), "Both")
    new = snapshot(tmp_path / "new", COLUMNS, ROWS[:5])
    log = EditLog(tmp_path / "log", new)
    made = replay(old.record, new)
    assert made is not None
    log.begin_anew()
    log.carry_over(made.groups, made.left_over, ())
    log.write_down()
    again = EditLog(tmp_path / "log", new)
    assert [group.title for group in again.groups] == ["Both"]
    assert again.edits == (DeleteRows((0,)),)
    assert [(left.count, left.rows) for left in again.left_over] == [(1, (5,))]
    assert cells_of(again.table) == ROWS[:5]
    assert replay(old.record, new, should_stop=lambda: True) is None


def test_edits_come_on_top_of_those_that_the_table_has(tmp_path: Path) -> None:
    old = EditLog(tmp_path / "log", snapshot(tmp_path / "old", COLUMNS, ROWS))
    old.do((ReplaceValue("label", "z", "zz"), ReplaceValue("label", "y", "Y")), "Both")
    new = snapshot(tmp_path / "new", COLUMNS, ROWS).with_edits([ReplaceValue("label", "y", "z")])
    made = replay(old.record, new)
    assert made is not None
    assert made.edits == (ReplaceValue("label", "z", "zz"),)
    assert [left.reason for left in made.left_over] == ["No cell of “label” holds “y” any more."]


@pytest.mark.parametrize("columns", [COLUMNS, ("text",)])
def test_marks_count_the_rows_that_hold_the_same(tmp_path: Path, columns: tuple[str, ...]) -> None:
    table = snapshot(tmp_path, COLUMNS, ROWS).with_edits([SetCells("text", ((3, "edited"),))])
    assert marks_of(table, columns, [3, 4, 3]) == {
        3: RowMark(row_sum(ROWS[3][: len(columns)]), 1, 2),
        4: RowMark(row_sum(ROWS[4][: len(columns)]), 0, 1),
    }


def test_a_sum_tells_where_a_cell_ends() -> None:
    assert len({row_sum(cells) for cells in (["ab", "c"], ["a", "bc"], ["abc", ""], ["abc"], ["a", "1:bc"])}) == 5
