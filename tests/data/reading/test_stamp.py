"""A changed file is told from one that is as it was, without reading it."""

from __future__ import annotations

import os
from pathlib import Path

from studio.data.reading.stamp import stamp_of


def test_a_file_that_grew_or_was_written_anew_has_another_stamp(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text\none\n")
    before = stamp_of([file])
    assert before is not None
    assert before.size == 9
    assert stamp_of([file]) == before
    os.utime(file, (before.changed + 60, before.changed + 60))
    later = stamp_of([file])
    assert later is not None
    assert (later.size, later.changed > before.changed) == (9, True)
    file.write_text("text\none\ntwo\n")
    assert stamp_of([file]) != later


def test_files_and_folders_count_together_and_a_missing_one_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "set" / "deeper"
    folder.mkdir(parents=True)
    (folder / "b.csv").write_text("12345")
    (tmp_path / "a.csv").write_text("123")
    both = stamp_of([tmp_path / "a.csv", tmp_path / "set"])
    assert both is not None
    assert both.size == 8
    assert stamp_of([tmp_path / "a.csv", tmp_path / "gone.csv"]) is None
    (tmp_path / "empty").mkdir()
    assert stamp_of([tmp_path / "empty"]) is None
