from __future__ import annotations

from pathlib import Path

from studio.data.checkup import leaks
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows
from tests.data.checkup.checked import rows_of, told

TRAINING = [
    ("Where is my parcel, it should be here?", "delivery"),
    ("I want my money back", "refund"),
    ("where is my parcel it should be here", "delivery"),
    ("the cover of my book is torn at one side", "damage"),
]
TEST = [
    ("Something that nobody learned", "refund"),
    ("where is my parcel; it should be here!", "delivery"),
    ("the cover of my book is torn at the side", "damage"),
]


def test_rows_of_the_test_file_that_are_learned(tmp_path: Path) -> None:
    found = told(leaks.check, rows_of(tmp_path, TRAINING, test=TEST))
    exact, close = found["leaks"], found["near_leaks"]
    assert (exact.rows, exact.severity) == ((0, 2), "wrong")
    assert exact.title == "2 training rows also stand among the rows of the test file (1 of those)"
    assert exact.notes[0] == (0, "also row 2 of the test file")
    assert exact.fixes[0].edits == (DeleteRows((0, 2)),)
    assert (close.rows, close.severity) == ((3,), "look")
    assert close.notes[0][1].endswith("% the same as row 3 of the test file")
    assert close.fixes[0].edits == (DeleteRows((3,)),)


def test_rows_of_a_part_that_the_table_names(tmp_path: Path) -> None:
    cells = [(*row, "train") for row in TRAINING] + [(*row, "Test") for row in TEST] + [("neither", "refund", "?")]
    columns = Columns("text", "label", part="part")
    found = told(leaks.check, rows_of(tmp_path, cells, names=("text", "label", "part"), columns=columns))
    assert found["leaks"].rows == (0, 2)
    assert found["leaks"].notes[0] == (0, "also row 6")
    assert found["leaks"].title == "2 training rows also stand among the watching and test rows (1 of those)"
    assert found["near_leaks"].rows == (3,)


def test_watching_rows_are_asked_not_learned(tmp_path: Path) -> None:
    cells = [("where is my parcel", "delivery", "train"), ("Where is my parcel?", "delivery", "validation")]
    columns = Columns("text", "label", part="part")
    found = told(leaks.check, rows_of(tmp_path, cells, names=("text", "label", "part"), columns=columns))
    assert found["leaks"].rows == (0,)


def test_nothing_is_told_without_test_rows_and_good_news_without_leaks(tmp_path: Path) -> None:
    assert told(leaks.check, rows_of(tmp_path, TRAINING)) == {}
    found = told(leaks.check, rows_of(tmp_path, TRAINING, test=TEST[:1]))
    assert {one.severity for one in found.values()} == {"good"}
