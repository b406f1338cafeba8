"""Empty and hollow cells, and columns in which hardly anything stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.data.checkup import gaps
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows
from tests.data.checkup.checked import rows_of, told


@pytest.mark.parametrize(
    "text", ["-", "n/a", "N/A", " . ", "?", "—", "…", "#N/A", "k. A.", "NaN", "\u200b", "***", "NULL"]
)
def test_a_mark_alone_says_nothing(text: str) -> None:
    assert gaps.says_nothing(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "ok", "no", "none", "7", "👍", ":-)", ";)", "^^", "€", "5 %", "是", "é", "a.", "x" * 20, "No. 5"]
)
def test_a_word_a_number_or_a_sign_says_something(text: str) -> None:
    assert not gaps.says_nothing(text)


def test_hollow_texts_are_listed_with_what_stands_there(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, [("hello", "a"), ("-", "a"), ("", "b"), ("n/a", "-")])
    found = told(gaps.check, rows)
    hollow = found["hollow_text"]
    assert (hollow.rows, hollow.severity) == ((1, 3), "look")
    assert hollow.title == "2 rows have only a mark such as “-” or “n/a” as their text"
    assert hollow.notes == ((1, "“-”"), (3, "“n/a”"))
    assert hollow.fixes[0].edits == (DeleteRows((1, 3)),)
    assert found["no_text"].rows == (2,)
    assert "hollow_answer" not in found, "a label may be a mark"


def test_hollow_answers_are_found_by_themselves(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, [("q", "an answer"), ("r", "?"), ("s", "none")], kind="answer")
    found = told(gaps.check, rows)
    assert found["hollow_answer"].rows == (1,)
    assert found["hollow_answer"].title == "1 row has only a mark such as “-” or “n/a” as its answer"


def test_columns_of_the_whole_table_that_are_all_but_empty_are_named(tmp_path: Path) -> None:
    cells = [("text", "a", "", "x" if row < 5 else " ", "y" if row < 6 else "") for row in range(100)]
    rows = rows_of(tmp_path, cells, names=("text", "label", "none", "nearly", "some"))
    found = told(gaps.check, rows)["empty_columns"]
    assert found.title == "2 columns are empty or nearly so: “none”, “nearly”"
    assert (found.count, found.rows, found.fixes) == (2, (), ())
    single = told(gaps.check, rows_of(tmp_path, [("a", "")], columns=Columns("text")))["empty_columns"]
    assert single.column == "label"


def test_a_full_table_is_good_news_alone(tmp_path: Path) -> None:
    found = told(gaps.check, rows_of(tmp_path, [("hello", "a"), ("there", "b")]))
    assert {one.severity for one in found.values()} == {"good"}


def test_a_question_without_an_answer_is_no_gap_where_its_text_may_not_say(tmp_path: Path) -> None:
    cells = [(f"leaflet {n}", f"question {n}", "" if n % 3 else f"answer {n}") for n in range(9)]
    columns = Columns("question", "answer", context="leaflet")
    rows = rows_of(tmp_path, cells, names=("leaflet", "question", "answer"), columns=columns, kind="read")
    found = told(gaps.check, rows)
    assert found["unanswered"].count == 6
    assert "no_target" not in found
    assert found["unanswered"].title == "6 questions have no answer: learned as not answered by the text"
