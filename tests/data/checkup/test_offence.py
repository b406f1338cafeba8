"""Rude words are counted, and no more."""

from __future__ import annotations

from pathlib import Path

from studio.data.checkup import offence
from tests.data.checkup.checked import rows_of, told


def test_rude_words_are_counted_whole_and_in_any_case(tmp_path: Path) -> None:
    cells = [("What SHIT is this?", "a"), ("So eine Scheiße!", "a"), ("Shitake and Scunthorpe, Dick and assassin", "a")]
    found = told(offence.check, rows_of(tmp_path, [*cells, ("fine", "shit")]))["rude_words"]
    assert (found.rows, found.severity, found.fixes, found.notes) == ((0, 1), "look", (), ())
    assert found.title == "2 rows hold rude words"


def test_answers_are_looked_at_and_polite_rows_say_nothing(tmp_path: Path) -> None:
    assert told(offence.check, rows_of(tmp_path, [("q", "merde !")], kind="answer"))["rude_words"].count == 1
    assert told(offence.check, rows_of(tmp_path, [("hello", "a"), ("you", "b")])) == {}


def test_the_list_is_in_lower_case_without_doubles_or_short_words() -> None:
    words = offence.rude_words()
    assert len(words) > 100
    assert all(word == word.lower().strip() and word.isalpha() and len(word) >= 4 for word in words)
