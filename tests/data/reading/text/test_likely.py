"""The encodings offered first are those that fit the bytes, and each shows what it makes of a line."""

from __future__ import annotations

from pathlib import Path

from studio.data.reading.text.likely import MOST, likely_encodings


def written(file: Path, text: str, encoding: str) -> Path:
    file.write_bytes(text.encode(encoding))
    return file


def test_the_right_one_comes_first_and_shows_the_line(tmp_path: Path) -> None:
    text = "name;remark\n1;plain\n2;Die Rückzahlung für Öl ist größer als erwartet\n"
    found = likely_encodings(written(tmp_path / "a.csv", text, "cp1252"))
    assert found[0] == ("cp1252", "2;Die Rückzahlung für Öl ist größer als erwa…")
    assert "utf-8" not in {one.name for one in found}  # it does not fit
    assert len(found) <= MOST
    assert len({one.line for one in found}) == len(found)  # those that show the same are one


def test_utf_8_that_fits_comes_before_all_others(tmp_path: Path) -> None:
    found = likely_encodings(written(tmp_path / "a.csv", "text\nhe said “no” and left, größer\n", "utf-8"))
    assert found[0].name == "utf-8"
    assert found[0].line == "he said “no” and left, größer"


def test_a_line_of_japanese(tmp_path: Path) -> None:
    found = likely_encodings(written(tmp_path / "a.csv", "番号,本文\n1,これは質問です\n" * 9, "cp932"))
    assert found[0] == ("cp932", "番号,本文")


def test_a_long_line_is_shown_around_what_is_unusual(tmp_path: Path) -> None:
    [first, *_] = likely_encodings(written(tmp_path / "a.csv", "text\n" + "a" * 500 + "ö" + "b" * 500, "cp1252"))
    assert first.line.startswith("…aaaaaaaaaaaaö")
    assert len(first.line) < 60


def test_nothing_is_offered_where_all_show_the_same(tmp_path: Path) -> None:
    assert likely_encodings(written(tmp_path / "a.csv", "text\nplain\n", "utf-8")) == ()
    assert likely_encodings(written(tmp_path / "b.csv", "text\ngrößer\n", "utf-16")) == ()
    assert likely_encodings(written(tmp_path / "c.csv", "text\ngrößer\n", "cp1252"), should_stop=lambda: True) == ()
