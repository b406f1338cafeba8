from __future__ import annotations

from pathlib import Path

from studio.data.checkup import near
from studio.data.table.edits import DeleteRows
from tests.data.checkup.checked import rows_of, told

CELLS = [
    ("the parcel came much too late again", "delivery"),
    ("I would like my money back, please", "refund"),
    ("the parcel came much to late again", "delivery"),
    ("I would like my money back now, please", "praise"),
    ("the parcel came much too late, again!", "delivery"),
    ("what a lovely shop", "praise"),
]


def test_near_repeats_are_told_with_what_they_resemble(tmp_path: Path) -> None:
    found = told(near.check, rows_of(tmp_path, CELLS))["near_duplicates"]
    assert found.rows == (3, 2)  # another label first; row 4 is an exact repeat
    assert found.title == "2 rows are nearly the same as a row further up"
    notes = dict(found.notes)
    assert notes[2].endswith("% the same as row 1")
    assert notes[3].endswith("% the same as row 2, which is “refund”")
    assert "1 of them has another label and is not deleted" in found.meaning
    assert found.fixes[0].title == "Delete 1 near repeat"
    assert found.fixes[0].edits == (DeleteRows((2,)),)


def test_another_answer_to_nearly_the_same_question_stays(tmp_path: Path) -> None:
    found = told(near.check, rows_of(tmp_path, CELLS[:4], kind="answer"))["near_duplicates"]
    assert found.count == 2
    assert found.fixes[0].edits == (DeleteRows((2,)),)
    assert found.meaning.endswith("1 of them has another answer or none and stays.")


def test_good_news(tmp_path: Path) -> None:
    found = told(near.check, rows_of(tmp_path, [CELLS[0], CELLS[1], CELLS[5]]))["near_duplicates"]
    assert (found.severity, found.title) == ("good", "No row is nearly the same as another")


def test_a_row_that_resembles_two_is_told_once_with_the_one_it_resembles_most(tmp_path: Path) -> None:
    text = "the parcel came much too late again today"
    cells = [(text, "delivery"), (f"{text} indeed", "delivery"), (f"{text} so", "delivery")]
    (found,) = told(near.check, rows_of(tmp_path, cells)).values()
    assert (found.count, sorted(found.rows)) == (2, [1, 2])
    assert dict(found.notes)[2].endswith("% the same as row 1")
