"""A changed file is told from one that is as it was, without reading it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.data.reading.several import inside
from studio.data.reading.stamp import Stamp, stamp_of


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
    deeper = tmp_path / "set" / "deeper"
    deeper.mkdir(parents=True)
    (deeper / "b.csv").write_text("12345")
    (tmp_path / "a.csv").write_text("123")
    both = stamp_of([tmp_path / "a.csv", tmp_path / "set"])
    assert both is not None
    assert both.size == 8
    assert stamp_of([tmp_path / "a.csv", tmp_path / "gone.csv"]) is None
    (tmp_path / "empty").mkdir()
    assert stamp_of([tmp_path / "empty"]) is None


def test_what_is_not_read_from_a_folder_does_not_count_and_each_file_that_is_does(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("text\none\n")
        os.utime(tmp_path / name, (1_000, 1_000))
    before = stamp_of([tmp_path])
    (tmp_path / ".DS_Store").write_text("by the Finder")
    (tmp_path / "notes.docx").write_text("by Word")
    assert stamp_of([tmp_path]) == before
    (tmp_path / "a.csv").write_text("text\ntwo\n")
    os.utime(tmp_path / "a.csv", (500, 500))
    after = stamp_of([tmp_path])
    assert before is not None
    assert after is not None
    assert before[:2] == after[:2]
    assert not before.is_of(after)


def test_a_stamp_that_was_kept_before_each_file_counted_is_compared_by_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text\none\n")
    now = stamp_of([file])
    assert now is not None
    assert now.is_of(Stamp(now.size, now.changed))
    assert not now.is_of(Stamp(now.size + 1, now.changed))


def test_more_files_than_a_folder_may_hold_have_no_stamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "MOST_FILES", 2)
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text("text\none\n")
    assert stamp_of([tmp_path]) is None
