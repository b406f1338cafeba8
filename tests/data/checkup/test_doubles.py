from __future__ import annotations

from pathlib import Path

from studio.data.checkup import doubles, near
from studio.data.roles.columns import Columns
from studio.data.table.edits import DeleteRows, SetCells
from tests.data.checkup.checked import rows_of, told


def test_only_a_repeat_with_the_same_label_can_go(tmp_path: Path) -> None:
    cells = [("Hi there!", "a"), ("hi  there", "a"), ("hi there", "b"), ("else", "a"), ("Hi THERE", "b")]
    found = told(doubles.check, rows_of(tmp_path, cells))["duplicates"]
    assert found.rows == (1, 2, 4)
    assert found.title == "3 rows repeat a text that stands further up"
    assert found.meaning.endswith(" 1 of them gives another label: it is not a mere repeat and stays.")
    assert found.notes == (
        (1, "the same as row 1"), (2, "the same text as row 1, another label"), (4, "the same as row 3")
    )  # fmt: skip
    assert found.fixes[0].title == "Delete 2 repeats"
    assert found.fixes[0].edits == (DeleteRows((1, 4)),)


def test_the_same_text_with_two_labels_takes_that_of_the_majority(tmp_path: Path) -> None:
    cells = [("x y", "b"), ("p q", "a"), ("X y!", "a"), ("x y?", "a"), ("p q", "b"), ("alone", "c"), ("alone", " ")]
    found = told(doubles.check, rows_of(tmp_path, cells))["contradictions"]
    assert found.rows == (0, 2, 3, 1, 4)  # those with the same text side by side
    assert found.severity == "wrong"
    assert found.fixes[0].title == "Take the usual label (1 row)"
    assert found.fixes[0].edits == (SetCells("label", ((0, "a"),)),)  # of "p q" no label has the most rows
    assert dict(found.notes)[0] == "the same text is “a” in row 3"


def test_without_a_majority_there_is_nothing_to_click(tmp_path: Path) -> None:
    found = told(doubles.check, rows_of(tmp_path, [("x", "b"), ("x", "a")]))["contradictions"]
    assert (found.count, found.fixes) == (2, ())


def test_another_answer_to_the_same_text_stays(tmp_path: Path) -> None:
    cells = [("q", "one"), ("Q?", "two"), ("q", "One!"), ("r", "one")]
    found = told(doubles.check, rows_of(tmp_path, cells, kind="answer"))["duplicates"]
    assert found.rows == (1, 2)
    assert found.meaning.endswith(
        "1 of them gives another answer, which is fine where several are right: it is not a mere repeat and stays."
    )
    assert found.fixes[0].edits == (DeleteRows((2,)),)
    assert told(doubles.check, rows_of(tmp_path, cells[:2], kind="answer"))["duplicates"].fixes == ()


def test_a_question_is_the_same_only_about_the_same_text(tmp_path: Path) -> None:
    cells = [("leaflet a", "what does it cost", "1"), ("leaflet b", "what does it cost", "2"),
             ("leaflet a", "What does it cost", "1")]  # fmt: skip
    columns = Columns("question", "answer", context="leaflet")
    rows = rows_of(tmp_path, cells, names=("leaflet", "question", "answer"), columns=columns, kind="read")
    assert told(doubles.check, rows)["duplicates"].rows == (2,)
    assert not list(near.check(rows, lambda: False))
