from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from studio.data.table.edit_log import EditLog
from studio.data.table.edits import AppendRow, DeleteRows, Edit, ReplaceValue, SetCells
from studio.data.table.marks import RowMark, marks_of, row_sum
from studio.data.table.replay import Replayed, replay
from studio.data.table.table import REJECTED_FILE, Table
from tests.data.snapshots import cells_of, snapshot

COLUMNS = ("text", "label")
ROWS = [["a", "x"], ["b", "x"], ["c", "y"], ["a", "x"], ["d", "Y"], ["e", ""]]


def replayed(
    folder: Path,
    edits: Sequence[Edit],
    rows: Sequence[Sequence[str]],
    columns: Sequence[str] = COLUMNS,
    *,
    is_unchanged: bool = False,
) -> Replayed:
    log = EditLog(folder / "log", snapshot(folder / "old", COLUMNS, ROWS))
    for edit in edits:
        log.do((edit,), str(type(edit).__name__))
    made = replay(log.record, snapshot(folder / "new", columns, rows), is_unchanged=is_unchanged)
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


def test_in_a_newer_version_a_label_does_not_go_to_another_text_in_the_same_place(tmp_path: Path) -> None:
    """The file has as many rows, all others are in place, and the label is what it was; the text is another one."""
    edits = [SetCells("label", ((2, "z"), (1, "q")))]
    made = replayed(tmp_path, edits, [*ROWS[:2], ["quite another text", "y"], *ROWS[3:]])
    assert made.edits == (SetCells("label", ((1, "q"),)),)
    assert [(left.count, left.rows, left.reason) for left in made.left_over] == [
        (1, (2,), "The row was changed or is gone.")
    ]


def test_a_twin_that_is_gone_is_not_looked_for_in_its_place(tmp_path: Path) -> None:
    """Rows 0 and 3 were the same; the label of one is read otherwise now, and its text is what the edit had changed."""
    made = replayed(tmp_path, [SetCells("text", ((3, "z"),))], [*ROWS[:3], ["a", "q"], *ROWS[4:]], is_unchanged=True)
    assert made.edits == ()
    assert "cannot be told which" in made.left_over[0].reason


def with_aside(folder: Path, texts: Sequence[str]) -> Table:
    """The rows, and behind them rows set aside."""
    table = snapshot(folder, COLUMNS, ROWS, rejected=len(texts))
    aside = pq.read_table(folder / REJECTED_FILE)
    pq.write_table(aside.set_column(2, "text", pa.array(texts, pa.string())), folder / REJECTED_FILE)
    return table


def test_a_cell_of_a_row_that_is_not_taken_in_any_more_is_not_set_in_another_that_is(tmp_path: Path) -> None:
    old = EditLog(tmp_path / "log", with_aside(tmp_path / "old", ["gone"]))
    old.do((AppendRow(6, COLUMNS, ("t", "y"), 0, "gone"), SetCells("label", ((6, "z"),))), "Both")
    new = with_aside(tmp_path / "new", ["other"]).with_edits([AppendRow(6, COLUMNS, ("o", "y"), 0, "other")])
    made = replay(old.record, new, is_unchanged=True)
    assert made is not None
    assert made.edits == ()
    assert [left.rows for left in made.left_over] == [(6,), (6,)]


def test_of_rows_set_aside_with_the_same_text_the_same_one_is_taken_in(tmp_path: Path) -> None:
    old = EditLog(tmp_path / "log", with_aside(tmp_path / "old", ["s", "s", "s"]))
    for number, place in ((6, 1), (7, 2)):
        old.do((AppendRow(number, COLUMNS, (f"from {place}", "y"), place, "s"),), "Take in")
    made = replay(old.record, with_aside(tmp_path / "same", ["s", "s", "s"]))
    assert made is not None
    assert [edit.aside for edit in made.edits if isinstance(edit, AppendRow)] == [1, 2]
    made = replay(old.record, with_aside(tmp_path / "new", ["s", "s"]))  # and each only once
    assert made is not None
    assert [edit.aside for edit in made.edits if isinstance(edit, AppendRow)] == [1, 0]
    made = replay(old.record, with_aside(tmp_path / "fewer", ["x", "s"]))
    assert made is not None
    assert [edit.aside for edit in made.edits if isinstance(edit, AppendRow)] == [1]
    assert [left.count for left in made.left_over] == [1]


def test_rows_set_aside_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = EditLog(tmp_path / "log", with_aside(tmp_path / "old", ["a", "b", "c"]))
    for place, text in enumerate("abc"):
        old.do((AppendRow(6 + place, COLUMNS, (text, "y"), place, text),), "Take in")
    new = with_aside(tmp_path / "new", ["c", "b", "a"])
    looks: list[int] = []
    real = Table.rejected_at
    monkeypatch.setattr(Table, "rejected_at", lambda table: looks.append(1) or real(table))  # type: ignore[func-returns-value]
    made = replay(old.record, new)
    assert made is not None
    assert [edit.aside for edit in made.edits if isinstance(edit, AppendRow)] == [2, 1, 0]
    assert looks == [1]


def test_a_changed_row_is_not_deleted_and_its_cell_only_where_the_file_was_read_otherwise_and_nothing_moved(
    tmp_path: Path,
) -> None:
    edits = [DeleteRows((2,)), SetCells("label", ((2, "z"),)), SetCells("text", ((2, "z"), (1, "B")))]
    changed = [*ROWS[:2], ["C", "y"], *ROWS[3:]]
    made = replayed(tmp_path, edits, changed, is_unchanged=True)
    assert made.edits == (SetCells("label", ((2, "z"),)), SetCells("text", ((1, "B"),)))
    assert [(left.count, left.reason) for left in made.left_over] == [
        (1, "The row was changed or is gone."),
        (1, "The cell holds another text now."),
    ]
    moved = replayed(tmp_path / "2", edits, [changed[1], changed[0], *changed[2:]], is_unchanged=True)
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
