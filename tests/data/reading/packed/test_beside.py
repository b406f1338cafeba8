from __future__ import annotations

import zipfile
from pathlib import Path

from studio.data.reading.options import ReadOptions
from studio.data.reading.read import preview

TABLE = "text,label\n" + "".join(f"some words {i},{'ab'[i % 2]}\n" for i in range(20))


def test_that_other_files_of_an_archive_are_not_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(3):
            archive.writestr(f"part-{number}.csv", TABLE)
    reading = preview(file).reading
    assert reading.sentence.endswith("2 other files of the archive not read")
    assert reading.doubts == ("“part-0.csv” was taken; the archive holds 2 more that may be meant as well.",)
    chosen = preview(file, ReadOptions(member="part-1.csv")).reading
    assert chosen.sentence == reading.sentence
    assert chosen.doubts == ()


def test_an_archive_of_one_table_says_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("readme.md", "words")
    assert "not read" not in preview(tmp_path / "a.zip").reading.sentence
