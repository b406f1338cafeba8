from __future__ import annotations

import pytest

from studio.data.reading.names import Role, is_column_name, role_of


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("category", "label"), (" Kategorie ", "label"), ("ticketPriority", "label"), ("query_category", "label"),
        ("Antwort", "answer"), ("answer_html", "other"), ("full_instructions", "text"), ("Вопрос", "text"),
        ("回答", "answer"),
        ("rejected", "worse"), ("split", "part"), ("history", "earlier"),
        ("customer_id", "group"),
        ("similarity_score", "score"), ("system_prompt", "system"), ("id", "other"), ("xyz", None),
        ("column 3", None), ("a long header of many words", None),
    ],
)  # fmt: skip
def test_what_a_name_says(name: str, role: Role | None) -> None:
    assert role_of(name) == role


def test_what_can_only_be_a_name() -> None:
    assert is_column_name("Text")
    assert is_column_name("Unnamed: 0")
    assert not is_column_name("a text of mine")


@pytest.mark.parametrize("cell", ["spam", "no", "user", "assistant", "complaint", "request", "system"])
def test_words_that_cells_hold_as_well_are_no_names(cell: str) -> None:
    assert not is_column_name(cell)
