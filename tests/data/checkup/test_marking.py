"""Where answers stand in their texts is told, and only where that is what is learned."""

from __future__ import annotations

import csv
from pathlib import Path

from studio.config.goals import TaskKind
from studio.data.checkup.finding import Finding
from studio.data.checkup.marking import check
from studio.data.checkup.rows import Rows
from studio.data.reading.read import read_table
from studio.data.roles.columns import Columns
from studio.data.table.table import open_table

COLUMNS = Columns("question", "answer", context="text", start="start")
ROWS = [
    ("The 😀 house", "What?", "house", "6"),
    ("The 😀 house", "What?", "house", "7"),  # counted in UTF-16
    ("A house, a house", "What?", "house", ""),
    ("A house", "What?", "HOUSE", ""),
    ("A house", "What?", "garden", ""),
    ("A house", "What?", "", ""),
    ("", "What?", "house", ""),
]


def found(folder: Path, kind: TaskKind = "find", rows: list[tuple[str, str, str, str]] = ROWS) -> list[Finding]:
    file = folder / "in.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("text", "question", "answer", "start"), *rows])
    list(read_table(file, folder / "table", should_stop=lambda: False))
    table = open_table(folder / "table")
    return list(check(Rows(table, COLUMNS, kind, table.numbers), lambda: False))


def test_answers_that_stand_elsewhere_several_times_or_otherwise_are_told(tmp_path: Path) -> None:
    one, two, three = found(tmp_path)
    assert (one.kind, one.rows, one.severity) == ("answer_elsewhere", (4,), "wrong")
    assert one.title == "1 answer does not stand in its text and is left out"
    assert (two.kind, two.rows, two.notes) == ("answer_twice", (2,), ((2, "at 2 places"),))
    assert (three.kind, three.rows) == ("answer_start", (1, 3))
    assert "UTF-16" in three.notes[0][1]


def test_good_news_and_other_goals(tmp_path: Path) -> None:
    [good] = found(tmp_path, rows=ROWS[:1])
    assert (good.count, good.title) == (0, "Every answer stands in its text")
    (tmp_path / "other").mkdir()
    assert found(tmp_path / "other", "read") == []
