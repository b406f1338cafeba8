"""Lines that are no rows are told apart from rows that do not fit, and both are counted."""

from __future__ import annotations

from pathlib import Path

from studio.data.reading.apart import BELOW, is_apart
from studio.events import Warned
from tests.data.tables import imported

ROWS = "id;text;sum\n1;one;3\n2;two;4\n3;three;5\n"


def told(folder: Path, content: str) -> list[str]:
    (folder / "a.csv").write_text(content, encoding="utf-8")
    return [event.what for event in imported(folder / "a.csv")[1] if isinstance(event, Warned)]


def test_a_reason_tells_also_behind_a_file_name() -> None:
    assert is_apart(BELOW)
    assert is_apart(f"a.csv: {BELOW}")
    assert not is_apart("It has 1 cell, the table has 3 columns.")


def test_each_kind_is_told_by_itself(tmp_path: Path) -> None:
    title = "1 line of a.csv is no row (a title, a remark, a total and the like) and is set aside."
    both = "2 lines of a.csv are no rows (titles, remarks, totals and the like) and are set aside."
    broken = "1 row of a.csv could not be taken into the table and is set aside."
    assert told(tmp_path, ROWS) == []
    assert told(tmp_path, f"Report of May\n\n{ROWS}") == [title]
    assert told(tmp_path, f"Report of May\n\n{ROWS}4;four;6\n\nSource: us\n") == [both]
    assert told(tmp_path, f"{ROWS}4;four;six;7\n5;five;8\n") == [broken]
    assert told(tmp_path, f"Report of May\n\n{ROWS}4;four;six;7\n5;five;8\n") == [title, broken]
