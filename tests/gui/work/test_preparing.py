"""What follows from the rows as they are chosen: the prompts that are followed while training."""

from __future__ import annotations

from pathlib import Path

from studio.data.parts.dataset import Dataset
from studio.data.roles.columns import Columns
from studio.gui.work import preparing
from tests.data.tables import table_of


def test_a_question_is_followed_with_its_text_where_it_has_one(tmp_path: Path) -> None:
    rows = [(f"leaflet {n}", f"question\n{n}", "yes") for n in range(9)]
    table = table_of(tmp_path, ["leaflet", "question", "answer"], rows)
    columns = Columns("question", "answer", context="leaflet")
    dataset = Dataset(table, columns, {"training": (0, 1), "watching": (2, 3, 4, 5), "test": ()}, {})
    assert preparing._first_texts(dataset, "read")[0] == "question 2\nleaflet 2"
    assert preparing._first_texts(dataset, "answer") == ("question\n2", "question\n3", "question\n4")
    table = table_of(tmp_path / "texts", ["text"], [("One two three four five six seven eight nine ten eleven.",)] * 4)
    dataset = Dataset(table, Columns("text"), {"training": (0, 1), "watching": (2, 3), "test": ()}, {})
    assert preparing._first_texts(dataset, "pretrain") == ("One two three four five",)


def test_a_text_begins_with_a_few_words_and_something_is_left_to_go_on_with() -> None:
    assert preparing.beginning("Fog again, the third day of it, and no boat in sight since noon today.") == (
        "Fog again, the third day of it,"
    )
    assert preparing.beginning("Fog again") == "Fog"
    assert preparing.beginning("床前明月光疑是地上霜") == "床前明月光"
