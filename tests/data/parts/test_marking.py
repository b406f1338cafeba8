"""An answer is found in its text, however its start was counted and however it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from studio.data.parts.marking import Place, place_of

TEXT = "Müller 😀 wohnt in Köln. Frau Müller arbeitet in Bonn."


@pytest.mark.parametrize(
    ("start", "how"),
    [
        ("29", "told"),
        ("30", "utf-16"),  # the emoji counts twice
        ("29.0", "told"),
        ("34", "bytes"),
        ("44", "near"),
        ("27", "near"),
    ],
)
def test_a_start_may_be_counted_in_any_unit(start: str, how: str) -> None:
    assert place_of(TEXT, "Müller", start) == Place(29, 35, how, 2)


def test_without_a_start_the_first_whole_word_is_taken() -> None:
    assert place_of("Intern 10 days, 110 hours", "10") == Place(7, 9, "found", 2)
    assert place_of("110 hours and 10 days", "10") == Place(14, 16, "found", 2)


def test_in_a_script_without_spaces_the_first_place_is_taken() -> None:
    assert place_of("他在北京大学读书。", "北京") == Place(2, 4, "found", 1)


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("The dose is  5\u00a0mg\n daily.", "5 mg daily", "5\u00a0mg\n daily"),
        ("See CAFÉ NOIR today", "café noir", "CAFÉ NOIR"),
        (unicodedata.normalize("NFD", "In Zürich lebt er"), "Zürich", unicodedata.normalize("NFD", "Zürich")),
        ("In Zürich lebt er", unicodedata.normalize("NFD", "Zürich"), "Zürich"),
        ("ﬁne print", "Fine", "ﬁne"),
        ("価格は１２０円です", "120円", "１２０円"),
        ("a co\u00adoperative", "cooperative", "co\u00adoperative"),
        (unicodedata.normalize("NFD", "그는 서울에 산다"), "서울", unicodedata.normalize("NFD", "서울")),
        ("Er wohnt Hauptstraße 5", "HAUPTSTRASSE 5", "Hauptstraße 5"),
    ],
)
def test_spaces_case_and_forms_of_letters_are_set_aside(text: str, answer: str, expected: str) -> None:
    found = place_of(text, answer)
    assert found is not None
    assert found.how == "alike"
    assert text[found.start : found.end] == expected


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It closes at noon.", "at midnight"),
        ("ﬁne", "F"),  # half a ligature
        ("Bär", "BA"),  # half a letter
        ("", "x"),
        ("text", "  "),
        ("text", "\u00ad"),
    ],
)
def test_what_does_not_stand_there_is_not_found(text: str, answer: str) -> None:
    assert place_of(text, answer) is None


@pytest.mark.parametrize("start", ["", "-1", "abc", "1e3", "٣", "99999999999999999999", "nan"])
def test_a_start_that_is_no_number_is_as_good_as_none(start: str) -> None:
    assert place_of("one two", "two", start) == Place(4, 7, "found", 1)


def test_blanks_round_an_answer_move_its_start() -> None:
    assert place_of("one two three", " two ", "3") == Place(4, 7, "told", 1)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=30), st.data())
def test_every_part_of_a_text_is_found_where_it_is_said_to_be(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    answer = text[start:end]
    found = place_of(text, answer, str(start))
    if not answer.strip():
        assert found is None
        return
    assert found is not None
    assert found.how == "told"
    assert text[found.start : found.end] == answer.strip()
    assert found.start == start + len(answer) - len(answer.lstrip())


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=30), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_a_whole_text_is_found_in_itself_in_any_form(text: str, form: str) -> None:
    # An accent that stands alone, such as ´, becomes a blank with a mark on it, and is no word to look for.
    assume(not any(unicodedata.normalize("NFKD", letter)[0].isspace() > letter.isspace() for letter in text))
    answer = unicodedata.normalize(form, text)
    found = place_of(text, answer)
    kept = [letter for letter in unicodedata.normalize("NFKD", answer) if unicodedata.category(letter) != "Cf"]
    if "".join(kept).strip():
        assert found is not None
